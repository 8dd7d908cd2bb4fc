"""From recognised characters to lines and words that know where they stand. No engine in here."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from statistics import fmean

from shared.documents import Point, Polygon, TextLine, Word

_TALL = 1.5  # times as high as wide: such a line may run up or down the page
_TALLEST_LETTER = 3.0  # times as high as wide, a little paper on each side


@dataclass(frozen=True, slots=True)
class RecognisedCharacter:
    """One character; `start` and `end` are its place along the line, 0 at its left edge and 1 at its right."""

    text: str
    confidence: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line's characters from left to right, spaces among them.

    `space_doubt` is the highest probability of a space between two characters where none was the likeliest.
    """

    characters: tuple[RecognisedCharacter, ...]
    space_doubt: float = 0.0

    @property
    def confidence(self) -> float:
        """The mean over its characters, 0 for none; spaces say nothing of how well it could be read."""
        inked = self._inked_confidences()
        return fmean(inked) if inked else 0.0

    @property
    def weakest(self) -> float:
        """The confidence of its least sure character, 0 for none."""
        return min(self._inked_confidences(), default=0.0)

    def _inked_confidences(self) -> list[float]:
        return [character.confidence for character in self.characters if not character.text.isspace()]


def text_line(line: RecognisedLine, corners: Polygon) -> TextLine | None:
    """`line` as it stands between `corners` (clockwise from the top left of the text); None when it holds no text."""
    words = tuple(_word(characters, corners, left, right) for characters, left, right in _word_spans(line.characters))
    if not words:
        return None
    text = " ".join(word.text for word in words)
    return TextLine(text, round(line.confidence, 4), corners, words)


def possible_corners(quad: Sequence[Sequence[float]]) -> tuple[Polygon, ...]:
    """The corners of `quad` (clockwise from its top left) from the top left of the text on, for each way it may run.

    A tall narrow quad is text that climbs the page or descends it, or a single upright character.
    """
    a, b, c, d = ((float(x), float(y)) for x, y in quad)
    width = max(_distance(a, b), _distance(c, d))
    height = max(_distance(a, d), _distance(b, c))
    upright, climbing, descending = (a, b, c, d), (d, a, b, c), (b, c, d, a)
    if height < _TALL * width:
        return (upright,)
    return (climbing, descending) if height > _TALLEST_LETTER * width else (upright, climbing, descending)


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
    words: list[list[RecognisedCharacter]] = [[]]
    for character in characters:
        if character.text.isspace():
            words.append([])
        else:
            words[-1].append(character)
    return [tuple(word) for word in words if word]


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
