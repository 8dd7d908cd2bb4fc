"""Layouts of ruled cells."""

from tests.quality.extraction.generator import marks
from tests.quality.extraction.generator.content import Entry
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families.frame import Section, each_section, put_value
from tests.quality.extraction.generator.furniture import tint
from tests.quality.extraction.generator.packing import (
    Painter,
    Room,
    Want,
    lines_for,
    packed,
    paint_rows,
    want_above,
    want_beside,
)
from tests.quality.extraction.generator.sheet import SHADE, Box

_ROOM = Room(beside=12, above=1.5, under=5, behind=0.6)


def cells(draft: Draft) -> None:
    """Cells with what is asked in small print at the top left."""
    each_section(draft, lambda section: _grid(draft, section, _labelled_above))


def web_form(draft: Draft) -> None:
    """As a browser prints a form: a label, and beneath it a frame with the value."""
    each_section(draft, lambda section: _grid(draft, section, _in_frame))


def boxes_in_rows(draft: Draft) -> None:
    """One framed line a row: label and value beside each other in the cell."""
    each_section(draft, lambda section: _grid(draft, section, _labelled_before, want_beside))


def _grid(draft: Draft, section: Section, paint: Painter, want: Want = want_above) -> None:
    paint_rows(draft, packed(draft, section.entries, want, draft.width), paint, _ROOM)


def _labelled_above(draft: Draft, entry: Entry, box: Box, lines: int) -> None:
    left, top, right, bottom = box
    small = draft.style.size * 0.8
    draft.sheet.frame(box)
    fitted = small * min(1, (right - left - 6) / draft.label_width(entry.label, small))
    draft.label(left + 3, top + small * 1.15, entry.label, size=fitted)
    if entry.parts:
        _parts(draft, entry, (left, top + small * 1.3, right, bottom))
        return
    put_value(draft, entry, left + 5, top + small * 1.4 + draft.style.value_size * 1.1, right - left - 10, lines)


def _parts(draft: Draft, entry: Entry, box: Box) -> None:
    """A name in pieces, divided by short rules, each with its own small print."""
    left, top, right, bottom = box
    small = draft.style.size * 0.66
    face = draft.value_face(entry.keys)
    x = left
    for number, part in enumerate(entry.parts):
        wide = (right - left) * part.share
        if number:
            draft.sheet.line((x, top), (x, bottom), 0.5)
        draft.label(x + 3, top + small, part.label, size=small, bold=False)
        if part.text:
            size, [runs, *_] = draft.fit(Entry("", ((part.text, entry.keys[0]),)), wide - 8, face)
            draft.runs(x + 5, bottom - 3.5, runs, face, min(size, (bottom - top - small) * 0.9))
        x += wide


def _in_frame(draft: Draft, entry: Entry, box: Box, lines: int) -> None:
    left, top, right, bottom = box
    small = draft.style.size * 0.85
    draft.label(left + 2, top + small, entry.label + draft.style.label_end, size=small)
    if not entry.options:
        draft.sheet.frame((left, top + small * 1.35, right - 8, bottom - 1), outline=(150, 152, 158), width=0.8)
    put_value(draft, entry, left + 5, top + small * 1.4 + draft.style.value_size * 1.05, right - left - 18, lines)


def _labelled_before(draft: Draft, entry: Entry, box: Box, lines: int) -> None:
    left, top, right, _ = box
    draft.sheet.frame(box, width=0.6)
    y = top + draft.style.value_size * 1.5
    label = entry.label + draft.style.label_end
    size = draft.style.size * min(1.0, (right - left) * 0.5 / draft.label_width(label))
    at = draft.label(left + 4, y, label, size=size) + 6
    put_value(draft, entry, at, y, right - at - 4, lines)


def ledger(draft: Draft) -> None:
    """Rows of two cells, the left one tinted and asking, the right one answering."""
    _ledger(draft, striped=False)


def zebra(draft: Draft) -> None:
    """Rows without rules, every other one tinted."""
    _ledger(draft, striped=True)


def _ledger(draft: Draft, *, striped: bool) -> None:
    pairs = draft.draw.random() < 0.4
    share = draft.draw.uniform(0.3, 0.42)

    def draw(section: Section) -> None:
        size = draft.style.value_size
        across = 2 if pairs else 1
        wide = draft.width / across
        entries = list(section.entries)
        for number in range(0, len(entries), across):
            row = entries[number : number + across]
            label_wide = wide * share
            lines = max(lines_for(draft, entry, wide - label_wide - 12) for entry in row)
            high = size * (0.7 + 1.4 * lines)
            draft.room(high)
            if striped and (number // across) % 2:
                draft.sheet.frame(
                    (draft.left, draft.y, draft.right, draft.y + high), fill=tint(draft.style.accent), outline=None
                )
            for place, entry in enumerate(row):
                x = draft.left + place * wide
                if not striped:
                    draft.sheet.frame((x, draft.y, x + label_wide, draft.y + high), fill=SHADE, width=0.6)
                    draft.sheet.frame((x + label_wide, draft.y, x + wide, draft.y + high), width=0.6)
                label = entry.label + draft.style.label_end
                fitted = draft.style.size * min(1, (label_wide - 8) / draft.label_width(label))
                draft.label(x + 4, draft.y + size * 1.4, label, size=fitted)
                put_value(draft, entry, x + label_wide + 6, draft.y + size * 1.4, wide - label_wide - 12, lines)
            draft.y += high
        draft.y += size * 0.6

    each_section(draft, draw)


def comb(draft: Draft) -> None:
    """Cells for single characters, as forms have them that machines read."""

    def draw(section: Section) -> None:
        size = draft.style.value_size
        cell = max(9.0, size * 1.15)
        for entry in section.entries:
            text = entry.text
            fits = len(text) * cell <= draft.width - 10
            combed = not entry.options and len(entry.runs) == 1 and fits
            lines = 1 if combed else lines_for(draft, entry, draft.width - 10)
            draft.room(size * 3 + lines * size * 1.4)
            draft.y += size * 1.35
            draft.label(draft.left, draft.y, entry.label)
            draft.y += cell * 1.25 + 4
            if combed:
                count = min(int((draft.width - 4) // cell), max(len(text), 12) + draft.draw.randrange(6))
                marks.comb(draft, draft.left + 2, draft.y, text, entry.keys[0], cell=cell, count=count)
            else:
                draft.y = put_value(draft, entry, draft.left + 6, draft.y - 2, draft.width - 10, lines)
            draft.y += size * 0.35
        draft.y += size * 0.4

    each_section(draft, draw)
