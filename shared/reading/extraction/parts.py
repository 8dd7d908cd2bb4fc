"""Names and addresses that a form asks for in several places: last name here, first name there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.reading.extraction.anchors import Anchor, Role
from shared.reading.extraction.context import FieldAnchor, distance, stands_before
from shared.reading.extraction.layout import Token, same_row, text_of
from shared.templates import Field, Kind
from shared.templates.phrases import plain

_NAME = ("last", "first", "middle")
_ADDRESS = ("unit", "city", "state", "zip", "city state zip")
_NEAR = 5  # line heights between an address and its city

Answer = Callable[[Anchor], tuple[Token, ...]]


@dataclass(frozen=True, slots=True)
class Whole:
    """A value put together: for which field, from which label's place on, of which words, and their text."""

    field: Field
    anchor: Anchor
    tokens: tuple[Token, ...]
    text: str


def whole_names(
    anchors: Sequence[Anchor], labelled: Sequence[FieldAnchor], fields: Sequence[Field], answer: Answer
) -> Iterator[Whole]:
    """Names whose parts have labels of their own on one row."""
    people = [field for field in fields if field.kind is Kind.PERSON and field.sections]
    for last in anchors:
        if not _is(last, "last") or not people:
            continue
        parts = {"last": last}
        for other in anchors:
            part = next((part for part in _NAME[1:] if _is(other, part)), None)
            if part and same_row(other.box, last.box) and _nearer(other, parts.get(part), last):
                parts[part] = other
        if "first" not in parts:
            continue
        words = {part: answer(anchor) for part, anchor in parts.items()}
        if words["last"] and words["first"]:
            text = f"{text_of(words['last'])}, {text_of(words['first'])} {text_of(words.get('middle', ()))}"
            tokens = tuple(token for part in _NAME for token in words.get(part, ()))
            yield Whole(_whose(last, anchors, labelled, people), last, tokens, text.strip())


def _is(anchor: Anchor, part: str) -> bool:
    return any(meaning.name == part for meaning in anchor.means(Role.PART))


def _nearer(other: Anchor, known: Anchor | None, last: Anchor) -> bool:
    return known is None or abs(other.box.left - last.box.left) < abs(known.box.left - last.box.left)


def _whose(last: Anchor, anchors: Sequence[Anchor], labelled: Sequence[FieldAnchor], people: Sequence[Field]) -> Field:
    """The field whose label or heading comes before the name, else the first: whom the form is about."""
    before = sorted(stands_before(last, anchors), key=lambda other: distance(other.box, last.box))
    named = {id(item.anchor): item.field for item in labelled if item.field.kind is Kind.PERSON}
    for other in before:
        if id(other) in named:
            return named[id(other)]
        said = {meaning.name for meaning in other.means(Role.SECTION)}
        found = next((person for person in people if person.name in said), None)
        if found is not None:
            return found
    return people[0]


def address_parts(anchors: Sequence[Anchor]) -> Mapping[int, list[Anchor]]:
    """Labels of city, state and so on, by the (id of the) label of the address that they go on with."""
    found: dict[int, list[Anchor]] = {}
    addresses = [anchor for anchor in anchors if "address" in plain(text_of(anchor.tokens))]
    for anchor in anchors:
        if not any(_is(anchor, part) for part in _ADDRESS):
            continue
        before = [other for other in stands_before(anchor, addresses) if _reaches(other, anchor)]
        nearest = min(before, key=lambda other: distance(other.box, anchor.box), default=None)
        if nearest is not None:
            found.setdefault(id(nearest), []).append(anchor)
    return found


def _reaches(address: Anchor, part: Anchor) -> bool:
    return part.box.top - address.box.bottom < _NEAR * 2 * part.box.height
