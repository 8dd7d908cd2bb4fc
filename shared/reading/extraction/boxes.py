"""Places to tick, as pixels show them: squares, rings, brackets, lines to write on; and words that a pen circled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents import Box
from shared.reading.extraction.strokes import Ink, Outline, as_box, outlines

TICKED_FROM = 0.075
"""Of a box's inside is ink once it is ticked; dirt in empty ones stays below half of it."""

# Lengths are pixels at 200 dpi.
_SIDE = (18, 56)  # checkboxes have sides of 0.09 to 0.28 inches
_OVERRUN = 1.6  # with a pen's stroke past its sides a box grows to so many sides at most
_SQUARE = 1.35  # the longer side by the shorter, at most
_SIDE_DRAWN = 0.85  # of each side of a checkbox is ink
_BAND = 0.14  # of a side: how deep a side that slants may lie
_THICKEST = 0.3  # of a side: what is thicker is no outline but a mark
_MARGIN = 0.2  # of a side: room along the outline that does not count
_ROUND = 1.15  # a ring's longer diameter by the shorter, at most
_RING_INSIDE = 0.55  # of the radius
_ROUND_AREA = (0.7, 0.86)  # of the square around it a disc covers 0.785
_CLEAR = 0.22  # of its height is free left and right of a ring or a bracket; letters of a word stand closer
LOWEST = 16
"""What is less high is no sign and no loop."""
_BRACKET_HEIGHT = (LOWEST, 48)
_BRACKET_WIDTH = 0.5  # of the height at most
_NARROWEST_BRACKET = 3  # pixels
_BETWEEN_BRACKETS = (0.3, 1.9)  # of the height
_BLANK_LENGTH = (24, 110)
_BLANK_THICK = 6
_BLANK_HEIGHT = 18  # of the room over a short line that a mark would stand in
_LINE_CLEAR = 4  # pixels free around such a line
_LINE_TOUCHED = 0.2  # of the room beneath may be ink: a tick's foot
_LOOP_HEIGHT = (26, 110)
_LOOP_WIDTH = (30, 600)
_LOOP_AREA = (0.6, 0.9)  # of the box around it a pen's loop encloses, an ellipse 0.785
_LOOP_INK = 0.4  # of its box is ink at most, the circled word's own included


class Shape(StrEnum):
    """What a place to tick looks like."""

    SQUARE = "square"
    RING = "ring"
    BRACKETS = "brackets"
    LINE = "line"  # a short one, to write on
    LOOP = "loop"  # none of the form's: what a pen drew around a word


@dataclass(frozen=True, slots=True)
class Checkbox:
    """A place to tick; `filled` is the share of its inside that is ink."""

    box: Box
    filled: float
    shape: Shape = Shape.SQUARE

    @property
    def ticked(self) -> bool:
        """Whether somebody put a mark in it, seen by itself."""
        return self.filled >= TICKED_FROM


def find_boxes(dark: Ink, shapes: Sequence[Outline], flat: Ink, upright: Ink, scale: float) -> tuple[Checkbox, ...]:
    """Every place to tick in `dark`, from top to bottom.

    `shapes` is what hangs together in it, `flat` and `upright` are the straight strokes in it.
    """
    squares = list(_squares(dark, flat, upright, scale))
    around = [(as_box(place), contour) for place, contour in shapes if _may_be_sign(place, scale)]
    others = [
        *_rings(dark, around, scale),
        *_brackets(dark, around, scale),
        *_lines(dark, flat, upright, scale),
    ]
    others.sort(key=lambda other: -other.box.width * other.box.height)
    free: list[Checkbox] = []
    for other in others:
        if not any(_overlap(other.box, taken.box) for taken in (*squares, *free)):
            free.append(other)
    return tuple(sorted((*squares, *free), key=lambda found: (found.box.top, found.box.left)))


PRINTED = frozenset({Shape.BRACKETS, Shape.LINE})
"""Shapes that print has too, around remarks and under words."""


def _may_be_sign(place: Sequence[int], scale: float) -> bool:
    _, _, width, height = place
    return width <= _SIDE[1] * scale and _BRACKET_HEIGHT[0] * scale <= height <= _SIDE[1] * scale


def _overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _squares(dark: Ink, flat: Ink, upright: Ink, scale: float) -> Iterator[Checkbox]:
    """Squares drawn on all four sides, whatever is in them or reaches past them.

    Of the straight strokes alone: a cross or a letter that touches the box is not among them.
    """
    low, high = _SIDE[0] * scale, _SIDE[1] * scale
    frames = cv2.bitwise_or(flat, upright).astype(np.uint8, copy=False)
    for (x, y, width, height), _ in outlines(frames, low):
        if min(width, height) < low or max(width, height) > high * _OVERRUN:
            continue
        window = slice(y, y + height), slice(x, x + width)
        rows = np.flatnonzero(flat[window].sum(axis=1) >= 0.6 * low)
        columns = np.flatnonzero(upright[window].sum(axis=0) >= 0.6 * low)
        if not rows.size or not columns.size:
            continue
        box = Box(float(x + columns[0]), float(y + rows[0]), float(x + columns[-1] + 1), float(y + rows[-1] + 1))
        if min(box.width, box.height) < low or max(box.width, box.height) > min(
            high, _SQUARE * min(box.width, box.height)
        ):
            continue
        filled = _inside_of_square(_part(dark, box))
        if filled is not None:
            yield Checkbox(box, filled)


def _part(ink: Ink, box: Box) -> Ink:
    return ink[max(0, int(box.top)) : int(box.bottom), max(0, int(box.left)) : int(box.right)]


def _inside_of_square(square: Ink) -> float | None:
    """The share of ink inside the outline that `square` is bounded by, None when it has none."""
    height, width = square.shape
    edge = max(2, round(min(height, width) * _BAND))
    sides = (
        square[:edge].max(axis=0),
        square[-edge:].max(axis=0),
        square[:, :edge].max(axis=1),
        square[:, -edge:].max(axis=1),
    )
    corner = max(2, edge // 2 + 1)
    corners = (
        square[:corner, :corner],
        square[:corner, -corner:],
        square[-corner:, :corner],
        square[-corner:, -corner:],
    )
    if any(side.mean() < _SIDE_DRAWN for side in sides) or any(part.max() == 0 for part in corners):
        return None
    rows, columns = square.mean(axis=1), square.mean(axis=0)
    deep = round(min(height, width) * _THICKEST)
    top, bottom, left, right = (_thick(side, deep) for side in (rows, rows[::-1], columns, columns[::-1]))
    # What is drawn beside the middle is the outline's own dirt, or a mark that also crosses the middle.
    margin = round(min(height, width) * _MARGIN)
    top, bottom, left, right = (max(thick, margin) for thick in (top, bottom, left, right))
    inside = square[top : height - bottom, left : width - right]
    return float(inside.mean()) if inside.size else None


def _thick(shares: NDArray[np.float64], deep: int) -> int:
    """How many lines from the outside belong to the outline, the blurred one behind it included."""
    return next((place for place, share in enumerate(shares[:deep]) if share < 0.6), deep) + 1


def _clear(dark: Ink, box: Box, *, left: bool, right: bool) -> bool:
    """Whether nothing stands close beside `box`, as letters of a word do."""
    gap = max(2.0, _CLEAR * box.height)
    top, bottom = box.top + 0.15 * box.height, box.bottom - 0.15 * box.height
    before, after = Box(box.left - gap, top, box.left, bottom), Box(box.right, top, box.right + gap, bottom)
    return not (left and _part(dark, before).any()) and not (right and _part(dark, after).any())


def _rings(dark: Ink, around: Sequence[tuple[Box, NDArray[np.int32]]], scale: float) -> Iterator[Checkbox]:
    for box, contour in around:
        shorter, longer = sorted((box.width, box.height))
        if shorter < _SIDE[0] * scale or longer > _ROUND * shorter:
            continue
        area = cv2.contourArea(contour) / ((box.width - 1) * (box.height - 1))
        if _ROUND_AREA[0] <= area <= _ROUND_AREA[1] and _clear(dark, box, left=True, right=True):
            part = _part(dark, box)
            filled = _inside_of_ring(part)
            if filled is not None and _free_corners(part):
                yield Checkbox(box, filled, Shape.RING)


def _inside_of_ring(part: Ink) -> float | None:
    """The share of ink inside the ring that touches all sides of `part`, None where none is drawn."""
    height, width = part.shape
    y, x = np.mgrid[0:height, 0:width]
    radius = np.hypot((x - (width - 1) / 2) / (width / 2), (y - (height - 1) / 2) / (height / 2))
    turn = ((np.arctan2(y - (height - 1) / 2, x - (width - 1) / 2) / np.pi + 1) * 12).astype(np.int64) % 24
    drawn = np.zeros(24, bool)
    drawn[turn[(part > 0) & (radius > 0.7)]] = True
    return float(part[radius < _RING_INSIDE].mean()) if drawn.mean() >= _SIDE_DRAWN else None


def _brackets(dark: Ink, around: Sequence[tuple[Box, NDArray[np.int32]]], scale: float) -> Iterator[Checkbox]:
    """Pairs of brackets, round or square, that stand alone: not those around a remark's words."""
    high = _BRACKET_HEIGHT[1] * scale
    narrow = [
        (box, _alone(contour, box))
        for box, contour in around
        if box.height <= high and box.width <= _BRACKET_WIDTH * box.height
    ]
    opening = [box for box, part in narrow if _opens(part) and _clear(dark, box, left=True, right=False)]
    closing = [box for box, part in narrow if _opens(part[:, ::-1])]
    for left in opening:
        pairs = [right for right in closing if _is_pair(left, right)]
        if pairs:
            right = min(pairs, key=lambda box: box.left)
            whole = Box(left.left, min(left.top, right.top), right.right, max(left.bottom, right.bottom))
            inside = Box(left.right + 1, whole.top + 1, right.left - 1, whole.bottom - 1)
            yield Checkbox(whole, float(_part(dark, inside).mean()), Shape.BRACKETS)


def _alone(contour: NDArray[np.int32], box: Box) -> Ink:
    """What the contour encloses, without what else stands in its box."""
    part = np.zeros((int(box.height), int(box.width)), np.uint8)
    offset = -int(box.left), -int(box.top)
    return cv2.drawContours(part, [contour], -1, (1,), cv2.FILLED, offset=offset).astype(np.uint8, copy=False)


def _opens(part: Ink) -> bool:
    """Whether `part` reaches right at its top and bottom alone, and left between: a bracket, no letter."""
    height, width = part.shape
    if width < _NARROWEST_BRACKET:
        return False
    end = max(2, height // 4)
    middle = part[round(0.35 * height) : round(0.65 * height)]
    return bool(
        part[:end, -1].any() and part[-end:, -1].any() and not middle[:, -1].any() and middle[:, :2].any(axis=1).all()
    )


def _is_pair(left: Box, right: Box) -> bool:
    level = abs(left.top - right.top) + abs(left.bottom - right.bottom) <= 0.25 * left.height
    low, high = _BETWEEN_BRACKETS
    return level and low * left.height <= right.left - left.right <= high * left.height


def _lines(dark: Ink, flat: Ink, upright: Ink, scale: float) -> Iterator[Checkbox]:
    """Short lines to write a mark on; the box is the room over one. Under upright strokes they underline letters."""
    for (x, y, width, height), _ in outlines(flat):
        if height <= _BLANK_THICK * scale and _BLANK_LENGTH[0] * scale <= width <= _BLANK_LENGTH[1] * scale:
            room = Box(float(x), y - _BLANK_HEIGHT * scale, float(x + width), float(y - 1))
            if room.top > 0 and not _has_sides(upright, room) and _is_line(dark, as_box((x, y, width, height)), scale):
                whole = Box(room.left, room.top, room.right, float(y + height))
                yield Checkbox(whole, float(_part(dark, room).mean()), Shape.LINE)


def _has_sides(upright: Ink, room: Box) -> bool:
    """Whether upright strokes stand on the line's ends: it is the foot of a box, or of letters."""
    part = _part(upright, room)
    quarter = max(1, part.shape[1] // 4)
    return bool(part[:, :quarter].any() or part[:, -quarter:].any())


def _is_line(dark: Ink, line: Box, scale: float) -> bool:
    """Whether nothing goes on from it downwards or to a side, as from a letter's stroke."""
    gap = max(2.0, _LINE_CLEAR * scale)
    beneath = Box(line.left, line.bottom + 1, line.right, line.bottom + 1 + gap)
    level = (
        Box(line.left - gap, line.top - gap, line.left - 1, line.bottom),
        Box(line.right + 1, line.top - gap, line.right + gap, line.bottom),
    )
    beneath_it = _part(dark, beneath)  # nothing, at the page's lower edge: what stands there is no line to write on
    if not beneath_it.size or beneath_it.mean() >= _LINE_TOUCHED:
        return False
    return not any(_part(dark, side).any() for side in level)


def find_loops(dark: Ink, shapes: Sequence[Outline], scale: float) -> Iterator[Box]:
    """The boxes around what a pen drew around words; `shapes` is what hangs together in `dark`."""
    for place, contour in shapes:
        _, _, width, height = place
        if not (
            _LOOP_HEIGHT[0] * scale <= height <= _LOOP_HEIGHT[1] * scale
            and max(_LOOP_WIDTH[0] * scale, 0.8 * height) <= width <= _LOOP_WIDTH[1] * scale
            and _LOOP_AREA[0] <= cv2.contourArea(contour) / (width * height) <= _LOOP_AREA[1]
        ):
            continue
        box = as_box(place)
        if _part(dark, box).mean() <= _LOOP_INK and _free_corners(_part(dark, box)):
            yield box


def _free_corners(part: Ink) -> bool:
    high, wide = max(1, part.shape[0] // 10), max(1, part.shape[1] // 10)
    corners = part[:high, :wide], part[:high, -wide:], part[-high:, :wide], part[-high:, -wide:]
    return not any(corner.any() for corner in corners)
