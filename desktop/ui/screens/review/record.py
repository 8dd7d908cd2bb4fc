"""A reading as a person looks through it: headings, entries, tables, lines of text. Pure: no widget."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desktop.ui.field_names import field_name, group_name, grouped
from desktop.ui.wording import SURE, otherwise, shown
from shared.documents import Cell, Polygon, Reading, Row, TextLine


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

    @property
    def found(self) -> bool:
        """Whether anything was read."""
        return self.confidence is not None


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


def record_of(reading: Reading, page_heading: str) -> Record:
    """`reading` in people's words; `page_heading` holds {0} for a page's number."""
    return Record(
        fields=tuple(
            Section(group_name(heading), tuple(_field(name, reading.fields[name]) for name in names))
            for heading, names in grouped(tuple(reading.fields))
        ),
        tables=tuple(_table(name, rows) for name, rows in reading.tables.items() if rows),
        lines=tuple(
            Section(
                page_heading.format(page.number),
                tuple(_line(page.number, place, line) for place, line in enumerate(page.lines)),
            )
            for page in reading.pages
        ),
    )


def _field(name: str, cell: Cell) -> Entry:
    return _entry(f"field:{name}", name, cell)


def _entry(key: str, name: str, cell: Cell) -> Entry:
    if cell is None:
        return Entry(key, field_name(name))
    return Entry(
        key,
        field_name(name),
        shown(name, cell),
        cell.text,
        cell.confidence,
        Spot(cell.page, cell.polygon) if cell.page else None,  # a person may give what no reader found
        cell.needs_review,
        otherwise(name, cell),
    )


def _table(name: str, rows: tuple[Row, ...]) -> Table:
    columns = _columns(rows)
    cells = tuple(
        tuple(_entry(f"table:{name}:{number}:{column}", column, row.get(column)) for column in columns)
        for number, row in enumerate(rows)
    )
    return Table(name, field_name(name), tuple(field_name(column) for column in columns), cells)


def _columns(rows: tuple[Mapping[str, Cell], ...]) -> tuple[str, ...]:
    """The columns in which any row holds something, in the order of the first that names them."""
    names = dict.fromkeys(column for row in rows for column in row)
    return tuple(name for name in names if any(row.get(name) is not None for row in rows))


def _line(page: int, place: int, line: TextLine) -> Entry:
    spot, doubtful = Spot(page, line.polygon), line.confidence < SURE
    return Entry(f"line:{page}:{place}", "", line.text, line.text, line.confidence, spot, doubtful)
