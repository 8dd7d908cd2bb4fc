"""What people say stands on a page: corrections that are never changed, and what a field is in the light of them.

Corrections are kept as a set, which only grows: merging two sets is their union, so that replicas which hold the same
corrections show the same, in whatever order these came. Which correction comes after which is told by what each
replaces, never by a clock; clocks decide alone which of several that knew nothing of each other is shown.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.documents.geometry import NOWHERE
from shared.documents.reading import PERSON, Cell, FieldValue, Reading, Row, Value

MAX_AHEAD = timedelta(minutes=5)
"""How far a device's clock counts ahead of the server's when it took the correction (PROTOCOL.md, section 7)."""
_LAST_SECOND = 253_402_300_799  # of the year 9999, where the calendar ends
MOST_ADDED_ROWS = 200
"""Rows that people may give a table after those that were read: more than a form prints, and no way to flood one."""
_ROW = re.compile(r"0|[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """A moment of a hybrid logical clock (Kulkarni and others, 2014): milliseconds since 1970, and a count within."""

    milliseconds: int
    count: int


def next_stamp(now: datetime, latest: Stamp | None) -> Stamp:
    """The stamp of what is done `now` by somebody who has seen `latest`: later than it, by a late clock too."""
    wall = max(0, _milliseconds(now))
    if latest is None or wall > latest.milliseconds:
        return Stamp(wall, 0)
    return Stamp(latest.milliseconds, latest.count + 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Which value of a reading: a field, or the cell in column `name` of a table's row (from 0)."""

    name: str
    table: str = ""
    row: int = 0

    def __str__(self) -> str:
        return f"tables.{self.table}.{self.row}.{self.name}" if self.table else f"fields.{self.name}"


def place_of(path: str) -> Place:
    """The place that `path` names, as `str` writes it. Raises ValueError."""
    match path.split("."):
        case ["fields", name] if name:
            return Place(name)
        case ["tables", table, row, name] if table and name and _ROW.fullmatch(row):
            return Place(name, table, int(row))
    raise ValueError(path)


@dataclass(frozen=True, slots=True)
class Correction:
    """One value as a person gave it; None: nothing stands there. With the value that was shown, it is approved.

    `sha256` is the document's content, the same on every replica. `read` is what the reader found there, `base` what
    was shown when the person decided, and `replaces` the corrections that the person knew of. `actor` is who, as the
    device's audit chain names them, `person` the name they go by there. `received_at` is when the server took it, by
    its clock; None until it did.
    """

    id: UUID
    sha256: str
    place: Place
    value: Value | None
    read: Value | None
    base: Value | None
    replaces: tuple[UUID, ...]
    actor: str
    person: str
    device_id: UUID
    stamp: Stamp
    received_at: datetime | None = None

    @property
    def made_at(self) -> datetime:
        """When it was made, for people: by the device's clock, as far as that counts."""
        return datetime.fromtimestamp(min(self.counted.milliseconds // 1000, _LAST_SECOND), UTC)

    @property
    def counted(self) -> Stamp:
        """The stamp as far as it counts: an absurd clock is at most `MAX_AHEAD` before the server's."""
        if self.received_at is None:
            return self.stamp
        return min(self.stamp, Stamp(_milliseconds(self.received_at + MAX_AHEAD), 0))


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for one place: corrections that no other replaces, the one that counts first."""

    heads: tuple[Correction, ...]

    @property
    def current(self) -> Correction:
        """The one that is shown."""
        return self.heads[0]

    @property
    def others(self) -> tuple[Correction, ...]:
        """Those that knew nothing of it and say otherwise: with any of them it is a conflict."""
        said = {repr(self.current.value): self.current}  # of those who say the same, the first
        for one in self.heads[1:]:
            said.setdefault(repr(one.value), one)
        return tuple(said.values())[1:]


def standings(corrections: Iterable[Correction]) -> dict[Place, Standing]:
    """What holds for each place that was corrected, in order of place."""
    by_place: dict[Place, list[Correction]] = {}
    for one in set(corrections):
        by_place.setdefault(one.place, []).append(one)
    return {place: Standing(_heads(by_place[place])) for place in sorted(by_place, key=str)}


def corrected(reading: Reading, corrections: Iterable[Correction]) -> Reading:
    """`reading` with the values that hold by now. What was never there (another template's field) is left out."""
    fields, tables = dict(reading.fields), dict(reading.tables)
    for place, standing in standings(corrections).items():
        if not applies(reading, place, standing):
            continue
        cell = _cell(found_at(reading, place), standing)
        if place.table:
            tables[place.table] = _with_cell(tables[place.table], place, cell)
        else:
            fields[place.name] = cell
    return replace(reading, fields=fields, tables=tables)


def drafted(reading: Reading, values: Mapping[Place, Value | None]) -> Reading:
    """`reading` as it is once a person's `values` are kept; None: nothing stands there."""
    fields, tables = dict(reading.fields), dict(reading.tables)
    for place, value in values.items():
        cell = None if value is None else _by_a_person(found_at(reading, place), value)
        if place.table:
            tables[place.table] = _with_cell(tables[place.table], place, cell)
        else:
            fields[place.name] = cell
    return replace(reading, fields=fields, tables=tables)


def without_empty_rows(reading: Reading) -> Reading:
    """`reading` as it is handed on: without rows in which nothing stands, such as a person struck out."""
    filled = {
        name: tuple(row for row in rows if any(cell is not None for cell in row.values()))
        for name, rows in reading.tables.items()
    }
    return replace(reading, tables=filled)


def applies(reading: Reading, place: Place, standing: Standing) -> bool:
    """Whether what was corrected is what `reading` has there.

    A field is the same field however it was read. Rows have no name: where the reader finds something else in the cell
    by now, it may be another row, and a dose must not move to another drug."""
    if not has(reading, place):
        return False
    return not place.table or standing.current.read == value_at(reading, place)


def has(reading: Reading, place: Place) -> bool:
    """Whether there is such a place, with or without a value: after a table's last row a person may give more."""
    if not place.table:
        return place.name in reading.fields
    if place.table not in reading.tables:
        return False
    rows = reading.tables[place.table]
    known = not rows or any(place.name in row for row in rows)
    return known and place.row < len(rows) + MOST_ADDED_ROWS


def found_at(reading: Reading, place: Place) -> Cell:
    """What was found there; None where nothing was. Raises KeyError where `has` says no."""
    if not place.table:
        return reading.fields[place.name]
    rows = reading.tables[place.table]
    return rows[place.row].get(place.name) if place.row < len(rows) else None


def value_at(reading: Reading, place: Place) -> Value | None:
    """The value that was found there. Raises KeyError where `has` says no."""
    cell = found_at(reading, place)
    return cell.value if cell else None


def places(reading: Reading) -> Mapping[Place, FieldValue]:
    """Where what was found stands in the reading."""
    found = {Place(name): cell for name, cell in reading.fields.items() if cell}
    for table, rows in reading.tables.items():
        for number, row in enumerate(rows):
            found |= {Place(name, table, number): cell for name, cell in row.items() if cell}
    return found


def _heads(corrections: list[Correction]) -> tuple[Correction, ...]:
    replaced = {one for correction in corrections for one in correction.replaces}
    last = [one for one in corrections if one.id not in replaced]
    # In a ring, which nobody makes by mistake, all are last.
    return tuple(sorted(last or corrections, key=_rank, reverse=True))


def _rank(correction: Correction) -> tuple[Stamp, UUID, UUID]:
    return correction.counted, correction.device_id, correction.id


def _cell(found: Cell, standing: Standing) -> Cell:
    value = standing.current.value
    if value is None:
        return None
    others = tuple(one.value for one in standing.others if one.value is not None)
    return replace(_by_a_person(found, value), needs_review=bool(standing.others), alternatives=others)


def _by_a_person(found: Cell, value: Value) -> FieldValue:
    base = found or FieldValue(value, "", 1.0, 0, NOWHERE)
    return replace(base, value=value, confidence=1.0, source=PERSON, needs_review=False, alternatives=())


def _with_cell(rows: tuple[Row, ...], place: Place, cell: Cell) -> tuple[Row, ...]:
    rows += ({},) * (place.row + 1 - len(rows))
    changed = {**rows[place.row], place.name: cell}
    return (*rows[: place.row], changed, *rows[place.row + 1 :])


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
