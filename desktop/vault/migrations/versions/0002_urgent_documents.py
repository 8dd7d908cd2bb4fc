"""Documents that a person waits for are read before those that came by themselves."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0")
