"""Entries in rows, as many beside each other as go."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.content import Entry
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.marks import options_width
from tests.quality.extraction.generator.sheet import Box

Want = Callable[[Draft, Entry], float]
Painter = Callable[[Draft, Entry, Box, int], None]
"""Draws an entry, whose value takes so many lines, in a box."""

Rows = Sequence[Sequence[tuple[Entry, float]]]
"""Entries beside each other with their widths in points."""

_MOST_LINES = 3  # of a value


def packed(draft: Draft, entries: Sequence[Entry], want: Want, width: float) -> list[list[tuple[Entry, float]]]:
    """Rows of entries with their widths in points; each row fills `width`."""
    rows: list[list[tuple[Entry, float]]] = [[]]
    for entry in entries:
        wanted = min(width, want(draft, entry))
        if rows[-1] and sum(wide for _, wide in rows[-1]) + wanted > width:
            rows.append([])
        rows[-1].append((entry, wanted))
    return [_justified(row, width) for row in rows if row]


def _justified(row: list[tuple[Entry, float]], width: float) -> list[tuple[Entry, float]]:
    spare = width - sum(wide for _, wide in row)
    return [(entry, wide + spare / len(row)) for entry, wide in row]


def on_grid(draft: Draft, entries: Sequence[Entry], columns: int) -> list[list[tuple[Entry, float]]]:
    """Rows of entries with their widths, in columns of one width; what wants more room takes several of them."""
    wide = draft.width / columns
    rows: list[list[tuple[Entry, float]]] = [[]]
    left = columns
    for entry in entries:
        wanted = max(draft.label_width(entry.label) * 0.8, value_width(draft, entry) * 0.9) + 12
        taken = min(columns, math.ceil(wanted / wide))
        if taken > left:
            rows.append([])
            left = columns
        rows[-1].append((entry, taken * wide))
        left -= taken
    return [row for row in rows if row]


@dataclass(frozen=True, slots=True)
class Room:
    """What is free in a row's cells and under it: beside a value and under it in points, above it and under the last
    row in sizes of print."""

    beside: float
    above: float
    under: float
    behind: float


def paint_rows(draft: Draft, rows: Rows, paint: Painter, room: Room) -> None:
    """Draws the rows beneath each other, each as high as its highest entry."""
    small, size = draft.style.size * 0.8, draft.style.value_size
    for row in rows:
        lines = max(lines_for(draft, entry, wide - room.beside) for entry, wide in row)
        high = small * room.above + size * 1.35 * lines + room.under
        draft.room(high)
        left = draft.left
        for entry, wide in row:
            paint(draft, entry, (left, draft.y, left + wide, draft.y + high), lines)
            left += wide
        draft.y += high
    draft.y += draft.style.size * room.behind


def value_width(draft: Draft, entry: Entry) -> float:
    """How wide the value would like to be; a blank one as wide as such values are."""
    if entry.options:
        return options_width(draft, entry)
    if entry.parts:
        return 90.0 * len(entry.parts)
    faces = [draft.style.value_face, draft.style.hand_face] if draft.style.hand else [draft.style.value_face]
    texts = (entry.text or "00/00/0000 0000").split("\n")
    return max(fonts.width(face, text, draft.style.value_size) for face in faces for text in texts)


def want_above(draft: Draft, entry: Entry) -> float:
    """For a label above its value."""
    return max(draft.label_width(entry.label) * 0.9, value_width(draft, entry)) + 16 + draft.draw.uniform(0, 50)


def want_beside(draft: Draft, entry: Entry) -> float:
    """For a label left of its value."""
    return (
        draft.label_width(entry.label + draft.style.label_end)
        + value_width(draft, entry)
        + 28
        + draft.draw.uniform(0, 30)
    )


def lines_for(draft: Draft, entry: Entry, width: float) -> int:
    """How many lines the value or its options take in `width`."""
    natural = value_width(draft, entry)
    if entry.options and draft.style.options_column:
        return len(entry.options)
    if entry.options:
        longest = max(draft.label_width(option, bold=False) for option in entry.options) + 24
        return 1 if natural <= width else min(len(entry.options), int(natural // max(1, width - longest / 2)) + 1)
    if "\n" in entry.text and not entry.parts:
        return entry.text.count("\n") + 1
    if entry.parts or natural * 0.72 <= width:
        return 1
    return min(_MOST_LINES, int(natural * 0.95 // width) + 1)


def numbered(draft: Draft, entries: Sequence[Entry], start: int) -> list[Entry]:
    """The entries with numbers before their labels, where the style has it so."""
    form = draft.style.numbered
    if not form:
        return list(entries)
    return [
        Entry(f"{form.replace('1', str(number))} {entry.label}", entry.runs, entry.options, entry.chosen, entry.parts)
        for number, entry in enumerate(entries, start)
    ]
