"""Layouts with a place for every letter: ticks on a line, squares apart, cells in groups."""

import re
from collections.abc import Callable, Sequence

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.content import Entry
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families.frame import Section, each_section, put_value
from tests.quality.extraction.generator.packing import lines_for
from tests.quality.extraction.generator.sheet import Box, around

Painter = Callable[[Draft, Box], None]

_SPARE = 5  # empty places behind a value, at most
_LEAST = 10  # places for a value that is not there
_GROUPS = re.compile(r"\d+")
_BETWEEN_GROUPS = re.compile(r"[-/.]")
_HINTS = {"/": ("MM", "DD", "YYYY")}  # beneath a date's groups


def character_boxes(draft: Draft) -> None:
    """Labels with a row of places for single characters beside or above them."""
    paint = draft.draw.choice((_tick, _square, _cell))
    beside = draft.draw.random() < 0.5
    pitch = max(11.0, draft.style.value_size * draft.draw.uniform(1.2, 1.75))
    each_section(draft, lambda section: _section(draft, section, paint, pitch, beside=beside))


def _section(draft: Draft, section: Section, paint: Painter, pitch: float, *, beside: bool) -> None:
    size = max(draft.style.size, draft.style.value_size)
    for entry in section.entries:
        at = draft.left + draft.width * 0.34 if beside else draft.left
        if beside and draft.label_width(entry.label + draft.style.label_end) > draft.width * 0.32:
            at = draft.left + draft.label_width(entry.label + draft.style.label_end) + 8
        combed = _is_combed(draft, entry, draft.right - at, pitch)
        lines = 1 if combed else lines_for(draft, entry, draft.right - at)
        draft.room(size * (3.2 + 1.4 * lines) + pitch)
        draft.y += pitch * 1.3 if beside and combed else size * 1.5
        draft.label(draft.left, draft.y - (pitch * 0.25 if beside and combed else 0), _label(draft, entry))
        draft.y += 0 if beside else pitch * 1.4 if combed else size * 1.5
        if combed:
            _comb(draft, at, entry, paint, pitch)
        else:
            draft.y = put_value(draft, entry, at, draft.y, draft.right - at, lines)
        draft.y += size * 0.7
    draft.y += size * 0.4


def _label(draft: Draft, entry: Entry) -> str:
    return entry.label + draft.style.label_end


def _is_combed(draft: Draft, entry: Entry, width: float, pitch: float) -> bool:
    plain = not entry.options and len(entry.runs) == 1 and "\n" not in entry.text
    return plain and (len(entry.text) + 1) * pitch <= width


def _comb(draft: Draft, x: float, entry: Entry, paint: Painter, pitch: float) -> None:
    """The value a character to a place, the places' floor at the pen's height; grouped where it is of groups."""
    text, key = entry.text, entry.keys[0]
    between = set(_BETWEEN_GROUPS.findall(text))
    if paint is _cell and len(between) == 1 and len(_GROUPS.findall(text)) == 3 and not text.strip("0123456789/-."):
        _grouped(draft, x, text, key, between.pop(), pitch)
        return
    room = int((draft.right - x) // pitch)
    count = min(room, max(len(text), _LEAST) + draft.draw.randrange(_SPARE))
    for place in range(count):
        paint(draft, (x + place * pitch, draft.y - pitch, x + (place + 1) * pitch, draft.y))
    if paint is _tick:
        draft.sheet.line((x, draft.y), (x + count * pitch, draft.y), 0.7)
    _write(draft, [(x + place * pitch, letter) for place, letter in enumerate(text)], text, key, pitch)


def _grouped(  # a place, what stands there, and how
    draft: Draft, x: float, text: str, key: str, between: str, pitch: float
) -> None:
    """Three groups of cells; what parts the value's own groups is the form's print, or left out for a gap."""
    letters: list[tuple[float, str]] = []
    small = draft.style.size * 0.6
    printed = draft.draw.random() < 0.6
    for number, (group, hint) in enumerate(zip(text.split(between), _HINTS.get(between, ("",) * 3), strict=True)):
        if number and printed:
            draft.sheet.text(x + pitch * 0.35, draft.y - pitch * 0.25, between, draft.face(), draft.style.value_size)
        x += pitch * 0.9 if number else 0
        for place, letter in enumerate(group):
            _cell(draft, (x + place * pitch, draft.y - pitch * 1.2, x + (place + 1) * pitch, draft.y))
            letters.append((x + place * pitch, letter))
        draft.sheet.text(x + 1, draft.y + small * 1.1, hint, draft.face(), small)
        x += len(group) * pitch
    _write(draft, letters, text, key, pitch)
    draft.y += small


def _write(draft: Draft, letters: Sequence[tuple[float, str]], text: str, key: str, pitch: float) -> None:
    face = draft.value_face((key,))
    size = min(draft.style.value_size, pitch * 0.85)
    marked: Box | None = None
    for left, letter in letters:
        if not letter.strip():
            continue
        at = left + (pitch - fonts.width(face, letter, size)) / 2 + draft.draw.uniform(-0.06, 0.06) * pitch
        box = draft.sheet.text(at, draft.y - pitch * 0.22, letter, face, size, draft.style.ink, told=False)
        marked = box if marked is None else around(marked, box)
    if marked:
        draft.sheet.written.append((text, marked))
        draft.note(key, text, marked)


def _tick(draft: Draft, place: Box) -> None:
    """The short rules on both sides of a place, which stand on a line."""
    left, top, right, bottom = place
    for x in (left, right):
        draft.sheet.line((x, bottom - (bottom - top) * 0.45), (x, bottom), 0.6)


def _square(draft: Draft, place: Box) -> None:
    """A square that does not touch the next."""
    left, top, right, bottom = place
    gap = (right - left) * 0.08
    draft.sheet.frame((left + gap, top + gap, right - gap, bottom - gap), width=0.6)


def _cell(draft: Draft, place: Box) -> None:
    draft.sheet.frame(place, width=0.6)
