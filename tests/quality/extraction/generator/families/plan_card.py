"""Insurance cards as plans print them: a front with little print, and a back with telephone numbers."""

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.content import Entry
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families.card import put_card_value
from tests.quality.extraction.generator.invention import WORDS
from tests.quality.extraction.generator.sheet import CARD, GREY, Sheet

_STEP, _SMALL = 11.0, 5.6  # points between lines, and of small print


def plan_card(draft: Draft) -> None:
    """Front and back, each on a sheet of its own size, or both copied onto a page."""
    if draft.draw.random() < 0.4:
        draft.size = CARD
        draft.sheets[:] = [Sheet(CARD)]
        _front(draft, 0, 0, 1.0)
        draft.turn()
        _back(draft, 0, 0, 1.0)
        return
    by = draft.draw.uniform(1.0, 1.4)
    across = by < 1.08 and draft.draw.random() < 0.6
    x, y = draft.draw.uniform(30, 40), draft.draw.uniform(60, 160)
    if draft.draw.random() < 0.3:
        draft.label(x, y - 20, draft.draw.choice(("Insurance card: front and back", "COPY OF CARD", "Ins. card scan")))
    there = (x + CARD[0] * by + 20, y) if across else (x, y + CARD[1] * by + 24)
    for left, top in ((x, y), there):
        draft.sheet.frame((left, top, left + CARD[0] * by, top + CARD[1] * by), width=0.6)
    _front(draft, x, y, by)
    _back(draft, *there, by)


def _front(draft: Draft, x: float, y: float, by: float) -> None:
    """The plan's name, the member on the left, what a pharmacy needs and copays on the right or at the foot."""
    draw = draft.draw
    payer, face = draft.content.issuer, draft.face(bold=True)
    size = min(13 * by, 12 * by * CARD[0] * by * 0.6 / fonts.width(face, payer, 12 * by))
    box = draft.sheet.text(x + 10 * by, y + 20 * by, payer, face, size, draft.style.accent)
    draft.note("payer", payer, box)
    if draft.content.title and draw.random() < 0.7:
        draft.label(x + 10 * by, y + 31 * by, draft.content.title, size=6.6 * by, bold=False)
    entries = [entry for section in draft.content.sections for entry in section.entries]
    foot = y + 48 * by
    above = draw.random() < 0.6
    for entry in entries:
        foot = _entry(draft, entry, (x + 10 * by, foot), by, above=above)
    right = x + CARD[0] * by * draw.uniform(0.6, 0.66)
    noise = [*draw.sample(WORDS["card_pharmacy"], 3), *draw.sample(WORDS["card_copays"], draw.randint(2, 4))]
    for place, text in enumerate(noise):
        draft.label(right, y + (46 + place * _STEP) * by, text, size=6.2 * by, bold=False)


def _entry(draft: Draft, entry: Entry, at: tuple[float, float], by: float, *, above: bool) -> float:
    """One label with its value, beside or beneath it. Returns where the next begins."""
    x, y = at
    room, size = CARD[0] * by * 0.5, 7.6 * by
    if above:
        draft.label(x, y, entry.label, size=_SMALL * by, colour=GREY)
        put_card_value(draft, entry, x, y + size, room, size)
        return y + size + _STEP * 0.85 * by
    end = draft.label(x, y, entry.label + draft.style.label_end, size=6.2 * by) + 4 * by
    put_card_value(draft, entry, end, y, x + room - end, size)
    return y + _STEP * by * 1.05


def _back(draft: Draft, x: float, y: float, by: float) -> None:
    """Small print and telephone numbers, which are nobody's fields."""
    draw = draft.draw
    for place, text in enumerate(draw.sample(WORDS["card_back"], draw.randint(4, 6))):
        size = min(6.0, 6.0 * CARD[0] * 0.9 / draft.label_width(text, 6.0, bold=False)) * by
        draft.label(x + 10 * by, y + (22 + place * 15) * by, text, size=size, bold=False)
