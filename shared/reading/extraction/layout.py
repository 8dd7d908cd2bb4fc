"""A page's words as they stand beside each other: segments, rows and ruled cells."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from shared.documents import Box, Polygon, TextLine, Word, bounds, box_polygon, union
from shared.reading.extraction.combed import comb_out
from shared.reading.extraction.dates import AMERICAN, Conventions
from shared.reading.extraction.marks import PageMarks, SeenPage

_WORD_MIDDLE = (0.2, 0.8)  # of a word's width: where words do not hide a box that stands before or after them
_EDGE = 0.035  # of the page's height: where fax machines print who sent what when
_TRANSMISSION = re.compile(r"\b(?:FROM|TO|P|PG|PAGE|ID|FAX|TEL)\b.*\d|\d\d?:\d\d|\d{3}/\d{3}", re.IGNORECASE)
_LEAST_WORD = 3  # letters
_CLOSED_UP = re.compile(r"[a-z][A-Z]")
_WIDE_GAP = 1.0  # heights of the line: words further apart belong to different columns
_LABEL_AND_VALUE = re.compile(
    r"^(.*?[^\d\W].*?:)(?=[^\s/\\])(.+)$"  # "NPI:1525309310", not "10:30"
    r"|^([A-Za-z]{2,}[.#])([(\d].*)$"  # "Tel.(216)555-9338"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, and where it stands."""

    text: str
    confidence: float
    box: Box
    polygon: Polygon

    @property
    def height(self) -> float:
        """In pixels."""
        return self.box.height


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that stand close together on one line; `box` is around them all."""

    tokens: tuple[Token, ...]
    box: Box = field(init=False, compare=False, repr=False)  # asked for at every comparison: worked out once

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", union(token.box for token in self.tokens))


@dataclass(frozen=True, slots=True)
class Cell:
    """The ruled lines around a place; None on a side that has none."""

    left: float | None
    top: float | None
    right: float | None
    bottom: float | None

    @property
    def closed(self) -> bool:
        """Whether there is a line on every side."""
        return None not in (self.left, self.top, self.right, self.bottom)


@dataclass(frozen=True, slots=True)
class PageLayout:
    """One page ready for extraction. `line_height` is the usual one, in pixels; `dates` are written as they say."""

    number: int
    width: int
    height: int
    line_height: float
    segments: tuple[Segment, ...]
    marks: PageMarks
    dates: Conventions = AMERICAN

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All words, from top to bottom and left to right."""
        return tuple(token for segment in self.segments for token in segment.tokens)

    def cell_around(self, box: Box) -> Cell:
        """The ruled cell that `box` stands in."""
        x, y = box.centre
        across = [rule for rule in self.marks.across if rule.left <= x <= rule.right]
        down = [rule for rule in self.marks.down if rule.top <= y <= rule.bottom]
        return Cell(
            left=max((rule.right for rule in down if rule.right <= x), default=None),
            top=max((rule.bottom for rule in across if rule.bottom <= y), default=None),
            right=min((rule.left for rule in down if rule.left >= x), default=None),
            bottom=min((rule.top for rule in across if rule.top >= y), default=None),
        )

    def rules_between(self, one: Box, other: Box) -> int:
        """How many vertical rules part two boxes that stand on one row."""
        y = max(one.top, other.top) / 2 + min(one.bottom, other.bottom) / 2
        left, right = min(one.right, other.right), max(one.left, other.left)
        places = sorted(
            rule.centre[0]
            for rule in self.marks.down
            if rule.top <= y <= rule.bottom and left - 2 <= rule.left <= right
        )
        # A double rule, or the two edges of a thick one, is one.
        return sum(1 for place, last in zip(places, [float("-inf"), *places], strict=False) if place - last > 8)


def lay_out(seen: SeenPage, dates: Conventions = AMERICAN) -> PageLayout:
    """The layout of one page on which `dates` are written as they say."""
    lines = [line for line in seen.page.lines if not _is_transmission(line, seen.page.height)]
    combed = comb_out(lines, seen.marks)
    segments = [segment for line in combed.lines for segment in _segments(line, combed.marks)]
    segments += [Segment(tuple(map(_token, line.words))) for line in combed.in_combs]
    segments.sort(key=lambda segment: (segment.box.top, segment.box.left))
    heights = [segment.box.height for segment in segments]
    tokens = [token for segment in segments for token in segment.tokens]
    boxes = tuple(box for box in combed.marks.checkboxes if not any(_inside_word(box.box, token) for token in tokens))
    return PageLayout(
        seen.page.number,
        seen.page.width,
        seen.page.height,
        median(heights) if heights else 1.0,
        tuple(segments),
        replace(combed.marks, checkboxes=boxes),
        dates,
    )


def _is_transmission(line: TextLine, height: int) -> bool:
    """Whether a fax machine printed the line at the page's upper edge, as it sent it: that is no part of the form."""
    return bounds(line.polygon).bottom < _EDGE * height and _TRANSMISSION.search(line.text) is not None


def _inside_word(box: Box, token: Token) -> bool:
    """Whether what looks like a box to tick is a letter: it stands in the middle of one word."""
    x, y = box.centre
    share = (x - token.box.left) / max(token.box.width, 1.0)
    return (
        token.box.top < y < token.box.bottom and _WORD_MIDDLE[0] < share < _WORD_MIDDLE[1] and _is_one_word(token.text)
    )


def _is_one_word(text: str) -> bool:
    """Whether it is neither what OCR made of a box nor a row of words that it closed up: "MarriedWidowed"."""
    return len(text) >= _LEAST_WORD and text.isalpha() and _CLOSED_UP.search(text) is None


def same_row(one: Box, other: Box) -> bool:
    """Whether two boxes overlap by half the lower one's height."""
    if one.bottom < other.top or other.bottom < one.top:  # most of those that are compared
        return False
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap >= 0.5 * min(one.height, other.height)


def around(tokens: Iterable[Token]) -> Polygon:
    """The polygon that covers all `tokens`: one word's own, or the box around several."""
    tokens = list(tokens)
    return tokens[0].polygon if len(tokens) == 1 else box_polygon(union(token.box for token in tokens))


def text_of(tokens: Iterable[Token]) -> str:
    """The words with one space between."""
    return " ".join(token.text for token in tokens)


def in_reading_order(tokens: Iterable[Token]) -> list[list[Token]]:
    """`tokens` as rows from top to bottom, each from left to right."""
    rows: list[list[Token]] = []
    for token in sorted(tokens, key=lambda token: token.box.centre[1]):
        if rows and same_row(rows[-1][-1].box, token.box):
            rows[-1].append(token)
        else:
            rows.append([token])
    return [sorted(row, key=lambda token: token.box.left) for row in rows]


def _segments(line: TextLine, marks: PageMarks) -> list[Segment]:
    tokens = [token for word in line.parts for token in _tokens(word)]
    groups: list[list[Token]] = []
    for token in tokens:
        if groups and not _parted(groups[-1][-1], token, marks):
            groups[-1].append(token)
        else:
            groups.append([token])
    return [Segment(tuple(group)) for group in groups]


def _token(word: Word) -> Token:
    return Token(word.text, word.confidence, bounds(word.polygon), word.polygon)


def _tokens(word: Word) -> Sequence[Token]:
    """The word, or two where a label and its value were read as one."""
    whole = _token(word)
    found = _LABEL_AND_VALUE.match(word.text)
    return (whole,) if found is None else _cut(whole, len(found[1] or found[3]))


def split_token(token: Token, behind: re.Pattern[str]) -> tuple[Token, ...]:
    """The token in parts that end where `behind` is found."""
    found = behind.search(token.text)
    if found is None or found.end() == len(token.text):
        return (token,)
    first, rest = _cut(token, found.end())
    return (first, *split_token(rest, behind))


def _cut(token: Token, place: int) -> tuple[Token, Token]:
    """The token's first `place` letters and the others, as if all were equally wide."""
    box, middle = token.box, token.box.left + token.box.width * place / len(token.text)
    left, right = Box(box.left, box.top, middle, box.bottom), Box(middle, box.top, box.right, box.bottom)
    return (
        Token(token.text[:place], token.confidence, left, box_polygon(left)),
        Token(token.text[place:], token.confidence, right, box_polygon(right)),
    )


def _parted(one: Token, other: Token, marks: PageMarks) -> bool:
    if other.box.left - one.box.right > _WIDE_GAP * max(one.height, other.height):
        return True
    y, start, end = one.box.centre[1], one.box.centre[0], other.box.centre[0]
    return any(rule.top <= y <= rule.bottom and start < rule.centre[0] < end for rule in marks.down)
