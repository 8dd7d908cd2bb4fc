"""Which columns a table over many documents has: documents of several kinds stand in one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.documents import Reading


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of all documents, and the columns of each of their tables, in the order in which they first came."""

    fields: tuple[str, ...]
    tables: Mapping[str, tuple[str, ...]]


def layout_of(readings: Iterable[Reading]) -> Layout:
    """What has to have a column. `readings` are looked at one by one, and none is kept."""
    fields: dict[str, None] = {}
    tables: dict[str, dict[str, None]] = {}
    for reading in readings:
        fields |= dict.fromkeys(reading.fields)
        for table, rows in reading.tables.items():
            columns = tables.setdefault(table, {})
            for row in rows:
                columns |= dict.fromkeys(row)
    return Layout(tuple(fields), {table: tuple(columns) for table, columns in tables.items()})
