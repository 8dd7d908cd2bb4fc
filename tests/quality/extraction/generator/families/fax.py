"""A fax's cover sheet, and what it covers."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.quality.extraction.generator import invention
from tests.quality.extraction.generator.content import Entry
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families import cells, lines
from tests.quality.extraction.generator.families.frame import put_value
from tests.quality.extraction.generator.furniture import small

_ON_COVER = ("referring_facility", "referring_phone", "referral_date", "page_count_stated")
_NOTICE = (
    "The documents accompanying this transmission contain confidential health information that is legally privileged.",
    "If you are not the intended recipient, please notify the sender at once and destroy these pages.",
)


def fax_cover(draft: Draft) -> None:
    """A big word, who sends what to whom in two columns, and an information sheet behind it."""
    words = ("To", "Attn", "Fax", "Re", draft.draw.choice(("FAX", "Fax Cover Sheet", "FACSIMILE")))
    _cover(draft, words, columns=2)
    _behind(
        draft, draft.draw.choice((lines.colon_lines, cells.cells, lines.ruled_lines, cells.ledger, lines.two_columns))
    )


def transmittal(draft: Draft) -> None:
    """The same in one column, with other words."""
    words = ("Deliver to", "Care of", "Telecopier", "Concerning", draft.draw.choice(("TRANSMITTAL", "Telecopy")))
    _cover(draft, words, columns=1)
    _behind(draft, draft.draw.choice((lines.right_labels, cells.zebra, cells.web_form)))


def _behind(draft: Draft, draw: Callable[[Draft], None]) -> None:
    """The sheet behind the cover, which does not ask again what the cover says."""
    draft.turn()
    sections = []
    for section in draft.content.sections:
        left = tuple(entry for entry in section.entries if not set(entry.keys) & set(_ON_COVER))
        if left or section.table:
            sections.append(replace(section, entries=left))
    draft.content = replace(draft.content, sections=tuple(sections))
    draw(draft)


def _cover(draft: Draft, words: Sequence[str], columns: int) -> None:
    to, attention, fax, about, title = words
    draw, content = draft.draw, draft.content
    asked = {key: entry for section in content.sections for entry in section.entries for key in entry.keys}
    entries = [
        Entry(to, ((content.issuer, "facility_name"),)),
        *(asked[key] for key in _ON_COVER if key in asked),
        Entry(attention, ((draw.choice(("Intake", "Admissions", "Referral Coordinator", "Medical Records")), ""),)),
        Entry(fax, (("", ""),)),
        Entry(about, ((draw.choice(("New referral", "Patient referral", "Records requested", "")), ""),)),
    ]
    head, tail = entries[:2], entries[2:]
    draw.shuffle(tail)
    _headed(draft, title)
    _asked(draft, [*head, *tail], columns)
    _message(draft)


def _headed(draft: Draft, title: str) -> None:
    size = draft.style.size * draft.draw.uniform(2.6, 4.2)
    draft.y += size
    draft.sheet.text(draft.left, draft.y, title, draft.face(bold=True), size)
    draft.y += size * 0.4
    draft.sheet.line((draft.left, draft.y), (draft.right, draft.y), 1.6, draft.style.accent)
    draft.y += draft.style.size * 2


def _asked(draft: Draft, entries: Sequence[Entry], columns: int) -> None:
    size, wide = draft.style.value_size * 1.1, draft.width / columns
    for begin in range(0, len(entries), columns):
        draft.y += size * 2.2
        for place, entry in enumerate(entries[begin : begin + columns]):
            x = draft.left + place * wide
            at = max(draft.label(x, draft.y, entry.label + ":", bold=True) + 6, x + (90 if columns == 1 else 0))
            put_value(draft, entry, at, draft.y, x + wide - 14 - at, 1)
            draft.sheet.line((at, draft.y + 2.5), (x + wide - 12, draft.y + 2.5), 0.5)
    draft.y += size * 3


def _message(draft: Draft) -> None:
    """Boxes that nobody asks about, a remark, and the lawyers' words."""
    draw, size = draft.draw, draft.style.size
    x = draft.left
    for word in ("Urgent", "For Review", "Please Comment", "Please Reply"):
        draft.sheet.frame((x, draft.y - size * 0.8, x + size * 0.85, draft.y + size * 0.05))
        x = draft.label(x + size * 1.3, draft.y, word, bold=False) + 22
    draft.y += size * 3
    draft.label(draft.left, draft.y, draw.choice(("Comments:", "Message:", "Notes:")), bold=True)
    draft.y += size * 1.6
    remark = draw.choice(invention.WORDS["fax_remarks"])
    draft.sheet.text(draft.left, draft.y, remark, draft.style.value_face, draft.style.value_size)
    draft.y = max(draft.y + 60, draft.size[1] * 0.7)
    for line in _NOTICE:
        small(draft, line)
