"""What systems print of what they hold: a typewriter's face, columns by character, rules of signs."""

from collections.abc import Sequence

from tests.quality.extraction.generator.content import Entry
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families.frame import Section, each_section, put_value
from tests.quality.extraction.generator.packing import lines_for

_HEADS = ("*** {} ***", "--- {} ---", "[{}]", "{}", "== {} ==")


def printout(draft: Draft) -> None:
    """Two columns of labels and values, each section under a line of signs."""
    sign, head = draft.draw.choice("-=*_"), draft.draw.choice(_HEADS)

    def draw(section: Section) -> None:
        _headed(draft, head.format(section.heading.upper()), sign)
        _beside_each_other(draft, section.entries, 1 if draft.draw.random() < 0.2 else 2)
        draft.y += draft.style.size

    each_section(draft, draw, headed=False)


def chart(draft: Draft) -> None:
    """One column; what is asked is filled up with dots to the colon before its value."""
    sign = draft.draw.choice(("-", "."))

    def draw(section: Section) -> None:
        size = draft.style.value_size
        _headed(draft, f"{section.heading}:", "" if sign == "." else "~")
        signs = min(34, max(len(entry.label) for entry in section.entries) + 3)
        at = draft.left + draft.label_width("0" * (signs + 2))
        for entry in section.entries:
            lines = lines_for(draft, entry, draft.right - at)
            draft.room(size * 1.4 * lines)
            draft.y += size * 1.4
            draft.sheet.text(
                draft.left, draft.y, f"{entry.label:{sign}<{signs}}:", draft.face(), draft.style.size, told=False
            )
            draft.y = put_value(draft, entry, at, draft.y, draft.right - at, lines)
        draft.y += size

    each_section(draft, draw, headed=False)


def _headed(draft: Draft, text: str, sign: str) -> None:
    size = draft.style.size
    draft.room(size * 6)
    draft.y += size * 1.3
    draft.label(draft.left, draft.y, text, bold=True)
    if sign:
        draft.y += size
        count = int(draft.width / draft.label_width(sign, bold=False))
        draft.sheet.text(draft.left, draft.y, sign * count, draft.face(), size, told=False)
    draft.y += size * 0.3


def _beside_each_other(draft: Draft, entries: Sequence[Entry], columns: int) -> None:
    size, wide = draft.style.value_size, draft.width / columns
    for begin in range(0, len(entries), columns):
        row = entries[begin : begin + columns]
        begins = [draft.label_width(entry.label + ": ") for entry in row]
        lines = max(lines_for(draft, entry, wide - at - 8) for entry, at in zip(row, begins, strict=True))
        draft.room(size * 1.4 * lines)
        draft.y += size * 1.4
        for place, (entry, at) in enumerate(zip(row, begins, strict=True)):
            x = draft.left + place * wide
            by = min(1.0, wide * 0.6 / at)
            draft.label(x, draft.y, entry.label + ":", size=draft.style.size * by)
            put_value(draft, entry, x + at * by, draft.y, wide - at * by - 8, lines)
        draft.y += (lines - 1) * size * 1.4
