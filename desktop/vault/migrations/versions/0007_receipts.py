"""The server's receipts for the audit chain: the newest of each server, which only moves on."""

from alembic import op

revision = "0007"
down_revision = "0006"

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'audit_receipts only move on'); END"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE audit_receipts (
            server_key TEXT PRIMARY KEY, chain TEXT NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL,
            at TEXT NOT NULL, signature TEXT NOT NULL
        )
        """
    )
    older = "WHEN NEW.sequence <= OLD.sequence"
    op.execute(f"CREATE TRIGGER audit_receipts_move_on BEFORE UPDATE ON audit_receipts {older} {_REFUSE}")
    op.execute(f"CREATE TRIGGER audit_receipts_stay BEFORE DELETE ON audit_receipts {_REFUSE}")
    op.execute("ALTER TABLE server_link ADD COLUMN audit_key TEXT")
