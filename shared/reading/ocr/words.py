"""From recognised characters to lines and words that know where they stand. No engine in here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import hypot
from statistics import fmean

from shared.documents import Point, Polygon, TextLine, Word


@dataclass(frozen=True, slots=True)
class RecognisedCharacter:
    """One character; `start` and `end` are its place along the line, 0 at its left edge and 1 at its right."""

    text: str
    confidence: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line's characters from left to right."""

    characters: tuple[RecognisedCharacter, ...]

    @property
    def confidence(self) -> float:
        """The mean over its characters, 0 for none."""
        return fmean(character.confidence for character in self.characters) if self.characters else 0.0


def text_line(line: RecognisedLine, quad: Sequence[Sequence[float]]) -> TextLine | None:
    """`line` as it stands in `quad` (four corners, clockwise from the top left); None when it holds no text.

    A tall narrow quad is text that was turned to be read (its left edge was up), so its corners move on by one.
    """
    corners = _reading_corners(quad)
    words = tuple(_word(characters, corners, left, right) for characters, left, right in _word_spans(line.characters))
    if not words:
        return None
    text = " ".join(word.text for word in words)
    return TextLine(text, round(line.confidence, 4), corners, words)


def _reading_corners(quad: Sequence[Sequence[float]]) -> Polygon:
    """The corners from the top left of the text on, as the engine turned it: upright, or a quarter when narrow."""
    a, b, c, d = ((float(x), float(y)) for x, y in quad)
    width = max(_distance(a, b), _distance(c, d))
    height = max(_distance(a, d), _distance(b, c))
    # The engine turns what is half again as high as wide counter-clockwise: the right edge comes to the top.
    return (b, c, d, a) if height / max(width, 1e-9) >= 1.5 else (a, b, c, d)


def _distance(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _word_spans(
    characters: Iterable[RecognisedCharacter],
) -> list[tuple[tuple[RecognisedCharacter, ...], float, float]]:
    """The characters of each word with its left and right edge.

    CTC puts a character's peak somewhere inside the letter, not its edges there: a word reaches half the way
    from its outermost peaks towards its neighbours' or, at the ends of the line, to the line's own edge.
    """
    groups = [
        (blank, tuple(group)) for blank, group in groupby(characters, key=lambda character: character.text.isspace())
    ]
    words = [group for blank, group in groups if not blank]
    if not words:
        return []
    edges = [0.0, *(_gap(one, other) for one, other in pairwise(words)), 1.0]
    return [
        (word, _trimmed(word, left, -1), _trimmed(word, right, +1))
        for word, left, right in zip(words, edges[:-1], edges[1:], strict=True)
    ]


def _gap(word: tuple[RecognisedCharacter, ...], following: tuple[RecognisedCharacter, ...]) -> float:
    return (word[-1].end + following[0].start) / 2


def _trimmed(word: tuple[RecognisedCharacter, ...], edge: float, side: int) -> float:
    """`edge`, but at most one mean character's width beyond the outermost peak: a wide gap is nobody's."""
    pitch = (word[-1].end - word[0].start) / len(word)
    if side < 0:
        return max(edge, word[0].start - pitch, 0.0)
    return min(edge, word[-1].end + pitch, 1.0)


def _word(characters: tuple[RecognisedCharacter, ...], corners: Polygon, left: float, right: float) -> Word:
    top_left, top_right, bottom_right, bottom_left = corners
    polygon = (
        _between(top_left, top_right, left),
        _between(top_left, top_right, right),
        _between(bottom_left, bottom_right, right),
        _between(bottom_left, bottom_right, left),
    )
    text = "".join(character.text for character in characters)
    # The weakest character decides: one wrong digit makes a wrong number.
    return Word(text, round(min(character.confidence for character in characters), 4), polygon)


def _between(start: Point, end: Point, share: float) -> Point:
    return (
        round(start[0] + (end[0] - start[0]) * share, 1),
        round(start[1] + (end[1] - start[1]) * share, 1),
    )
