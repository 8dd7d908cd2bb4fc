"""How people turned pages."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE page_turns (document_id TEXT NOT NULL REFERENCES documents (id), page INTEGER NOT NULL, "
        "degrees INTEGER NOT NULL, PRIMARY KEY (document_id, page)) WITHOUT ROWID"
    )
