"""What sentences say: "The attending physician is Ann Lee, MD (NPI 1469904597). She lives at 42 Bay Road."."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, pairwise, takewhile

from shared.reading.extraction.anchors import Phrasebook, Role
from shared.reading.extraction.compounds import take_apart
from shared.reading.extraction.dates import Conventions
from shared.reading.extraction.kinds import STRONG, normalise
from shared.reading.extraction.layout import PageLayout, Segment, Token, text_of
from shared.reading.extraction.normalised import Normalised
from shared.templates import Field, Kind, Template
from shared.templates.phrases import plain

_FEWEST_WORDS = 6  # of a line of sentences
_FEWEST_LINKS = 3  # words that only sentences have, and ends of sentences
_VERB = 2  # of these a verb counts as many: "Code status is DNR."
_LINKED = 0.2  # share of such words in a line
_WIDE = 0.7  # of a paragraph's first line: a line that goes on in the next
_LINKS = frozenset(
    {"a", "an", "and", "are", "be", "been", "by", "for", "has", "he", "her", "his", "in", "is", "it", "of", "our"}
    | {"she", "the", "this", "to", "was", "were", "who", "with", "you", "your", "we", "i", "on", "at", "from"}
)
_IS = frozenset({"is", "are", "was", "were", "include", "includes"})
_JOINS = _IS | {"of", "on", "at", "as", "to", "date", "number", "by"}  # between a label and what shows what it is
_BEFORE_VALUE = _JOINS | {"", "the", "a", "an"}
_GOES_ON = frozenset({"and", "she", "he", "who", "with"})
_PHRASES = frozenset({Kind.LIST, Kind.TEXT, Kind.DIAGNOSIS})  # in which such words stand
_IN_SMALL_LETTERS = frozenset({Kind.LIST, Kind.DIAGNOSIS, Kind.CHOICE})  # which other values do not begin with
_SAID = {
    "address": ("lives at", "resides at", "residing at", "living at", "who lives at", "home is at"),
    "payer": ("insured by", "covered by", "insurance through", "coverage through", "insurance is with"),
    "referring_physician": ("referred by",),
    "attending_physician": ("under the care of", "followed by"),
    "admission_date": ("admitted on", "was admitted on", "admitted to our service on", "came to our service on"),
    "discharge_date": ("discharged on", "was discharged on"),
    "disposition": ("discharged to", "was discharged to"),
    "allergies": ("allergic to", "is allergic to"),
    "election_date": ("elected on", "elected hospice on", "elected the hospice benefit on"),
    "primary_language": ("speaks", "she speaks", "he speaks"),
    "ssn_last4": ("ssn ends in", "ssn ending in", "social security number ends in"),
    "primary_diagnosis": ("was diagnosed with", "diagnosed with", "diagnosis of", "suffers from"),
    "reason_for_referral": ("referred for", "is referred for", "was referred for", "referral for"),
    "phone": ("can be reached at", "can be reached by phone at", "reached at"),
}
"""How sentences put what forms have labels for."""

_MOST_ASKED = 3  # labels with colons: a line of a form
_LONGEST_HEADING = 4  # words before a paragraph on the same line
_SHORT = 4  # letters and colon: "DOB:" is a label in the sentence, "ASSESSMENT:" heads it
_LONGEST_PHRASE = 6  # words
_BIRTH = frozenset({"dob", "born", "date", "birth"})  # a name stands before it: "(DOB", ", born"
_FARTHEST = 3  # words between a label and a date or number
_LONGEST_STRONG = 5  # words of a date or number
_SHOWS = 0.8  # plausibility
_ABBREVIATED = re.compile(r"^\d{1,2}\.$|^(?:[A-Z]\.)+,?$|^(?:Dr|Mr|Mrs|Ms|St|Mt|Jr|Sr|No|Ste|Apt|vs|approx)\.$")
_MONTH = re.compile(r"^(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:[a-z]{3,}|\.)?$", re.IGNORECASE)
_NAME_WORD = re.compile(r"^(?:[A-Z][\w'’\-]*[,.]?|de|la|van|von|der|St\.)$")
_AGED = re.compile(r"^(\d{1,3})[\s-]*(?:years?|yrs?)[\s-]*old|^(\d{1,3})\s*y\.?/?o\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """The words of a field's value in a sentence."""

    field: Field
    tokens: tuple[Token, ...]
    found: Normalised


@dataclass(frozen=True, slots=True)
class _Known:
    """What phrases may mean: a template's labels, and how sentences say it."""

    phrasebook: Phrasebook
    fields: Mapping[str, Field]
    said: Mapping[str, str]
    dates: Conventions


def statements(layout: PageLayout, phrasebook: Phrasebook, template: Template) -> Iterator[Statement]:
    """What the sentences on the page say of the template's fields."""
    fields = {field.name: field for field in template.fields}
    said = {phrase: name for name, phrases in _SAID.items() if name in fields for phrase in phrases}
    known = _Known(phrasebook, fields, said, layout.dates)
    for paragraph in _paragraphs(layout):
        yield from _of_whom(paragraph, fields)
        for sentence in _sentences(paragraph):
            yield from _in_sentence(sentence, known)


def _paragraphs(layout: PageLayout) -> list[list[Token]]:
    """The words of lines of sentences that follow each other."""
    found: list[list[Segment]] = []
    for segment in layout.segments:
        last = found[-1][-1] if found else None
        goes_on = (
            last is not None
            and last.box.width >= _WIDE * found[-1][0].box.width
            and abs(last.box.left - segment.box.left) < 2 * segment.box.height
            and 0 <= segment.box.top - last.box.top < 2 * segment.box.height
            and (not _ends_sentence(last.tokens[-1], None) or _is_prose(segment))
        )
        if goes_on:
            found[-1].append(segment)
        elif _is_prose(segment):
            found.append([segment])
    return [[token for segment in segments for token in segment.tokens] for segments in found]


def _is_prose(segment: Segment) -> bool:
    words = [plain(token.text) for token in segment.tokens]
    links = sum(_VERB if word in _IS else word in _LINKS for word in words)
    texts = [token.text for token in segment.tokens]
    if not any(map(str.islower, texts)):
        return False  # what is written in capitals alone stands beside a label
    ends = sum(text.endswith(".") for text, token in zip(texts, _last_words(segment.tokens), strict=True) if token)
    asks = sum(text.endswith(":") for text in texts[_LONGEST_HEADING:])
    return (
        len(words) >= _FEWEST_WORDS
        and asks < _MOST_ASKED
        and links + ends - asks >= max(_FEWEST_LINKS, _LINKED * len(words))
    )


def _last_words(tokens: Sequence[Token]) -> Iterator[bool]:
    """Of each whether it is the last of a sentence."""
    return map(_ends_sentence, tokens, (*tokens[1:], None))


def _ends_sentence(token: Token, following: Token | None) -> bool:
    """Whether `token` is the last of a sentence, or a heading in capitals before one; None follows at a line's end."""
    if token.text.endswith(":"):
        return following is not None and token.text.isupper() and len(token.text) > _SHORT
    ends = token.text.endswith((".", ".)", ";")) and _ABBREVIATED.match(token.text) is None
    return ends and (following is None or following.text[:1].isupper() or following.text[:1] == "(")


def _sentences(paragraph: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = 0
    for place, (token, following) in enumerate(pairwise(paragraph), start=1):
        if _ends_sentence(token, following):
            yield paragraph[start:place]
            start = place
    yield paragraph[start:]


def _in_sentence(tokens: Sequence[Token], known: _Known) -> Iterator[Statement]:
    """Every label or phrase with what follows it, up to the next."""
    places: list[tuple[int, int, list[str]]] = []
    section: set[str] = set()
    start = 0
    while start < len(tokens):
        end, names, begins = _phrase(tokens, start, known, section)
        if names or begins:
            section = begins or section
            places.append((start, end, names))
        start = end
    for (_, end, names), (following, _, _) in pairwise([*places, (len(tokens), 0, [])]):
        found = (_values(tokens[end:following], known.fields[name], known) for name in names)
        yield from next(filter(None, found), [])


def _phrase(tokens: Sequence[Token], start: int, known: _Known, section: set[str]) -> tuple[int, list[str], set[str]]:
    """Where the longest label at `start` ends, the fields it may mean, and those whose section it begins."""
    for end in range(min(start + _LONGEST_PHRASE, len(tokens)), start, -1):
        if any(map(_is_apart, tokens[start:end], tokens[start + 1 : end])):
            continue  # "Ann Lee, MD (NPI 1469904597)", "Ann Lee, MD, NPI 1469904597"
        text = text_of(tokens[start:end])
        if plain(text) in known.said:
            return end, [known.said[plain(text)]], set()
        meanings, _ = known.phrasebook.find_same(text)
        under = [one.name for one in meanings if one.role is Role.SECTION_LABEL and one.name in section]
        own = [one.name for one in meanings if one.role is Role.FIELD]
        names = [name for name in (*under, *own) if _joined(tokens, end, known.fields[name])]
        if names:
            return end, names, {one.name for one in meanings if one.role is Role.SECTION}
    return start + 1, [], set()


def _is_apart(token: Token, following: Token) -> bool:
    """Whether no label goes on from `token` to the one behind it."""
    return token.text.endswith(",") or following.text.startswith("(")


def _joined(tokens: Sequence[Token], end: int, field: Field) -> bool:
    """Whether a value of `field` may follow a label: "is", a colon, a number or a month at once."""
    if end == len(tokens):
        return False
    following = tokens[end].text
    if field.kind in STRONG and _MONTH.match(following):
        return True  # "DOB Jan 11, 1986"
    joins = _JOINS if field.kind in STRONG else _IS
    return tokens[end - 1].text.endswith(":") or plain(following) in joins or any(map(str.isdigit, following))


def _values(tokens: Sequence[Token], field: Field, known: _Known) -> list[Statement]:
    """What the words behind a label are as a value of `field`, with what they hold of other fields."""
    kept = list(dropwhile(lambda token: plain(token.text) in _BEFORE_VALUE, tokens))
    if field.kind in STRONG:
        return _shortest(kept, field, known.dates)
    if not kept or (field.kind not in _IN_SMALL_LETTERS and kept[0].text[:1].islower()):
        return []
    inside = [one for one in known.fields.values() if one.inside == field.name]
    rest, parts = take_apart(kept, inside, known.dates)
    if field.kind not in _PHRASES:
        rest = tuple(takewhile(lambda token: not _ends_value(token), rest))
    found = normalise(text_of(rest).rstrip(".,;"), field.kind, field.choices, known.dates)
    stated = [Statement(part.field, part.tokens, part.found) for part in parts]
    return [*stated, Statement(field, rest, found)] if found and found.plausibility >= _SHOWS else []


def _ends_value(token: Token) -> bool:
    return token.text.startswith("(") or plain(token.text) in _GOES_ON


def _shortest(tokens: Sequence[Token], field: Field, dates: Conventions) -> list[Statement]:
    """The first words that are a value by themselves."""
    for start in range(min(_FARTHEST, len(tokens))):
        for end in range(start + 1, min(start + _LONGEST_STRONG, len(tokens)) + 1):
            words = text_of(tokens[start:end]).strip("().,;")
            found = normalise(words, field.kind, field.choices, dates)
            if found is not None and found.plausibility >= _SHOWS:
                return [Statement(field, tuple(tokens[start:end]), found)]
    return []


def _of_whom(tokens: Sequence[Token], fields: Mapping[str, Field]) -> Iterator[Statement]:
    """ "Ms. Ann Lee (DOB 3/4/1950) is a 73-year-old woman": the name before the bracket, the age, the sex."""
    for place, token in enumerate(tokens):
        words = text_of(tokens[place : place + 4])
        aged = _AGED.match(words)
        if aged and "age" in fields:
            found = normalise(aged[1] or aged[2], Kind.AGE)
            if found:
                yield Statement(fields["age"], (token,), found)
            yield from _named(list(dropwhile(_leads_to_age, reversed(tokens[:place])))[::-1], fields)
        if plain(token.text) in _BIRTH and place and (token.text[0] == "(" or tokens[place - 1].text[-1] == ","):
            yield from _named(tokens[:place], fields)
        told = plain(token.text) in {"male", "female", "man", "woman"} and place and "sex" in fields
        if told and (_aged_before(tokens, place) or plain(tokens[place - 1].text) == "is"):
            found = normalise(token.text.strip(".,;"), Kind.CHOICE, fields["sex"].choices)
            if found:
                yield Statement(fields["sex"], (token,), found)


def _leads_to_age(token: Token) -> bool:
    return plain(token.text) in {"is", "was", "a", "an"}


def _aged_before(tokens: Sequence[Token], place: int) -> bool:
    """Whether an age stands before: "73-year-old"."""
    return any(_AGED.match(text_of(tokens[start:place])) for start in range(max(0, place - 4), place))


def _named(before: Sequence[Token], fields: Mapping[str, Field]) -> Iterator[Statement]:
    """The name at the end of `before`."""
    words: list[Token] = []
    for token in reversed(before):
        if not _NAME_WORD.match(token.text):
            break
        words.insert(0, token)
    person = fields.get("patient_name")
    found = normalise(text_of(words), Kind.PERSON) if person and 2 <= len(words) <= 5 else None
    if person and found and found.plausibility >= _SHOWS:
        yield Statement(person, tuple(words), found)
