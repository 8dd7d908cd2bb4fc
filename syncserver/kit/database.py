"""The database: an encrypted SQLite file, or PostgreSQL; one style of session over both.

SQLite takes one writer at a time: a transaction that writes says so when it begins (BEGIN IMMEDIATE), because one
that turns from reader to writer half-way fails at once when another has written meanwhile.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    QueuePool,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy import insert as sql_insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeEngine
from sqlcipher3 import dbapi2 as sqlcipher

from syncserver.kit.columns import Base, table_of
from syncserver.kit.errors import DatabaseUnusable
from syncserver.kit.secret import ServerKeys, prepare_data_dir
from syncserver.kit.tenancy import SERVER_ROLE, TENANT_ROLE, BoundedSession, TenantOf, may_take_roles
from syncserver.settings import Settings

EMBEDDED_FILE = "server.db"
_LOCK_WAIT_MS = 10_000
_CONNECT_TIMEOUT_S = 5
_STATEMENT_MS = 120_000  # nobody waits longer for an answer
_USED_AT = "used_at"
_TRIED_AFTER_S = 2.0  # of rest
_THREADS = 40  # that Starlette runs endpoints in
_POOL_SIZE = 20  # kept open: making a connection anew costs more than most requests do with it
_ASKING_POOL_SIZE = 10  # each for a millisecond


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Every session it hands out is one transaction, committed when its block ends well."""

    engine: Engine
    _reading: Engine
    _writing: Engine
    _asking: Engine

    @contextmanager
    def reading(self, tenant_of: TenantOf | None = None) -> Iterator[Session]:
        """A transaction that only reads: the rows of one organization, or of all without `tenant_of`."""
        with BoundedSession(self._reading, tenant_of) as session, session.begin():
            yield session

    @contextmanager
    def writing(self, tenant_of: TenantOf | None = None) -> Iterator[Session]:
        """A transaction that may write, within the same bounds; rolled back when its block raises."""
        with BoundedSession(self._writing, tenant_of) as session, session.begin():
            yield session

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """For one statement that reads rows of all organizations: who is it that asks? Every request begins so.

        On PostgreSQL it is no transaction, and costs one round trip instead of four.
        """
        with self._asking.connect() as connection:
            yield connection

    def check(self) -> None:
        """Raises DatabaseUnusable unless the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1 FROM sqlite_master" if self.is_sqlite else "SELECT 1"))
        except DatabaseError as error:
            raise DatabaseUnusable(_why(self.engine, error)) from error

    def check_roles(self) -> None:
        """Raises DatabaseUnusable unless transactions can take the roles that row-level security goes by."""
        if self.is_sqlite:
            return
        with self.engine.connect() as connection:
            if not may_take_roles(connection):
                raise DatabaseUnusable(
                    f"The database user may not take the roles {TENANT_ROLE} and {SERVER_ROLE}. Have the database's "
                    f"administrator run `GRANT {TENANT_ROLE}, {SERVER_ROLE} TO {self.engine.url.username or 'USER'}`."
                )

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def engines(self) -> set[Engine]:
        """Those with connections of their own."""
        return {self.engine, self._asking}

    def connections_in_use(self) -> float:
        """How many connections are taken from the pools."""
        pools = [engine.pool for engine in self.engines()]
        return float(sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool)))

    def close(self) -> None:
        """Every pooled connection is closed."""
        for engine in self.engines():
            engine.dispose()


def open_database(settings: Settings, keys: ServerKeys) -> Database:
    """The configured database, which answers. Raises DatabaseUnusable, with the reason."""
    if settings.database_url:
        database = _postgresql(settings.database_url)
    else:
        database = _sqlite(prepare_data_dir(settings.data_dir) / EMBEDDED_FILE, keys.database)
    database.check()
    return database


def insert_missing(session: Session, table: type[Base], **values: object) -> None:
    """A row with `values` is there: made now, or there before under the same key and left as it is.

    Either way it is locked, so that nobody takes it away before the transaction ends.
    """
    key = [column.name for column in inspect(table).primary_key]
    statement = insert_into(session, table).values(**values)
    # DO NOTHING would lock nothing: the row could be gone by the next statement.
    unchanged = {name: statement.excluded[name] for name in key}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=unchanged))


def insert_new(session: Session, table: type[Base], **values: object) -> bool:
    """Whether a row with `values` was made now: one that was there before under the same key is neither changed nor
    locked.
    """
    key = list(inspect(table).primary_key)
    statement = insert_into(session, table).values(**values).on_conflict_do_nothing(index_elements=key)
    return session.execute(statement.returning(*key)).first() is not None


def insert_all(session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """The rows, which name the same columns, are there; numbered in this order where the table numbers its rows.

    Past the unit of work, and in one statement: each column travels to PostgreSQL as one array. COPY, which would be
    the usual way, is refused for tables with row-level security.
    """
    if not rows:
        return
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sql_insert(table_of(table)), rows)
        return
    connection, types = session.connection(), {name: table_of(table).c[name].type for name in rows[0]}
    arrays = [_array(kind, connection.dialect, [row[name] for row in rows]) for name, kind in types.items()]
    columns, given = ", ".join(types), ", ".join(f"%b::{kind.compile(connection.dialect)}[]" for kind in types.values())
    # %b: as they are. As text, each text in an array would be looked through for what to escape, and bytes be doubled.
    insert = f"INSERT INTO {table.__tablename__} ({columns}) SELECT {columns}"
    connection.exec_driver_sql(f"{insert} FROM unnest({given}) AS given ({columns})", tuple(arrays))


def _array(kind: TypeEngine[Any], dialect: Dialect, values: list[object]) -> list[object]:
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    return [process(value) for value in values] if process else values


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say ON CONFLICT, as the session's database writes it."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(table)


def _postgresql(url: str) -> Database:
    engine = _connecting(url, pool_size=_POOL_SIZE, max_overflow=_THREADS - _POOL_SIZE)
    bounded = engine.execution_options(isolation_level="AUTOCOMMIT")  # a bounded session begins by itself
    # Apart from the others: no transaction that forgot its bounds finds itself in a role that sees all.
    standing = f"-c role={SERVER_ROLE} -c default_transaction_read_only=on"
    asking = _connecting(url, standing, pool_size=_ASKING_POOL_SIZE, max_overflow=0, isolation_level="AUTOCOMMIT")
    return Database(engine, bounded, bounded.execution_options(immediate=True), asking)


def _connecting(url: str, options: str = "", **arguments: Any) -> Engine:
    limits = f"-c lock_timeout={_LOCK_WAIT_MS} -c statement_timeout={_STATEMENT_MS}"
    engine = create_engine(
        url,
        hide_parameters=True,  # an exception must not carry what a row holds
        connect_args={"connect_timeout": _CONNECT_TIMEOUT_S, "options": f"-c timezone=UTC {limits} {options}"},
        **arguments,
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_check_idle, engine.dialect))
    return engine


def _note_use(_: Any, record: ConnectionPoolEntry) -> None:
    record.info[_USED_AT] = time.monotonic()


def _check_idle(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _: object) -> None:
    """A connection that rested may be dead: it is tried, and another taken for it. One just used costs no try."""
    rested_s = time.monotonic() - record.info.get(_USED_AT, time.monotonic())
    if rested_s > _TRIED_AFTER_S:
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def _sqlite(path: Path, key: bytes) -> Database:
    def connect() -> Any:
        connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA busy_timeout = {_LOCK_WAIT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # an accepted push survives a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # temporary files would not be encrypted
        return connection

    path.touch(mode=0o600)
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=_POOL_SIZE,
        max_overflow=_THREADS - _POOL_SIZE,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return Database(engine, engine, engine.execution_options(immediate=True), engine)


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _why(engine: Engine, error: DatabaseError) -> str:
    reason = str(error.orig).strip().splitlines()[0]
    if engine.dialect.name == "sqlite":
        if "not a database" in reason:
            return "The embedded database does not open with this secret: it was made with another, or is damaged."
        return f"The embedded database cannot be opened: {reason}."
    url = engine.url
    return f"PostgreSQL at {url.host or 'the local socket'}, database {url.database}, cannot be used: {reason}."
