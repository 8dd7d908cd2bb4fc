"""Layouts whose labels stand left of their values, or beneath the lines that these stand on."""

from collections.abc import Sequence
from dataclasses import replace

from tests.quality.extraction.generator import marks
from tests.quality.extraction.generator.content import Entry
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families.frame import Section, each_section, put_value
from tests.quality.extraction.generator.furniture import heading
from tests.quality.extraction.generator.packing import lines_for, packed, value_width, want_above, want_beside


def colon_lines(draft: Draft) -> None:
    """Labels and values one behind the other, as many in a row as go."""
    each_section(draft, lambda section: _beside(draft, section, rule=False))


def ruled_lines(draft: Draft) -> None:
    """Labels, and lines to write on that reach to the next."""
    each_section(draft, lambda section: _beside(draft, section, rule=True))


def _beside(draft: Draft, section: Section, *, rule: bool) -> None:
    size = max(draft.style.size, draft.style.value_size)
    for row in packed(draft, section.entries, want_beside, draft.width):
        lines = max(lines_for(draft, entry, wide - draft.label_width(entry.label) - 18) for entry, wide in row)
        draft.room(size * (1.7 + 1.4 * lines))
        draft.y += size * 1.75
        x = draft.left
        for entry, wide in row:
            at = draft.label(x, draft.y, entry.label + draft.style.label_end) + 6
            put_value(draft, entry, at, draft.y, x + wide - 12 - at, lines)
            if rule and not entry.options:
                for line in range(lines):
                    draft.sheet.line(
                        (at - 2, draft.y + 2.2 + line * size * 1.3),
                        (x + wide - 12, draft.y + 2.2 + line * size * 1.3),
                        0.5,
                    )
            x += wide
        draft.y += (lines - 1) * size * 1.4
    draft.y += size * 0.9


def one_column(draft: Draft) -> None:
    """A label a line; the values in a column of their own."""
    each_section(draft, lambda section: _aligned(draft, section, right=False, leader=""))


def right_labels(draft: Draft) -> None:
    """The same with the labels set to the right, close to their values."""
    each_section(draft, lambda section: _aligned(draft, section, right=True, leader=""))


def dotted(draft: Draft) -> None:
    """The same with dots from each label to its value."""
    each_section(draft, lambda section: _aligned(draft, section, right=False, leader="."))


def _aligned(draft: Draft, section: Section, *, right: bool, leader: str) -> None:
    size = max(draft.style.size, draft.style.value_size)
    end = "" if leader else draft.style.label_end
    widest = max(draft.label_width(entry.label + end) for entry in section.entries)
    at = draft.left + min(widest, draft.width * 0.5) + 14
    for entry in section.entries:
        lines = lines_for(draft, entry, draft.right - at)
        draft.room(size * (1.7 + 1.4 * lines))
        draft.y += size * 1.65
        label = entry.label + end
        begin = at - 8 - draft.label_width(label) if right else draft.left
        stop = draft.label(begin, draft.y, label)
        if leader:
            dots = int((at - 6 - stop) / draft.label_width(leader + " ", bold=False))
            draft.sheet.text(stop + 3, draft.y, (leader + " ") * dots, draft.face(), draft.style.size, told=False)
        put_value(draft, entry, at, draft.y, draft.right - at, lines)
        draft.y += (lines - 1) * size * 1.4
    draft.y += size * 0.9


def under_line(draft: Draft) -> None:
    """Lines to write on, with what is asked in small print beneath."""

    def draw(section: Section) -> None:
        size = max(draft.style.size, draft.style.value_size)
        small = draft.style.size * 0.82
        for row in packed(draft, section.entries, want_above, draft.width):
            lines = max(lines_for(draft, entry, wide - 14) for entry, wide in row)
            draft.room(size * (3.4 + 1.3 * lines))
            draft.y += size * (0.9 + 1.3 * lines)
            x = draft.left
            for entry, wide in row:
                if entry.options:
                    marks.options(draft, x + 2, draft.y - (lines - 1) * size * 1.3, entry, right=x + wide)
                elif entry.parts:
                    _parts_on_lines(draft, entry, x, wide - 14)
                else:
                    draft.value(x + 3, draft.y - 1, entry, wide - 20, lines=lines, up=True)
                if not entry.parts:
                    draft.sheet.line((x, draft.y + 2), (x + wide - 14, draft.y + 2), 0.6)
                    draft.label(x, draft.y + 2 + small * 1.15, entry.label, size=small)
                x += wide
            draft.y += small * 1.3
        draft.y += size * 0.5

    each_section(draft, draw)


def _parts_on_lines(draft: Draft, entry: Entry, x: float, width: float) -> None:
    """A name in pieces, each on its own line."""
    small = draft.style.size * 0.82
    face = draft.value_face(entry.keys)
    for part in entry.parts:
        wide = width * part.share - 8
        if part.text:
            size, [runs, *_] = draft.fit(Entry("", ((part.text, entry.keys[0]),)), wide, face)
            draft.runs(x + 3, draft.y - 1, runs, face, size)
        draft.sheet.line((x, draft.y + 2), (x + wide, draft.y + 2), 0.6)
        draft.label(x, draft.y + 2 + small * 1.15, part.label, size=small)
        x += wide + 8


def two_columns(draft: Draft) -> None:
    """Sections side by side in two columns."""
    _columns(draft, 2)


def three_columns(draft: Draft) -> None:
    """Sections side by side in three narrow columns."""
    _columns(draft, 3)


def panels(draft: Draft) -> None:
    """Two columns of framed panels, each under a bar."""
    draft.style = replace(draft.style, heading=draft.draw.choice(("bar", "bar", "tinted", "boxed")))
    _columns(draft, 2, framed=True)


def inline(draft: Draft) -> None:
    """Labels and values run on, one behind the other, with a sign between."""
    between = draft.draw.choice(("  |  ", "   ", ";  ", "  •  ", "  /  "))

    def draw(section: Section) -> None:
        size = max(draft.style.size, draft.style.value_size)
        draft.y += size * 1.5
        x = draft.left
        for number, entry in enumerate(section.entries):
            label = (between if number else "") + entry.label + (draft.style.label_end or ":")
            wide = draft.label_width(label) + 4 + value_width(draft, entry)
            if number and x + wide > draft.right:
                label = label.removeprefix(between)
                draft.room(size * 2)
                draft.y += size * 1.5
                x = draft.left
            at = draft.label(x, draft.y, label) + 4
            room = draft.right - at
            draft.y = put_value(draft, entry, at, draft.y, room, lines_for(draft, entry, room))
            x = at + min(room, value_width(draft, entry))
        draft.y += size

    each_section(draft, draw)


def _columns(draft: Draft, count: int, *, framed: bool = False) -> None:
    """Sections fill the column that is shortest; tables stand beneath, over the whole width."""
    gap = 16.0
    wide = (draft.width - gap * (count - 1)) / count
    filled: list[float] = []
    above = draft.draw.random() < 0.4

    def draw(section: Section) -> None:
        if not filled:
            filled.extend([draft.y] * count)
        place = filled.index(min(filled))
        left = draft.left + place * (wide + gap)
        draft.y = top = filled[place]
        heading(draft, section.heading, left=left, right=left + wide)
        inset = 5.0 if framed else 0.0
        _column(draft, section.entries, left + inset, wide - 2 * inset, above=above or count == 3)
        if framed:
            draft.sheet.frame((left, top, left + wide, draft.y))
            draft.y += draft.style.size
        filled[place] = draft.y

    def below() -> None:
        draft.y = max(filled, default=draft.y)

    each_section(draft, draw, headed=False, before_tables=below)


def _column(draft: Draft, entries: Sequence[Entry], left: float, wide: float, *, above: bool) -> None:
    size = max(draft.style.size, draft.style.value_size)
    for entry in entries:
        label = entry.label + draft.style.label_end
        beside = not above and draft.label_width(label) < wide * 0.55
        draft.y += size * 1.6
        stop = draft.label(left, draft.y, label, size=draft.style.size * min(1, wide / draft.label_width(label))) + 6
        at, room = (stop, left + wide - stop) if beside else (left + 6, wide - 6)
        if not beside:
            draft.y += size * 1.35
        lines = lines_for(draft, entry, room)
        draft.y = put_value(draft, entry, at, draft.y, room, lines)
    draft.y += size * 1.2
