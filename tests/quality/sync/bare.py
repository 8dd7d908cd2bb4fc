"""What PostgreSQL alone takes for the same bytes: the very rows that pushes wrote, by bare multi-row INSERTs.

The rows are read back and written into the same tables, with all their keys and indexes, of another database on the
same server; as many in a transaction as a push has. No row-level security, no server, no parsing, no sealing.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Json
from pydantic import SecretStr

from syncserver.kit.database import open_database
from syncserver.kit.secret import load_keys
from syncserver.migrations.run import upgrade
from syncserver.settings import Settings

Row = tuple[Any, ...]
_SECRET = "0123456789abcdef-of-the-benchmark-0123456789"
_OF_DEVICE = {
    "jobs": "device_id = %s ORDER BY recorded_at, id",
    "applied_operations": "device_id = %s ORDER BY sequence",
    "audit_entries": "chain = %s ORDER BY sequence",
    "events": "details->>'device_id' = %s::text OR details->>'document_id' IN "
    "(SELECT id::text FROM jobs WHERE device_id = %s) ORDER BY id",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table."""

    table: str
    columns: tuple[str, ...]
    several: Sequence[Row]

    @property
    def size(self) -> int:
        """Bytes of their values."""
        return sum(_size(value) for row in self.several for value in row)


Batch = Sequence[Rows]
"""What one push wrote."""


def written(database: str, device_id: UUID, pushes: int) -> list[Batch]:
    """What the device's pushes wrote, shared out evenly over so many."""
    with psycopg.connect(database) as connection:
        of_tables = [_rows(connection, table, device_id) for table in _OF_DEVICE]
    return [[_part(rows, number, pushes) for rows in of_tables] for number in range(pushes)]


def make_bare(database: str, name: str) -> str:
    """Another database with the same tables; where it is."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    bare = database.replace("/postgres?", f"/{name}?")
    url = bare.replace("postgresql://", "postgresql+psycopg://")
    settings = Settings(secret_key=SecretStr(_SECRET), database_url=url)
    opened = open_database(settings, load_keys(settings))
    upgrade(opened)
    opened.close()
    return bare


def know(bare: str, database: str) -> str:
    """The devices of the other database are there, and nothing that was pushed."""
    empty(bare)
    with psycopg.connect(database) as source, psycopg.connect(bare) as target:
        for table in ("organizations", "devices"):
            name = sql.Identifier(table)
            with (
                source.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(name)) as out,
                target.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as into,
            ):
                for piece in out:
                    into.write(piece)
    return bare


def empty(bare: str) -> None:
    """Nothing that was pushed is there."""
    with psycopg.connect(bare, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # past the triggers that keep the audit log
        for table in (*_OF_DEVICE, "organizations"):
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))


def insert(bare: str, of_devices: Sequence[Sequence[Batch]]) -> float:
    """Seconds until all is there: each device's batches in order over a connection of its own, all devices at once."""
    with ThreadPoolExecutor(len(of_devices)) as pool:
        began = time.perf_counter()
        for _ in pool.map(lambda batches: _insert_all(bare, batches), of_devices):
            pass
        return time.perf_counter() - began


def _insert_all(bare: str, batches: Sequence[Batch]) -> None:
    with psycopg.connect(bare) as connection:
        for batch in batches:
            with connection.transaction():
                for rows in batch:
                    connection.execute(_statement(rows), [value for row in rows.several for value in row])


def _statement(rows: Rows) -> sql.Composed:
    values = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(rows.columns)))
    return sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        sql.Identifier(rows.table),
        sql.SQL(", ").join(map(sql.Identifier, rows.columns)),
        sql.SQL(", ").join([values] * len(rows.several)),
    )


def _rows(connection: psycopg.Connection[Row], table: str, device_id: UUID) -> Rows:
    of_device = _OF_DEVICE[table]
    cursor = connection.execute(
        f"SELECT * FROM {table} WHERE {of_device}",  # noqa: S608 - constants
        [device_id] * of_device.count("%s"),
    )
    columns = tuple(column.name for column in cursor.description or ())
    return Rows(table, columns, [tuple(map(_as_sent, row)) for row in cursor])


def _as_sent(value: Any) -> Any:
    return Json(value) if isinstance(value, dict) else value


def _part(rows: Rows, number: int, pushes: int) -> Rows:
    first, end = (len(rows.several) * place // pushes for place in (number, number + 1))
    return Rows(rows.table, rows.columns, rows.several[first:end])


def _size(value: Any) -> int:
    match value:
        case bytes():
            return len(value)
        case str():
            return len(value.encode())
        case Json():
            return len(str(value.obj).encode())
        case UUID():
            return 16
        case None:
            return 0
    return 8


def undelivered(database: str) -> int:
    """How many events wait for their effects."""
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT count(*) FROM events WHERE delivered_at IS NULL").fetchone()
    return int(found[0]) if found else 0
