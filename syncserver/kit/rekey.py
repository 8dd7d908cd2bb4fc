"""Another key for the embedded database, and nobody else at a database whose keys change."""

import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlcipher3 import dbapi2 as sqlcipher

from syncserver.kit.database import Database
from syncserver.kit.errors import CannotStart

_ENDING_S = 3.0
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = session_user"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def check_alone(database: Database) -> None:
    """Raises CannotStart while another process works on the database: it would go on with the keys it has."""
    database.close()  # our own connections would count
    if database.is_sqlite:
        alone = _can_leave_wal(database)
    else:
        alone = _is_alone_soon(database)
        database.close()
    if not alone:
        raise CannotStart(
            "A server or a worker has this database open. Nothing was changed; stop them, then try again."
        )


def _is_alone_soon(database: Database) -> bool:
    """PostgreSQL lists connections for a moment after they were closed."""
    give_up = time.monotonic() + _ENDING_S
    while True:
        with database.engine.connect() as connection:  # within a transaction the list stays as it was
            if connection.scalar(_OTHERS) == 0:
                return True
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)


def rekey(path: Path, old: bytes, new: bytes) -> None:
    """The embedded database opens with the `new` key alone. Killed meanwhile, it opens with one of the two."""
    with closing(sqlcipher.connect(str(path), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA key = \"x'{old.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("PRAGMA journal_mode = DELETE")  # the write-ahead log is folded in: one file changes keys
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")


def _can_leave_wal(database: Database) -> bool:
    """SQLite leaves its write-ahead log for the one connection that there is, and for no other."""
    with closing(database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 500")
        try:
            cursor.execute("PRAGMA journal_mode = DELETE")
        except sqlcipher.OperationalError:  # locked
            return False
    database.close()
    return True
