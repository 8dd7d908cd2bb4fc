"""How right a reading is: words found, words made up, characters wrong. Pure functions over texts."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from tests.quality.ocr.drivers.protocol import Line

_RULE = re.compile(r"([^\w\s])(\s?\1){2,}|_{3,}")  # a line drawn with characters, "=====" or ". . . ."
_LEVEL_WITHIN = 0.5  # of the lower text's height: texts further apart stand in different rows


@dataclass(frozen=True, slots=True)
class WordScore:
    """How many words stand on the page, how many were read, and how many of these are the same."""

    same: int = 0
    expected: int = 0
    read: int = 0

    def __add__(self, other: "WordScore") -> "WordScore":
        return WordScore(self.same + other.same, self.expected + other.expected, self.read + other.read)

    @property
    def recall(self) -> float:
        """The share of the page's words that were read, 0..1."""
        return self.same / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """The share of what was read that stands on the page, 0..1."""
        return self.same / self.read if self.read else 1.0


@dataclass(frozen=True, slots=True)
class CharacterScore:
    """How many edits turn what was read into what stands on the page, and how many characters that has."""

    edits: int = 0
    expected: int = 0

    def __add__(self, other: "CharacterScore") -> "CharacterScore":
        return CharacterScore(self.edits + other.edits, self.expected + other.expected)

    @property
    def rate(self) -> float:
        """Edits a character of the page; more than 1 when more was made up than stands there."""
        return self.edits / self.expected if self.expected else 0.0


def score_words(truth: str, read: str, *, fold_case: bool = False) -> WordScore:
    """The multiset overlap of the words of both texts; order and place do not matter, nor case with `fold_case`."""
    expected, found = (Counter(words(text.casefold() if fold_case else text)) for text in (truth, read))
    return WordScore((expected & found).total(), expected.total(), found.total())


def score_characters(truth: str, read: str, *, fold_case: bool = False) -> CharacterScore:
    """The Levenshtein distance of both texts (NFKC, all white space one blank, drawn rules left out)."""
    expected, found = (_as_one_line(text.casefold() if fold_case else text) for text in (truth, read))
    return CharacterScore(Levenshtein.distance(expected, found), len(expected))


def words(text: str) -> list[str]:
    """What stands between white space, without the punctuation and symbols around it; case is kept."""
    stripped = (_without_surroundings(word) for word in unicodedata.normalize("NFKC", text).split())
    return [word for word in stripped if word]


def in_rows(lines: Iterable[Line]) -> str:
    """The texts in rows from top to bottom, each from left to right.

    From left to right, a text continues the row that ends level with where it begins: rows may slant with the page.
    """
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: _left(line)[0]):
        level = [row for row in rows if _is_level(row[-1], line)]
        if level:
            min(level, key=lambda row: _step(row[-1], line)).append(line)
        else:
            rows.append([line])
    rows.sort(key=_height_on_page)
    return "\n".join(" ".join(line.text for line in row) for row in rows)


def _without_surroundings(word: str) -> str:
    letters = [place for place, character in enumerate(word) if unicodedata.category(character)[0] not in "PS"]
    return word[letters[0] : letters[-1] + 1] if letters else ""


def _as_one_line(text: str) -> str:
    return " ".join(_RULE.sub(" ", unicodedata.normalize("NFKC", text)).split())


def _is_level(before: Line, after: Line) -> bool:
    return _step(before, after) <= _LEVEL_WITHIN * min(_tall(before), _tall(after))


def _step(before: Line, after: Line) -> float:
    return abs(_left(after)[1] - _right(before)[1])


def _left(line: Line) -> tuple[float, float]:
    """The middle of the text's left edge."""
    (x0, y0), _, _, (x3, y3) = line.quad
    return (x0 + x3) / 2, (y0 + y3) / 2


def _right(line: Line) -> tuple[float, float]:
    _, (x1, y1), (x2, y2), _ = line.quad
    return (x1 + x2) / 2, (y1 + y2) / 2


def _tall(line: Line) -> float:
    return abs(line.quad[3][1] - line.quad[0][1])


def _height_on_page(row: list[Line]) -> float:
    return sum(_left(line)[1] + _right(line)[1] for line in row) / len(row)
