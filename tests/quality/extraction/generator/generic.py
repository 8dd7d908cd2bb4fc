"""Forms of any other topic: nothing but labels and values."""

from collections.abc import Sequence
from random import Random

from tests.quality.extraction.generator import invention, printing
from tests.quality.extraction.generator.content import Content, Entry, Section
from tests.quality.extraction.generator.invention import Record, Row
from tests.quality.extraction.generator.style import Style
from tests.quality.extraction.generator.wording import cased


def compose_generic(draw: Random, style: Style, record: Record) -> Content:
    """A form about warranties, pets, vehicles and the like; its truth is the table `pairs`, values as printed."""
    words = invention.WORDS
    asked = draw.sample(words["generic"], draw.randint(8, 18))
    headings = draw.sample(words["generic_headings"], 4)
    rows: list[Row] = []
    sections: list[Section] = []
    size = draw.randint(4, 7)
    for begin in range(0, len(asked), size):
        entries = [_entry(draw, style, record, line, rows) for line in asked[begin : begin + size]]
        sections.append(Section(headings[begin // size % 4], tuple(entries)))
    return Content(
        "generic_form",
        draw.choice(words["business"]),
        f"{draw.choice(words['streets'])} {draw.choice(words['generic_issuers'])}",
        tuple(sections),
        {},
        {"pairs": rows},
    )


def _entry(draw: Random, style: Style, record: Record, line: Sequence[str], rows: list[Row]) -> Entry:
    label, key = cased(line[0], style), f"pairs.{len(rows)}.value"
    text = "" if draw.random() < style.blank else _text(draw, style, record, draw.choice(line[1:]))
    rows.append({"label": label, "value": text or None})
    if set(line[1:]) >= {"Yes", "No"} and draw.random() < 0.7:
        return Entry(label, (("", key),), ("Yes", "No"), ("Yes", "No").index(text) if text else None)
    return Entry(label, ((text, key),))


def _text(draw: Random, style: Style, record: Record, what: str) -> str:
    match what:
        case "@person":
            return printing.ordered(
                invention.person(draw, draw.choice("FM"), draw.choice(invention.WORDS["last"])), style.name
            )
        case "@phone":
            return printing.printed("phone", invention.phone(draw), style)
        case "@email":
            return str(record.values["email"])
        case "@address":
            return invention.address(draw)
        case "@date":
            dates = [value for name, value in record.values.items() if name.endswith("_date")]
            return printing.printed("document_date", draw.choice(dates), style)
        case _:
            return what
