"""Several watched folders, each with its profile; documents know their unit, and arrivals whether the file was kept."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE watched_folders (id TEXT PRIMARY KEY, root BLOB NOT NULL UNIQUE, template TEXT NOT NULL, "
        "unit TEXT NOT NULL, originals TEXT NOT NULL, added_at TEXT NOT NULL)"
    )
    op.execute("ALTER TABLE documents ADD COLUMN unit TEXT NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE arrivals ADD COLUMN kept INTEGER NOT NULL DEFAULT 0")
    op.execute("CREATE INDEX arrivals_by_document ON arrivals (document_id)")
    op.execute("CREATE INDEX arrivals_kept ON arrivals (folder) WHERE kept = 1")
