"""Where the value of a label may stand: right of it, below it, or above it on a ruled line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.documents import Box
from shared.reading.extraction.layout import Cell
from shared.reading.extraction.neighbours import Direction
from shared.reading.extraction.pairs.labels import FIRM
from shared.reading.extraction.pairs.phrases import Phrase, Sheet, is_remark

_FARTHEST = 0.35  # of the page's width: how far right of its label a value may begin
_INSIDE_VALUE = 2.0  # heights: a wider gap inside a value begins another column
_CLOSE_BELOW = 1.6  # heights between a label and a value below that no cell holds together
_OUTDENT = 1.5  # heights by which a value may begin left of its label
_LINE_SPACING = 0.9  # heights between the lines of one value or label
_ALIGNED = 0.8  # heights by which the lines of one value, or the entries of a column, begin apart
_ABOVE_LINE, _OVER_LINE = 0.6, 0.7  # heights between a value and the line it stands on, and by which it may hang over
_ACROSS = 0.7  # of the page's width: longer lines part sections
_TITLE = 1.6  # times the usual line: titles over a line are no values
_UNDER_LINE = 0.8  # weight of a value on a line above its label
_MOST_LINES = 4
_BEGINS_BEFORE = 3.0  # heights by which a line that parts values right of labels begins left of them
_WRITTEN_ON_LINE = 0.75  # what it tells that words stand on a line behind or above others
_SHARED_CELL = 0.7  # that they stand under others in a ruled cell


@dataclass(frozen=True, slots=True)
class Place:
    """Phrases that may be the value of `label`.

    `weight` is how usual it is that they stand there, `telling` how sure it is by this place that the one is a label
    and the other its value, each 0..1.
    """

    label: Phrase
    direction: Direction
    value: tuple[Phrase, ...]
    weight: float
    telling: float = 0.0


class Places:
    """Where the values of a sheet's labels may stand. `taken` are phrases that are no values."""

    def __init__(self, sheet: Sheet, strengths: Mapping[Phrase, float]) -> None:
        self._sheet = sheet
        self._strengths = strengths

    def of(self, label: Phrase) -> Iterator[Place]:
        """Right of, below and above `label`, as far as anything stands there."""
        cell = self._sheet.layout.cell_around(label.box)
        row = self._sheet.right_of(label)
        for place in (self._right(label, row), self._below(label, row, cell), self._above(label, row, cell)):
            if place is not None:
                yield place

    def _right(self, label: Phrase, row: Sequence[Phrase]) -> Place | None:
        box, layout = label.box, self._sheet.layout
        run = self._run(label, box, row)
        if not run or run[0].box.left - box.right > _FARTHEST * layout.width:
            return None
        rules = layout.rules_between(box, run[0].box)
        if rules > 1:
            return None
        away = max(0.0, run[0].box.left - box.right) / layout.width
        end = self._end(run, row)
        line = run[0].line
        begins_behind = line is not None and label.line is None and line.left > box.right - 0.5 * label.height
        telling = _WRITTEN_ON_LINE if begins_behind or label.room else 0.0
        weight = (0.9 if label.colon or telling else 0.5) * (1 - away)
        return Place(label, Direction.RIGHT, (*run, *self._further(run[0], end, label)), weight, telling)

    def _below(self, label: Phrase, row: Sequence[Phrase], cell: Cell) -> Place | None:
        box = label.box
        reach = _CLOSE_BELOW * label.height
        bottom = cell.bottom if cell.closed and cell.bottom is not None else box.bottom + reach
        left = max(box.left - _OUTDENT * label.height, cell.left or 0.0)
        right = min(
            (other.box.left for other in row if other.box.left > box.right),
            default=float("inf"),
        )
        right = min(right, cell.right or float("inf"))
        under = [
            other
            for other in self._sheet.between(box.bottom - 0.4 * label.height, bottom)
            if left <= other.box.left < right and other.box.left < box.right + 2 * label.height and other is not label
        ]
        if not under:
            return None
        first = min(under, key=lambda other: (other.box.top, other.box.left))
        if cell.closed and first.box.centre[1] > bottom:
            return None
        if not cell.closed and first.box.top - box.bottom > reach:
            return None
        start = Box(box.left, first.box.top, first.box.left, first.box.bottom)
        run = self._run(
            label, start, [other for other in self._sheet.row(first.box) if first.box.left <= other.box.left < right]
        )
        if not run:
            return None
        weight = 0.85 if cell.closed else 0.6 if label.colon else 0.4
        telling = _SHARED_CELL if cell.closed else 0.0
        return Place(
            label, Direction.BELOW, (*run, *self._further(run[0], right, label, parted_by=0.0)), weight, telling
        )

    def _above(self, label: Phrase, row: Sequence[Phrase], cell: Cell) -> Place | None:
        """What was written on a ruled line that has the label in print beneath it."""
        box, height = label.box, label.height
        if label.colon or cell.closed:
            return None
        lines = (
            rule
            for rule in self._sheet.rules(box.top - 0.9 * height, box.top + 0.2 * height)
            if rule.left <= box.centre[0] <= rule.right and rule.width < _ACROSS * self._sheet.layout.width
        )
        line = next(lines, None)
        if line is None:
            return None
        right = min((other.box.left for other in row if other.box.left > box.right), default=line.right)
        on = sorted(
            (
                other
                for other in self._sheet.between(line.top - 3 * height, line.top)
                if box.left - _OUTDENT * height <= other.box.left < right
                and -_ABOVE_LINE * other.height <= other.box.bottom - line.top <= _OVER_LINE * other.height
                and other.box.centre[1] < line.top
                and other.height < _TITLE * self._sheet.layout.line_height
            ),
            key=lambda other: other.box.left,
        )
        if not on:
            return None
        run = self._run(label, Box(box.left, on[0].box.top, on[0].box.left, on[0].box.bottom), on)
        return Place(label, Direction.ABOVE, tuple(run), _UNDER_LINE, _WRITTEN_ON_LINE) if run else None

    def _run(self, label: Phrase, start: Box, row: Sequence[Phrase]) -> list[Phrase]:
        """The phrases up to the next label, column or ruled line."""
        kept: list[Phrase] = []
        previous = start
        for phrase in row:
            if phrase.checkbox or not self._may_be_value(phrase, label):
                break
            wide = phrase.box.left - previous.right > _INSIDE_VALUE * phrase.height
            if kept and (wide or self._sheet.layout.rules_between(previous, phrase.box)):
                break
            kept.append(phrase)
            previous = phrase.box
        return kept

    def _may_be_value(self, phrase: Phrase, label: Phrase) -> bool:
        if phrase.colon or phrase.room or is_remark(phrase.text):
            return False
        return self._strengths[phrase] < FIRM or label.colon

    def _end(self, run: Sequence[Phrase], row: Sequence[Phrase]) -> float:
        return min((other.box.left for other in row if other.box.left > run[-1].box.right), default=float("inf"))

    def _further(self, first: Phrase, end: float, label: Phrase, parted_by: float = _BEGINS_BEFORE) -> list[Phrase]:
        """The lines under a value that go on with it: close, aligned with its beginning, nothing left of them.

        Rules part them that begin `parted_by` heights left of them.
        """
        found: list[Phrase] = []
        last = first
        while len(found) < _MOST_LINES - 1:
            following = self._next_line(last, first, end, label, parted_by)
            if following is None:
                break
            found.append(following)
            last = following
        return found

    def _next_line(self, last: Phrase, first: Phrase, end: float, label: Phrase, parted_by: float) -> Phrase | None:
        box = last.box
        for other in self._sheet.between(box.top + 0.5 * last.height, box.bottom + _LINE_SPACING * last.height):
            if abs(other.box.left - first.box.left) > _ALIGNED * last.height or other.box.left >= end:
                continue
            if other.colon or self._strengths[other] >= FIRM or other.checkbox or self._begun_before(other, label):
                return None
            return None if self._parted(last, other, parted_by) else other
        return None

    def _parted(self, one: Phrase, other: Phrase, by: float) -> bool:
        """Whether a rule between two lines begins left of them: they stand in two cells."""
        return any(
            rule.left <= other.box.left - by * other.height and rule.right > other.box.left
            for rule in self._sheet.rules(one.box.bottom - 0.2 * one.height, other.box.centre[1])
        )

    def _begun_before(self, phrase: Phrase, label: Phrase) -> bool:
        """Whether something stands left of `phrase` on its row, where labels of this column stand."""
        return any(
            other.box.right <= phrase.box.left and other.box.right > label.box.left
            for other in self._sheet.row(phrase.box)
        )
