"""A PDF page's own text: the words that PDFium finds in it, and where they stand on the page's picture.

Nothing here says that the page shows them: `layer_proof` looks.
"""

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, cos, pi, sin

import pypdfium2
from pypdfium2 import raw as pdfium

from shared.documents import Box
from shared.reading.load.page_objects import objects_of

_MOST_CHARACTERS = 40_000  # a page; the densest newspaper page has 30,000
_FINER = 64  # PDFium maps points to whole pixels: they are asked for on a page this many times as large
_STRAIGHT = 0.05  # radians off a quarter turn; text at a slant is left to OCR
_JOINED = 0.5  # heights between letters of one word, at most: PDFium tells spaces itself
_LIGATURES = ("\ufb00", "\ufb06")
_SOFT_HYPHENS = "\x02\xad\ufffe"  # PDFium gives U+0002 or U+FFFE for a hyphen that ends a line
_SIGNS = {"Co", "So"}  # private use, as symbol fonts are mapped to; other symbols
_UNSPEAKABLE = {"Cc", "Cf", "Co", "Cn", "Cs"}  # control, format, private use, unassigned, surrogate


@dataclass(frozen=True, slots=True)
class LayerWord:
    """One word; `quarter` is by how many quarter turns clockwise it is off running from left to right."""

    text: str
    box: Box
    quarter: int


@dataclass(frozen=True, slots=True)
class LayerText:
    """A page's words, in the order of the file, and the places of signs that pixels tell better."""

    words: tuple[LayerWord, ...]
    symbols: tuple[Box, ...]


class LayerUnusable(Exception):
    """The page's text cannot be what it shows: letters without a meaning, at a slant, or far too many."""


def find_words(page: pypdfium2.PdfPage, size: tuple[int, int]) -> LayerText:
    """The words of `page` in pixels of its picture of `size` (width, height). Raises LayerUnusable."""
    textpage = page.get_textpage()
    try:
        if textpage.count_chars() > _MOST_CHARACTERS:
            raise LayerUnusable
        glyphs = _Glyphs(textpage, _place_of(page, size))
        words: list[LayerWord] = []
        symbols: list[Box] = []
        for start, end in glyphs.runs():
            word = glyphs.word(start, end)
            if _is_symbol(word.text):
                symbols.append(word.box)
            else:
                words.append(word)
        return LayerText(tuple(words), tuple(symbols))
    finally:
        textpage.close()


@dataclass(frozen=True, slots=True)
class _Place:
    """From points of a page (origin bottom left, before /Rotate) to pixels of its picture: x, y each a*x + b*y + c."""

    across: tuple[float, float, float]
    down: tuple[float, float, float]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The upright box in pixels around two opposite corners in points."""
        xs = [self.across[0] * x + self.across[1] * y + self.across[2] for x, y in ((left, bottom), (right, top))]
        ys = [self.down[0] * x + self.down[1] * y + self.down[2] for x, y in ((left, bottom), (right, top))]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def quarter(self, angle: float) -> int:
        """Quarter turns clockwise of text at `angle` (radians, clockwise before /Rotate). Raises LayerUnusable."""
        x, y = cos(angle), -sin(angle)
        seen = atan2(self.down[0] * x + self.down[1] * y, self.across[0] * x + self.across[1] * y)
        quarters = seen / (pi / 2)
        if abs(quarters - round(quarters)) * pi / 2 > _STRAIGHT:
            raise LayerUnusable
        return round(quarters) % 4


def _place_of(page: pypdfium2.PdfPage, size: tuple[int, int]) -> _Place:
    origin, right, up = (_pixel(page, size, x, y) for x, y in ((0, 0), (1000, 0), (0, 1000)))
    across, down = (
        ((right[axis] - origin[axis]) / 1000, (up[axis] - origin[axis]) / 1000, origin[axis]) for axis in (0, 1)
    )
    return _Place(across, down)


def _pixel(page: pypdfium2.PdfPage, size: tuple[int, int], x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    width, height = (side * _FINER for side in size)
    pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / _FINER, down.value / _FINER


class _Glyphs:
    """A text page's characters by number."""

    def __init__(self, textpage: pypdfium2.PdfTextPage, place: _Place) -> None:
        self._raw = textpage.raw
        self._place = place
        self._text = [chr(pdfium.FPDFText_GetUnicode(self._raw, number)) for number in range(textpage.count_chars())]
        self._boxes: dict[int, tuple[float, float, float, float]] = {}

    def runs(self) -> Iterator[tuple[int, int]]:
        """First and one past last character of each word, as spaces and gaps part them."""
        start: int | None = None
        for number, character in enumerate(self._text):
            if start is not None and (character.isspace() or self._apart(number)):
                yield start, number
                start = None
            if start is None and not character.isspace():
                start = number
        if start is not None:
            yield start, len(self._text)

    def word(self, start: int, end: int) -> LayerWord:
        """The word of these characters. Raises LayerUnusable."""
        if any(pdfium.FPDFText_HasUnicodeMapError(self._raw, number) > 0 for number in range(start, end)):
            raise LayerUnusable
        boxes = [self._box(number) for number in range(start, end)]
        whole = self._place.box(
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )
        quarter = self._place.quarter(pdfium.FPDFText_GetCharAngle(self._raw, start))
        return LayerWord("".join(_as_written(self._text[number]) for number in range(start, end)), whole, quarter)

    def _apart(self, number: int) -> bool:
        """Whether the character does not stand beside the one before it."""
        one, other = self._box(number - 1), self._box(number)
        reach = _JOINED * max(min(one[2] - one[0], one[3] - one[1]), min(other[2] - other[0], other[3] - other[1]), 1.0)
        beside = one[0] - reach <= other[2] and other[0] <= one[2] + reach
        return not (beside and one[1] - reach <= other[3] and other[1] <= one[3] + reach)

    def _box(self, number: int) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of the character's place in its line, in points."""
        known = self._boxes.get(number)
        if known is None:
            rect = pdfium.FS_RECTF()
            if not pdfium.FPDFText_GetLooseCharBox(self._raw, number, rect):
                raise LayerUnusable
            known = self._boxes[number] = (rect.left, rect.bottom, rect.right, rect.top)
        return known


def _as_written(character: str) -> str:
    """The letters that a character stands for. Raises LayerUnusable for one that stands for nothing."""
    if _LIGATURES[0] <= character <= _LIGATURES[1]:
        return unicodedata.normalize("NFKC", character)
    if character in _SOFT_HYPHENS:
        return "-"
    return character


def _is_symbol(text: str) -> bool:
    """Whether a word is one sign to look at (a tick, a box). Raises LayerUnusable where signs stand for letters."""
    categories = [unicodedata.category(character) for character in text]
    if len(text) == 1 and categories[0] in _SIGNS:
        return True
    if "\ufffd" in text or not _UNSPEAKABLE.isdisjoint(categories):
        raise LayerUnusable
    return False


def hide_text(page: pypdfium2.PdfPage) -> None:
    """No text of `page` is drawn any more, but what lies deeper than objects are looked at."""
    for item, kind in objects_of(page):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            pdfium.FPDFPageObj_SetIsActive(item, False)
