"""The first store: documents, blobs, arrivals, the audit chain, the outbox."""

from alembic import op

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE device (
    device_id TEXT PRIMARY KEY, signing_key BLOB NOT NULL, created_at TEXT NOT NULL
);
CREATE TABLE server_link (
    id INTEGER PRIMARY KEY CHECK (id = 1), url TEXT NOT NULL, organization_id TEXT NOT NULL,
    organization_name TEXT NOT NULL, connected_at TEXT NOT NULL, accepted_through INTEGER NOT NULL,
    last_sync_at TEXT, last_error TEXT
);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, file_name TEXT NOT NULL, size INTEGER NOT NULL,
    template TEXT NOT NULL, state TEXT NOT NULL, document_type TEXT NOT NULL, page_count INTEGER NOT NULL,
    pages_done INTEGER NOT NULL, confidence REAL, strikes INTEGER NOT NULL, attempts INTEGER NOT NULL,
    received_at TEXT NOT NULL, queued_at TEXT NOT NULL, finished_at TEXT, error_code TEXT, error_message TEXT,
    last_sequence INTEGER
);
CREATE INDEX documents_by_state ON documents (state, queued_at);
CREATE INDEX documents_by_arrival ON documents (received_at DESC, id DESC);
CREATE TABLE readings (
    document_id TEXT PRIMARY KEY REFERENCES documents (id), body TEXT NOT NULL
);
CREATE TABLE blobs (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id), kind TEXT NOT NULL,
    number INTEGER NOT NULL, media_type TEXT NOT NULL, size INTEGER NOT NULL, wrapped_key BLOB NOT NULL,
    UNIQUE (document_id, kind, number)
);
CREATE TABLE arrivals (
    id TEXT PRIMARY KEY, folder BLOB NOT NULL, path BLOB NOT NULL, size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL, sha256 TEXT, document_id TEXT REFERENCES documents (id), outcome TEXT NOT NULL,
    message TEXT NOT NULL, seen_at TEXT NOT NULL, destination BLOB, settled_at TEXT
);
CREATE INDEX arrivals_unsettled ON arrivals (folder, path) WHERE settled_at IS NULL;
CREATE TABLE audit_entries (
    sequence INTEGER PRIMARY KEY, digest TEXT NOT NULL, entry TEXT NOT NULL
);
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1), length INTEGER NOT NULL, digest TEXT NOT NULL
);
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY, operation_id TEXT NOT NULL UNIQUE, occurred_at TEXT NOT NULL,
    document_id TEXT, payload TEXT NOT NULL
)
"""

_APPEND_ONLY = ("audit_entries", "outbox")


def upgrade() -> None:
    for statement in _TABLES.split(";"):
        op.execute(statement)
    for table in _APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head WHEN NEW.length <> OLD.length + 1 "
        "BEGIN SELECT RAISE(ABORT, 'audit_head only grows'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head "
        "BEGIN SELECT RAISE(ABORT, 'audit_head only grows'); END"
    )
