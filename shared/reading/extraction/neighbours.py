"""The words around a label that may be its value: right of it, below it, or above it on a ruled line."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.documents import Box
from shared.reading.extraction.anchors import Anchor
from shared.reading.extraction.layout import Cell, PageLayout, Token, in_reading_order, same_row

_FARTHEST = 0.35  # of the page's width: how far right of its label a value may begin
_NEXT_COLUMN = 4.0  # heights: a gap this wide inside a value begins another column
_SPACE = 1.0  # heights: words no further apart are of one line
_NO_ROOM = 0.7  # heights under a label, in which no value stands
_FRAME = 8.0  # heights of a frame to write in, or less
_CLOSE_BELOW = 2.0  # heights of the label between it and a value below that no ruled cell holds together
_LINE_SPACING = 0.9  # heights between lines of one value
_MOST_LINES = 4
_OVERHANG = 0.5  # heights by which print that begins under a label may reach out left of it
_OUTDENT = 1.5  # heights by which a value may begin left of its label


class Direction(StrEnum):
    """Where a value stands, seen from its label."""

    RIGHT = "right"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Words that may be a label's value; `enclosed` when label and words share a ruled cell, `adjoining` when nothing
    but a space parts them."""

    direction: Direction
    rows: tuple[tuple[Token, ...], ...]
    enclosed: bool
    adjoining: bool = False

    @property
    def first_row(self) -> tuple[Token, ...]:
        """The words of a value that takes one line."""
        return self.rows[0]


class Surroundings:
    """A page's labels and the words that are none; `label_words` are those that labels are made of."""

    def __init__(
        self,
        layout: PageLayout,
        anchors: Sequence[Anchor],
        taken: Collection[Token] = (),
        label_words: frozenset[str] = frozenset(),
    ) -> None:
        self.layout = layout
        self.anchors = anchors
        self.label_words = label_words
        labels = {token for anchor in anchors for token in anchor.tokens}
        self.free = tuple(token for token in layout.tokens if token not in labels and token not in taken)

    def neighbours(self, anchor: Anchor) -> tuple[Neighbour, ...]:
        """What stands right of, below and above `anchor`, as far as anything does."""
        cell = self.layout.cell_around(anchor.box)
        right = self._right(anchor, cell)
        below = self._below(anchor, cell if right else self._frame_under(anchor, cell))
        found = (right, below, self._above(anchor, cell))
        return tuple(neighbour for neighbour in found if neighbour is not None)

    def _right(self, anchor: Anchor, cell: Cell) -> Neighbour | None:
        box = anchor.box
        limit = self.right_limit(anchor)
        row = sorted(
            (token for token in self.free if same_row(token.box, box) and box.centre[0] < token.box.left < limit),
            key=lambda token: token.box.left,
        )
        row = self._unbroken(box, row)
        if not row or row[0].box.left - box.right > _FARTHEST * self.layout.width:
            return None
        enclosed = cell.closed and self.layout.rules_between(box, row[-1].box) == 0
        adjoining = row[0].box.left - box.right < _SPACE * box.height and not self.layout.rules_between(box, row[0].box)
        return Neighbour(Direction.RIGHT, (tuple(row), *self._further_lines(row, limit)), enclosed, adjoining)

    def _unbroken(self, start: Box, row: Sequence[Token]) -> list[Token]:
        """The words up to the next column: at most one ruled line, and that before the first of them."""
        kept: list[Token] = []
        previous = start
        for token in row:
            rules = self.layout.rules_between(previous, token.box)
            wide = token.box.left - previous.right > _NEXT_COLUMN * token.height
            if (kept and (rules or wide)) or rules > 1:
                break
            kept.append(token)
            previous = token.box
        return kept

    def _frame_under(self, anchor: Anchor, cell: Cell) -> Cell:
        """The frame to write in that stands close under a label, or the label's own cell where there is none."""
        box = anchor.box
        if cell.bottom is None or cell.bottom - box.bottom > _NO_ROOM * box.height:
            return cell
        y = cell.bottom + _NO_ROOM * box.height
        frame = self.layout.cell_around(Box(box.left, y, box.left + box.height, y))
        low = frame.closed and frame.bottom is not None and frame.bottom - cell.bottom < _FRAME * box.height
        return frame if low else cell

    def _below(self, anchor: Anchor, cell: Cell) -> Neighbour | None:
        box = anchor.box
        left = max(box.left - _OUTDENT * box.height, cell.left if cell.left is not None else 0.0)
        beside = self.right_limit(anchor) - _OVERHANG * box.height  # what begins there is the next label's
        right = min(beside, cell.right if cell.right is not None else float("inf"))
        bottom = min(
            [self._next_label_below(box, left, right), *([cell.bottom + 3] if cell.bottom is not None else [])]
        )
        tokens = [
            token
            for token in self.free
            if left <= token.box.left < right
            and token.box.centre[1] > box.bottom
            and token.box.bottom <= bottom + token.height * 0.4
            and not self._has_own_label(token, anchor)
        ]
        rows = self._block(tokens, box.bottom)
        if not rows:
            return None
        enclosed = cell.closed
        if not enclosed and rows[0][0].box.top - box.bottom > _CLOSE_BELOW * box.height:
            return None
        return Neighbour(Direction.BELOW, rows, enclosed)

    def _above(self, anchor: Anchor, cell: Cell) -> Neighbour | None:
        """What was written on a ruled line that has the label in print beneath it."""
        box = anchor.box
        if cell.top is None or box.top - cell.top > 1.2 * box.height:
            return None
        right = self.right_limit(anchor)
        row = [
            token
            for token in self.free
            if box.left - _OUTDENT * box.height <= token.box.left < right
            and cell.top - 1.8 * token.height <= token.box.top
            and token.box.centre[1] < cell.top
            and token.box.bottom <= cell.top + 0.7 * token.height
        ]
        rows = in_reading_order(row)
        if not rows:
            return None
        kept = self._unbroken(Box(box.left, rows[-1][0].box.top, box.left, rows[-1][0].box.bottom), rows[-1])
        return Neighbour(Direction.ABOVE, (tuple(kept),), enclosed=False) if kept else None

    def right_limit(self, anchor: Anchor) -> float:
        """Where the next label on the row begins, in pixels from the left; infinite where there is none."""
        box = anchor.box
        return min(
            (other.box.left for other in self.anchors if other.box.left >= box.right and same_row(other.box, box)),
            default=float("inf"),
        )

    def has_label_before(self, box: Box) -> bool:
        """Whether a label stands left of `box` on its row, with no ruled line between."""
        return any(
            same_row(other.box, box)
            and other.box.right <= box.centre[0]
            and self.layout.rules_between(other.box, box) == 0
            for other in self.anchors
        )

    def _next_label_below(self, box: Box, left: float, right: float) -> float:
        return min(
            (
                other.box.top
                for other in self.anchors
                if other.box.top >= box.bottom - 2 and other.box.left < right and other.box.right > left
            ),
            default=float("inf"),
        )

    def _has_own_label(self, token: Token, anchor: Anchor) -> bool:
        """Whether a label stands left of `token` on its row, nearer than any ruled line."""
        return any(
            other is not anchor
            and same_row(other.box, token.box)
            and other.box.right <= token.box.centre[0]
            and token.box.left - other.box.right < _NEXT_COLUMN * token.height
            and self.layout.rules_between(other.box, token.box) == 0
            for other in self.anchors
        )

    def _further_lines(self, row: Sequence[Token], limit: float) -> list[tuple[Token, ...]]:
        """The lines under a value that go on with it: aligned with its beginning, close, and nobody else's."""
        start = row[0]
        cell = self.layout.cell_around(start.box)
        bottom = cell.bottom if cell.bottom is not None else float("inf")
        tokens = [
            token
            for token in self.free
            if token.box.centre[1] > start.box.bottom
            and token.box.bottom < bottom + token.height * 0.4
            and start.box.left - start.height <= token.box.left < limit
            and not self.has_label_before(token.box)
        ]
        rows = self._block(tokens, start.box.bottom)
        if not rows:
            return []
        first = rows[0][0].box
        if (
            abs(first.left - start.box.left) > start.height
            or first.top - start.box.bottom > _LINE_SPACING * start.height
        ):
            return []
        return list(rows[: _MOST_LINES - 1])

    def _block(self, tokens: Sequence[Token], top: float) -> tuple[tuple[Token, ...], ...]:
        """The lines that follow each other closely, the first of them wherever it is."""
        kept: list[tuple[Token, ...]] = []
        bottom = top
        for row in in_reading_order(tokens):
            line = self._unbroken(Box(row[0].box.left, row[0].box.top, row[0].box.left, row[0].box.bottom), row)
            if kept and line[0].box.top - bottom > _LINE_SPACING * line[0].height:
                break
            kept.append(tuple(line))
            bottom = max(token.box.bottom for token in line)
        return tuple(kept[:_MOST_LINES])
