"""Headings of a form's sections: lines that stand alone, with labels and values under them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shared.documents import Box
from shared.reading.extraction.anchors import Anchor, Phrasebook, Role
from shared.reading.extraction.layout import PageLayout, Segment, same_row, text_of

_ALONE = 6.0  # heights to the next words on the row
_LARGER = 1.15  # times the usual line: such print heads something
_TALLER = 1.1  # times a label: its heading
_UNDER = 2.5  # heights between a heading and the first label under it
_SPACE_ABOVE = 0.7  # heights
_MOST_WORDS = 7
_FEWEST_LETTERS = 4


def with_headings(layout: PageLayout, anchors: Sequence[Anchor], phrasebook: Phrasebook) -> tuple[Anchor, ...]:
    """The labels, with those that head a section marked, and headings in other words added."""
    by_token = {id(token): anchor for anchor in anchors for token in anchor.tokens}
    found: list[Anchor] = []
    for segment in layout.segments:
        own = list({id(one): one for token in segment.tokens if (one := by_token.get(id(token)))}.values())
        if len(own) > 1 or not _may_head(layout, segment):
            found.extend(own)
        elif own and not own[0].colon and len(own[0].tokens) == len(segment.tokens):
            found.append(replace(own[0], heading=_heads(own[0]) or _over_label(segment, anchors)))
        elif own:
            found.extend(own)
        elif (other := _in_other_words(layout, segment, anchors, phrasebook)) is not None:
            found.append(other)
    return tuple(found)


def _heads(anchor: Anchor) -> bool:
    """Whether a label that stands alone heads a section, rather than being a field's with its value elsewhere."""
    said = (Role.SECTION, Role.HEADING, Role.OTHER)
    return not anchor.means(Role.FIELD) and any(anchor.means(role) for role in said)


def _over_label(segment: Segment, anchors: Sequence[Anchor]) -> bool:
    """Whether larger print has another label close under it, where a value of its own would stand."""
    box = segment.box
    under = [
        other.box
        for other in anchors
        if -box.height / 3 <= other.box.top - box.bottom < _UNDER * box.height
        and abs(other.box.left - box.left) < box.height
    ]
    return any(box.height >= _TALLER * other.height for other in under)


def _may_head(layout: PageLayout, segment: Segment) -> bool:
    text, box = text_of(segment.tokens), segment.box
    if len(segment.tokens) > _MOST_WORDS or text.endswith(":"):
        return False
    if sum(map(str.isalpha, text)) < max(_FEWEST_LETTERS, 0.7 * len(text.replace(" ", ""))):
        return False
    return not any(
        other is not segment and same_row(other.box, box) and _gap(other.box, box) < _ALONE * box.height
        for other in layout.segments
    )


def _gap(one: Box, other: Box) -> float:
    return max(one.left, other.left) - min(one.right, other.right)


def _in_other_words(
    layout: PageLayout, segment: Segment, anchors: Sequence[Anchor], phrasebook: Phrasebook
) -> Anchor | None:
    """The heading of fields whose sections it names ("Section 1 - Patient"), or in large print one of nobody's."""
    box = segment.box
    if any(_leads_to(anchor.box, box) or _stands_on(box, anchor.box) for anchor in anchors):
        return None
    meanings = phrasebook.sections_in(text_of(segment.tokens))
    large = box.height >= _LARGER * layout.line_height
    if not (large or (meanings and _space_above(layout, box) >= _SPACE_ABOVE * box.height)):
        return None
    return Anchor(segment.tokens, meanings, 0.0, colon=False, inline=False, heading=True)


def _leads_to(label: Box, box: Box) -> bool:
    """Whether `box` may be the value of a label left of it, or close above it."""
    if same_row(label, box):
        return label.right <= box.left
    close = -box.height / 2 <= box.top - label.bottom < _SPACE_ABOVE * box.height
    return close and label.left < box.right and box.left < label.right


def _stands_on(box: Box, label: Box) -> bool:
    """Whether `box` may be a value over a label in smaller print."""
    close = -label.height / 2 <= label.top - box.bottom < _SPACE_ABOVE * box.height
    return close and abs(box.left - label.left) < box.height and label.height * _LARGER < box.height


def _space_above(layout: PageLayout, box: Box) -> float:
    """The empty height over `box`, in pixels."""
    above: Iterable[float] = (
        box.top - other.box.bottom
        for other in layout.segments
        if other.box.bottom <= box.top + box.height / 3 and other.box.left < box.right and box.left < other.box.right
    )
    return min(above, default=float("inf"))
