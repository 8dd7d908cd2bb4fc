"""Who corrected or approved which document, to search by."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE reviewers (document_id TEXT NOT NULL REFERENCES documents (id), name_key TEXT NOT NULL, "
        "PRIMARY KEY (document_id, name_key)) WITHOUT ROWID"
    )
