"""What a general label ("Phone", "Name") means where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.documents import Box
from shared.reading.extraction.anchors import Anchor, Meaning, Role
from shared.reading.extraction.layout import PageLayout, same_row, text_of
from shared.templates import Field, Kind, Template
from shared.templates.phrases import plain

_LOOKED_BACK = 5  # labels above or beside, among which a label that begins a section is looked for
_LETTERHEAD_AT_MOST = 0.2  # of the page's height
_LITTLE_PRINT = 40  # texts on a page: a card copied onto it may stand anywhere
_DATE = "date"  # the label beside where one signs
_REACHABLE = frozenset({Kind.PHONE, Kind.EMAIL, Kind.ADDRESS})
"""Kinds that letterheads give of whoever sent the document."""


@dataclass(frozen=True, slots=True)
class FieldAnchor:
    """A label and a field that it may stand for; the lower the rank, the more usual the label."""

    field: Field
    anchor: Anchor
    rank: int


def field_anchors(anchors: Sequence[Anchor], template: Template, letterhead_bottom: float) -> tuple[FieldAnchor, ...]:
    """The labels of fields. A general label under a field's heading stands for that field alone."""
    fields = {field.name: field for field in template.fields}
    found: list[FieldAnchor] = []
    for anchor in anchors:
        if anchor.box.top < letterhead_bottom:
            chosen = _in_letterhead(anchor, fields)
        else:
            chosen = _meant(anchor, fields, anchors)
        found.extend(FieldAnchor(fields[meaning.name], anchor, meaning.rank) for meaning in chosen)
    return tuple(found)


def _in_letterhead(anchor: Anchor, fields: Mapping[str, Field]) -> Sequence[Meaning]:
    """Telephones there are the sender's, and other labels mean what they mean everywhere."""
    heads = [meaning for meaning in anchor.means(Role.SECTION_LABEL) if fields[meaning.name].letterhead]
    own = (meaning for meaning in anchor.means(Role.FIELD))
    return heads or [one for one in own if fields[one.name].letterhead or fields[one.name].kind not in _REACHABLE]


def _meant(anchor: Anchor, fields: Mapping[str, Field], anchors: Sequence[Anchor]) -> Sequence[Meaning]:
    """The fields that a label below the letterhead stands for."""
    own = anchor.means(Role.FIELD)
    general = anchor.means(Role.SECTION_LABEL)
    if plain(text_of(anchor.tokens)) == _DATE and any(_is_beside(other, anchor, fields) for other in anchors):
        return [Meaning(Role.FIELD, name) for name, field in fields.items() if _is_of_signature(field)] or own
    if not general:
        return own
    section = _section(anchor, anchors)
    if section is None:  # it speaks of whom the form is about: the first field that has it
        return own or [meaning for meaning in general if not fields[meaning.name].letterhead][:1]
    there = {meaning.name for meaning in section.means(Role.SECTION)}
    under = [meaning for meaning in general if meaning.name in there]
    return under or [meaning for meaning in own if not there or _stands_under(fields[meaning.name], there, fields)]


def _is_beside(signature: Anchor, date: Anchor, fields: Mapping[str, Field]) -> bool:
    """Whether one signs left of the date."""
    signs = any(fields[meaning.name].kind is Kind.PRESENCE for meaning in signature.means(Role.FIELD))
    return signs and same_row(signature.box, date.box) and signature.box.right <= date.box.left


def _is_of_signature(field: Field) -> bool:
    return field.kind is Kind.DATE and any("sign" in label for label in field.labels)


def _stands_under(field: Field, there: set[str], fields: Mapping[str, Field]) -> bool:
    """Whether a general label of `field` under a heading of the fields `there` is its own: "Phone" is not the patient's
    under "Emergency contact"."""
    if field.kind not in _REACHABLE or field.name in there:
        return True
    subject = next((name for name, one in fields.items() if one.sections), "")
    return subject in there


def letterhead_bottom(anchors: Sequence[Anchor], template: Template, layout: PageLayout) -> float:
    """Where what the sender prints at the top of a first page ends, in pixels from the top; 0 on later pages.

    It ends at the first label of a field that no letterhead has.
    """
    if layout.number != 1:
        return 0.0
    fields = {field.name: field for field in template.fields}
    first = [
        anchor.box.top
        for anchor in anchors
        if any(not _heads(fields[meaning.name]) for meaning in anchor.means(Role.FIELD))
        or (anchor.means(Role.SECTION) and anchor.colon)
    ]
    little = len(layout.segments) <= _LITTLE_PRINT
    return min([*first, layout.height if little and first else _LETTERHEAD_AT_MOST * layout.height])


def _heads(field: Field) -> bool:
    """Whether letterheads have such a label, of the sender's or of nobody that the template asks for."""
    return field.letterhead or field.kind in _REACHABLE


def _section(anchor: Anchor, anchors: Sequence[Anchor]) -> Anchor | None:
    """The label or heading that begins the section in which `anchor` stands."""
    before = sorted(stands_before(anchor, anchors), key=lambda other: distance(other.box, anchor.box))
    for back, other in enumerate(before):
        if other.heading:
            return other
        if back < _LOOKED_BACK and other.means(Role.SECTION):
            return other
    return None


def stands_before(anchor: Anchor, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Labels to the left on the same row, and labels above that overlap in width or begin as far left."""
    box = anchor.box
    return [
        other
        for other in anchors
        if other is not anchor
        and (
            (same_row(other.box, box) and other.box.right <= box.left)
            or (other.box.bottom <= box.top + box.height / 2 and other.box.left <= box.left + 2 * box.height)
        )
    ]


def distance(other: Box, box: Box) -> tuple[float, float]:
    """Rows first, in line heights: what stands on the same row is nearer than anything above."""
    if same_row(other, box):
        return -1, box.left - other.right
    return round((box.top - other.bottom) / box.height), abs(box.left - other.left)
