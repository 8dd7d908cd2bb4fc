"""Finding the labels that a form prints, despite what OCR made of them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from shared.documents import Box, union
from shared.reading.extraction.kinds import STRONG, normalise
from shared.reading.extraction.layout import PageLayout, Segment, Token, text_of
from shared.templates import Field, Kind, Template
from shared.templates.phrases import Labels, plain

_REMEMBERED = 16  # templates
_LONGEST_LABEL = 9  # words
_SHOWS = 0.8  # plausibility from which a text shows what it is
_NUMBERING = re.compile(r"^\(?(\d{1,2}|[a-z])[.)]$", re.IGNORECASE)
_REMARK = re.compile(r"\((?=[^)]*[^\W\d_])[^)]*\)?")  # in brackets and words; "(216)" begins a telephone number


class Role(StrEnum):
    """What a phrase of a template is for."""

    FIELD = "field"
    SECTION_LABEL = "section label"  # a field's, under a heading only
    SECTION = "section"
    COLUMN = "column"
    HEADING = "heading"  # a table's
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a label stands for: the role, the field's or table's name, the column's, and how far down the list."""

    role: Role
    name: str
    column: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Anchor:
    """A label on a page. `inline` says that text follows it without any sign that it is a label."""

    tokens: tuple[Token, ...]
    meanings: tuple[Meaning, ...]
    likeness: float
    colon: bool
    inline: bool

    @property
    def box(self) -> Box:
        """Around the label's words."""
        return union(token.box for token in self.tokens)

    def means(self, role: Role) -> tuple[Meaning, ...]:
        """Its meanings in `role`."""
        return tuple(meaning for meaning in self.meanings if meaning.role is role)


class Phrasebook:
    """A template's phrases, by what they mean."""

    def __init__(self, template: Template) -> None:
        self._meanings: dict[str, list[Meaning]] = defaultdict(list)
        self._fields = {field.name: field for field in template.fields}
        for field in template.fields:
            self._add(field.labels, Role.FIELD, field.name)
            self._add(field.section_labels, Role.SECTION_LABEL, field.name)
            self._add(field.sections, Role.SECTION, field.name)
        for table in template.tables:
            self._add(table.headings, Role.HEADING, table.name)
            for column in table.columns:
                self._add(column.labels, Role.COLUMN, table.name, column.name)
        self._add(template.other_labels, Role.OTHER, "")
        self._labels = Labels(self._meanings)

    def fits(self, text: str, meanings: Iterable[Meaning]) -> bool:
        """Whether `text` shows by itself that it is the value of a field that the label may mean."""
        fields = {meaning.name for meaning in meanings if meaning.role in {Role.FIELD, Role.SECTION_LABEL}}
        return any(self._is_value(text, self._fields[name]) for name in fields)

    def _is_value(self, text: str, field: Field) -> bool:
        if field.kind not in STRONG and field.kind is not Kind.CHOICE:
            return False
        found = normalise(text, field.kind, field.choices)
        return found is not None and found.plausibility >= _SHOWS

    def find(self, text: str) -> tuple[tuple[Meaning, ...], float]:
        """What `text` means as a label, and how alike it is to one (0: to none)."""
        found = self._labels.nearest(plain(text))
        return (tuple(self._meanings[found[0]]), found[1]) if found else ((), 0.0)

    def find_same(self, text: str) -> tuple[tuple[Meaning, ...], float]:
        """What `text` means if it is a label without a mistake in it, and 1; else nothing, and 0."""
        found = self._labels.same(plain(text))
        return (tuple(self._meanings[found]), 1.0) if found else ((), 0.0)

    def _add(self, phrases: Sequence[str], role: Role, name: str, column: str = "") -> None:
        for rank, phrase in enumerate(phrases):
            self._meanings[plain(phrase)].append(Meaning(role, name, column, rank))


@lru_cache(_REMEMBERED)
def phrasebook_of(template: Template) -> Phrasebook:
    """The phrases of `template`."""
    return Phrasebook(template)


Find = Callable[[str], tuple[tuple[Meaning, ...], float]]


def find_anchors(layout: PageLayout, phrasebook: Phrasebook) -> tuple[Anchor, ...]:
    """The labels on the page, from top to bottom."""
    return tuple(anchor for segment in layout.segments for anchor in _in_segment(segment, phrasebook))


def _in_segment(segment: Segment, phrasebook: Phrasebook) -> Iterable[Anchor]:
    tokens, start = segment.tokens, 0
    if len(tokens) > 1 and _NUMBERING.match(tokens[0].text):
        start = 1
    first = start
    while start < len(tokens):
        anchor = _longest(tokens, start, phrasebook, at_start=start == first)
        if anchor is None:
            start += 1
            continue
        yield anchor
        start += len(anchor.tokens)


def _longest(tokens: Sequence[Token], start: int, phrasebook: Phrasebook, *, at_start: bool) -> Anchor | None:
    """The longest label that begins at `start`.

    Inside a line, or with text behind it, a phrase is a label if a colon says so, or a value that fits it and no
    mistake in it.
    """
    found: Anchor | None = None
    for end in range(start + 1, min(start + _LONGEST_LABEL, len(tokens)) + 1):
        part = tokens[start:end]
        colon = part[-1].text.endswith((":", ":.", ";"))
        last = end == len(tokens)
        inline = not colon and not (last and at_start)
        meanings, score = _meaning(text_of(part), phrasebook.find_same if inline else phrasebook.find)
        if score > 0 and (not inline or phrasebook.fits(text_of(tokens[end:]), meanings)):
            found = Anchor(tuple(part), meanings, score, colon, inline)
        if colon:
            break
    return found


def _meaning(text: str, find: Find) -> tuple[tuple[Meaning, ...], float]:
    """Of the label as printed, or without its remark: "Medicare number (if any)"."""
    meanings, score = find(text)
    if score < 1.0 and "(" in text:
        bare, bare_score = find(_REMARK.sub(" ", text))
        if bare_score > score:
            return bare, bare_score
    return meanings, score
