"""A page's words as lines across its whole width, and the pieces into which gaps and rules part a line."""

from collections.abc import Iterable, Sequence

from shared.documents import Box, union
from shared.reading.extraction.layout import PageLayout, Token

Line = tuple[Token, ...]
"""Words that stand beside each other, from left to right."""

_LEVEL = 0.5  # of the lower one's height, in which two words of one line overlap
_WIDE_GAP = 0.9  # heights: words further apart are two pieces


def lines_of(layout: PageLayout) -> tuple[Line, ...]:
    """All of the page's lines, from top to bottom.

    Each part of a line goes on with the one at its left that is most level with it: lines may bend or slope.
    """
    lines: list[list[Token]] = []
    levels: list[tuple[float, float]] = []  # top and bottom of each line's last words
    for segment in sorted(layout.segments, key=lambda segment: segment.box.left):
        box = segment.box
        near = (at for at, (top, bottom) in enumerate(levels) if top < box.bottom and box.top < bottom)
        shares = [(_overlap(levels[at], (box.top, box.bottom)), at) for at in near]
        share, best = max(shares, key=lambda one: one[0], default=(0.0, 0))
        if share >= _LEVEL:
            lines[best].extend(segment.tokens)
            levels[best] = (box.top, box.bottom)
        else:
            lines.append(list(segment.tokens))
            levels.append((box.top, box.bottom))
    return tuple(tuple(line) for line in sorted(lines, key=lambda line: min(token.box.centre[1] for token in line)))


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The share of the lower one's height in which both are."""
    lower = min(one[1] - one[0], other[1] - other[0])
    return (min(one[1], other[1]) - max(one[0], other[0])) / max(lower, 1.0)


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
