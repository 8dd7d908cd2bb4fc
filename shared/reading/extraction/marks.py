"""What a page bears besides text: checkboxes, ruled lines, ink."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents import Box, Page

_REFERENCE_DPI = 200
_BOX_SIDE = (18, 56)  # pixels at the reference: checkboxes have sides of 0.09 to 0.28 inches
_SQUARE = 1.35  # the longer side by the shorter, at most
_SIDE_DRAWN = 0.85  # of each side of a checkbox is ink
_TICKED_FROM = 0.06  # of a box's inside is ink once it is ticked; empty ones have noise below 0.02
_STROKE_LENGTH = 30  # pixels at the reference: what a letter's stroke does not reach
_BREAK_LENGTH = 12  # a break in a rule that is closed
_RULE_LENGTH = 60  # the least length of a rule
_INK_SCALE = 4  # the ink map is this many times smaller than the page


@dataclass(frozen=True, slots=True)
class Checkbox:
    """A square to tick; `filled` is the share of its inside that is ink."""

    box: Box
    filled: float

    @property
    def ticked(self) -> bool:
        """Whether somebody put a mark in it."""
        return self.filled >= _TICKED_FROM


@dataclass(frozen=True, slots=True)
class PageMarks:
    """Checkboxes, horizontal and vertical rules (thin boxes), and a map of the ink beside rules.

    `ink` is the page reduced by `_INK_SCALE`, 1 where ink is.
    """

    checkboxes: tuple[Checkbox, ...] = ()
    across: tuple[Box, ...] = ()
    down: tuple[Box, ...] = ()
    ink: NDArray[np.uint8] | None = None

    def ink_share(self, box: Box) -> float:
        """The share of `box` that is ink, rules not counted."""
        if self.ink is None:
            return 0.0
        left, right = max(0, int(box.left / _INK_SCALE)), int(box.right / _INK_SCALE)
        top, bottom = max(0, int(box.top / _INK_SCALE)), int(box.bottom / _INK_SCALE)
        part = self.ink[top:bottom, left:right]
        return float(part.mean()) if part.size else 0.0


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page's text together with its marks."""

    page: Page
    marks: PageMarks


def find_marks(picture: NDArray[np.uint8], dpi: int = _REFERENCE_DPI) -> PageMarks:
    """The marks on `picture` (BGR, upright, level), in its pixels."""
    if min(picture.shape[:2]) < _BOX_SIDE[0]:
        return PageMarks()
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    scale = max(dpi, 72) / _REFERENCE_DPI
    dark = cv2.adaptiveThreshold(
        grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _odd(51 * scale), 18
    ).astype(np.uint8)
    across = _rules(dark, scale, horizontal=True)
    down = _rules(dark, scale, horizontal=False)
    letters = _without(dark, (*across, *down))
    height, width = letters.shape
    ink = cv2.resize(letters * 255, (width // _INK_SCALE, height // _INK_SCALE), interpolation=cv2.INTER_AREA)
    return PageMarks(_checkboxes(dark, scale), across, down, (ink > 64).astype(np.uint8))


def _odd(value: float) -> int:
    return int(value) // 2 * 2 + 1


def _rules(dark: NDArray[np.uint8], scale: float, *, horizontal: bool) -> tuple[Box, ...]:
    """Straight strokes at least `_RULE_LENGTH` long, small breaks closed."""
    # Down a picture takes OpenCV less than half the time of across it, turning it included.
    strokes = cv2.transpose(dark).astype(np.uint8, copy=False) if horizontal else dark
    # Short straight strokes first, so that letters do not grow together; then breaks closed; then the long ones.
    for step, length in (
        (cv2.MORPH_OPEN, _STROKE_LENGTH),
        (cv2.MORPH_CLOSE, _BREAK_LENGTH),
        (cv2.MORPH_OPEN, _RULE_LENGTH),
    ):
        along = np.ones((round(length * scale), 1), np.uint8)
        strokes = cv2.morphologyEx(strokes, step, along).astype(np.uint8, copy=False)
    strokes = cv2.transpose(strokes).astype(np.uint8, copy=False) if horizontal else strokes
    thick = round(10 * scale)
    # Contours of a page that is mostly empty take a fortieth of the time of labelling it.
    contours, levels = cv2.findContours(strokes, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [] if levels is None else [index for index, level in enumerate(levels[0]) if level[3] < 0]
    places = [cv2.boundingRect(contours[index]) for index in outer]
    boxes = [Box(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h in places]
    # A slanted or doubled rule may be a little thick; a photograph's or logo's dark mass is no rule.
    return tuple(box for box in boxes if (box.height if horizontal else box.width) <= thick)


def _without(dark: NDArray[np.uint8], rules: tuple[Box, ...]) -> NDArray[np.uint8]:
    cleared = dark.copy()
    for rule in rules:
        cleared[max(0, int(rule.top) - 2) : int(rule.bottom) + 2, max(0, int(rule.left) - 2) : int(rule.right) + 2] = 0
    return cleared


def _checkboxes(dark: NDArray[np.uint8], scale: float) -> tuple[Checkbox, ...]:
    """Squares drawn on all four sides, whatever is in them: their insides are holes in the ink."""
    low, high = _BOX_SIDE[0] * scale, _BOX_SIDE[1] * scale
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    shorter, longer = stats[1:, 2:4].min(axis=1), stats[1:, 2:4].max(axis=1)
    squares = stats[1:][(low <= shorter) & (longer <= high) & (longer <= _SQUARE * shorter)]
    found: list[Checkbox] = []
    for x, y, width, height, _ in squares:
        filled = _inside_of_square(dark[y : y + height, x : x + width])
        if filled is not None:
            found.append(Checkbox(Box(float(x), float(y), float(x + width), float(y + height)), filled))
    return tuple(sorted(found, key=lambda checkbox: (checkbox.box.top, checkbox.box.left)))


def _inside_of_square(component: NDArray[np.uint8]) -> float | None:
    """The share of ink inside the square that `component` draws, None when it draws none."""
    height, width = component.shape
    edge = max(2, round(min(height, width) * 0.14))
    sides = (
        component[:edge].max(axis=0),
        component[-edge:].max(axis=0),
        component[:, :edge].max(axis=1),
        component[:, -edge:].max(axis=1),
    )
    corner = max(2, edge // 2 + 1)
    corners = (
        component[:corner, :corner],
        component[:corner, -corner:],
        component[-corner:, :corner],
        component[-corner:, -corner:],
    )
    if any(side.mean() < _SIDE_DRAWN for side in sides) or any(part.max() == 0 for part in corners):
        return None
    inside = component[edge:-edge, edge:-edge]
    return float(inside.mean()) if inside.size else None
