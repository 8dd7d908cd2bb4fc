"""What managers chose at this device."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute("CREATE TABLE choices (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID")
