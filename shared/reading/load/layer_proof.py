"""Whether a page shows the words of its text layer, and what it shows besides: told by pixels, not by the file.

The page is drawn twice, as it is and without its text. What differs is the ink of its text, whatever hides or paints
it: invisible text, text under a picture, white on white, clipped or off the page leaves no difference.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents import Box
from shared.reading.load.text_layer import LayerText, LayerUnusable, LayerWord

Picture = NDArray[np.uint8]

_INK = b"\x01"  # in the ink's map
PROOF_DPI = 100
"""Dots an inch that pages are drawn at to be looked at: letters drawn coarser cannot be told from nothing, and finer
ones take more time and prove no more."""

_SEEN = 24  # of 255: a fainter difference is nothing that a person would see
_LINE_ZONE = (0.12, 0.88)  # of a word's height: where no neighbouring line reaches
_LETTER_ZONE = (0.4, 0.75)  # where every letter and digit has ink: small ones reach down to 0.8 and up to 0.4
_INKED = 0.15  # of a word's width that has ink in the letters' zone, at least
_UNINKED = 0.8  # heights of a word: a longer stretch without ink inside it hides a letter
_ON_SOMETHING = 0.25  # of the letters' zone that may show other edges: those of a rule beside a short word
_MARGIN = 0.3  # heights around a word that its letters may reach out
_STRAY_INK = 0.02  # of all text ink that may lie outside all words: accents, swashes, smoothing
_COARSE = 2  # pixels of the page that are one where overlaps are looked for
_OVERLAP = 0.35  # of the smaller word: words on each other cannot both be read
_STRAIGHT = 25  # pixels: what is straight for longer is a rule or the edge of a fill, no letter's stroke
_GRAIN = 9  # pixels: ink beginning and ending all over such a square is a picture
_BOX_SIDES = (11, 34)  # pixels, edges included: a box to tick
_BOX_EDGE = 5  # pixels, from its outer edge to its empty inside
_PAPER = 20  # pixels, kept around what is to be read: recognisers want a margin
_LETTER_LEAST = 4  # pixels, of both sides of the smallest mark that may be a letter


def prove(text: LayerText, shown: Picture, bare: Picture) -> tuple[tuple[LayerWord, ...], Box | None]:
    """The words that `shown` shows, and where `bare`, the same without text, shows what may be more to read.

    Both are BGR at PROOF_DPI, and places are in their pixels.
    Raises LayerUnusable where what is shown and what the layer says cannot be told to be the same.
    """
    ink = _differs(shown, bare)
    edges = _edges(bare)
    marks = _without_rules(edges)
    seen = tuple(word for word in text.words if _is_inked(word, ink))
    if not seen or _overlap(seen, ink.shape) or any(_stands_on_something(word, edges) for word in seen):
        raise LayerUnusable
    if _stray_ink(ink, [*(word.box for word in seen), *text.symbols]) > _STRAY_INK:
        raise LayerUnusable
    return seen, _to_be_read(marks)


def _differs(one: Picture, other: Picture) -> Picture:
    """1 where a person sees a difference between two pictures."""
    # In one look at all three colours: parting them first takes three times as long.
    alike = cv2.inRange(cv2.absdiff(one, other), np.zeros(3), np.full(3, float(_SEEN)))
    return cv2.threshold(alike, 0, 1, cv2.THRESH_BINARY_INV)[1].astype(np.uint8)


def _above(values: NDArray[Any], least: int) -> Picture:
    """1 where `values` are above `least`."""
    return cv2.threshold(values, least, 1, cv2.THRESH_BINARY)[1].astype(np.uint8, copy=False)


def _edges(bare: Picture) -> Picture:
    """1 where ink of any kind begins or ends."""
    grey = cv2.cvtColor(bare, cv2.COLOR_BGR2GRAY)
    return _above(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)), _SEEN)


def _without_rules(edges: Picture) -> Picture:
    """1 at those edges that are neither a straight rule's nor an even fill's."""
    level = cv2.morphologyEx(edges, cv2.MORPH_OPEN, np.ones((1, _STRAIGHT), np.uint8))
    upright = cv2.morphologyEx(edges, cv2.MORPH_OPEN, np.ones((_STRAIGHT, 1), np.uint8))
    straight = cv2.dilate(cv2.max(level, upright), np.ones((3, 3), np.uint8))
    # What is straight both ways and as thick as long is a picture's grain, not a rule.
    grain = cv2.morphologyEx(edges, cv2.MORPH_OPEN, np.ones((_GRAIN, _GRAIN), np.uint8))
    return cv2.max(cv2.subtract(edges, straight), grain).astype(np.uint8, copy=False)


def _to_be_read(marks: Picture) -> Box | None:
    """The box around all marks that may be letters, with paper around it; None for none."""
    if not cv2.countNonZero(marks):
        return None
    _, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    large = stats[1:][(stats[1:, 2:4] >= _LETTER_LEAST).all(axis=1)]
    large = np.array([place for place in large if not _is_empty_box(marks, *place[:4])])
    if not len(large):
        return None
    left, top = large[:, :2].min(axis=0) - _PAPER
    right, bottom = (large[:, :2] + large[:, 2:4]).max(axis=0) + _PAPER
    height, width = marks.shape
    return Box(max(0.0, left), max(0.0, top), min(width, right), min(height, bottom))


def _is_empty_box(marks: Picture, left: int, top: int, width: int, height: int) -> bool:
    """Whether the mark there is a square to tick with nothing in it."""
    if not (_BOX_SIDES[0] <= min(width, height) and max(width, height) <= _BOX_SIDES[1]):
        return False
    part = marks[top : top + height, left : left + width]
    corners = part[:2, :2], part[:2, -2:], part[-2:, :2], part[-2:, -2:]
    inside = part[_BOX_EDGE:-_BOX_EDGE, _BOX_EDGE:-_BOX_EDGE]
    return all(corner.any() for corner in corners) and not inside.any()


def _is_inked(word: LayerWord, ink: Picture) -> bool:
    """Whether `word` is to be seen. Raises LayerUnusable where only a part of it is."""
    part = _upright(word, ink)
    line = _zone(part, _LINE_ZONE)
    if _INK not in line:
        return False
    if not any(map(str.isalnum, word.text)):
        return True
    letters = _zone(part, _LETTER_ZONE)
    longest = max(map(len, line.split(_INK)))
    if longest + 1 > _UNINKED * part.shape[0] or letters.count(_INK) < _INKED * len(letters):
        raise LayerUnusable
    return True


def _upright(word: LayerWord, ink: Picture) -> Picture:
    """The ink where `word` stands, turned so that the word runs from left to right."""
    return _turned(_cut(ink, word.box), word.quarter)


def _zone(part: Picture, zone: tuple[float, float]) -> bytes:
    """For each column whether it has ink between two shares of the height."""
    # Of words, which are small, bytes tell runs and counts in a third of the time of arrays.
    top, bottom = (round(part.shape[0] * share) for share in zone)
    inked: Picture = part[top : max(bottom, top + 1)].max(axis=0, initial=0)
    return inked.tobytes()


def _overlap(words: Sequence[LayerWord], size: tuple[int, int]) -> bool:
    """Whether two words stand on each other, on a page of `size` (height, width)."""
    taken = np.zeros((size[0] // _COARSE + 1, size[1] // _COARSE + 1), np.uint8)
    places = [_cut(taken, word.box, 1 / _COARSE) for word in words]
    for place in places:
        np.add(place, 1, out=place, where=place < 2)
    return any(int(np.count_nonzero(place > 1)) > _OVERLAP * place.size for place in places)


def _stands_on_something(word: LayerWord, edges: Picture) -> bool:
    """Whether `word` is printed on other ink, or struck out. Rules beside and below it do not reach its letters."""
    part = _turned(_cut(edges, word.box), word.quarter)
    top, bottom = (round(part.shape[0] * share) for share in _LETTER_ZONE)
    letters = part[top : max(bottom, top + 1)]
    return int(np.count_nonzero(letters)) > _ON_SOMETHING * letters.size


def _stray_ink(ink: Picture, places: Iterable[Box]) -> float:
    """The share of the text's ink that stands in none of `places`."""
    whole = cv2.countNonZero(ink)
    left = ink.copy()
    for box in places:
        reach = _MARGIN * min(box.width, box.height)
        _cut(left, Box(box.left - reach, box.top - reach, box.right + reach, box.bottom + reach))[:] = 0
    return cv2.countNonZero(left) / max(whole, 1)


def _turned(part: Picture, quarter: int) -> Picture:
    return np.rot90(part, quarter) if quarter else part


def _cut(picture: Picture, box: Box, scale: float = 1.0) -> Picture:
    """The part inside `box` of `picture`, which is `scale` times as large as what `box` stands on; a view."""
    left, top = max(0, round(box.left * scale)), max(0, round(box.top * scale))
    return picture[top : max(top, round(box.bottom * scale)), left : max(left, round(box.right * scale))]
