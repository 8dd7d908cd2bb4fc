"""The order in which a page's lines are read: rows from top to bottom, columns of prose one after the other.

Forms and tables are read along their rows, where a label stands beside its value. Two columns of running text are
recognised by their lines, which fill their columns; in forms most do not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from shared.documents import Box, TextLine, bounds

_FEWEST_LINES = 4  # of prose in each column
_FILLS = 0.6  # of its column's width: the median line of prose; of a form's half it is a third
_MOST_SPANNING = 0.2  # of the lines may run across both columns: titles, rules of text between sections


@dataclass(frozen=True, slots=True)
class _Placed:
    line: TextLine
    box: Box


def in_reading_order(lines: Iterable[TextLine]) -> tuple[TextLine, ...]:
    """`lines` of a level, upright page as a person reads them."""
    placed = [_Placed(line, bounds(line.polygon)) for line in lines]
    return tuple(one.line for one in _ordered(placed))


def _ordered(lines: Sequence[_Placed]) -> list[_Placed]:
    gutter = _gutter(lines)
    if gutter is None:
        return _by_rows(lines)
    spanning = sorted((one for one in lines if _spans(one, gutter)), key=lambda one: one.box.top)
    ordered: list[_Placed] = []
    rest = [one for one in lines if not _spans(one, gutter)]
    for across in spanning:  # what stands above it is read before it, column by column
        above = [one for one in rest if one.box.top < across.box.top]
        ordered += [*_columns(above, gutter), across]
        rest = [one for one in rest if one.box.top >= across.box.top]
    return ordered + _columns(rest, gutter)


def _columns(lines: Sequence[_Placed], gutter: float) -> list[_Placed]:
    left = [one for one in lines if one.box.right <= gutter]
    right = [one for one in lines if one.box.right > gutter]
    return [*_ordered(left), *_ordered(right)]


def _gutter(lines: Sequence[_Placed]) -> float | None:
    """The place between two columns of prose that the fewest lines cross; None when there are no such columns."""
    if len(lines) < 2 * _FEWEST_LINES:
        return None
    places = sorted({one.box.right for one in lines})
    parting = [place for place in places if _parts_prose(lines, place)]
    return min(parting, key=lambda place: sum(_spans(one, place) for one in lines), default=None)


def _parts_prose(lines: Sequence[_Placed], place: float) -> bool:
    left = [one.box for one in lines if one.box.right <= place]
    right = [one.box for one in lines if one.box.left >= place]
    spanning = len(lines) - len(left) - len(right)
    return spanning <= _MOST_SPANNING * len(lines) and _is_prose(left) and _is_prose(right) and _abreast(left, right)


def _is_prose(boxes: Sequence[Box]) -> bool:
    if len(boxes) < _FEWEST_LINES:
        return False
    width = max(box.right for box in boxes) - min(box.left for box in boxes)
    return median(box.right - box.left for box in boxes) >= _FILLS * width


def _abreast(left: Sequence[Box], right: Sequence[Box]) -> bool:
    """Whether most of the shorter of both stands beside the other."""
    tops = [min(box.top for box in side) for side in (left, right)]
    bottoms = [max(box.bottom for box in side) for side in (left, right)]
    shorter = min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))
    return min(bottoms) - max(tops) >= shorter / 2


def _spans(one: _Placed, place: float) -> bool:
    return one.box.left < place < one.box.right


def _by_rows(lines: Sequence[_Placed]) -> list[_Placed]:
    """Rows from top to bottom, each from left to right; a line belongs to the row whose first one it stands beside."""
    rows: list[list[_Placed]] = []
    for one in sorted(lines, key=lambda placed: placed.box.top):
        middle = (one.box.top + one.box.bottom) / 2
        row = next((row for row in reversed(rows) if row[0].box.top <= middle <= row[0].box.bottom), None)
        if row is None:
            rows.append([one])
        else:
            row.append(one)
    return [one for row in rows for one in sorted(row, key=lambda placed: placed.box.left)]
