"""A page's tables and lists, and which of them go on from the page before."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shared.documents.reading import Row
from shared.reading.extraction.anchors import Anchor
from shared.reading.extraction.layout import PageLayout, Token
from shared.reading.extraction.tables.cells import Printed, row_of, with_cents
from shared.reading.extraction.tables.columns import Span, named_by_content, spans_of
from shared.reading.extraction.tables.heads import Head, find_heads
from shared.reading.extraction.tables.lines import Line, box_of, lines_of
from shared.reading.extraction.tables.lists import read_list
from shared.reading.extraction.tables.rows import Body
from shared.templates import Table

_MOST_LINES = 80  # that are looked at for rows
_LOW = 0.6  # of the page's height, from which a table may go on on the next page
_TOP = 0.4  # of the page's height, in which it goes on
_FAR = 3.5  # heights without a line
_LOOKED_AT = 30  # of which tell where columns are


@dataclass(frozen=True, slots=True)
class Columns:
    """A table's headings, where its columns are on a page so wide, and how far down its rows reach (0..1)."""

    head: Head
    spans: tuple[Span, ...]
    page_width: int
    reach: float


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table's rows, and the labels and words that are part of it and of nothing else. A list has no columns."""

    name: str
    rows: tuple[Row, ...]
    tokens: frozenset[Token] = field(default_factory=frozenset)
    columns: Columns | None = None


def find_tables(
    layout: PageLayout,
    anchors: Sequence[Anchor],
    tables: Sequence[Table],
    before: Sequence[FoundTable] = (),
) -> tuple[FoundTable, ...]:
    """The tables on the page; of one that stands there in several parts, each part.

    A table of those found on the page `before` goes on, with its headings printed again or without them.
    """
    lines = lines_of(layout)
    heads = find_heads(layout, lines, tables)
    found = [_under(layout, lines, anchors, head, heads) for head in heads]
    for last in _reaching_down(before):
        same = next((one for one in found if one.name == last.name), None)
        if same is None:
            found.extend(_going_on(layout, lines, anchors, last, heads))
        else:
            found[found.index(same)] = _under_last_panel(same, last)
    taken = frozenset(token for table in found for token in table.tokens)
    for table in tables:
        if not any(one.name == table.name and one.rows for one in found):
            listed = read_list(layout, lines, anchors, table, taken)
            if listed is not None:
                found.append(FoundTable(table.name, listed.rows, listed.tokens))
    return tuple(found)


def _reaching_down(before: Sequence[FoundTable]) -> list[FoundTable]:
    """The tables that may go on: the last of each name, where it ends low on its page."""
    last = {table.name: table for table in before}
    return [table for table in last.values() if table.columns and table.columns.reach >= _LOW]


def _going_on(
    layout: PageLayout, lines: Sequence[Line], anchors: Sequence[Anchor], last: FoundTable, heads: Sequence[Head]
) -> list[FoundTable]:
    """What goes on at the top of a page under headings of the page before."""
    if last.columns is None:
        return []
    head, scale = last.columns.head, layout.width / last.columns.page_width
    spans = tuple(replace(span, left=span.left * scale, right=span.right * scale) for span in last.columns.spans)
    others = frozenset(token for other in heads for token in other.tokens)
    for number, line in enumerate(lines):
        top = box_of(line).top
        if top > _TOP * layout.height or not others.isdisjoint(line):
            break
        body = Body(layout, head.table, spans, top - 1, tuple(lines[number:]), anchors, others)
        if body.begins():
            return [_under_last_panel(_table(body, head, frozenset()), last)]
    return []


def _under_last_panel(table: FoundTable, last: FoundTable) -> FoundTable:
    """The table, its first rows under the panel that the last row of the page before stands under."""
    panel = last.rows[-1].get("panel") if last.rows else None
    if panel is None:
        return table
    first = next((number for number, row in enumerate(table.rows) if row.get("panel")), len(table.rows))
    return replace(table, rows=tuple({**row, "panel": panel} for row in table.rows[:first]) + table.rows[first:])


def _under(
    layout: PageLayout, lines: Sequence[Line], anchors: Sequence[Anchor], head: Head, heads: Sequence[Head]
) -> FoundTable:
    beside = [other for other in heads if other is not head and _level(other, head)]
    limits = (
        max((other.box.right for other in beside if other.box.right <= head.box.left), default=0.0),
        min((other.box.left for other in beside if other.box.left >= head.box.right), default=float("inf")),
    )
    top = head.box.bottom
    below = [line for line in lines if box_of(line).centre[1] > top][:_MOST_LINES]
    likely = _likely_rows(layout, anchors, below, top)
    spans = named_by_content(head, spans_of(layout, head, likely, limits), likely)
    left, right = spans[0].left, spans[-1].right
    inside = [kept for line in below if (kept := tuple(t for t in line if left <= t.box.centre[0] < right))]
    others = frozenset(token for other in heads if other is not head for token in other.tokens)
    labels = [anchor for anchor in anchors if set(head.tokens).isdisjoint(anchor.tokens)]
    return _table(Body(layout, head.table, spans, top, tuple(inside), labels, others), head, frozenset(head.tokens))


def _likely_rows(layout: PageLayout, anchors: Sequence[Anchor], below: Sequence[Line], bottom: float) -> Sequence[Line]:
    """The lines that columns are told by: up to a gap, or a label with its colon."""
    labels = {token for anchor in anchors if anchor.colon for token in anchor.tokens}
    for number, line in enumerate(below[:_LOOKED_AT]):
        box = box_of(line)
        if not labels.isdisjoint(line) or box.top - bottom > _FAR * layout.line_height:
            return below[:number]
        bottom = box.bottom
    return below[:_LOOKED_AT]


def _level(one: Head, other: Head) -> bool:
    return min(one.box.bottom, other.box.bottom) > max(one.box.top, other.box.top)


def _table(body: Body, head: Head, own: frozenset[Token]) -> FoundTable:
    """The table with the rows in `body`; `own` are the words of its headings."""
    layout, read = body.layout, body.read()
    printed = Printed(layout.number, _likenesses(body.spans), dates=layout.dates)
    rows = [row_of(head.table, _words(row, head.table), printed, printed.headings) for row in read.rows]
    first = head.table.columns[0].name
    kept = tuple(row for row in rows if row[first] is not None or sum(cell is not None for cell in row.values()) > 1)
    columns = Columns(head, body.spans, layout.width, read.bottom / layout.height)
    return FoundTable(head.table.name, with_cents(head.table, kept), own.union(read.tokens), columns)


def _words(row: dict[str, list[Token]], table: Table) -> dict[str, tuple[Token, ...]]:
    """The row's words, with those of the heading among the rows that it stands under."""
    words = {name: tuple(tokens) for name, tokens in row.items() if name}
    if row.get("") and any(column.name == "panel" for column in table.columns):
        words.setdefault("panel", tuple(row[""]))
    return words


def _likenesses(spans: Sequence[Span]) -> dict[str, float]:
    return {span.column.name: span.likeness for span in spans if span.column}
