"""Whether somebody signed: ink where the form asks for it."""

from shared.documents import Box, box_polygon
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.context import FieldAnchor
from shared.reading.extraction.neighbours import Surroundings

_HIGH = 2.6  # heights of the label: how far a signature rises over its line
_WIDE = 12.0  # heights of the label: the least width of the place to sign
_SIGNED_FROM = 0.006  # of the place is ink when somebody signed; scanner noise stays below 0.002


def signature_present(item: FieldAnchor, around_labels: Surroundings) -> Finding:
    """True where ink stands on the line to sign on, false where none does."""
    place = _place(item, around_labels)
    share = around_labels.layout.marks.ink_share(place)
    signed = share >= _SIGNED_FROM
    text = "signed" if signed else ""
    return finding(signed, text, around_labels.layout.number, box_polygon(place), Evidence(Origin.INK))


def _place(item: FieldAnchor, around_labels: Surroundings) -> Box:
    """Right of a label with a colon, else above the rule over the label, else above the label."""
    box, layout = item.anchor.box, around_labels.layout
    right = min(around_labels.right_limit(item.anchor) - box.height, float(layout.width))
    if item.anchor.colon:
        return Box(box.right + 5, box.top - box.height, min(right, box.right + 0.4 * layout.width), box.bottom)
    cell = layout.cell_around(box)
    ruled = cell.top is not None and box.top - cell.top < 2 * box.height
    bottom = cell.top if ruled and cell.top is not None else box.top
    end = min(right, max(box.right, box.left + _WIDE * box.height))
    return Box(box.left, bottom - _HIGH * box.height, end, bottom - 2)
