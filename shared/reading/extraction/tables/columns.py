"""Where a table's columns begin and end: at its rules, else where the fewest words stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.documents import Box
from shared.reading.extraction.layout import PageLayout, Token
from shared.reading.extraction.tables.cells import fits
from shared.reading.extraction.tables.heads import Head, HeadCell
from shared.reading.extraction.tables.lines import Line, box_of, pieces
from shared.templates import Column, Kind

_OUTDENT = 0.12  # of the page's width: how far left of a centred heading its first column may begin
_HEADING_COUNTS = 6  # of what a line's piece or word does
_FEW = 2  # cells that show what a column is
_MOST_FIT = 0.75  # of a column's cells, from which it is of their kind
_BY_CONTENT = 0.7  # likeness of a heading that is none of a column's labels


@dataclass(frozen=True, slots=True)
class Span:
    """A column's place, in pixels from the left; `column` is None where the template does not ask for it."""

    column: Column | None
    likeness: float
    left: float
    right: float

    def holds(self, token: Token) -> bool:
        """Whether the word's middle is in the column."""
        return self.left <= token.box.centre[0] < self.right


def spans_of(layout: PageLayout, head: Head, below: Sequence[Line], limits: tuple[float, float]) -> tuple[Span, ...]:
    """The columns of `head`, told by the lines `below` it; `limits` are those of what stands beside it."""
    cells = head.cells
    filled = [box for line in below for box in _filled(pieces(layout, line))]
    inner = [_boundary(layout, one, other, filled) for one, other in pairwise(cells)]
    rights = [right for right, _ in inner] + [_outer_right(layout, cells[-1].box, limits[1])]
    lefts = [_outer_left(layout, cells[0].box, limits[0])] + [left for _, left in inner]
    return tuple(
        Span(cell.column, cell.likeness, left, right) for cell, left, right in zip(cells, lefts, rights, strict=True)
    )


def _filled(parts: Sequence[Line]) -> list[Box]:
    """Where a line has pieces, and words in them: a column's edge is rather between words than in one."""
    if len(parts) == 1:
        return []
    return [box for piece in parts for box in (box_of(piece), *(token.box for token in piece))]


def named_by_content(head: Head, spans: Sequence[Span], below: Sequence[Line]) -> tuple[Span, ...]:
    """The columns, with those that no heading names but whose words show what they are."""
    named = {span.column.name for span in spans if span.column}
    missing = [column for column in head.table.columns if column.name not in named]
    found: list[Span] = []
    for span in spans:
        cells = [cell for line in below if (cell := [token for token in line if span.holds(token)])]
        column = None if span.column or len(cells) < _FEW else next((c for c in missing if _shows(c, cells)), None)
        if column is None:
            found.append(span)
        else:
            missing.remove(column)
            found.append(Span(column, _BY_CONTENT, span.left, span.right))
    return tuple(found)


def _shows(column: Column, cells: Sequence[Sequence[Token]]) -> bool:
    return column.kind is not Kind.DATE and sum(fits(column, cell) for cell in cells) >= _MOST_FIT * len(cells)


def _boundary(layout: PageLayout, one: HeadCell, other: HeadCell, filled: Sequence[Box]) -> tuple[float, float]:
    """Where one column ends, and where the next begins."""
    start, end = one.box.centre[0], other.box.centre[0]
    rules = [rule.centre[0] for rule in _rules_beside(layout, one.box) if start < rule.centre[0] < end]
    if rules:
        return min(rules), max(rules)
    place = _emptiest(start, end, [(box, _HEADING_COUNTS) for box in (one.box, other.box)], filled)
    return place, place


def _rules_beside(layout: PageLayout, box: Box) -> list[Box]:
    y = box.centre[1]
    return [
        rule for rule in layout.marks.down if rule.top <= y <= rule.bottom and rule.bottom > box.bottom + box.height
    ]


def _emptiest(start: float, end: float, headings: Sequence[tuple[Box, int]], filled: Sequence[Box]) -> float:
    """The middle of the widest strip between `start` and `end` that the fewest lines have words in."""
    covers = [(box.left, box.right, count) for box, count in headings]
    covers += [(box.left, box.right, 1) for box in filled]
    covers = [cover for cover in covers if cover[0] < end and cover[1] > start]
    edges = sorted({start, end, *(min(max(x, start), end) for cover in covers for x in cover[:2])})
    changes: dict[float, int] = dict.fromkeys(edges, 0)
    for left, right, count in covers:
        changes[max(left, start)] += count
        changes[min(right, end)] -= count
    strips: list[tuple[int, float, float]] = []  # how many words, from, to
    depth = 0
    for left, right in pairwise(edges):
        depth += changes[left]
        if strips and strips[-1][0] == depth:
            strips[-1] = (depth, strips[-1][1], right)
        else:
            strips.append((depth, left, right))
    _, left, right = min(strips, key=lambda strip: (strip[0], strip[1] - strip[2]))
    return (left + right) / 2


def _outer_left(layout: PageLayout, box: Box, limit: float) -> float:
    rules = [rule.centre[0] for rule in _rules_beside(layout, box) if rule.centre[0] < box.centre[0]]
    return max([limit, max(rules) if rules else box.left - _OUTDENT * layout.width])


def _outer_right(layout: PageLayout, box: Box, limit: float) -> float:
    rules = [rule.centre[0] for rule in _rules_beside(layout, box) if rule.centre[0] > box.centre[0]]
    return min([limit, min(rules) if rules else float("inf")])
