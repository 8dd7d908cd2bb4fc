"""The order in which a page's lines are read: rows from top to bottom, columns of prose one after the other.

Forms and tables are read along their rows, where a label stands beside its value. Two columns of running text are
recognised by their lines, which hold several words and fill their columns; in forms most do not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from shared.documents import Box, TextLine, bounds

_FEWEST_LINES = 4  # of prose in each column
_FILLS = 0.6  # of its column's width: the median line of prose; of a form's half it is a third
_FEWEST_WORDS = 4  # on the median line of prose; labels, and values beside them, have two
_FEWEST_WORDY = 2  # of the lines of a column have that many words where the median of four or more has
_PLACES = 100  # across the page, at which a gutter is looked for


@dataclass(frozen=True, slots=True)
class _Placed:
    line: TextLine
    box: Box
    words: int


def in_reading_order(lines: Iterable[TextLine]) -> tuple[TextLine, ...]:
    """`lines` of a level, upright page as a person reads them."""
    placed = [_Placed(line, bounds(line.polygon), len(line.text.split())) for line in lines]
    return tuple(one.line for one in _ordered(sorted(placed, key=lambda one: one.box.top)))


def _ordered(lines: Sequence[_Placed]) -> list[_Placed]:
    """`lines`, which come from top to bottom, in reading order."""
    gutter = _gutter(lines)
    if gutter is None:
        return _by_rows(lines)
    ordered: list[_Placed] = []
    waiting: list[_Placed] = []  # what is no column: read by rows, up to the next columns
    for band in _bands(lines, gutter):
        left, right = _sides(band, gutter)
        if _are_columns(left, right):
            ordered += [*_by_rows(waiting), *_ordered(left), *_ordered(right)]
            waiting = []
        else:
            waiting += band
    return ordered + _by_rows(waiting)


def _gutter(lines: Sequence[_Placed]) -> float | None:
    """The place beside which most lines stand in columns of prose; None when there are no such columns."""
    if len(lines) < 2 * _FEWEST_LINES:
        return None
    left, right = min(one.box.left for one in lines), max(one.box.right for one in lines)
    first, last = _between_prose(lines)
    places = (left + (right - left) * number / _PLACES for number in range(1, _PLACES))
    found = [(_lines_in_columns(lines, place), place) for place in places if first <= place <= last]
    most, place = max(found, key=lambda one: one[0], default=(0, 0.0))
    return place if most else None


def _between_prose(lines: Sequence[_Placed]) -> tuple[float, float]:
    """Between which places two wordy lines at least end on the left, and two begin on the right: no form has any."""
    wordy = [one.box for one in lines if one.words >= _FEWEST_WORDS]
    if len(wordy) < 2 * _FEWEST_WORDY:
        return 1.0, 0.0
    return sorted(box.right for box in wordy)[_FEWEST_WORDY - 1], sorted(box.left for box in wordy)[-_FEWEST_WORDY]


def _lines_in_columns(lines: Sequence[_Placed], place: float) -> int:
    return sum(len(band) for band in _bands(lines, place) if _are_columns(*_sides(band, place)))


def _bands(lines: Sequence[_Placed], place: float) -> Iterator[list[_Placed]]:
    """Runs of lines that leave `place` free, and between them the lines across it, each for itself."""
    band: list[_Placed] = []
    for one in lines:
        if one.box.left < place < one.box.right:
            yield from ([band] if band else [])
            yield [one]
            band = []
        else:
            band.append(one)
    yield from ([band] if band else [])


def _sides(band: Sequence[_Placed], place: float) -> tuple[list[_Placed], list[_Placed]]:
    return [one for one in band if one.box.right <= place], [one for one in band if one.box.right > place]


def _are_columns(left: Sequence[_Placed], right: Sequence[_Placed]) -> bool:
    return _is_prose(left) and _is_prose(right) and _are_abreast(left, right)


def _is_prose(lines: Sequence[_Placed]) -> bool:
    if len(lines) < _FEWEST_LINES:
        return False
    width = max(one.box.right for one in lines) - min(one.box.left for one in lines)
    if median(one.box.width for one in lines) < _FILLS * width:
        return False
    return median(one.words for one in lines) >= _FEWEST_WORDS


def _are_abreast(left: Sequence[_Placed], right: Sequence[_Placed]) -> bool:
    """Whether at least half of the shorter of both stands beside the other."""
    tops = [min(one.box.top for one in side) for side in (left, right)]
    bottoms = [max(one.box.bottom for one in side) for side in (left, right)]
    shorter = min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))
    return min(bottoms) - max(tops) >= shorter / 2


def _by_rows(lines: Sequence[_Placed]) -> list[_Placed]:
    """Rows from top to bottom, each from left to right; a line belongs to the row whose last one it stands beside."""
    rows: list[list[_Placed]] = []
    for one in lines:
        middle = (one.box.top + one.box.bottom) / 2
        row = next((row for row in reversed(rows) if row[-1].box.top <= middle <= row[-1].box.bottom), None)
        if row is None:
            rows.append([one])
        else:
            row.append(one)
    return [one for row in rows for one in sorted(row, key=lambda placed: placed.box.left)]
