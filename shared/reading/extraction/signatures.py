"""Whether somebody signed: ink where the form asks for it, or words that say so."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from shared.documents import Box, box_polygon, union
from shared.reading.extraction.anchors import Anchor
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.context import FieldAnchor
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.layout import Segment, Token, text_of
from shared.reading.extraction.neighbours import Surroundings
from shared.reading.extraction.normalised import AS_PRINTED, Normalised
from shared.templates import Kind

# Lengths are heights of the label.
_HIGH = 2.6  # how far a signature rises over its line
_OVER = 0.15  # over its line begins what counts: closer, a line that fax has frayed is ink too
_WIDE = 12.0  # the least width of a place to sign that nothing bounds
_FARTHEST = 45.0  # how far right of its label such a place goes
_NEXT_TO = 4.0  # between a label and the line behind it
_UNDER_LINE = 1.6  # between a line and the label in print beneath it
_SHORTEST_LINE = 5.0  # a line to sign on
_LEAST_CELL = 0.8  # free height of a cell that somebody may sign in
_INKED = 0.2  # of a cell of the ink map is ink where a pen went
_SIGNED_SPAN, _SIGNED_AREA = 2.2, 0.5  # heights wide and heights squared: ink that is a signature
_EMPTY_SPAN, _EMPTY_AREA = 0.8, 0.12  # dirt, at most
_TYPED = 0.9  # confidence from which words of the usual height are type
_TYPED_HEIGHT = 1.3  # usual heights at most
_SENTENCE = 4  # words on one line that are no signature
_UNCLEAR = 0.35  # plausibility of what may be a signature, or none
_UNBOUNDED = 0.5  # weight of a place that neither a line nor a cell shows
_SAYS_SO = re.compile(
    r"\b(?:signature\s+on\s+file|sig(?:nature)?\s+on\s+file|s\.?o\.?f\b|on\s+file|(?:electronic|digital)(?:ally)?\s*(?:signed|signature)"
    r"|e-?signed|signed\s+by|signed\s+electronically)|/s/",
    re.IGNORECASE,
)
_HINT = re.compile(r"^(?:[xX✗×*>→]+[:.)_]*|[\W_]+|sign|here|signature|\(?signature\)?)$")


@dataclass(frozen=True, slots=True)
class _Place:
    box: Box
    bounded: bool


def signature_present(item: FieldAnchor, around: Surroundings) -> Finding | None:
    """True where somebody signed, false where the place to sign is empty, None where there is no such place."""
    anchor, place = item.anchor, _place(item.anchor, around)
    said = _said(anchor, place, around)
    if said is not None:
        return said
    if place is None or (anchor.inline and _goes_on(anchor, around)):
        return None
    height = anchor.box.height
    inside = [token for token in around.layout.tokens if _overlap(token.box, place.box)]
    print_, typed = _print_among(inside, anchor, around)
    known = [token.box for token in (*print_, *typed)]  # a name in type may be a signature: only a person can tell
    span, area = _ink(place.box, known, around, height)
    signed = span >= _SIGNED_SPAN and area >= _SIGNED_AREA
    empty = not typed and (span <= _EMPTY_SPAN or area <= _EMPTY_AREA)
    weight, sure, value = 1.0 if place.bounded else _UNBOUNDED, 1.0 if signed or empty else _UNCLEAR, not empty
    evidence = Evidence(Origin.INK, plausibility=sure, likeness=anchor.likeness, place=weight)
    found = Normalised(value, AS_PRINTED)
    return finding(found, "signed" if value else "", around.layout.number, box_polygon(place.box), evidence)


def _goes_on(anchor: Anchor, around: Surroundings) -> bool:
    """Whether the label is the beginning of a sentence."""
    behind = [segment for segment in around.layout.segments if segment.tokens[0] is anchor.tokens[0]]
    return any(len(segment.tokens) - len(anchor.tokens) >= _SENTENCE for segment in behind)


def _said(anchor: Anchor, place: _Place | None, around: Surroundings) -> Finding | None:
    """True where words say that it was signed: behind the label, or the label itself before a name."""
    box = anchor.box
    limit = min(around.right_limit(anchor), box.right + _FARTHEST * box.height)
    words = [token for token in around.layout.tokens if token not in anchor.tokens]
    behind = [token for token in words if _on_row(token.box, box) and box.right - 2 <= token.box.left < limit]
    near = behind + [token for token in words if place and token not in behind and _overlap(token.box, place.box)]
    text = text_of(near)
    label_says = _SAYS_SO.search(text_of(anchor.tokens)) is not None and any(len(token.text) > 2 for token in behind)
    if not near or not (label_says or _SAYS_SO.search(text)):
        return None
    evidence = Evidence(Origin.LABEL, words=min(token.confidence for token in near), likeness=anchor.likeness)
    found, box = Normalised(True, AS_PRINTED), union(token.box for token in near)
    return finding(found, text, around.layout.number, box_polygon(box), evidence)


def _on_row(one: Box, other: Box) -> bool:
    return one.top < other.centre[1] < one.bottom


def _place(anchor: Anchor, around: Surroundings) -> _Place | None:
    """On the line behind the label, over the line above it, in its ruled cell, or behind its colon."""
    box, layout = anchor.box, around.layout
    limit = min(around.right_limit(anchor) - 0.5 * box.height, float(layout.width))
    for line in (_line_behind(box, limit, around), _line_above(box, around)):
        if line is not None:
            top = max(line.top - _HIGH * box.height, _text_above(line, box.height, around))
            return _Place(
                Box(line.left, top, min(line.right, max(limit, line.left + 1)), line.top - _OVER * box.height), True
            )
    cell = layout.cell_around(box)
    if cell.left is not None and cell.top is not None and cell.right is not None and cell.bottom is not None:
        inside = Box(cell.left + 2, cell.top + 2, min(cell.right - 2, limit), cell.bottom - 2)
        if (
            inside.right - box.right > _SHORTEST_LINE * box.height
            or cell.bottom - box.bottom > _LEAST_CELL * box.height
        ):
            return _Place(inside, True)
        return _next_cell(anchor, cell.right, around)
    end = min(limit, box.right + _WIDE * box.height)
    if end - box.right < _SHORTEST_LINE * box.height / 2:
        return None
    return _Place(Box(box.right + 0.4 * box.height, box.top - box.height, end, box.bottom), False)


def _next_cell(anchor: Anchor, left: float, around: Surroundings) -> _Place | None:
    """The cell behind the label's own, as ledgers have it."""
    box = anchor.box
    probe = Box(left + box.height, box.top, left + 1.5 * box.height, box.bottom)
    cell = around.layout.cell_around(probe)
    if cell.left is None or cell.top is None or cell.right is None or cell.bottom is None:
        return None
    return _Place(Box(cell.left + 2, cell.top + 2, cell.right - 2, cell.bottom - 2), True)


def _line_behind(box: Box, limit: float, around: Surroundings) -> Box | None:
    """The ruled line that begins behind the label, at its foot."""
    lines = [
        rule
        for rule in around.layout.marks.across
        if box.right - box.height <= rule.left <= box.right + _NEXT_TO * box.height
        and rule.left < limit
        and abs(rule.centre[1] - box.bottom) < 0.9 * box.height
        and rule.width >= _SHORTEST_LINE * box.height
    ]
    return min(lines, key=lambda rule: rule.left, default=None)


def _line_above(box: Box, around: Surroundings) -> Box | None:
    """The ruled line that the label stands under."""
    lines = [
        rule
        for rule in around.layout.marks.across
        if rule.left - 2 * box.height <= box.left <= rule.right
        and -0.3 * box.height <= box.top - rule.bottom < _UNDER_LINE * box.height
        and rule.width >= _SHORTEST_LINE * box.height
    ]
    line = max(lines, key=lambda rule: rule.bottom, default=None)
    cell = around.layout.cell_around(box)
    # A cell's own upper edge is no line to sign on: its label stands in it, with room beneath.
    in_cell = cell.closed and cell.bottom is not None and cell.bottom - box.bottom > _LEAST_CELL * box.height
    return None if in_cell else line


def _text_above(line: Box, height: float, around: Surroundings) -> float:
    """Where the text over a line to sign on ends: sentences, and what is printed in the row above."""
    over = [
        segment.box.bottom
        for segment in around.layout.segments
        if _is_sentence(segment)
        and segment.box.left < line.right
        and segment.box.right > line.left
        and segment.box.centre[1] < line.top - 0.6 * height
    ]
    return max(over, default=0.0)


def _is_sentence(segment: Segment) -> bool:
    return len(segment.tokens) >= _SENTENCE and not _SAYS_SO.search(text_of(segment.tokens))


def _print_among(tokens: Iterable[Token], anchor: Anchor, around: Surroundings) -> tuple[list[Token], list[Token]]:
    """The words that are no signature: labels, hints, dates; and among them those that are type, maybe a name."""
    labels = {token for other in around.anchors if other.meanings for token in other.tokens}
    usual = around.layout.line_height * _TYPED_HEIGHT
    print_, typed = [], []
    for token in tokens:
        if token in labels or token in anchor.tokens or _HINT.match(token.text) or normalise(token.text, Kind.DATE):
            print_.append(token)
        elif token.confidence >= _TYPED and token.height <= usual and sum(map(str.isalpha, token.text)) >= 3:
            typed.append(token)
    return print_, typed


def _overlap(one: Box, other: Box) -> bool:
    x, y = one.centre
    return other.left <= x <= other.right and other.top <= y <= other.bottom


def _ink(place: Box, print_: Sequence[Box], around: Surroundings, height: float) -> tuple[float, float]:
    """How wide the ink goes in heights, and how much of it there is in heights squared, specks not counted."""
    marks = around.layout.marks
    cells = (marks.ink_in(place) > _INKED).astype(np.uint8)
    if not cells.size:
        return 0.0, 0.0
    for box in print_:
        left, right = round((box.left - place.left) / marks.cell) - 1, round((box.right - place.left) / marks.cell) + 1
        top, bottom = round((box.top - place.top) / marks.cell) - 1, round((box.bottom - place.top) / marks.cell) + 1
        cells[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = 0
    near = cv2.boxFilter(cells, cv2.CV_16U, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    cells = cells & (near >= 3)
    step = marks.cell / height
    return float(cells.any(axis=0).sum()) * step, float(cells.sum()) * step * step
