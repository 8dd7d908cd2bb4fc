"""The text of a page where it stands: each word stretched over its place, between them what parts them."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

from shared.documents import Page, Point, Polygon, TextLine
from shared.export.pdf.font import ADVANCE, UNITS, BlankFont

_DESCENT = 0.2  # of a line's height is below its base
_NARROWEST = 0.01  # of a line's height: as wide is a gap between words that touch
_RIGHT_TO_LEFT = frozenset({"R", "AL"})  # Unicode's bidirectional classes


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text over a place: from `start` (the base of its first letter) so far across in pixels, so high."""

    text: str
    start: Point
    across: Point
    height: float


def pieces(line: TextLine) -> Iterator[Piece]:
    """The words of `line` with what stands between them, in order; all of it together is its text."""
    words, starts, at = line.parts, list[int](), 0
    for word in words:
        found = line.text.find(word.text, at)
        if found < 0 or not word.text:  # the engine spells the line otherwise than its words
            yield from _over(line.text, line.polygon)
            return
        starts.append(found)
        at = found + len(word.text)
    for number, word in enumerate(words):
        begin = starts[number] if number else 0
        last = number == len(words) - 1
        yield from _over(line.text[begin : None if last else starts[number] + len(word.text)], word.polygon)
        if not last and (between := line.text[starts[number] + len(word.text) : starts[number + 1]]):
            yield _gap(between, word.polygon, words[number + 1].polygon)


def text_of_page(page: Page) -> str:
    """Every character that the page's layer needs."""
    return "".join(piece.text for line in page.lines for piece in pieces(line))


def content(page: Page, font: BlankFont, scale: float) -> bytes:
    """What draws the page's picture (/Im) over all of it and sets its text, unseen (mode 3), in /F.

    `scale` is how many points a pixel has."""
    width, height = page.width * scale, page.height * scale
    drawn = [f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Im Do Q", "BT 3 Tr"]
    for line in page.lines:
        drawn += [_set(piece, font, scale, page.height) for piece in pieces(line)]
    return "\n".join([*drawn, "ET"]).encode("ascii")


def _set(piece: Piece, font: BlankFont, scale: float, page_height: int) -> str:
    size = piece.height * scale
    length = hypot(*piece.across) * scale
    natural = len(piece.text) * size * ADVANCE / UNITS
    along, up = piece.across[0] * scale / length, -piece.across[1] * scale / length
    x, y = piece.start[0] * scale, (page_height - piece.start[1]) * scale
    # The letters run along (along, up), and stand upright on it whichever way they run.
    tilt = (-up, along) if along >= 0 else (up, -along)
    matrix = " ".join(f"{number:.4f}" for number in (along, up, *tilt, x, y))
    return f"/F {size:.3f} Tf {length / natural * 100:.3f} Tz {matrix} Tm <{font.codes(piece.text).hex()}> Tj"


def _over(text: str, polygon: Polygon) -> Iterator[Piece]:
    if not text:
        return
    top_left, top_right, bottom_right, bottom_left = polygon
    height = max(1.0, (_distance(top_left, bottom_left) + _distance(top_right, bottom_right)) / 2)
    start, end = _base(bottom_left, top_left), _base(bottom_right, top_right)
    if _runs_left(text):
        start, end = end, start
    yield Piece(text, start, _stretched(start, end, height), height)


def _gap(text: str, before: Polygon, after: Polygon) -> Piece:
    height = max(1.0, _distance(before[0], before[3]))
    start, end = _base(before[2], before[1]), _base(after[3], after[0])
    forward = (end[0] - start[0]) * (before[2][0] - before[3][0]) + (end[1] - start[1]) * (before[2][1] - before[3][1])
    return Piece(text, start, _stretched(start, end if forward > 0 else start, height), height)


def _base(bottom: Point, top: Point) -> Point:
    return bottom[0] + (top[0] - bottom[0]) * _DESCENT, bottom[1] + (top[1] - bottom[1]) * _DESCENT


def _stretched(start: Point, end: Point, height: float) -> Point:
    """From `start` to `end`, and never nowhere."""
    across = end[0] - start[0], end[1] - start[1]
    return across if hypot(*across) >= height * _NARROWEST else (height * _NARROWEST, 0.0)


def _distance(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)
