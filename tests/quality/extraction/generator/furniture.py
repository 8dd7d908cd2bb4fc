"""What stands around the fields: letterheads, logos, headings, small print, stamps, bar codes, places to sign."""

from random import Random

from tests.quality.extraction.generator import fonts, invention, printing
from tests.quality.extraction.generator.draft import Draft, broken_runs
from tests.quality.extraction.generator.marks import arrow, signature
from tests.quality.extraction.generator.sheet import BLACK, GREY, SHADE, WHITE, Colour, Glyphs, Round, Shape

_SMALL_PRINT = (
    "CONFIDENTIAL: contains protected health information. Unauthorized disclosure is prohibited by law.",
    "Please print clearly in black or blue ink. Incomplete forms will be returned.",
    "This form becomes part of the permanent medical record.",
    "I certify that the information above is true and complete to the best of my knowledge.",
    "I authorize release of any medical information necessary to process this claim.",
    "I certify that life expectancy is six months or less if the terminal illness runs its normal course.",
)
_FORM_CODES = ("Form {0}-{1} (Rev. 0{2}/2{2})", "F{0}.{1} Rev {2}", "HIM-{0}{1}", "MR{0}-{1}  07/1{2}")
_STAMPS = ("RECEIVED", "SCANNED", "COPY", "FAXED", "ENTERED", "CHART COPY")


def tint(colour: Colour) -> Colour:
    """The colour, mostly white."""
    red, green, blue = (round(255 - (255 - part) * 0.16) for part in colour)
    return red, green, blue


def letterhead(draft: Draft) -> None:
    """Who prints the form, and what it is called; in one of several arrangements."""
    draw, style, content = draft.draw, draft.style, draft.content
    big = style.size * draw.uniform(1.45, 2.0)
    title = content.title.upper() if draw.random() < 0.3 else content.title
    order = [(content.issuer, "issuer"), (title, "title")]
    if draw.random() < 0.3:
        order.reverse()
    centred = draw.random() < 0.5
    logo = draw.random() < 0.45
    if logo:
        _logo(draft, draft.left if not centred else draft.right - 34, draft.y)
    indent = 44.0 if logo and not centred else 0.0
    for number, (text, what) in enumerate(order):
        if not text:
            continue
        size = big if number == 0 else big * draw.uniform(0.75, 1.0)
        face = draft.face(bold=draw.random() < 0.8)
        size *= min(1.0, (draft.width - 100) / fonts.width(face, text, size))
        draft.y += size * 1.05
        wide = fonts.width(face, text, size)
        x = draft.left + (draft.width - wide) / 2 if centred else draft.left + indent
        box = draft.sheet.text(x, draft.y, text, face, size, style.accent if number == 0 else BLACK)
        if what == "issuer":
            if _issuer_key(draft):
                draft.note(_issuer_key(draft), text, box)
            _contact_line(draft, centred=centred, x=x)
        draft.y += size * 0.3
    draft.y += style.size * 0.6
    if draw.random() < 0.4:
        draft.sheet.line((draft.left, draft.y), (draft.right, draft.y), draw.choice((0.6, 1.4)), style.accent)
        draft.y += style.size * 0.5
    if draw.random() < 0.3:
        small(draft, draw.choice(_SMALL_PRINT[:3]))
    if draw.random() < 0.25:
        bar_code(draft, draft.right - 110, 14)


def _issuer_key(draft: Draft) -> str:
    match draft.content.kind:
        case "lab_report":
            return "performing_laboratory"
        case "insurance_card":
            return "payer"
        case "generic_form":
            return ""
        case _:
            return "facility_name"


def _contact_line(draft: Draft, *, centred: bool, x: float) -> None:
    """The issuer's address, telephone and fax in small print."""
    draw, size = draft.draw, draft.style.size * 0.88
    runs = [(invention.address(draw), "")] if draw.random() < 0.6 else []
    for label, text, key in draft.content.letterhead:
        runs += [(f"{'   ' if runs else ''}{label}: ", ""), (text, key)]
    if not runs:
        return
    draft.y += size * 1.35
    wide = sum(fonts.width(draft.face(), text, size) for text, _ in runs)
    if wide > draft.width - 40:
        size *= (draft.width - 40) / wide
        wide = draft.width - 40
    at = draft.left + (draft.width - wide) / 2 if centred else x
    for text, key in runs:
        box = draft.sheet.text(at, draft.y, text, draft.face(), size)
        if key:
            draft.note(key, text, box)
        at += fonts.width(draft.face(), text, size)


def _logo(draft: Draft, x: float, y: float) -> None:
    """A drawn sign of nobody's."""
    colour, sheet = draft.style.accent, draft.sheet
    match draft.draw.randrange(4):
        case 0:
            sheet.drawn.append(Round((x, y, x + 32, y + 32), colour))
            sheet.frame((x + 13, y + 6, x + 19, y + 26), fill=WHITE, outline=None)
            sheet.frame((x + 6, y + 13, x + 26, y + 19), fill=WHITE, outline=None)
        case 1:
            sheet.drawn.append(Shape(((x + 16, y), (x + 32, y + 30), (x, y + 30)), fill=colour))
        case 2:
            sheet.frame((x, y, x + 32, y + 32), fill=None, outline=colour, width=2)
            sheet.stroke(
                [(x + 4, y + 18), (x + 11, y + 18), (x + 15, y + 7), (x + 20, y + 26), (x + 28, y + 18)], 1.6, colour
            )
        case _:
            sheet.drawn.append(Round((x, y + 4, x + 20, y + 24), colour))
            sheet.drawn.append(Round((x + 12, y + 8, x + 32, y + 28), tint(colour), colour))


def heading(draft: Draft, text: str, *, left: float | None = None, right: float | None = None) -> None:
    """A section's heading in the style's way; moves down past it."""
    if not text:
        return
    style, sheet = draft.style, draft.sheet
    left, right = draft.left if left is None else left, draft.right if right is None else right
    size = style.size * 1.12
    top = draft.y
    base = top + size * 1.15
    match style.heading:
        case "bar":
            sheet.frame((left, top, right, top + size * 1.6), fill=style.accent, outline=None)
            draft.label(left + 5, base, text.upper(), size=size, bold=True, colour=WHITE)
        case "tinted":
            sheet.frame((left, top, right, top + size * 1.6), fill=tint(style.accent), outline=None)
            draft.label(left + 5, base, text, size=size, bold=True)
        case "boxed":
            sheet.frame((left, top, right, top + size * 1.6), fill=SHADE)
            draft.label(
                left + (right - left - draft.label_width(text, size, bold=True)) / 2, base, text, size=size, bold=True
            )
        case "underline":
            draft.label(left, base, text, size=size, bold=True)
            sheet.line((left, base + 3), (right, base + 3), 0.9)
        case "caps":
            draft.label(left, base, text.upper(), size=size, bold=True)
        case _:
            draft.label(left, base, text, size=size * 1.08, bold=True, colour=style.accent)
    draft.y = top + size * 1.6 + style.size * 0.25


def small(draft: Draft, text: str) -> None:
    """A line of small print."""
    size = min(
        draft.style.size * 0.82,
        draft.style.size * 0.82 * draft.width / draft.label_width(text, draft.style.size * 0.82, bold=False),
    )
    draft.y += size * 1.25
    draft.label(draft.left, draft.y, text, size=size, bold=False, colour=GREY)
    draft.y += size * 0.5


def sign_off(draft: Draft) -> None:
    """Lines to sign and date, where the document has any."""
    content, style, draw = draft.content, draft.style, draft.draw
    if not content.signature:
        return
    if draw.random() < 0.25:
        _consent(draft)
    draft.room(70)
    if draw.random() < 0.5:
        small(draft, _SMALL_PRINT[5] if content.signature.startswith("physician") else draw.choice(_SMALL_PRINT[3:5]))
    draft.y += 34
    y, split = draft.y, draft.left + draft.width * draw.uniform(0.55, 0.68)
    date = content.values.get("signature_date")
    shown = printing.printed("signature_date", date, style)
    asks_date = "signature_date" in content.values
    small_print = style.size * 0.85
    if draw.random() < 0.5:
        begin = draft.label(draft.left, y, content.signature_label + style.label_end) + 8
        draft.sheet.line((begin, y + 2), (split - 12, y + 2))
        date_at = draft.label(split, y, "Date" + style.label_end) + 8 if asks_date else split
        draft.sheet.line((date_at, y + 2), (draft.right, y + 2)) if asks_date else None
    else:
        begin, date_at = draft.left + 14, split + 8
        draft.sheet.line((draft.left, y + 2), (split - 16, y + 2))
        draft.label(draft.left, y + 2 + small_print * 1.1, content.signature_label, size=small_print, bold=False)
        if asks_date:
            draft.sheet.line((split, y + 2), (draft.right, y + 2))
            draft.label(
                split, y + 2 + small_print * 1.1, draw.choice(("Date", "Date Signed")), size=small_print, bold=False
            )
        if draw.random() < 0.2:
            arrow(draft, draft.left - 12, y)
    if content.signed:
        signature(draft, begin, y, min(150, max(40, split - 24 - begin)), content.signature)
    if asks_date and shown:
        face = draft.value_face(("signature_date",))
        draft.runs(date_at, y - 0.5, [(shown, "signature_date")], face, style.value_size)
    draft.y = y + style.size * 2.2


def _consent(draft: Draft) -> None:
    """A paragraph that names much and asks nothing."""
    face, size = draft.face(), draft.style.size * 0.85
    draft.y += size
    for line in broken_runs([(draft.draw.choice(invention.WORDS["consents"]), "")], draft.width, face, size):
        draft.room(size * 1.3)
        draft.y += size * 1.3
        draft.label(draft.left, draft.y, line[0][0].strip(), size=size, bold=False)
    draft.y += size * 0.6


def office_box(draft: Draft) -> None:
    """A box for the office's own notes, which are no fields; none where the sheet is full."""
    draw, size = draft.draw, draft.style.size * 0.9
    if not draft.fits(size * 5):
        return
    top = draft.y + 4
    draft.sheet.frame((draft.left, top, draft.right, top + size * 3.6), fill=draw.choice((None, SHADE)))
    draft.label(
        draft.left + 4,
        top + size * 1.2,
        draw.choice(("FOR OFFICE USE ONLY", "Office Use Only", "STAFF USE - DO NOT WRITE BELOW")),
        size=size,
        bold=True,
    )
    words = draw.sample(
        ("Entered by: ", "Verified: ", "Batch #: ", "Scanned on: ", "Initials: ", "Copay: $", "Clerk: "), 3
    )
    for number, word in enumerate(words):
        draft.label(
            draft.left + 4 + number * draft.width / 3,
            top + size * 2.8,
            word + str(draw.choice(("", "KL", "04/1", "______"))),
            size=size,
            bold=False,
        )
    draft.y = top + size * 4.2


def footer(draft: Draft) -> None:
    """Page numbers and the form's own number at the foot of every sheet; a stamp at times."""
    draw, size = draft.draw, draft.style.size * 0.78
    code = draw.choice(_FORM_CODES).format(draw.randrange(100, 999), draw.randrange(10, 99), draw.randrange(1, 6))
    numbered, coded = draw.random() < 0.6 or len(draft.sheets) > 1, draw.random() < 0.6
    face = draft.face()
    for number, sheet in enumerate(draft.sheets, 1):
        y = sheet.size[1] - 22
        if coded:
            sheet.text(draft.left, y, code, face, size, GREY)
        if numbered:
            text = f"Page {number} of {len(draft.sheets)}"
            sheet.text(draft.right - fonts.width(face, text, size), y, text, face, size, GREY)
    if draw.random() < 0.1:
        _stamp(draft, draw)


def _stamp(draft: Draft, draw: Random) -> None:
    at = (draw.uniform(330, 430), draw.uniform(730, 752))
    draft.sheets[0].drawn.append(
        Glyphs(at, draw.choice(_STAMPS), draft.face(bold=True), 17, (150, 60, 70), draw.uniform(-8, 8))
    )


def bar_code(draft: Draft, x: float, y: float) -> None:
    """Bars that say nothing."""
    for _ in range(34):
        wide = draft.draw.choice((0.8, 0.8, 1.6, 2.4))
        draft.sheet.frame((x, y, x + wide, y + 18), fill=BLACK, outline=None)
        x += wide + draft.draw.choice((0.8, 1.6))
