"""Who sent the document: the largest print at the top of its first page."""

from collections.abc import Sequence

from shared.documents import bounds
from shared.reading.extraction.anchors import Anchor
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.layout import PageLayout, Segment, around, text_of
from shared.templates import Kind, Template
from shared.templates.phrases import plain

_AS_LARGE = 0.92  # of the largest print's height: as large
_LARGER = 1.15  # times the usual line: smaller print at the top may be an address or a stamp
_SENDERS = frozenset(
    {"agency", "associates", "care", "center", "centre", "clinic", "clinics", "group", "health", "healthcare", "home"}
    | {"hospice", "hospital", "inc", "institute", "lab", "laboratories", "laboratory", "labs", "llc", "llp", "medical"}
    | {"medicine", "memorial", "oncology", "partners", "pathology", "pharmacy", "physicians", "practice", "regional"}
    | {"services", "system", "university", "diagnostics", "cardiology", "neurology", "pediatrics", "nursing", "nurse"}
)
"""Words of which most senders' names have one."""

_NAME_AT_MOST = 6  # words before a full stop
_SHORT = 3  # letters: shorter words say nothing


def add_sender(
    values: dict[str, Finding], layout: PageLayout, anchors: tuple[Anchor, ...], template: Template, bottom: float
) -> None:
    """The name in the letterhead is the value of a field that letterheads have and no label gave.

    Telephones in the letterhead are of that sender alone.
    """
    name = _sender_name(layout, anchors, template, bottom) if bottom > 0 else None
    senders = [item.name for item in template.fields if item.letterhead and item.kind is Kind.TEXT]
    if name is None or not senders:
        return
    said = {plain(str(values[sender].value)): sender for sender in senders if sender in values}
    free = [sender for sender in senders if sender not in values]
    owner = said.get(plain(str(name.value))) or _owner(name, free, template)
    if owner is not None:
        values.setdefault(owner, name)
    for item in template.fields:
        others = item.letterhead and item.kind is Kind.PHONE and (owner is None or not _of(item.name, owner))
        if others and item.name in values and bounds(values[item.name].polygon).bottom < bottom:
            del values[item.name]


def _owner(name: Finding, senders: Sequence[str], template: Template) -> str | None:
    """The field whose labels speak most like the name: a hospice is referred to, a clinic refers."""
    words = set(plain(str(name.value)).split())
    labels = {item.name: {word for label in item.labels for word in plain(label).split()} for item in template.fields}
    return max(senders, key=lambda sender: len(words & labels[sender]), default=None)


def _of(field: str, owner: str) -> bool:
    """Whether both speak of one sender: "facility_phone" and "facility_name"."""
    return field.partition("_")[0] == owner.partition("_")[0]


def _sender_name(layout: PageLayout, anchors: tuple[Anchor, ...], template: Template, bottom: float) -> Finding | None:
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
    named = [one for one in top if _SENDERS.intersection(plain(text_of(one.tokens)).split())]
    largest = max(segment.box.height for segment in named or top)
    if not named and largest < _LARGER * layout.line_height:
        return None
    first = next(segment for segment in named or top if segment.box.height >= _AS_LARGE * largest)
    text = text_of(first.tokens)
    found = normalise(text, Kind.TEXT)
    if found is None:
        return None
    evidence = Evidence(Origin.LETTERHEAD, min(token.confidence for token in first.tokens), found.plausibility)
    return finding(found, text, layout.number, around(first.tokens), evidence)


def _is_name(segment: Segment, template: Template) -> bool:
    """Whether it can be a name: letters rather than digits, and not what the document calls itself."""
    text = plain(text_of(segment.tokens))
    letters = sum(character.isalpha() for character in text)
    if letters < 4 or sum(character.isdigit() for character in text) > letters / 3 or ":" in text_of(segment.tokens):
        return False
    sentence = len(segment.tokens) > _NAME_AT_MOST and segment.tokens[-1].text.endswith(".")
    return not sentence and not _is_title(text, template)


def _is_title(text: str, template: Template) -> bool:
    """Whether it says what documents of the kind call themselves, and no more of a name than what all senders share."""
    headings = {word for heading in template.headings for word in plain(heading).split() if len(word) > _SHORT}
    words = {word for word in text.split() if len(word) > _SHORT}
    called = len(words & (headings - _SENDERS))
    return called > 0 and (called >= len(words) - called or words <= headings | _SENDERS)
