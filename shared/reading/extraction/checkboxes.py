"""Questions that are answered by a tick."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.documents import Box, box_polygon, union
from shared.reading.extraction.anchors import Anchor
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.layout import Token, same_row, text_of
from shared.reading.extraction.marks import Checkbox
from shared.reading.extraction.neighbours import Surroundings
from shared.templates import Field, Kind

_ROWS_BELOW = 2.2  # heights of the label between it and the boxes under it
_OPTION_GAP = 2.5  # heights between a box and its text, or the words of an option


@dataclass(frozen=True, slots=True)
class Option:
    """A box to tick and the words that say what for."""

    checkbox: Checkbox
    tokens: tuple[Token, ...]


def options_of(anchor: Anchor, around: Surroundings) -> tuple[Option, ...]:
    """The boxes that answer the question `anchor`, with their words; none where it is no such question."""
    boxes = _boxes_of(anchor, around)
    return tuple(Option(box, _words_of(box, boxes, around)) for box in boxes)


def ticked_value(field: Field, options: Sequence[Option], page: int) -> Finding | None:
    """The value of the option that was ticked, None when none or several were."""
    ticked = [option for option in options if option.checkbox.ticked and option.tokens]
    if len(ticked) != 1:
        return None
    tokens = ticked[0].tokens
    text = text_of(tokens)
    kind = field.kind if field.kind in {Kind.CHOICE, Kind.LIST} else Kind.TEXT
    found = normalise(text, kind, field.choices)
    if found is None:
        return None
    place = union([ticked[0].checkbox.box, *(token.box for token in tokens)])
    evidence = Evidence(Origin.TICK, min(token.confidence for token in tokens), found.plausibility)
    return finding(found.value, text, page, box_polygon(place), evidence)


def _boxes_of(anchor: Anchor, around: Surroundings) -> tuple[Checkbox, ...]:
    label, checkboxes = anchor.box, around.layout.marks.checkboxes
    limit = around.right_limit(anchor)
    beside = tuple(
        box for box in checkboxes if same_row(box.box, label) and label.right - box.box.width <= box.box.left < limit
    )
    if beside and around.layout.rules_between(label, beside[0].box) <= 1:
        return beside
    cell = around.layout.cell_around(label)
    return tuple(
        box
        for box in checkboxes
        if 0 < box.box.centre[1] - label.bottom < _ROWS_BELOW * label.height
        and box.box.left >= max(label.left - label.height, cell.left or 0.0)
        and box.box.right <= min(cell.right if cell.right is not None else float("inf"), _column_end(label, limit))
        and (cell.bottom is None or box.box.centre[1] < cell.bottom)
        and not around.has_label_before(box.box)
    )


def _column_end(label: Box, limit: float) -> float:
    return limit if limit > label.right else float("inf")


def _words_of(box: Checkbox, boxes: Sequence[Checkbox], around: Surroundings) -> tuple[Token, ...]:
    """The words right of `box` up to the next box or a wide gap."""
    following = [other.box.left for other in boxes if other.box.left > box.box.right and same_row(other.box, box.box)]
    end = min(following, default=float("inf"))
    words: list[Token] = []
    edge = box.box.right
    for token in sorted(around.free, key=lambda token: token.box.left):
        if not same_row(token.box, box.box) or not box.box.centre[0] < token.box.centre[0] < end:
            continue
        if token.box.left - edge > _OPTION_GAP * box.box.height or not any(map(str.isalnum, token.text)):
            break
        words.append(token)
        edge = token.box.right
    return tuple(words)
