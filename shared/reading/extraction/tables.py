"""What a form has several of: ruled or open tables under a row of headings, and lists of diagnoses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.documents import Box
from shared.documents.reading import Cell, Row
from shared.reading.extraction.anchors import Anchor, Role
from shared.reading.extraction.confidence import Evidence, Origin, finding
from shared.reading.extraction.diagnoses import split_trailing_icd10
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.layout import PageLayout, Token, around, in_reading_order, same_row, text_of
from shared.templates import Column, Kind, Table

_ROWS_END_AFTER = 2.2  # heights without a line: the table is over
_BULLET = re.compile(r"^(?:[•·*▪●○\-–—]|\(?\d{1,2}[.)])$")
_LIST_FARTHEST = 12  # lines of a list at most


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table's rows, and the labels and words that are part of it and of nothing else."""

    name: str
    rows: tuple[Row, ...]
    tokens: frozenset[Token] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class _Head:
    """A row of headings: each column's label and where the column begins and ends."""

    table: Table
    anchors: tuple[Anchor, ...]
    columns: tuple[tuple[Column, float, float], ...]
    bottom: float


def find_tables(layout: PageLayout, anchors: Sequence[Anchor], tables: Sequence[Table]) -> tuple[FoundTable, ...]:
    """The tables on the page, each table of the template at most once."""
    found: list[FoundTable] = []
    for table in tables:
        head = _find_head(layout, anchors, table)
        if head is not None:
            found.append(_read_table(layout, anchors, head))
        elif (listed := _read_list(layout, anchors, table)) is not None:
            found.append(listed)
    return tuple(found)


def _find_head(layout: PageLayout, anchors: Sequence[Anchor], table: Table) -> _Head | None:
    """The row with labels of the most of the table's columns, two at least, the first of them among these."""
    labelled = [
        (anchor, meaning.column)
        for anchor in anchors
        for meaning in anchor.means(Role.COLUMN)
        if meaning.name == table.name and not anchor.colon
    ]
    best: list[tuple[Anchor, str]] = []
    for anchor, _ in labelled:
        row: dict[str, Anchor] = {}
        for other, column in labelled:
            if same_row(anchor.box, other.box) and column not in row and other not in row.values():
                row[column] = other
        if len(row) > len(best) and table.columns[0].name in row and not _has_values(layout, anchors, anchor):
            best = [(other, column) for column, other in row.items()]
    if len(best) < 2:
        return None
    return _head(layout, table, sorted(best, key=lambda pair: pair[0].box.left))


def _has_values(layout: PageLayout, anchors: Sequence[Anchor], anchor: Anchor) -> bool:
    """Whether words that are no labels stand on the row: then it is a row of fields."""
    labels = {token for other in anchors for token in other.tokens}
    return any(token not in labels and same_row(token.box, anchor.box) for token in layout.tokens)


def _head(layout: PageLayout, table: Table, labelled: Sequence[tuple[Anchor, str]]) -> _Head:
    columns = {column.name: column for column in table.columns}
    starts = [_column_start(layout, anchor.box) for anchor, _ in labelled]
    ends = [*starts[1:], float("inf")]
    spans = tuple((columns[name], start, end) for (_, name), start, end in zip(labelled, starts, ends, strict=True))
    bottom = max(anchor.box.bottom for anchor, _ in labelled)
    return _Head(table, tuple(anchor for anchor, _ in labelled), spans, bottom)


def _column_start(layout: PageLayout, box: Box) -> float:
    """The ruled line left of a heading, or a little left of the heading itself."""
    cell = layout.cell_around(box)
    if cell.left is not None and box.left - cell.left < 3 * box.height:
        return cell.left
    return box.left - box.height


def _read_table(layout: PageLayout, anchors: Sequence[Anchor], head: _Head) -> FoundTable:
    left = head.columns[0][1]
    lines = _lines_below(layout, anchors, head, left)
    rows: list[dict[str, list[Token]]] = []
    for line in lines:
        cells = {column.name: _between(line, start, end) for column, start, end in head.columns}
        if rows and not cells[_leading(head)]:
            for name, tokens in cells.items():  # a second line of the row above
                rows[-1][name].extend(tokens)
        else:
            rows.append(cells)
    made = tuple(_row(layout, head.table, cells) for cells in rows)
    inside = {token for line in lines for token in line} | {token for anchor in head.anchors for token in anchor.tokens}
    return FoundTable(head.table.name, made, frozenset(inside))


def _leading(head: _Head) -> str:
    """The column that every row fills: the leftmost."""
    return head.columns[0][0].name


def _lines_below(layout: PageLayout, anchors: Sequence[Anchor], head: _Head, left: float) -> list[list[Token]]:
    """The lines under the headings, until a gap, another table's or section's heading, or a field's label."""
    labels = {
        token for anchor in anchors if anchor not in head.anchors and _ends_table(anchor) for token in anchor.tokens
    }
    below = [token for token in layout.tokens if token.box.centre[1] > head.bottom and token.box.left >= left - 5]
    lines: list[list[Token]] = []
    bottom = head.bottom
    ruled = layout.cell_around(head.anchors[0].box).closed
    for line in in_reading_order(below):
        top = min(token.box.top for token in line)
        if top - bottom > _ROWS_END_AFTER * layout.line_height or any(token in labels for token in line):
            break
        if ruled and not layout.cell_around(line[0].box).closed:
            break
        lines.append(line)
        bottom = max(token.box.bottom for token in line)
    return lines


def _ends_table(anchor: Anchor) -> bool:
    """Whether what follows `anchor` is something else: a heading, or a label with a colon or a value of its own."""
    if anchor.inline:
        return False
    return bool(anchor.colon or anchor.means(Role.HEADING) or anchor.means(Role.SECTION) or anchor.means(Role.FIELD))


def _between(line: Sequence[Token], start: float, end: float) -> list[Token]:
    return [token for token in line if start <= token.box.left + token.height * 0.3 < end]


def _row(layout: PageLayout, table: Table, cells: dict[str, list[Token]]) -> Row:
    return {column.name: _cell(layout, column, cells.get(column.name, [])) for column in table.columns}


def _cell(layout: PageLayout, column: Column, tokens: Sequence[Token]) -> Cell:
    if not tokens:
        return None
    text = text_of(tokens)
    found = normalise(text, column.kind)
    if found is None:
        return None
    evidence = Evidence(Origin.TABLE, min(token.confidence for token in tokens), found.plausibility)
    return finding(found.value, text, layout.number, around(tokens), evidence)


def _read_list(layout: PageLayout, anchors: Sequence[Anchor], table: Table) -> FoundTable | None:
    """Lines under a heading, each a description and its code: only tables that have a code column are listed so."""
    code = next((column for column in table.columns if column.kind is Kind.ICD10), None)
    head = next(
        (anchor for anchor in anchors if any(meaning.name == table.name for meaning in anchor.means(Role.HEADING))),
        None,
    )
    if code is None or head is None:
        return None
    lines = _list_lines(layout, anchors, head)
    rows = [row for line in lines if (row := _list_row(layout, table, code, line)) is not None]
    return FoundTable(table.name, tuple(rows), frozenset(token for line in lines for token in line))


def _list_lines(layout: PageLayout, anchors: Sequence[Anchor], head: Anchor) -> list[list[Token]]:
    own = set(head.tokens)
    labels = {token for anchor in anchors if anchor is not head and not anchor.inline for token in anchor.tokens}
    beside = [t for t in layout.tokens if t not in own and same_row(t.box, head.box) and t.box.left > head.box.right]
    below = [
        token
        for token in layout.tokens
        if token.box.centre[1] > head.box.bottom and token.box.left > head.box.left - 2 * head.box.height
    ]
    lines = [beside] if beside and not labels.intersection(beside) else []
    bottom = head.box.bottom
    for line in in_reading_order(below)[:_LIST_FARTHEST]:
        top = min(token.box.top for token in line)
        if top - bottom > _ROWS_END_AFTER * layout.line_height or labels.intersection(line):
            break
        lines.append(line)
        bottom = max(token.box.bottom for token in line)
    return lines


def _list_row(layout: PageLayout, table: Table, code: Column, line: Sequence[Token]) -> Row | None:
    tokens = [token for token in line if not _BULLET.match(token.text)]
    if not tokens:
        return None
    text = text_of(tokens)
    described, _, value = split_trailing_icd10(text)
    cells: dict[str, Cell] = {column.name: None for column in table.columns}
    confidence = min(token.confidence for token in tokens)
    description = normalise(described.lstrip("•·*▪●○-–— "), Kind.TEXT)
    first = table.columns[0].name
    if description:
        evidence = Evidence(Origin.LIST, confidence, description.plausibility)
        cells[first] = finding(description.value, described, layout.number, around(tokens), evidence)
    if value:
        last = tokens[-1:]
        evidence = Evidence(Origin.LIST, last[0].confidence, value.plausibility)
        cells[code.name] = finding(value.value, text_of(last), layout.number, around(last), evidence)
    return cells if description else None
