"""Moving a database between revisions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from syncserver.kit.database import Database

_FOLDER = Path(__file__).parent
_LOCK = 0x63686172  # "char": one migration at a time on PostgreSQL


def upgrade(database: Database, revision: str = "head") -> None:
    """The database is at `revision`, or unchanged when that fails."""
    with _migrating(database) as config:
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """The database is back at `revision` ("base": empty), or unchanged when that fails."""
    with _migrating(database) as config:
        command.downgrade(config, revision)


def is_current(database: Database) -> bool:
    """Whether the database is at the newest revision."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory(str(_FOLDER)).get_current_head()


@contextmanager
def _migrating(database: Database) -> Iterator[Config]:
    """One transaction around the whole migration."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    with database.engine.execution_options(immediate=True).begin() as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        yield config


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # a large table takes what it takes
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
