"""Who belongs to the organization, as its server says."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE members (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, is_active INTEGER NOT NULL,
            epoch TEXT NOT NULL, revision INTEGER NOT NULL
        ) WITHOUT ROWID
        """
    )
