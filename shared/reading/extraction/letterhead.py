"""Who sent the document: the largest print at the top of its first page."""

from shared.reading.extraction.anchors import Anchor
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.layout import PageLayout, Segment, around, text_of
from shared.templates import Kind, Template
from shared.templates.phrases import contains, plain

_AS_LARGE = 0.92  # of the largest print's height: as large
_LARGER = 1.15  # times the usual line: smaller print at the top may be an address or a stamp
_SENDERS = frozenset(
    {
        "associates",
        "care",
        "center",
        "centre",
        "clinic",
        "group",
        "health",
        "healthcare",
        "hospice",
        "hospital",
        "medical",
        "oncology",
        "practice",
        "services",
    }
)
"""Words of which a sender's name in small print has one."""

_HEADING = 0.88  # likeness to what such documents call themselves


def sender_name(layout: PageLayout, anchors: tuple[Anchor, ...], template: Template, bottom: float) -> Finding | None:
    """The name in the letterhead above `bottom` (pixels from the top), None where there is none."""
    labels = {token for anchor in anchors if anchor.likeness > 0 for token in anchor.tokens}
    top = [
        segment
        for segment in layout.segments
        if segment.box.bottom <= bottom + segment.box.height / 2
        and not labels.intersection(segment.tokens)
        and _is_name(segment, template)
    ]
    if not top:
        return None
    largest = max(segment.box.height for segment in top)
    first = next(segment for segment in top if segment.box.height >= _AS_LARGE * largest)
    if largest < _LARGER * layout.line_height:
        named = [segment for segment in top if _SENDERS.intersection(plain(text_of(segment.tokens)).split())]
        if not named:
            return None
        first = named[0]
    text = text_of(first.tokens)
    found = normalise(text, Kind.TEXT)
    if found is None:
        return None
    evidence = Evidence(Origin.LETTERHEAD, min(token.confidence for token in first.tokens), found.plausibility)
    return finding(found.value, text, layout.number, around(first.tokens), evidence)


def _is_name(segment: Segment, template: Template) -> bool:
    """Whether it can be a name: letters rather than digits, and not what the document calls itself."""
    text = plain(text_of(segment.tokens))
    letters = sum(character.isalpha() for character in text)
    if letters < 4 or sum(character.isdigit() for character in text) > letters / 3 or ":" in text_of(segment.tokens):
        return False
    headings = [plain(heading) for heading in template.headings]
    return not any(contains(text, heading) >= _HEADING for heading in headings)
