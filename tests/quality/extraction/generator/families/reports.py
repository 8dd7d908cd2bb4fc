"""Reports that people dictate: paragraphs under headings of their own, values in their sentences."""

from dataclasses import replace

from tests.quality.extraction.generator import furniture
from tests.quality.extraction.generator.content import Runs, Section
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.families.letters import paragraph, sign
from tests.quality.extraction.generator.prose import sentences
from tests.quality.extraction.generator.tables import draw_table


def report(draft: Draft) -> None:
    """A paragraph for each section, its heading over it or in capitals at its beginning."""
    run_in = draft.draw.random() < 0.5
    furniture.letterhead(draft)
    draft.y += draft.style.value_size
    for section in draft.content.sections:
        if section.table:
            draw_table(draft, section.table)
            continue
        head = section.heading.upper() + ": " if run_in and section.heading else ""
        if section.heading and not run_in:
            furniture.heading(draft, section.heading)
        paragraph(draft, ((head, ""), *_said(draft, section)))
    sign(draft)
    furniture.footer(draft)


def _said(draft: Draft, section: Section) -> Runs:
    alone = replace(draft.content, sections=(section,))
    return tuple(run for sentence in sentences(draft.draw, alone, "report") for run in sentence)
