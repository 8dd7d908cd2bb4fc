"""Finding the labels that a form prints, despite what OCR made of them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache, partial
from itertools import takewhile

from shared.documents import Box, union
from shared.reading.extraction.dates import conventions_of
from shared.reading.extraction.kinds import STRONG, normalise
from shared.reading.extraction.layout import PageLayout, Segment, Token, text_of
from shared.reading.extraction.texts import NOTHING
from shared.templates import Field, Kind, Template
from shared.templates.phrases import Labels, plain, words_of

_REMEMBERED = 16  # templates
_LONGEST_LABEL = 9  # words
_SHOWS = 0.8  # plausibility from which a text shows what it is
_NUMBER = re.compile(r"^(?:[(\[]?\d{1,2}[a-z]?[.)\]:]*|[(\[]?[a-z][.)\]]+)$", re.IGNORECASE)  # of a form's item
_ITEM = re.compile(r"^(?:\(\d{1,2}[a-z]?\)|\d{1,2}[a-z]?[.)]|[;|])$", re.IGNORECASE)  # before a label inside a line
_SECTION = re.compile(r"^(?:section|part)$", re.IGNORECASE)
_LEADER = re.compile(r"^[:;.·…_\-–—=>|]+$")  # between a label and its value
_ABBREVIATED = re.compile(
    r"(?:^|\W)(?:[a-z]|[a-z]+\.[a-z.]+|apt|co|dr|dx|emerg|ext|hosp|ins|med|mrs?|ms|nos?|num|ph|pt|"
    r"rec|rel|rx|st|ste|tel)\.$",
    re.IGNORECASE,
)
_SAYS_NOTHING = frozenset(
    {"patient", "patients", "client", "clients", "resident", "residents", "pt", "your", "current", "at", "visit", "of"}
    | {"the", "please", "print", "used", "if", "any", "known", "include", "preferred", "full"}
)
"""Words without which a label means the same."""

_TITLE = 0.45  # of a line's letters are the words by which such a document calls itself
_SHORTENED = 0.85  # likeness of a label that is known without some of its words
_NAMES = 4  # letters of a word that names a section, or more
_BEGINNING = 5  # letters in which it is the same word
_LARGE = 1.3  # times the usual line: titles
_A_HABIT = 2  # values that show what they are beside labels that nothing parts from them: this form writes so
_REMARK = re.compile(r"\((?=[^)]*[^\W\d_])[^)]*\)?")  # in brackets and words; "(216)" begins a telephone number


class Role(StrEnum):
    """What a phrase of a template is for."""

    FIELD = "field"
    SECTION_LABEL = "section label"  # a field's, under a heading only
    SECTION = "section"
    COLUMN = "column"
    HEADING = "heading"  # a table's
    PART = "part"  # of a name or an address that a form asks for in several places
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
    """A label on a page.

    `inline` says that text follows it without any sign that it is a label; `heading` that it begins a section, with a
    `likeness` of 0 where that is in words of its own.
    """

    tokens: tuple[Token, ...]
    meanings: tuple[Meaning, ...]
    likeness: float
    colon: bool
    inline: bool
    heading: bool = False
    box: Box = field(init=False, compare=False, repr=False)  # around the words; asked for at every comparison

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", union(token.box for token in self.tokens))

    def means(self, role: Role) -> tuple[Meaning, ...]:
        """Its meanings in `role`."""
        return tuple(meaning for meaning in self.meanings if meaning.role is role)


class Phrasebook:
    """A template's phrases, by what they mean; `words` are all that they are made of."""

    def __init__(self, template: Template) -> None:
        self._meanings: dict[str, list[Meaning]] = defaultdict(list)
        self._fields = {item.name: item for item in template.fields}
        self._dates = conventions_of(template)
        self._answers = {plain(printed) for item in template.fields for one in item.choices for printed in one.printed}
        self._answers |= NOTHING
        for item in template.fields:
            self._add(item.labels, Role.FIELD, item.name)
            self._add(item.section_labels, Role.SECTION_LABEL, item.name)
            self._add(item.sections, Role.SECTION, item.name)
        for table in template.tables:
            self._add(table.headings, Role.HEADING, table.name)
            for column in table.columns:
                self._add(column.labels, Role.COLUMN, table.name, column.name)
        for part, phrases in PARTS.items():
            self._add(phrases, Role.PART, part)
        self._add(template.other_labels, Role.OTHER, "")
        self._titles = frozenset(map(plain, template.headings))
        self._labels = Labels(self._meanings)
        self._by_words = _by_words(self._meanings)
        self._sections = [
            phrase for phrase, means in self._meanings.items() if any(one.role is Role.SECTION for one in means)
        ]
        self.words = frozenset(word for phrase in self._meanings for word in phrase.split())

    def fits(self, text: str, meanings: Iterable[Meaning]) -> bool:
        """Whether `text` shows by itself that it is the value of a field that the label may mean."""
        fields = {meaning.name for meaning in meanings if meaning.role in {Role.FIELD, Role.SECTION_LABEL}}
        return any(self._is_value(text, self._fields[name]) for name in fields)

    def asks_for_ink(self, meanings: Iterable[Meaning]) -> bool:
        """Whether the label is that of a place to sign."""
        fields = (self._fields[meaning.name] for meaning in meanings if meaning.role is Role.FIELD)
        return any(field.kind is Kind.PRESENCE for field in fields)

    def _is_value(self, text: str, field: Field) -> bool:
        if field.kind not in STRONG and field.kind is not Kind.CHOICE:
            return False
        found = normalise(text, field.kind, field.choices, self._dates)
        return found is not None and found.plausibility >= _SHOWS

    def find(self, text: str) -> tuple[tuple[Meaning, ...], float]:
        """What `text` means as a label, and how alike it is to one (0: to none)."""
        read = plain(text)
        found = self._labels.exactly(read) or (self._nearly(read) if read not in self._answers else None)
        return (tuple(self._meanings[found[0]]), found[1]) if found else ((), 0.0)

    def _nearly(self, read: str) -> tuple[str, float] | None:
        """The label that says the same in other words, that OCR made `read` of, or that says no less in fewer."""
        if same := self._in_other_words(read):
            return same, _SHORTENED
        found = self._labels.nearest(read)
        if found is None and (same := self._shortened(read)):
            return same, _SHORTENED
        return found

    def _shortened(self, read: str) -> str | None:
        """The label that says the same without the words that say nothing."""
        bare = " ".join(word for word in read.split() if word not in _SAYS_NOTHING)
        if not bare or bare == read or read in self._answers:
            return None
        return self._labels.same(bare) or self._in_other_words(bare)

    def _in_other_words(self, read: str) -> str | None:
        """The label that says the same in another order, or with other abbreviations: "Status (Marital)"."""
        words = words_of(read)
        return self._by_words.get(words) if len(words) > 1 and read not in self._answers else None

    def find_marked(self, text: str) -> tuple[tuple[Meaning, ...], float]:
        """The same of what is certainly a label: "Emerg. Phone:" speaks of the section that it names, or of nobody."""
        meanings, score = self.find(text)
        first, _, rest = plain(text).partition(" ")
        general = self._labels.same(rest) if not score and len(first) >= _NAMES else None
        said = [one for one in self._meanings[general] if one.role is Role.SECTION_LABEL] if general else []
        if not said:
            return meanings, score
        named = [replace(one, role=Role.FIELD) for one in said if self._names(first, one.name)]
        return tuple(named) or (Meaning(Role.OTHER, ""),), _SHORTENED

    def _names(self, word: str, field: str) -> bool:
        sections = (plain(section).split() for section in self._fields[field].sections)
        return any(other.startswith(word[:_BEGINNING]) for words in sections for other in words)

    def find_same(self, text: str, *, bare: bool = False) -> tuple[tuple[Meaning, ...], float]:
        """What `text` means if it is a label without a mistake in it, and how alike it is; else nothing, and 0."""
        read = plain(text)
        found = self._labels.same(read)
        if found:
            return tuple(self._meanings[found]), 1.0
        other = self._in_other_words(read) or (self._shortened(read) if bare else None)
        return (tuple(self._meanings[other]), _SHORTENED) if other else ((), 0.0)

    def is_title(self, segment: Segment) -> bool:
        """Whether the document calls itself so, or nearly so."""
        padded = f" {plain(text_of(segment.tokens))} "
        named = max((len(title) for title in self._titles if f" {title} " in padded), default=0)
        return named >= _TITLE * (len(padded) - 2)

    def sections_in(self, text: str) -> tuple[Meaning, ...]:
        """The sections that `text` names by the longest phrase in it."""
        padded = f" {plain(text)} "
        named = max((phrase for phrase in self._sections if f" {phrase} " in padded), key=len, default="")
        return tuple(one for one in self._meanings.get(named, ()) if one.role is Role.SECTION)

    def _add(self, phrases: Sequence[str], role: Role, name: str, column: str = "") -> None:
        for rank, phrase in enumerate(phrases):
            self._meanings[plain(phrase)].append(Meaning(role, name, column, rank))


def _by_words(meanings: Mapping[str, Sequence[Meaning]]) -> dict[tuple[str, ...], str]:
    """The first label that says the same words, of those that mean one thing."""
    found: dict[tuple[str, ...], str] = {}
    said: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
    for label, means in meanings.items():
        words = words_of(label)
        found.setdefault(words, label)
        said[words] |= _things(means)
    return {words: label for words, label in found.items() if len(said[words]) == len(_things(meanings[label]))}


def _things(means: Iterable[Meaning]) -> set[tuple[str, str]]:
    return {(one.name, one.column) for one in means}


@lru_cache(_REMEMBERED)
def phrasebook_of(template: Template) -> Phrasebook:
    """The phrases of `template`."""
    return Phrasebook(template)


PARTS = {
    "last": ("last name", "last", "surname", "family name", "patients last name", "patient last name"),
    "first": ("first name", "first", "given name", "forename", "patients first name", "patient first name"),
    "middle": ("middle name", "middle initial", "middle", "mi", "m i", "init", "initial"),
    "unit": ("apt", "apt no", "apt #", "apartment", "suite", "unit no", "apt/unit", "apt/suite", "unit/apt"),
    "city": ("city", "town", "city/town"),
    "state": ("state", "st", "province"),
    "zip": ("zip", "zip code", "zipcode", "postal code"),
    "city state zip": ("city state zip", "city state zip code", "city state and zip code", "city state & zip"),
}
"""Labels of what people fill in apart and means one thing."""

Find = Callable[[str], tuple[tuple[Meaning, ...], float]]


def find_anchors(layout: PageLayout, phrasebook: Phrasebook) -> tuple[Anchor, ...]:
    """The labels on the page, from top to bottom."""
    sure = [_in_segment(segment, phrasebook, beside=False) for segment in layout.segments]
    usual = _LARGE * layout.line_height
    beside = sum(1 for anchors in sure for anchor in anchors[:1] if anchor.inline and anchor.means(Role.FIELD))
    if beside >= _A_HABIT:
        sure = [_in_segment(one, phrasebook, beside=one.box.height < usual) for one in layout.segments]
    kept = (
        anchor
        for segment, anchors in zip(layout.segments, sure, strict=True)
        for anchor in anchors
        if not _in_title(anchor, segment, phrasebook)
    )
    return tuple(anchor for anchor in kept if anchor.box.height < usual or _may_be_large(anchor))


def _in_title(anchor: Anchor, segment: Segment, phrasebook: Phrasebook) -> bool:
    """Whether it is but a word of what the document calls itself: "Hospice Admission Form" asks for no hospice."""
    whole = anchor.likeness == 1 and len(anchor.tokens) == len(segment.tokens)
    return not (whole or anchor.colon) and bool(anchor.means(Role.FIELD)) and phrasebook.is_title(segment)


def _may_be_large(anchor: Anchor) -> bool:
    """Whether it may be printed larger than anything beside it: a heading, or by a line's height with a signature."""
    return anchor.colon or anchor.inline or not anchor.means(Role.FIELD) or bool(anchor.means(Role.SECTION))


def _in_segment(segment: Segment, phrasebook: Phrasebook, *, beside: bool) -> list[Anchor]:
    """The segment's labels. `beside`: this form parts labels from what follows them by nothing but a space."""
    tokens = segment.tokens
    found: list[Anchor] = []
    start = 0
    while start < len(tokens):
        numbers = _numbers(tokens) if start == 0 else 0
        anchor = _longest(tokens, start + numbers, phrasebook, opens=start == 0, told=beside or numbers > 0)
        if anchor is not None and numbers:
            anchor = replace(anchor, tokens=(*tokens[:numbers], *anchor.tokens))
        elif anchor is None and numbers:
            anchor = _longest(tokens, start, phrasebook, opens=True, told=beside)
        if anchor is None:
            start += 1
            continue
        before = list(takewhile(lambda token: _ITEM.match(token.text), reversed(tokens[:start]))) if found else []
        start += len(anchor.tokens)
        anchor = replace(anchor, tokens=(*reversed(before), *anchor.tokens))
        found.append(anchor)
    return found


def _numbers(tokens: Sequence[Token]) -> int:
    """How many words at the beginning number the item that the form asks for: "24.", "a."."""
    count = 2 if len(tokens) > 2 and _SECTION.match(tokens[0].text) and _NUMBER.match(tokens[1].text) else 0
    if count:
        return count + len(_leaders(tokens[count:-1]))
    while count < min(2, len(tokens) - 1) and _NUMBER.match(tokens[count].text):
        count += 1
    return count


def _longest(tokens: Sequence[Token], start: int, phrasebook: Phrasebook, *, opens: bool, told: bool) -> Anchor | None:
    """The longest label that begins at `start`; `opens`: nothing stands before it.

    Inside a line, or with text behind it, a phrase is a label if a colon or leader says so, or a value that fits it
    and no mistake in it. Where the line opens with it and it is `told` to be a label, any text may follow.
    """
    found: Anchor | None = None
    for end in range(start + 1, min(start + _LONGEST_LABEL, len(tokens)) + 1):
        part = tokens[start:end]
        marked = _is_marked(tokens, end, opens=opens)
        if not marked and len(text_of(part)) == 1:
            continue  # "F:" asks for a fax number, "F" is somebody's sex
        inline = not marked and not (end == len(tokens) and opens)
        find: Find = phrasebook.find_marked if marked and opens else phrasebook.find
        if inline:
            find = partial(phrasebook.find_same, bare=opens and told)
        meanings, score = _meaning(text_of(part), find)
        if score > 0:
            if inline and opens and told:
                inline = not _begins_value(tokens[end])
            signed = opens and phrasebook.asks_for_ink(meanings)  # what OCR made of a signature may follow
            if not inline or signed or phrasebook.fits(text_of(tokens[end:]), meanings):
                leaders = _leaders(tokens[end:])
                found = Anchor((*part, *leaders), meanings, score, marked, inline)
        if part[-1].text.endswith((":", ":.", ";")):
            break
    return found


def _is_marked(tokens: Sequence[Token], end: int, *, opens: bool) -> bool:
    """Whether print says that a label ends before `end`: a colon, a leader, or a point behind its last word."""
    if tokens[end - 1].text.endswith((":", ":.", ";")):
        return True
    if end == len(tokens):
        return False
    if _LEADER.match(tokens[end].text):
        return True
    last = tokens[end - 1].text
    return opens and last.endswith(".") and (last.endswith("..") or _ABBREVIATED.search(last) is None)


def _leaders(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The dots or lines that lead from a label to its value."""
    return tuple(takewhile(lambda token: _LEADER.match(token.text), tokens))


def _begins_value(token: Token) -> bool:
    """Whether a value may begin so: sentences go on in small letters."""
    return not token.text[:1].islower()


def _meaning(text: str, find: Find) -> tuple[tuple[Meaning, ...], float]:
    """Of the label as printed, and without its remark: "Medicare number (if any)", "Diagnosis (ICD-10)"."""
    meanings, score = find(text)
    if "(" not in text:
        return meanings, score
    bare, bare_score = find(_REMARK.sub(" ", text))
    is_nobodys = _asks(meanings) and not _asks(bare)  # "Status (Marital)" is a field's, "Status" nobody's
    if bare_score < score or is_nobodys:
        return meanings, score
    return (bare, bare_score) if bare_score > score else (tuple(dict.fromkeys((*bare, *meanings))), score)


def _asks(meanings: Iterable[Meaning]) -> bool:
    """Whether a field is among the meanings."""
    return any(meaning.role in {Role.FIELD, Role.SECTION_LABEL} for meaning in meanings)
