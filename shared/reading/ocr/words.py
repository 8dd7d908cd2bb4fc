"""From recognised characters to lines and words that know where they stand. No engine in here."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from statistics import fmean, median

from shared.documents import Point, Polygon, TextLine, Word

_SPACE = 2.6  # times the usual pitch of a line's letters: what wide letters do not reach
_UNLIKE_SPACE = 1.7  # the same between a digit and a letter, or a small letter and a capital


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
    characters: Sequence[RecognisedCharacter],
) -> list[tuple[tuple[RecognisedCharacter, ...], float, float]]:
    """The characters of each word with its left and right edge.

    CTC puts a character's peak somewhere inside the letter, not its edges there: a word reaches half the way
    from its outermost peaks towards its neighbours' or, at the ends of the line, to the line's own edge.
    """
    words = _split_into_words(characters)
    if not words:
        return []
    edges = [0.0, *(_gap(one, other) for one, other in pairwise(words)), 1.0]
    return [
        (word, _trimmed(word, left, -1), _trimmed(word, right, +1))
        for word, left, right in zip(words, edges[:-1], edges[1:], strict=True)
    ]


def _split_into_words(characters: Sequence[RecognisedCharacter]) -> list[tuple[RecognisedCharacter, ...]]:
    """Words as the recogniser parted them, and parted besides where it read no space and there is one.

    It drops spaces between unlike neighbours ("418Larkspur") and across a box to tick ("Yes☐No").
    """
    pitch = _usual_pitch(characters)
    words: list[list[RecognisedCharacter]] = [[]]
    for character in characters:
        if character.text.isspace() or (words[-1] and _hides_a_space(words[-1][-1], character, pitch)):
            words.append([])
        if not character.text.isspace():
            words[-1].append(character)
    return [tuple(word) for word in words if word]


def _usual_pitch(characters: Sequence[RecognisedCharacter]) -> float:
    steps = [other.start - one.start for one, other in pairwise(characters)]
    return median(steps) if steps else 1.0


def _hides_a_space(one: RecognisedCharacter, other: RecognisedCharacter, pitch: float) -> bool:
    step = (other.start - one.start) / max(pitch, 1e-9)
    unlike = (one.text.isdigit() and other.text.isalpha()) or (one.text.islower() and other.text.isupper())
    return step >= (_UNLIKE_SPACE if unlike else _SPACE)


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
