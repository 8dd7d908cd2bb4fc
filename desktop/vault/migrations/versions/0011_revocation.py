"""That the organization revoked this device, as its server signed it."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE revocation (id INTEGER PRIMARY KEY CHECK (id = 1), organization_id TEXT NOT NULL, "
        "organization_name TEXT NOT NULL, server_key TEXT NOT NULL, revoked_at TEXT NOT NULL, "
        "destroys_keys INTEGER NOT NULL)"
    )
