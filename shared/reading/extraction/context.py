"""What a general label ("Phone", "Name") means where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.documents import Box
from shared.reading.extraction.anchors import Anchor, Meaning, Role
from shared.reading.extraction.layout import PageLayout, same_row
from shared.templates import Field, Template

_LOOKED_BACK = 5  # labels above or beside, among which the heading of a general label is looked for
_LETTERHEAD_AT_MOST = 0.2  # of the page's height


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
        general = anchor.means(Role.SECTION_LABEL)
        if anchor.box.top < letterhead_bottom:
            heads = [meaning for meaning in general if fields[meaning.name].letterhead]
            chosen = heads or anchor.means(Role.FIELD)
        else:
            under = [
                meaning
                for meaning in general
                if not fields[meaning.name].letterhead and _under_heading(anchor, fields[meaning.name], anchors)
            ]
            chosen = under or anchor.means(Role.FIELD) or _first_of_all(anchor, general, anchors)
        found.extend(FieldAnchor(fields[meaning.name], anchor, meaning.rank) for meaning in chosen)
    return tuple(found)


def _first_of_all(anchor: Anchor, general: Sequence[Meaning], anchors: Sequence[Anchor]) -> tuple[Meaning, ...]:
    """A general label that no section precedes speaks of whom the form is about: the first field that has it."""
    begun = any(other.means(Role.SECTION) for other in _before(anchor, anchors))
    return () if begun else tuple(general[:1])


def letterhead_bottom(anchors: Sequence[Anchor], template: Template, layout: PageLayout) -> float:
    """Where what the sender prints at the top of a first page ends, in pixels from the top; 0 on later pages.

    It ends at the first label of a field that no letterhead has.
    """
    if layout.number != 1:
        return 0.0
    own = {field.name for field in template.fields if field.letterhead}
    first = [
        anchor.box.top
        for anchor in anchors
        if any(meaning.name not in own for meaning in anchor.means(Role.FIELD)) and not _only_general(anchor, own)
    ]
    return min([*first, _LETTERHEAD_AT_MOST * layout.height])


def _only_general(anchor: Anchor, own: set[str]) -> bool:
    """Whether the label is one that letterheads have too ("Phone")."""
    return any(meaning.name in own for meaning in anchor.means(Role.SECTION_LABEL))


def _under_heading(anchor: Anchor, field: Field, anchors: Sequence[Anchor]) -> bool:
    """Whether the nearest label before `anchor` that begins a section begins one of `field`'s."""
    before = sorted(_before(anchor, anchors), key=lambda other: _distance(other.box, anchor.box))
    for other in before[:_LOOKED_BACK]:
        sections = {meaning.name for meaning in other.means(Role.SECTION)}
        if field.name in sections:
            return True
        if sections or other.means(Role.HEADING) or _stands_alone(other):
            return False
    return False


def _stands_alone(anchor: Anchor) -> bool:
    """Whether it is a heading of something that no field belongs to ("Insurance information")."""
    return bool(anchor.means(Role.OTHER)) and not anchor.colon and len(anchor.tokens) > 1


def _before(anchor: Anchor, anchors: Sequence[Anchor]) -> list[Anchor]:
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


def _distance(other: Box, box: Box) -> tuple[float, float]:
    """Rows first: what stands on the same row is nearer than anything above."""
    if same_row(other, box):
        return 0.0, box.left - other.right
    return box.top - other.bottom, abs(box.left - other.left)
