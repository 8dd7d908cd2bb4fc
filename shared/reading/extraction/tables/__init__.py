"""What a document has several of: tables under a row of headings, and lists under a heading."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.documents.reading import Row
from shared.reading.extraction.anchors import Anchor
from shared.reading.extraction.layout import PageLayout, Token
from shared.reading.extraction.tables.cells import Printed, row_of
from shared.reading.extraction.tables.columns import Span, named_by_content, spans_of
from shared.reading.extraction.tables.heads import Head, find_heads
from shared.reading.extraction.tables.lines import Line, box_of, lines_of
from shared.reading.extraction.tables.lists import read_list
from shared.reading.extraction.tables.rows import Body
from shared.templates import Table

__all__ = ["FoundTable", "find_tables"]

_MOST_LINES = 80  # that are looked at for rows
_FAR = 3.5  # heights without a line
_LOOKED_AT = 30  # of which tell where columns are


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table's rows, and the labels and words that are part of it and of nothing else."""

    name: str
    rows: tuple[Row, ...]
    tokens: frozenset[Token] = field(default_factory=frozenset)


def find_tables(layout: PageLayout, anchors: Sequence[Anchor], tables: Sequence[Table]) -> tuple[FoundTable, ...]:
    """The tables on the page; of one that stands there in several parts, each part."""
    lines = lines_of(layout)
    heads = find_heads(layout, lines, tables)
    found = [_under(layout, lines, anchors, head, heads) for head in heads]
    taken = frozenset(token for table in found for token in table.tokens)
    for table in tables:
        if not any(one.name == table.name and one.rows for one in found):
            listed = read_list(layout, lines, anchors, table, taken)
            if listed is not None:
                found.append(FoundTable(table.name, listed.rows, listed.tokens))
    return tuple(found)


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
    return _table(Body(layout, head.table, spans, top, tuple(inside), labels, others), head)


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


def _table(body: Body, head: Head) -> FoundTable:
    read = body.read()
    printed = Printed(body.layout.number, _likenesses(body.spans))
    rows = [row_of(head.table, _words(row, head.table), printed, printed.headings) for row in read.rows]
    first = head.table.columns[0].name
    kept = tuple(row for row in rows if row[first] is not None or sum(cell is not None for cell in row.values()) > 1)
    return FoundTable(head.table.name, kept, frozenset((*read.tokens, *head.tokens)))


def _words(row: dict[str, list[Token]], table: Table) -> dict[str, tuple[Token, ...]]:
    """The row's words, with those of the heading among the rows that it stands under."""
    words = {name: tuple(tokens) for name, tokens in row.items() if name}
    if row.get("") and any(column.name == "panel" for column in table.columns):
        words.setdefault("panel", tuple(row[""]))
    return words


def _likenesses(spans: Sequence[Span]) -> dict[str, float]:
    return {span.column.name: span.likeness for span in spans if span.column}
