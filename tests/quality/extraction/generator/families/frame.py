"""What the layouts share: the document's order from letterhead to foot, and a value beside its label."""

from collections.abc import Callable
from dataclasses import replace

from tests.quality.extraction.generator import furniture, marks
from tests.quality.extraction.generator.content import Entry, Section
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.packing import numbered
from tests.quality.extraction.generator.tables import draw_table

__all__ = ["Section", "each_section", "put_value"]


def each_section(
    draft: Draft,
    draw: Callable[[Section], None],
    *,
    headed: bool = True,
    before_tables: Callable[[], None] | None = None,
) -> None:
    """The whole document, with `draw` for the entries of a section.

    `before_tables`: the tables come last, and this comes before them. `headed`: sections get headings here.
    """
    furniture.letterhead(draft)
    sections = list(draft.content.sections)
    if before_tables:
        sections.sort(key=lambda section: section.table is not None)
    asked, told = 1, False
    shown = draft.style.within or draft.draw.random() < 0.7
    for section in sections:
        if before_tables and section.table and not told:
            before_tables()
            told = True
        if section.table:
            draw_table(draft, section.table)
            continue
        if headed and shown:
            draft.room(draft.style.size * 6)
            furniture.heading(draft, section.heading)
        draw(replace(section, entries=tuple(numbered(draft, section.entries, asked))))
        asked += len(section.entries)
    if before_tables and not told:
        before_tables()
    furniture.sign_off(draft)
    if draft.draw.random() < 0.25 and draft.content.kind != "generic_form":  # whose truth has every pair on the page
        furniture.office_box(draft)
    furniture.footer(draft)


def put_value(  # a place and its size
    draft: Draft, entry: Entry, x: float, y: float, width: float, lines: int
) -> float:
    """The value, or its options, from (x, y) on. Returns the last baseline."""
    if entry.options:
        return marks.options(draft, x, y, entry, right=x + width)
    return draft.value(x, y, entry, width, lines=lines)[1]
