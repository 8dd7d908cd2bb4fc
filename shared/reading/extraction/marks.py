"""What a page bears besides text: places to tick, ruled lines, ink."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents import Box, Page
from shared.reading.extraction.boxes import LOWEST, PRINTED, Checkbox, find_boxes, find_loops
from shared.reading.extraction.strokes import Ink, as_box, open_along, outlines, turned

_REFERENCE_DPI = 200
_FINEST_DPI = 230  # what is finer is looked at with the reference's resolution: it shows all that matters here
_SMALLEST = 18  # pixels: no picture that is less high or wide bears a mark
_DARKER = 18  # grey levels: ink is so much darker than the mean around it
_AROUND = 51  # pixels at the reference, the side of what is meant by around
_SHORT_LENGTH = 12  # pixels at the reference: the least side of a box to tick that is still seen if it has a break
_STROKE_LENGTH = 30  # what a letter's stroke does not reach
_BREAK_LENGTH = 12  # a break in a rule that is closed
_RULE_LENGTH = 60  # the least length of a rule
_RULE_THICK = 10  # a slanted or doubled rule may be a little thick; a photograph's or logo's dark mass is no rule
_INK_SCALE = 4  # pixels at the reference, the side of a cell of the ink map


@dataclass(frozen=True, slots=True)
class PageMarks:
    """Boxes to tick, horizontal and vertical rules (thin boxes), a map of other ink.

    `signs` are places to tick that look like print (brackets, short lines), `loops` what a pen drew around words.

    `ink` is the page in cells of `cell` pixels a side, 255 where all of a cell is ink.
    """

    checkboxes: tuple[Checkbox, ...] = ()
    across: tuple[Box, ...] = ()
    down: tuple[Box, ...] = ()
    ink: Ink | None = None
    cell: float = _INK_SCALE
    signs: tuple[Checkbox, ...] = ()
    loops: tuple[Box, ...] = ()

    def ink_in(self, box: Box) -> NDArray[np.float64]:
        """The shares of ink, 0..1, of the cells that `box` covers, rules not counted; empty where it has none."""
        if self.ink is None:
            return np.zeros((0, 0))
        left, right = max(0, round(box.left / self.cell)), max(0, round(box.right / self.cell))
        top, bottom = max(0, round(box.top / self.cell)), max(0, round(box.bottom / self.cell))
        return self.ink[top:bottom, left:right] / 255

    def ink_share(self, box: Box) -> float:
        """The share of `box` that is ink, rules not counted."""
        part = self.ink_in(box)
        return float(part.mean()) if part.size else 0.0


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page's text together with its marks."""

    page: Page
    marks: PageMarks


def find_marks(picture: Ink, dpi: int = _REFERENCE_DPI) -> PageMarks:
    """The marks on `picture` (BGR, upright, level), in its pixels."""
    if min(picture.shape[:2]) < _SMALLEST:
        return PageMarks()
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    fine = dpi / _REFERENCE_DPI if dpi > _FINEST_DPI else 1.0
    if fine > 1:
        grey = cv2.resize(grey, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA)
    scale = max(dpi / fine, 72) / _REFERENCE_DPI
    dark = _dark(grey.astype(np.uint8, copy=False), scale)
    lying, upright = open_along(turned(dark), _SHORT_LENGTH * scale), open_along(dark, _SHORT_LENGTH * scale)
    across, down = tuple(map(_turned_box, _rules(lying, scale))), _rules(upright, scale)
    flat = turned(lying)
    shapes = outlines(dark, LOWEST * scale)
    letters = _without(dark, (*across, *down))
    places = [replace(one, box=_scaled(one.box, fine)) for one in find_boxes(dark, shapes, flat, upright, scale)]
    return PageMarks(
        checkboxes=tuple(one for one in places if one.shape not in PRINTED),
        across=tuple(_scaled(rule, fine) for rule in across),
        down=tuple(_scaled(rule, fine) for rule in down),
        ink=_ink_map(letters),
        cell=_INK_SCALE * fine,
        signs=tuple(one for one in places if one.shape in PRINTED),
        loops=tuple(_scaled(loop, fine) for loop in find_loops(dark, shapes, scale)),
    )


def _dark(grey: Ink, scale: float) -> Ink:
    """1 where a pixel is ink, by comparison with a quarter-size mean: half the time of OpenCV's own threshold."""
    small = _halved(_halved(grey))  # ten times as fast as a quarter at once
    side = max(3, round(_AROUND * scale / 4) // 2 * 2 + 1)
    means = cv2.resize(cv2.blur(small, (side, side)), grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.threshold(cv2.subtract(means, grey), _DARKER, 1, cv2.THRESH_BINARY)[1].astype(np.uint8, copy=False)


def _halved(grey: Ink) -> Ink:
    return cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _rules(strokes: Ink, scale: float) -> tuple[Box, ...]:
    """Upright strokes at least `_RULE_LENGTH` long, small breaks closed."""
    long = open_along(strokes, _STROKE_LENGTH * scale, close=_BREAK_LENGTH * scale)
    found = (as_box(place) for place, _ in outlines(long))
    least, thickest = _RULE_LENGTH * scale, _RULE_THICK * scale
    return tuple(box for box in found if box.height >= least and box.width <= thickest)


def _turned_box(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)


def _without(dark: Ink, rules: tuple[Box, ...]) -> Ink:
    cleared = dark.copy()
    for rule in rules:
        cleared[max(0, int(rule.top) - 2) : int(rule.bottom) + 2, max(0, int(rule.left) - 2) : int(rule.right) + 2] = 0
    return cleared


def _ink_map(letters: Ink) -> Ink:
    """The share of ink in each whole cell; narrower ones at the right and lower edge are left out."""
    height, width = (side // _INK_SCALE for side in letters.shape)
    whole = np.ascontiguousarray(letters[: height * _INK_SCALE, : width * _INK_SCALE])
    # Four pixels beside each other are one number, so that a cell's rows are added at once, and then its columns.
    columns = whole.view(np.uint32).reshape(height, _INK_SCALE, width).sum(axis=1, dtype=np.uint32)
    inked = (columns * np.uint32(0x01010101)) >> np.uint32(24)
    ink: Ink = (inked * 255 // _INK_SCALE**2).astype(np.uint8)
    return ink


def _scaled(box: Box, times: float) -> Box:
    return Box(box.left * times, box.top * times, box.right * times, box.bottom * times)
