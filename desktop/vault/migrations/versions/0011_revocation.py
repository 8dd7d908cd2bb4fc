"""That the organization revoked this device; what it lays down; why sync waits; by whom its server is known."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE revocation (id INTEGER PRIMARY KEY CHECK (id = 1), organization_id TEXT NOT NULL, "
        "organization_name TEXT NOT NULL, server_key TEXT NOT NULL, revoked_at TEXT NOT NULL, "
        "destroys_keys INTEGER NOT NULL)"
    )
    for column in ("last_fault", "next_try_at", "authority"):
        op.execute(f"ALTER TABLE server_link ADD COLUMN {column} TEXT")
    op.execute("ALTER TABLE feed ADD COLUMN policy TEXT")
