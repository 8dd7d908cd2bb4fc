"""What people said of what was read, and where they contradict each other; which of others' words were passed by."""

from alembic import op

revision = "0012"
down_revision = "0011"

_TABLES = """
CREATE TABLE corrections (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id), device_id TEXT NOT NULL,
    said TEXT NOT NULL, received_at TEXT, sequence INTEGER
);
CREATE INDEX corrections_by_document ON corrections (document_id);
CREATE TABLE conflicts (
    document_id TEXT NOT NULL REFERENCES documents (id), path TEXT NOT NULL, PRIMARY KEY (document_id, path)
);
CREATE TABLE passed_corrections (sha256 TEXT PRIMARY KEY, seq INTEGER NOT NULL)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";"):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections WHEN NEW.id <> OLD.id OR NEW.said <> OLD.said "
        "OR NEW.document_id <> OLD.document_id OR NEW.device_id <> OLD.device_id OR NEW.sequence IS NOT OLD.sequence "
        "BEGIN SELECT RAISE(ABORT, 'corrections are never changed'); END"
    )
