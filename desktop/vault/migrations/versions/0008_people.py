"""People who share the device, and how often who tried to sign in in vain."""

from alembic import op

revision = "0008"
down_revision = "0007"

_TABLES = """
CREATE TABLE people (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'manager')),
    secret TEXT NOT NULL, added_at TEXT NOT NULL, removed_at TEXT
);
CREATE UNIQUE INDEX people_by_name ON people (name_key) WHERE removed_at IS NULL;
CREATE TABLE recovery (
    id INTEGER PRIMARY KEY CHECK (id = 1), secret TEXT NOT NULL
);
CREATE TABLE vain_tries (
    subject TEXT PRIMARY KEY, wrong_entries INTEGER NOT NULL, last_at REAL NOT NULL
)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";"):
        op.execute(statement)
