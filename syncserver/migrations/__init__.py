"""The database's history (Alembic), up and down on SQLite and PostgreSQL."""
