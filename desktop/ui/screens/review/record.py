"""A reading as a person looks through it: headings, entries, tables, lines of text. Pure: no widget."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from desktop.ui.field_names import field_name, group_name, grouped
from desktop.ui.wording import SURE, otherwise, shown
from shared.documents import Cell, Polygon, Reading, Row, TextLine, Value
from shared.documents.corrections import Place, Standing
from shared.templates import Column, Field, Kind, Template

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: page number from 1, corners in pixels of the page as read."""

    page: int
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was read, or (`confidence` None) that the page should hold and was not found.

    `key` tells entries of one record apart; `label` and `value` are in people's words, `printed` as on the page.
    `needs_review`: a person looks at it; where it is ambiguous, `otherwise` says what it may be as well.
    """

    key: str
    label: str
    value: str = ""
    printed: str = ""
    confidence: float | None = None
    spot: Spot | None = None
    needs_review: bool = False
    otherwise: str = ""
    place: Place | None = None
    """Where a person's word would go; None of a line of text, which nobody corrects."""
    cell: Cell = None
    asked: Field | Column | None = None
    """What the template says of it."""
    standing: Standing | None = None
    """What people said of it."""
    is_drafted: bool = False
    """Whether it is as somebody is about to say."""

    @property
    def found(self) -> bool:
        """Whether anything was read."""
        return self.confidence is not None

    @property
    def name(self) -> str:
        """Of the field or column; empty of a line of text."""
        return self.place.name if self.place else ""

    @property
    def given(self) -> Value | None:
        """The value that is shown."""
        return self.cell.value if self.cell else None

    @property
    def is_tick(self) -> bool:
        """Whether it is a box to tick, or a signature that is there or not."""
        return (self.asked is not None and self.asked.kind is Kind.PRESENCE) or isinstance(self.given, bool)

    @property
    def is_contested(self) -> bool:
        """Whether people contradict each other in it, and nobody is about to settle that."""
        return bool(self.standing and self.standing.others) and not self.is_drafted


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the reading: its template, what people said, what is being drafted.

    `first` are the keys of fields that stand before all others, in order."""

    template: Template | None = None
    standings: Mapping[Place, Standing] = field(default_factory=dict)
    drafted: Collection[Place] = ()
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under one heading."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What repeats on the page: every row has one entry a column."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    """The last one is blank, for a row that no reader found."""

    @property
    def filled(self) -> int:
        """How many rows hold anything."""
        return sum(any(entry.found for entry in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that was read of one document."""

    fields: tuple[Section, ...]
    tables: tuple[Table, ...]
    lines: tuple[Section, ...]

    def entries(self) -> Iterator[Entry]:
        """Every entry: fields, then cells, then lines."""
        for section in self.fields:
            yield from section.entries
        for table in self.tables:
            for row in table.rows:
                yield from row
        for section in self.lines:
            yield from section.entries


def record_of(reading: Reading, page_heading: str, known: Known | None = None) -> Record:
    """`reading` in people's words; `page_heading` holds {0} for a page's number."""
    writer = _Writer(reading, known or Known())
    return Record(
        fields=tuple(writer.sections()),
        tables=tuple(
            writer.table(name, rows) for name, rows in reading.tables.items() if rows or writer.asks_for(name)
        ),
        lines=tuple(
            Section(
                page_heading.format(page.number),
                tuple(_line(page.number, place, line) for place, line in enumerate(page.lines)),
            )
            for page in reading.pages
        ),
    )


def in_order_of_doubt(record: Record) -> tuple[str, ...]:
    """The keys of the fields that are to review, the least sure first."""
    fields = [entry for section in record.fields for entry in section.entries if entry.needs_review]
    return tuple(entry.key for entry in sorted(fields, key=lambda entry: entry.confidence or 0.0))


class _Writer:
    """Puts one reading into words."""

    def __init__(self, reading: Reading, known: Known) -> None:
        self._reading, self._known = reading, known
        template = known.template
        self._fields = {asked.name: asked for asked in template.fields} if template else {}
        self._tables = {table.name: table.columns for table in template.tables} if template else {}

    def asks_for(self, table: str) -> bool:
        return table in self._tables

    def sections(self) -> Iterator[Section]:
        entries = {f"field:{name}": self._field(name) for name in self._reading.fields}
        first = tuple(entries.pop(key) for key in self._known.first if key in entries)
        if first:
            yield Section(translate("Record", "To check"), first)
        for heading, names in grouped(tuple(self._reading.fields)):
            below = tuple(entries[key] for key in (f"field:{name}" for name in names) if key in entries)
            if below:
                yield Section(group_name(heading), below)

    def table(self, name: str, rows: tuple[Row, ...]) -> Table:
        asked = {column.name: column for column in self._tables.get(name, ())}
        columns = _columns(rows, tuple(asked.values()))
        cells = tuple(
            tuple(self._entry(Place(column, name, number), row.get(column), asked.get(column)) for column in columns)
            for number, row in enumerate((*rows, {}))
        )
        return Table(name, field_name(name), tuple(field_name(column) for column in columns), cells)

    def _field(self, name: str) -> Entry:
        return self._entry(Place(name), self._reading.fields[name], self._fields.get(name))

    def _entry(self, place: Place, cell: Cell, asked: Field | Column | None) -> Entry:
        key = f"table:{place.table}:{place.row}:{place.name}" if place.table else f"field:{place.name}"
        is_drafted, standing = place in self._known.drafted, self._known.standings.get(place)
        contested = bool(standing and standing.others) and not is_drafted
        if cell is None:
            return Entry(
                key,
                field_name(place.name),
                needs_review=contested,
                place=place,
                asked=asked,
                standing=standing,
                is_drafted=is_drafted,
            )
        return Entry(
            key,
            field_name(place.name),
            shown(place.name, cell),
            cell.text,
            cell.confidence,
            Spot(cell.page, cell.polygon) if cell.page else None,  # a person may give what no reader found
            cell.needs_review,
            otherwise(place.name, cell),
            place,
            cell,
            asked,
            standing,
            is_drafted,
        )


def _columns(rows: tuple[Mapping[str, Cell], ...], asked: tuple[Column, ...]) -> tuple[str, ...]:
    """The columns in which any row holds something, and those that the template asks every such table for."""
    named = dict.fromkeys(column for row in rows for column in row)
    filled = {name for name in named if any(row.get(name) is not None for row in rows)}
    wanted = [column.name for column in asked if not column.optional or column.name in filled]
    return (*wanted, *(name for name in named if name in filled and name not in wanted))


def _line(page: int, place: int, line: TextLine) -> Entry:
    spot, doubtful = Spot(page, line.polygon), line.confidence < SURE
    return Entry(f"line:{page}:{place}", "", line.text, line.text, line.confidence, spot, doubtful)
