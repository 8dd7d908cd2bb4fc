"""What people are about to say of a document, what they noted beside it, and how they decided on all of it."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE drafts (document_id TEXT NOT NULL REFERENCES documents (id), actor TEXT NOT NULL, "
        "body TEXT NOT NULL, PRIMARY KEY (document_id, actor)) WITHOUT ROWID"
    )
    op.execute(
        "CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id), "
        "words TEXT NOT NULL, person TEXT NOT NULL, written_at TEXT NOT NULL)"
    )
    op.execute("CREATE INDEX notes_by_document ON notes (document_id)")
    op.execute(
        "CREATE TABLE verdicts (document_id TEXT NOT NULL PRIMARY KEY REFERENCES documents (id), "
        "verdict TEXT NOT NULL, reason TEXT NOT NULL, person TEXT NOT NULL, given_at TEXT NOT NULL) WITHOUT ROWID"
    )
