"""What a form prints for itself and nobody wrote: headings in its own words, items it numbers, what one signs to."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from shared.documents import Box
from shared.reading.extraction.anchors import Anchor, Meaning, Phrasebook, Role
from shared.reading.extraction.layout import PageLayout, Segment, Token, same_row, text_of
from shared.templates.phrases import plain

_ITEM = re.compile(r"^\(?(\d{1,2})[a-z]?[.)](?:$|\D)", re.IGNORECASE)  # "22.", "(9)", "22.HIC"; no "22.5"
_PARTS = re.compile(r"^[|;\[\]/]$")  # bars between items, as OCR reads them
_BEYOND = 3  # an item's number exceeds those of known ones by so much at most
_A_HABIT = 3  # labels with an item's number before them: this form numbers what it asks
_NUMBERS = frozenset({"i", "ii", "iii", "iv", "v", "vi", "i1", "1i", "l", "ll"})  # of sections, also as OCR reads them
HEADS = frozenset(
    {"about", "alerts", "background", "benefit", "benefits", "coverage", "data", "demographics", "details"}
    | {"directives", "findings", "history", "identification", "info", "information", "overview", "planning", "section"}
    | {"summary", "team", "wishes"}
)
"""Words with which forms head their sections; an answer has them among others that no form prints."""

_JOINS = frozenset({"a", "and", "for", "in", "of", "on", "or", "the", "to", "your"})
_MOST_WORDS = 5  # of a heading
_DECLARES = re.compile(
    r"^(?:(?:i|we)\s+(?:hereby\s+|do\s+)?(?:acknowledge|agree|attest|authorize|certify|consent|declare|understand)\b"
    r"|by signing\b|confidential:|please (?:print|type|complete|fill)\b|incomplete forms?\b"
    r"|this form (?:becomes|must|is)\b|unauthorized disclosure\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"^[^\d:]*[^\W\d_][^\d:]*(?:#|\b(?:no|nbr|num)\.)\s*[.:]*$", re.IGNORECASE)
_NEXT_LINE = 1.0  # heights between the lines of a sentence
_EMPTY_BOX = re.compile(r"\[\s*\]|\[\s+|(?<!\S)\(\s+\)|[□☐]")
_ROUND_BOX = re.compile(r"\bo\s?(?=\d\b)", re.IGNORECASE)  # as OCR reads an empty one: "O1 O 2"
_COUNTED = 3  # numbers in a row that nobody writes: those of periods or pages to circle
_MEANS = (Meaning(Role.OTHER, ""),)


def with_own_print(layout: PageLayout, anchors: Sequence[Anchor], phrasebook: Phrasebook) -> tuple[Anchor, ...]:
    """The labels, and what else the form prints for itself as labels of no field: no value is made of it."""
    taken = {token for anchor in anchors for token in anchor.tokens}
    items = _items(anchors)
    found = list(anchors)
    declared: list[Segment] = []
    for segment in layout.segments:
        free = taken.isdisjoint(segment.tokens)
        if free and _is_declared(segment, declared):
            declared.append(segment)
            found.append(_own(segment.tokens))
        elif free and (_is_heading(segment, phrasebook) or _asks_for_number(segment)):
            found.append(_own(segment.tokens))
        elif items:
            found.extend(map(_own, _unknown_items(segment, items, taken)))
    return tuple(found)


def _own(words: Sequence[Token]) -> Anchor:
    return Anchor(tuple(words), _MEANS, 0.0, colon=False, inline=False)


def _items(anchors: Sequence[Anchor]) -> frozenset[int]:
    """The numbers of the items that the form asks, where it numbers them."""
    numbers = frozenset(number for anchor in anchors if (number := _number(anchor.tokens)) is not None)
    return numbers if len(numbers) >= _A_HABIT else frozenset()


def _number(words: Sequence[Token]) -> int | None:
    """The number that the words begin with, behind what parts them from those before."""
    begun = next((word.text for word in words if not _PARTS.match(word.text)), "")
    found = _ITEM.match(begun)
    return int(found[1]) if found else None


def _unknown_items(segment: Segment, items: Collection[int], taken: Collection[Token]) -> Iterator[list[Token]]:
    """Items of the form that ask what no template knows: no list, which begins with a number that the form has too."""
    run: list[Token] = []
    begins = True  # the segment, or what a bar parts in it
    for token in segment.tokens:
        number = _number([token]) if begins and token not in taken else None
        if number is not None and number not in items and number <= max(items) + _BEYOND:
            if run:
                yield run
            run = [token]
        elif token in taken or _PARTS.match(token.text):
            if run:
                yield run
            run = []
        elif run:
            run.append(token)
        begins = _PARTS.match(token.text) is not None
    if run:
        yield run


def _is_declared(segment: Segment, before: Sequence[Segment]) -> bool:
    """Whether it is a sentence that one signs to, or goes on with one."""
    text = text_of(segment.tokens)
    if is_declaration(text):
        return True
    return text[:1].islower() and any(_goes_on(one.box, segment.box) for one in before)


def is_declaration(text: str) -> bool:
    """Whether `text` begins a sentence that one signs to, or one of how to fill in the form."""
    return _DECLARES.match(text) is not None


def _goes_on(line: Box, below: Box) -> bool:
    if same_row(line, below):
        return line.right <= below.left
    near = -0.5 * line.height <= below.top - line.bottom < _NEXT_LINE * line.height
    return near and below.left < line.right and line.left < below.right


def _is_heading(segment: Segment, phrasebook: Phrasebook) -> bool:
    """Whether the words are such as labels and headings have, and one of them heads sections."""
    text = text_of(segment.tokens)
    said = [word for word in plain(text).split() if not word.isdigit() and word not in _NUMBERS]
    if not said or len(said) > _MOST_WORDS or HEADS.isdisjoint(said) or text[:1].islower():
        return False
    return all(word in HEADS or word in _JOINS or word in phrasebook.words for word in said)


def _asks_for_number(segment: Segment) -> bool:
    """Whether the words ask for a number, of which there is none: "HIC / MBI #", "Plan No."."""
    return len(segment.tokens) <= _MOST_WORDS and _ASKS.match(text_of(segment.tokens)) is not None


def are_options(text: str) -> bool:
    """Whether `text` is a row of options of which nobody chose one: boxes that were typed, or numbers in a row."""
    if _EMPTY_BOX.search(text):
        return True
    text = _ROUND_BOX.sub("", text)
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    bare = not re.search(r"[^\W\d_]", text) and len(numbers) >= _COUNTED
    return bare and all(later == number + 1 for number, later in pairwise(numbers))
