"""Letters and notes: values stand in sentences, tables as lists beneath."""

from tests.quality.extraction.generator import furniture, printing
from tests.quality.extraction.generator.content import Entry, Runs
from tests.quality.extraction.generator.draft import Draft, broken_runs
from tests.quality.extraction.generator.marks import signature
from tests.quality.extraction.generator.prose import WORDS, sentences
from tests.quality.extraction.generator.tables import draw_table

KINDS = ("discharge_summary", "referral", "hospice_certification", "hospice_admission")
"""Kinds of document that people write as letters."""


def letter(draft: Draft) -> None:
    """A letter on headed paper, with a greeting and a signature."""
    _write(draft, "letter")


def note(draft: Draft) -> None:
    """A note for the chart: sentences, more of them, and no greeting."""
    _write(draft, "note")


def _write(draft: Draft, voice: str) -> None:
    draw, words = draft.draw, WORDS[voice]
    furniture.letterhead(draft)
    draft.y += draft.style.value_size * 1.5
    paragraph(draft, ((draw.choice(words["greetings"]), ""),))
    said = sentences(draw, draft.content, voice)
    while said:
        count = draw.randint(2, 5)
        paragraph(draft, tuple(run for sentence in said[:count] for run in sentence))
        said = said[count:]
    for section in draft.content.sections:
        if section.table:
            draw_table(draft, section.table)
    paragraph(draft, ((draw.choice(words["closings"]), ""),))
    sign(draft)
    furniture.footer(draft)


def paragraph(draft: Draft, runs: Runs) -> None:
    """The runs over the whole width, and a little space."""
    text = "".join(text for text, _ in runs).strip()
    if not text:
        return
    face, size = draft.value_face(Entry("", runs).keys), draft.style.value_size
    for line in broken_runs(runs, draft.width, face, size):
        draft.room(size * 1.4)
        draft.y += size * 1.35
        draft.runs(draft.left, draft.y, line, face, size)
    draft.y += size * 0.9


def sign(draft: Draft) -> None:
    """The writer's name beneath, who has signed above it or not, and the date where one is asked."""
    content, style = draft.content, draft.style
    if content.signature.startswith("patient"):
        furniture.sign_off(draft)
        return
    if not content.signature:
        return
    draft.room(60)
    signed_on = printing.printed("signature_date", content.values.get("signature_date"), style)
    draft.y += 36
    if content.signed:
        signature(draft, draft.left + 4, draft.y - 6, 120, content.signature)
    draft.sheet.line((draft.left, draft.y), (draft.left + 190, draft.y), 0.5)
    draft.y += style.size * 1.3
    draft.label(draft.left, draft.y, content.signature_label, bold=False)
    if "signature_date" in content.values:
        at = draft.label(draft.left + 230, draft.y, "Date: ", bold=False) + 3
        if signed_on:
            draft.runs(at, draft.y, [(signed_on, "signature_date")], style.value_face, style.value_size)
        draft.sheet.line((at, draft.y + 2), (at + 90, draft.y + 2), 0.5)
    draft.y += style.size
