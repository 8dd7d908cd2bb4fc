"""The open store: its encrypted database, its blobs, and the pen of its audit chain."""

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from desktop.errors import StoreBusy, StoreDamaged, StoreError
from desktop.settings import Settings
from desktop.vault import audit_log, device, search_index, store
from desktop.vault.blobs import BlobFolder
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import AskPassphrase
from desktop.vault.keys import DatabaseKey, StoreKeys, unlock
from desktop.vault.migrations import migrate
from desktop.vault.write_ahead_log import is_damaged, log_of
from shared.audit import AuditChain
from shared.clock import Clock, system_clock

_BUSY_SECONDS = 30.0  # how long a writer waits for another's transaction; ours take milliseconds
_EXCLUSIVE_SECONDS = 2.0  # whoever has the store open keeps it open
_CONNECTIONS = 10
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "secure_delete = ON",
    "cache_size = -16384",  # KiB: searching 100,000 pages takes 15 ms with it, 19 ms with SQLCipher's 2 MB
)
"""What every connection is set to, once it has its key."""
_COPIES_HMAC = "cipher_default_hmac_algorithm"  # the whole process's, so nobody else may copy or count on it meanwhile
_COPYING = threading.Lock()
_CORRUPT, _NOT_A_DATABASE = 11, 26  # SQLite's codes; the second for a first page that the key does not open


@dataclass(frozen=True, slots=True)
class Vault:
    """One open store. `read` and `act` hand out transactions; whoever opens an act commits it, by leaving it."""

    folder: DataFolder
    engine: Engine
    blobs: BlobFolder
    clock: Clock
    key: DatabaseKey = field(repr=False)
    """Of the database and its copies."""
    _pen: list[AuditChain] = field(repr=False)
    _damage: threading.Event = field(default_factory=threading.Event)

    @property
    def chain(self) -> AuditChain:
        """The pen of the audit chain; within an act, that of who the device is by then, whoever changed it."""
        return self._pen[0]

    @property
    def device_id(self) -> UUID:
        return UUID(self.chain.device_id)

    def take_pen(self, pen: AuditChain) -> None:
        """The device is another from now on, as its store says."""
        self._pen[0] = pen

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view: what others commit meanwhile is not seen. Raises StoreDamaged."""
        with self._damage_noted(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def act(self) -> Iterator[Connection]:
        """One transaction that writes: committed when the block ends, undone when it raises. No other act runs.

        Raises StoreDamaged, and goes on to once anybody met damage: what is left is for rescue."""
        if self._damage.is_set():
            raise _damaged(self.folder.database)
        with (
            self._damage_noted(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            self.take_pen(device.chain(connection, self.clock) or self.chain)
            yield connection

    def fold_log(self) -> None:
        """The write-ahead log is folded into the database and empty: what was deleted lies in neither.

        Where somebody reads just now, the next one does it."""
        with suppress(StoreError):
            execute_bare(self.engine, "PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _damage_noted(self) -> Iterator[None]:
        try:
            with _damage_told(self.folder):
                yield
        except _DatabaseDamaged:
            if not self._damage.is_set():
                _keep_log(self.engine, self.folder.database)
            self._damage.set()
            raise

    def close(self) -> None:
        """No connection is open; the write-ahead log is folded in when this was the last one."""
        self.engine.dispose()


def open_vault(settings: Settings, ask_passphrase: AskPassphrase, clock: Clock = system_clock) -> Vault:
    """The store in the settings' data directory, made when there is none.

    Raises StoreLocked with nothing touched, StoreDamaged, StoreTooNew, StoreError for a directory of no use."""
    folder = DataFolder(settings.data_dir)
    try:
        keys = unlock(folder, settings, ask_passphrase)
        folder.make()
        if not folder.database.exists():  # touching it again would leave a trace on a damaged store
            folder.database.touch(mode=0o600)
    except OSError as error:
        raise StoreError(
            f"The data directory {folder.root} cannot be used: {os.strerror(error.errno or 0)}."
        ) from error
    key = key_that_opens(folder.database, keys)
    engine = open_engine(folder.database, key)
    try:
        with _damage_told(folder):
            chain = _prepare(engine, clock)
    except _DatabaseDamaged:
        _keep_log(engine, folder.database)
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        if "locked" in str(error.orig):
            raise StoreBusy(f"{folder.database} is being given another key. Try again in a while.") from error
        raise StoreError(f"{folder.database} cannot be opened now ({error.orig}). Nothing was changed.") from error
    except BaseException:
        engine.dispose()
        raise
    return Vault(folder, engine, blob_folder(folder, keys), clock, key, [chain])


def blob_folder(folder: DataFolder, keys: StoreKeys) -> BlobFolder:
    """The sealed files, which open with any of the keys and are sealed under the newest."""
    return BlobFolder(folder.blobs, keys.blobs, keys.older.blobs if keys.older else None)


class _DatabaseDamaged(StoreDamaged):
    """The database itself, not one sealed file beside it."""


@contextmanager
def _damage_told(folder: DataFolder) -> Iterator[None]:
    """A page that is not what was written (SQLCipher seals each) raises StoreDamaged instead of a library's error."""
    try:
        yield
    except DatabaseError as error:
        if _is_damage(error.orig):
            raise _damaged(folder.database) from error
        raise


def _damaged(database: Path) -> _DatabaseDamaged:
    return _DatabaseDamaged(
        f"{database} is damaged: parts of it are not what was written. "
        "It is left as it is. Keep a copy of the whole data directory, and restore a backup elsewhere."
    )


def _keep_log(engine: Engine, database: Path) -> None:
    """No closing folds the write-ahead log into the damaged database any more: one connection is never closed."""
    if not _has_log(database):
        return
    with suppress(Exception):  # its own first page may be the damaged one: then `connect` saw to it
        connection = engine.raw_connection()
        connection.cursor().execute("PRAGMA schema_version")
        connection.detach()
        _never_close(connection.driver_connection)


def _never_close(connection: Any) -> None:
    """SQLite's own switch (SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE) is not to be had through the driver."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))


def _has_log(database: Path) -> bool:
    with suppress(FileNotFoundError):
        return log_of(database).stat().st_size > 0
    return False


def _is_damage(error: BaseException | None) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (_CORRUPT, _NOT_A_DATABASE)


def _prepare(engine: Engine, clock: Clock) -> AuditChain:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if migrate(connection):
            search_index.index_missing(connection)
        chain = device.chain(connection, clock)
        if store.epoch(connection) is None:
            store.begin_epoch(connection, clock())
        if chain is None:
            chain = device.create(connection, clock)
            created = audit_log.Act(audit_log.DEVICE, "store.created", chain.device_id)
            audit_log.record(connection, chain, created)
        return chain


def execute_bare(engine: Engine, statement: str, *values: str) -> None:
    """The statement ran outside any transaction, as some must. Raises StoreError, whose cause is the database's own."""
    from sqlcipher3 import dbapi2

    connection = engine.raw_connection()
    try:
        connection.cursor().execute(statement, values)
    except dbapi2.DatabaseError as error:
        raise StoreError(
            f"The store's disk did not take what was written ({error}). Free some space, then try again."
        ) from error
    finally:
        connection.close()


def copy_database(engine: Engine, key: DatabaseKey, place: Path) -> None:
    """A copy at one moment lies in `place`, under the `key` that the database is under. Raises StoreError."""
    with _COPYING:
        execute_bare(engine, f"PRAGMA {_COPIES_HMAC} = HMAC_{key.page_hmac}")  # VACUUM does not take the database's own
        try:
            execute_bare(engine, "VACUUM INTO ?", str(place))
        finally:
            execute_bare(engine, f"PRAGMA {_COPIES_HMAC} = HMAC_SHA512")  # as SQLCipher has it


def damaged_pages(connection: Connection) -> int:
    """How many pages of the database are not what was written under its key; every one is looked at."""
    return len(connection.execute(text("PRAGMA cipher_integrity_check")).fetchall())


def key_that_opens(database: Path, keys: StoreKeys) -> DatabaseKey:
    """The one of the keys that the database is under, where a rotation was interrupted."""
    if keys.older is None:
        return keys.database
    engine = open_engine(database, keys.older.database)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master"))
    except DatabaseError:
        return keys.database
    finally:
        engine.dispose()
    return keys.older.database


def open_engine(database: Path, key: DatabaseKey, *, exclusive: bool = False) -> Engine:
    """Connections to the `database` under `key`; an `exclusive` one lets no other be open beside it.

    Raises StoreDamaged where the database's write-ahead log is."""
    from sqlcipher3 import dbapi2

    if is_damaged(log_of(database)):
        raise _damaged(database)
    patience = _EXCLUSIVE_SECONDS if exclusive else _BUSY_SECONDS
    kept: list[Any] = []

    def connect() -> Any:
        connection = dbapi2.connect(str(database), timeout=patience, check_same_thread=False, isolation_level=None)
        try:
            for pragma in (
                "cipher_log_level = NONE",  # a wrong key is an error of ours, not a line on somebody's terminal
                f"key = \"x'{key.secret.hex()}'\"",
                f"cipher_hmac_algorithm = HMAC_{key.page_hmac}",
                f"locking_mode = {'EXCLUSIVE' if exclusive else 'NORMAL'}",
                *PRAGMAS,
            ):
                connection.execute(f"PRAGMA {pragma}")
        except dbapi2.DatabaseError as error:
            corrupt = getattr(error, "sqlite_errorcode", 0) & 0xFF == _CORRUPT
            if corrupt and not kept and _has_log(database):  # not for a key that does not fit
                kept.append(connection)
                _never_close(connection)
            raise
        return connection

    engine = create_engine(
        "sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool, pool_size=1 if exclusive else _CONNECTIONS
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once: upgrading from a read fails at once when another writes."""
    writes = connection.get_execution_options().get("writes", False)
    connection.execute(text("BEGIN IMMEDIATE" if writes else "BEGIN"))
