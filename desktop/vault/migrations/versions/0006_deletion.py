"""Documents can be deleted or held; a store knows which life of it this is."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN legal_hold INTEGER NOT NULL DEFAULT 0")
    op.execute(
        "CREATE TABLE store (id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL, begun_at TEXT NOT NULL)"
    )
    # A deleted document's words go from the outbox too; nothing else about a row may change, and no living one's.
    op.execute("DROP TRIGGER outbox_no_update")
    op.execute(
        "CREATE TRIGGER outbox_no_update BEFORE UPDATE ON outbox WHEN OLD.document_id IS NULL "
        "OR NEW.sequence <> OLD.sequence OR NEW.operation_id <> OLD.operation_id "
        "OR NEW.occurred_at <> OLD.occurred_at OR NEW.document_id IS NOT OLD.document_id "
        "OR EXISTS (SELECT 1 FROM documents WHERE id = OLD.document_id) "
        "BEGIN SELECT RAISE(ABORT, 'outbox is append-only'); END"
    )
