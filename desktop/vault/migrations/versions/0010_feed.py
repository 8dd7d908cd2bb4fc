"""What was fetched from the server: how far its feed is known, the organization's templates, the lease."""

from alembic import op

revision = "0010"
down_revision = "0009"

_TABLES = """
CREATE TABLE feed (
    id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT, seq INTEGER, kinds TEXT NOT NULL, device_name TEXT, lease TEXT
);
CREATE TABLE organization_templates (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, format TEXT NOT NULL, source TEXT NOT NULL,
    epoch TEXT NOT NULL, revision INTEGER NOT NULL
)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";"):
        op.execute(statement)
