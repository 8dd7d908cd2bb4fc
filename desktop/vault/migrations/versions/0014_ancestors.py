"""The identities that the device had before: a store that was restored from a backup may go on under another."""

from alembic import op

revision = "0014"
down_revision = "0013"

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'ancestors stay'); END"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE ancestors (
            position INTEGER PRIMARY KEY, device_id TEXT NOT NULL, public_key TEXT NOT NULL, signature TEXT NOT NULL,
            shared_through INTEGER NOT NULL, succeeded_at TEXT NOT NULL
        )
        """
    )
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER ancestors_no_{act.lower()} BEFORE {act} ON ancestors {_REFUSE}")
    # Which device made it is the server's word: one that a later identity sent once more is that one's.
    op.execute("DROP TRIGGER corrections_stay")
    op.execute(
        "CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections WHEN NEW.id <> OLD.id OR NEW.said <> OLD.said "
        "OR NEW.document_id <> OLD.document_id OR NEW.sequence IS NOT OLD.sequence "
        "BEGIN SELECT RAISE(ABORT, 'corrections are never changed'); END"
    )
