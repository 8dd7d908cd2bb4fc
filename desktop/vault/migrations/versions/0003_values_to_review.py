"""Lists of documents say how many of their values a person has to look at."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN to_review INTEGER NOT NULL DEFAULT 0")
