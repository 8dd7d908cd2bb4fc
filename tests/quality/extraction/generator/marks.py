"""Boxes to tick, and what a pen leaves: ticks, circles, signatures."""

import math

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.content import Entry
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.sheet import BLACK, Box, Point, Round, Shape, around

_GAP = 9.0  # points between options


def options_width(draft: Draft, entry: Entry) -> float:
    """How far the entry's options go in one row."""
    size = draft.style.size
    return sum(_mark_width(draft) + draft.label_width(option, bold=False) + _GAP for option in entry.options) + size


def options(draft: Draft, x: float, y: float, entry: Entry, *, right: float, column: bool = False) -> float:
    """The options with baselines from `y` on, in a row (broken at `right`) or a column. Returns the last baseline."""
    begin, step = x, draft.style.size * 1.5
    column = column or draft.style.options_column
    for number, option in enumerate(entry.options):
        wide = _mark_width(draft) + draft.label_width(option, bold=False)
        if number and (column or x + wide > right):
            x, y = begin, y + step
        _option(draft, x, y, option, entry, chosen=number == entry.chosen)
        x += wide + _GAP
    return y


def _mark_width(draft: Draft) -> float:
    if draft.style.box == "words":
        return 0.0
    return draft.style.size * (1.7 if draft.style.box in {"brackets", "parentheses", "underscore"} else 1.35)


def _option(draft: Draft, x: float, y: float, option: str, entry: Entry, *, chosen: bool) -> None:
    size = draft.style.size
    if draft.style.box == "words":
        words = draft.sheet.text(x, y, option, draft.face(), size)
        if chosen:
            left, top, right, bottom = words
            ring = (left - 3, top - 3, right + 3, bottom + 3)
            draft.sheet.drawn.append(Round(ring, None, draft.style.ink, 1.2))
            _note(draft, entry, option, ring)
        return
    start = x
    if draft.style.box_after:
        x += draft.label_width(option, bold=False) + size * 0.35
    box = (x, y - size * 0.82, x + size * 0.92, y + size * 0.1)
    sheet = draft.sheet
    match draft.style.box:
        case "square":
            sheet.frame(box)
        case "round":
            sheet.drawn.append(Round(box, None, BLACK))
        case "brackets" | "parentheses" | "underscore":
            signs = {"brackets": "[]", "parentheses": "()", "underscore": "__"}[draft.style.box]
            if draft.style.box == "underscore":
                sheet.line((x, y + 1), (x + size * 1.4, y + 1))
            else:
                sheet.text(x, y, signs[0], draft.face(), size, told=False)
                sheet.text(x + size * 1.05, y, signs[1], draft.face(), size, told=False)
            box = (x + size * 0.25, y - size * 0.75, x + size * 1.0, y)
    at = start if draft.style.box_after else x + _mark_width(draft)
    words = sheet.text(at, y, option, draft.face(), size)
    if chosen:
        stroked = _tick(draft, box, words)
        _note(draft, entry, option, around(stroked, words))


def _note(draft: Draft, entry: Entry, option: str, box: Box) -> None:
    for key in entry.keys:
        draft.note(key, option, box)


def _tick(draft: Draft, box: Box, words: Box) -> Box:
    """The pen's mark in the box (or around the words). Returns its box."""
    left, top, right, bottom = box
    draw, sheet, ink = draft.draw, draft.sheet, draft.style.ink
    wide, high = right - left, bottom - top
    over = draw.uniform(-0.1, 0.22) * wide
    match draft.style.tick:
        case "cross":
            sheet.stroke([(left - over, top - over), (right + over, bottom + over)], 1.3, ink)
            sheet.stroke([(right + over, top - over), (left - over, bottom + over)], 1.3, ink)
        case "tick":
            points = [(left, top + high * 0.5), (left + wide * 0.35, bottom), (right + over + 2, top - over - 2)]
            sheet.stroke(points, 1.4, ink)
        case "filled" if draft.style.box == "round":
            sheet.drawn.append(Round((left + 1.6, top + 1.6, right - 1.6, bottom - 1.6), ink))
        case "filled":
            sheet.frame((left + 0.8, top + 0.8, right - 0.8, bottom - 0.8), fill=ink, outline=None)
        case "circled":
            left, top, right, bottom = around(box, words)
            ring = (left - 2, top - 2, right + 3, bottom + 2)
            sheet.drawn.append(Round(ring, None, ink, 1.2))
            return ring
        case _:
            sheet.stroke([(left - over, bottom + over), (right + over, top - over)], 1.5, ink)
    return box


def signature(draft: Draft, x: float, y: float, width: float, key: str) -> None:
    """A scrawl above the line at `y`, of nobody's hand."""
    draw = draft.draw
    waves, phase, tall = draw.uniform(4, 9), draw.uniform(0, 6), draw.uniform(7, 14)
    points: list[Point] = []
    for step in range(90):
        t = step / 89
        swing = math.sin(t * waves * 6.283 + phase) * tall * (1 - 0.65 * t) * (0.6 + 0.4 * math.sin(t * 17 + phase))
        points.append((x + width * t + 4 * math.sin(t * waves * 12.566), y - 8 - swing * 0.8))
    if draw.random() < 0.5:
        points += [(x + width * 0.9, y - 14), (x + width * 0.1, y - 1 - draw.uniform(0, 3)), (x + width * 0.7, y - 3)]
    draft.sheet.stroke(points, draw.uniform(0.9, 1.6), draft.style.ink if draft.style.hand else BLACK)
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    draft.sheet.mark(key, (min(xs), min(ys), max(xs), max(ys)))


def comb(draft: Draft, x: float, y: float, text: str, key: str, *, cell: float, count: int) -> float:
    """`text` a character to a cell, the cells' floor at `y`. Returns where they end."""
    high = cell * 1.25
    face = draft.value_face((key,))
    size = min(draft.style.value_size, cell * 0.95)
    marked: Box | None = None
    for place in range(count):
        left = x + place * cell
        draft.sheet.frame((left, y - high, left + cell, y), width=0.5)
        if place < len(text):
            at = left + (cell - fonts.width(face, text[place], size)) / 2
            box = draft.sheet.text(at, y - high * 0.25, text[place], face, size, draft.style.ink, told=False)
            if text[place].strip():
                marked = box if marked is None else around(marked, box)
    if marked:
        draft.sheet.written.append((text, marked))
        draft.note(key, text, marked)
    return x + count * cell


def arrow(draft: Draft, x: float, y: float) -> None:
    """A filled arrow pointing right, as beside a line to sign."""
    draft.sheet.drawn.append(Shape(((x, y - 7), (x + 9, y - 3), (x, y + 1)), fill=BLACK))
