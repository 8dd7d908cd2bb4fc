"""Insurance cards: at a card's own size, or copied onto a page."""

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.content import Entry
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.furniture import tint
from tests.quality.extraction.generator.invention import WORDS
from tests.quality.extraction.generator.sheet import BLACK, CARD, WHITE, Round, Shape, Sheet


def card(draft: Draft) -> None:
    """A card that fills its sheet."""
    draft.size = CARD
    draft.sheets[:] = [Sheet(CARD)]
    _draw(draft, 0, 0, 1.0)


def card_on_page(draft: Draft) -> None:
    """A card copied onto a letter page, a little enlarged or not."""
    by = draft.draw.uniform(1.0, 1.7)
    x = draft.draw.uniform(40, 560 - CARD[0] * by)
    y = draft.draw.uniform(50, 420)
    if draft.draw.random() < 0.5:
        draft.label(
            40,
            36,
            draft.draw.choice(("Copy of insurance card", "INSURANCE CARD - FRONT", "Scanned at check-in")),
            bold=True,
        )
    draft.sheet.frame((x, y, x + CARD[0] * by, y + CARD[1] * by), width=0.8)
    _draw(draft, x, y, by)


def _draw(draft: Draft, x: float, y: float, by: float) -> None:
    draw, style, sheet = draft.draw, draft.style, draft.sheet
    wide, high = CARD[0] * by, CARD[1] * by
    accent = style.accent
    banner = draw.random() < 0.6
    if draw.random() < 0.4:
        sheet.frame((x + 1, y + 1, x + wide - 1, y + high - 1), fill=tint(accent), outline=None)
    if banner:
        sheet.frame((x + 1, y + 1, x + wide - 1, y + high * 0.2), fill=accent, outline=None)
    payer = draft.content.issuer
    face = draft.face(bold=True)
    size = min(12 * by, 12 * by * wide * 0.62 / max(1, fonts.width(face, payer, 12 * by)))
    at = x + (10 if draw.random() < 0.6 else wide * 0.22)
    box = sheet.text(at, y + high * 0.14, payer, face, size, WHITE if banner else accent)
    draft.note("payer", payer, box)
    sign = WHITE if banner else accent
    edge = x + wide - 8 * by
    if draw.random() < 0.5:
        sheet.drawn.append(Round((edge - 22 * by, y + 4 * by, edge, y + 26 * by), sign))
    elif draw.random() < 0.5:
        peak = ((edge - 12 * by, y + 5 * by), (edge, y + 24 * by), (edge - 24 * by, y + 24 * by))
        sheet.drawn.append(Shape(peak, fill=sign))
    if draft.content.title:
        draft.label(x + 10, y + high * 0.285, draft.content.title, size=7 * by, bold=False)
    _entries(draft, x, y, by)


def _entries(draft: Draft, x: float, y: float, by: float) -> None:
    """The fields in one column or two, labels beside or above; noise on the right or at the foot."""
    draw, style = draft.draw, draft.style
    entries = [entry for section in draft.content.sections for entry in section.entries]
    above = draw.random() < 0.35
    label_size, size = 6.2 * by, draw.uniform(7.2, 8.6) * by
    step = (16.5 if above else 12.5) * by
    columns = 2 if draw.random() < 0.4 or above or len(entries) > 6 else 1
    room = CARD[0] * by / columns - 16 * by if columns == 2 else CARD[0] * by * 0.62
    top = y + CARD[1] * by * 0.40
    for number, entry in enumerate(entries):
        left = x + 10 + (number % columns) * CARD[0] * by / 2
        base = top + (number // columns) * step
        end = style.label_end
        if above:
            draft.label(left, base - size * 0.95, entry.label, size=label_size)
            at = left
        else:
            at = draft.label(left, base, entry.label + end, size=label_size) + 4 * by
        put_card_value(draft, entry, at, base, left + room - at, size)
    lines = draw.sample(WORDS["card_noise"], 3 if columns == 1 else 1)
    for number, text in enumerate(lines if columns == 1 else ()):
        draft.sheet.text(x + CARD[0] * by * 0.67, top + number * step, text, draft.face(), 5.8 * by)
    foot = draw.choice(WORDS["card_service"]) + ("   " + lines[0] if columns == 2 else "")
    draft.sheet.text(x + 10, y + CARD[1] * by - 6 * by, foot, draft.face(), 5.4 * by, BLACK)


def put_card_value(draft: Draft, entry: Entry, x: float, y: float, width: float, size: float) -> None:
    """The value, or the option that is chosen, set smaller where there is not `width` for it."""
    text = entry.text if not entry.options or entry.chosen is None else entry.options[entry.chosen]
    if not text:
        return
    face = draft.value_face(entry.keys)
    size = min(size, size * max(width, 30) / fonts.width(face, text, size))
    draft.runs(x, y, [(text, entry.keys[0])], face, size)
