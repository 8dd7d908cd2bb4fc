"""What screens look like on paper: a patient's portal, the head of a chart, a list of properties."""

from dataclasses import replace

from tests.quality.extraction.generator.content import Entry, Section
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families.frame import each_section, put_value
from tests.quality.extraction.generator.furniture import tint
from tests.quality.extraction.generator.packing import Painter, Room, lines_for, on_grid, paint_rows
from tests.quality.extraction.generator.sheet import SHADE, WHITE, Box

_FIELD, _PALE, _LINE = (238, 240, 243), (104, 108, 116), (196, 199, 204)
_ROOM = Room(beside=18, above=1.6, under=7, behind=0.7)


def portal(draft: Draft) -> None:
    """Tabs, and beneath them pale small print over grey fields."""
    columns = draft.draw.choice((2, 2, 3))
    paint = draft.draw.choice((_in_grey_field, _in_grey_field, _on_grey_line))

    def draw(section: Section) -> None:
        _tabs(draft, section.heading)
        _on_grid(draft, section, columns, paint)

    each_section(draft, draw, headed=False)


def face_sheet(draft: Draft) -> None:
    """Three or four columns of one width, small print over bold values, with or without a line under each row."""
    draft.style = replace(draft.style, value_bold=draft.draw.random() < 0.6)
    columns, ruled = draft.draw.choice((3, 4, 4)), draft.draw.random() < 0.5

    def paint(draft: Draft, entry: Entry, box: Box, lines: int) -> None:
        _over_value(draft, entry, box, lines)
        if ruled:
            draft.sheet.line((box[0], box[3]), (box[2], box[3]), 0.4, _LINE)

    each_section(draft, lambda section: _on_grid(draft, section, columns, paint))


def properties(draft: Draft) -> None:
    """A table of what is asked and what is said, one pair or two a row, its labels or every third row shaded."""
    draw = draft.draw
    pairs, share = draw.choice((1, 2, 2)), draw.uniform(0.32, 0.46)
    shaded, to_the_right = draw.choice(("labels", "rows", "")), draw.random() < 0.35
    wide = draft.width / pairs

    def draw_section(section: Section) -> None:
        size, entries = draft.style.value_size, section.entries
        for number in range(0, len(entries), pairs):
            row = entries[number : number + pairs]
            lines = max(lines_for(draft, entry, wide * (1 - share) - 14) for entry in row)
            high = size * (0.9 + 1.4 * lines)
            draft.room(high)
            if shaded == "rows" and number // pairs % 3 == 0:
                draft.sheet.frame((draft.left, draft.y, draft.right, draft.y + high), fill=SHADE, outline=None)
            for place, entry in enumerate(row):
                left = draft.left + place * wide
                if shaded == "labels":
                    cell = (left, draft.y, left + wide * share, draft.y + high - 1)
                    draft.sheet.frame(cell, fill=tint(draft.style.accent), outline=None)
                _property(draft, entry, (left, left + wide * share, left + wide), lines, to_the_right=to_the_right)
            draft.y += high
            draft.sheet.line((draft.left, draft.y), (draft.right, draft.y), 0.4, _LINE)
        draft.y += size * 0.7

    each_section(draft, draw_section)


def _property(
    draft: Draft, entry: Entry, columns: tuple[float, float, float], lines: int, *, to_the_right: bool
) -> None:
    left, middle, right = columns
    y = draft.y + draft.style.value_size * 1.5
    label = entry.label + draft.style.label_end
    fitted = draft.style.size * min(1, (middle - left - 10) / draft.label_width(label))
    at = middle - 6 - draft.label_width(label, fitted) if to_the_right else left + 4
    draft.label(at, y, label, size=fitted)
    put_value(draft, entry, middle + 6, y, right - middle - 12, lines)


def _tabs(draft: Draft, chosen: str) -> None:
    """The headings of all sections beside each other, the one at hand set apart."""
    headings = [section.heading for section in draft.content.sections if section.heading]
    size, wide = draft.style.size * 0.9, draft.width / max(1, len(headings))
    draft.room(size * 9)
    top = draft.y + size * 0.6
    for place, heading in enumerate(headings):
        left, own = draft.left + place * wide, heading == chosen
        draft.sheet.frame(
            (left, top, left + wide - 3, top + size * 1.9), fill=draft.style.accent if own else SHADE, outline=None
        )
        fitted = size * min(1, (wide - 11) / draft.label_width(heading, size))
        colour = WHITE if own else _PALE
        draft.label(left + 4, top + size * 1.3, heading, size=fitted, bold=own, colour=colour)
    draft.y = top + size * 2.6


def _on_grid(draft: Draft, section: Section, columns: int, paint: Painter) -> None:
    paint_rows(draft, on_grid(draft, section.entries, columns), paint, _ROOM)


def _small_label(draft: Draft, entry: Entry, box: Box) -> float:
    left, top, right, _ = box
    small = draft.style.size * 0.8
    fitted = small * min(1, (right - left - 8) / draft.label_width(entry.label, small))
    draft.label(left + 2, top + small * 1.1, entry.label, size=fitted, colour=_PALE)
    return top + small * 1.5


def _in_grey_field(draft: Draft, entry: Entry, box: Box, lines: int) -> None:
    left, _, right, bottom = box
    begin = _small_label(draft, entry, box)
    if not entry.options:
        draft.sheet.frame((left + 1, begin, right - 9, bottom - 3), fill=_FIELD, outline=None)
    put_value(draft, entry, left + 6, begin + draft.style.value_size * 1.05, right - left - 22, lines)


def _on_grey_line(draft: Draft, entry: Entry, box: Box, lines: int) -> None:
    left, _, right, bottom = box
    _over_value(draft, entry, box, lines)
    draft.sheet.line((left + 2, bottom - 2), (right - 10, bottom - 2), 0.6, _LINE)


def _over_value(draft: Draft, entry: Entry, box: Box, lines: int) -> None:
    left, _, right, _ = box
    begin = _small_label(draft, entry, box)
    put_value(draft, entry, left + 2, begin + draft.style.value_size * 1.05, right - left - 12, lines)
