"""A page's words as lines across its whole width, and the pieces into which gaps and rules part a line."""

from collections.abc import Iterable, Sequence

from shared.documents import Box, union
from shared.reading.extraction.layout import PageLayout, Token, in_reading_order

Line = tuple[Token, ...]
"""Words that stand beside each other, from left to right."""

_WIDE_GAP = 0.9  # heights: words further apart are two pieces


def lines_of(layout: PageLayout) -> tuple[Line, ...]:
    """All of the page's lines, from top to bottom."""
    return tuple(tuple(line) for line in in_reading_order(layout.tokens))


def box_of(tokens: Iterable[Token]) -> Box:
    """Around all of them."""
    return union(token.box for token in tokens)


def pieces(layout: PageLayout, line: Sequence[Token]) -> list[Line]:
    """The line parted where the gap is wide or a vertical rule stands."""
    found: list[list[Token]] = []
    for token in line:
        if found and not _parted(layout, found[-1][-1], token):
            found[-1].append(token)
        else:
            found.append([token])
    return [tuple(piece) for piece in found]


def _parted(layout: PageLayout, one: Token, other: Token) -> bool:
    if other.box.left - one.box.right > _WIDE_GAP * max(one.height, other.height):
        return True
    y, start, end = one.box.centre[1], one.box.centre[0], other.box.centre[0]
    return any(start < rule.centre[0] < end and rule.top <= y <= rule.bottom for rule in layout.marks.down)
