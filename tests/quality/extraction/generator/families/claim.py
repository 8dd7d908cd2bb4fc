"""The professional claim form (CMS-1500): numbered boxes with small print, six lines of services."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.quality.extraction.generator import invention, marks
from tests.quality.extraction.generator.content import Entry, Table
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.furniture import bar_code
from tests.quality.extraction.generator.sheet import SHADE, Box

_FORM: Mapping[str, Any] = tomllib.loads((Path(__file__).parents[1] / "claim_form.toml").read_text())
_SERVICES = 6  # lines
_CHOICES = {
    "coverage_type": invention.COVERAGE,
    "sex": ("M", "F"),
    "subscriber_relationship": invention.RELATION,
}
_ON_FILE = "patient_signature_on_file"

Cells = Sequence[tuple[str, str, float]]


def claim_form(draft: Draft) -> None:
    """The form, as a printer or a pen fills it in."""
    draw, style = draft.draw, draft.style
    shape = draw.choice(("square", "square", "brackets"))
    draft.style = replace(style, box=shape, box_after=False, options_column=False, value_size=min(style.value_size, 10))
    content = draft.content
    values = {key: value for key, value in content.values.items() if key != "medicare_number"}
    draft.content = replace(content, values=values)
    entries = {key: entry for section in content.sections for entry in section.entries for key in entry.keys}
    entries["facility_name"] = Entry("", ((content.issuer, "facility_name"),))
    table = next(section.table for section in content.sections if section.table)
    high = draw.uniform(24, 28)
    _head(draft)
    for row in _FORM["rows"]:
        _row(draft, row, entries, high)
    _services(draft, table, high)
    for row in _FORM["foot"]:
        _row(draft, row, entries, high)
    draft.label(draft.left, draft.y + 10, "NUCC Instruction Manual available at: www.nucc.org", size=6.5, bold=False)


def _head(draft: Draft) -> None:
    draft.y = 46
    draft.label(draft.left, draft.y, "HEALTH INSURANCE CLAIM FORM", size=13, bold=True)
    if draft.draw.random() < 0.4:
        bar_code(draft, draft.right - 110, 22)
    draft.y += 9
    approved = "APPROVED BY NATIONAL UNIFORM CLAIM COMMITTEE (NUCC) 02/12"
    draft.label(draft.left, draft.y, approved, size=6, bold=False)
    draft.y += 6


def _row(draft: Draft, row: Cells, entries: Mapping[str, Entry], high: float) -> None:
    x = draft.left
    for label, key, share in row:
        box = (x, draft.y, x + share * draft.width, draft.y + high)
        draft.sheet.frame(box, width=0.6)
        draft.label(x + 2, draft.y + 7, label, size=_fitted(draft, label, box), bold=False)
        _fill(draft, key, entries, box)
        x = box[2]
    draft.y += high


def _fitted(draft: Draft, label: str, box: Box, size: float = 6.0) -> float:
    return size * min(1.0, (box[2] - box[0] - 4) / max(1.0, draft.label_width(label, size, bold=False)))


def _fill(draft: Draft, key: str, entries: Mapping[str, Entry], box: Box) -> None:
    """What stands in the box of `key`."""
    left, base, wide = box[0] + 5, box[3] - 5, box[2] - box[0] - 10
    if key == "?":
        entry = Entry("", (("", ""),), ("YES", "NO"), draft.draw.choice((None, 1, 1)))
        _options(draft, entry, left, base, box[2])
    elif key in _CHOICES:
        _options(draft, _chosen(draft, key), left, base, box[2])
    elif key == "diagnosis_codes":
        _codes(draft, entries[key], left, base, wide)
    elif key.startswith("address."):
        _address(draft, entries["address"], key.partition(".")[2], left, base, wide)
    elif key == _ON_FILE:
        signed = draft.content.values.get(key)
        draft.label(left, base, "SIGNED", size=6, bold=False)
        draft.value(left + 30, base, Entry("", (("SIGNATURE ON FILE" if signed else "", key),)), 150)
    elif key:
        draft.value(left, base, entries[key], wide)


def _options(draft: Draft, entry: Entry, x: float, y: float, right: float) -> None:
    """Boxes in one row, set as small as they have to be."""
    style = draft.style
    natural = marks.options_width(draft, entry)
    draft.style = replace(style, size=min(8.5, style.size) * min(1.0, (right - x) / natural))
    marks.options(draft, x, y, entry, right=right + 50)
    draft.style = style


def _chosen(draft: Draft, key: str) -> Entry:
    value, options = draft.content.values.get(key), _CHOICES[key]
    return Entry("", (("", key),), options, options.index(str(value)) if value is not None else None)


def _codes(draft: Draft, entry: Entry, x: float, y: float, width: float) -> None:
    """Letters with a code behind each."""
    codes = entry.text.split(", ") if entry.text else []
    step = width / 4
    for number, letter in enumerate("ABCD"):
        at = draft.label(x + number * step, y, f"{letter}.", size=7, bold=False) + 4
        draft.sheet.line((at, y + 1), (x + (number + 1) * step - 8, y + 1), 0.4)
        if number < len(codes):
            draft.value(at + 2, y, Entry("", ((codes[number], entry.keys[0]),)), step - 24)


def _address(draft: Draft, entry: Entry, part: str, x: float, y: float, width: float) -> None:
    text = entry.text.replace("\n", ", ")
    if not text:
        return
    street, town, rest = text.rsplit(", ", 2)
    state, code = rest.split(" ", 1)
    said = {"street": street, "town": town, "state": state, "zip": code}[part]
    draft.value(x, y, Entry("", ((said, entry.keys[0]),)), width)


def _services(draft: Draft, table: Table, high: float) -> None:
    x = draft.left
    for label, _, share in _FORM["lines"]:
        box = (x, draft.y, x + share * draft.width, draft.y + 14)
        draft.sheet.frame(box, fill=SHADE, width=0.6)
        draft.label(
            x + 2, draft.y + 9, f"24. {label}" if x == draft.left else label, size=_fitted(draft, f"24. {label}", box)
        )
        x = box[2]
    draft.y += 14
    for number in range(_SERVICES):
        x = draft.left
        for _, form, share in _FORM["lines"]:
            wide = share * draft.width
            draft.sheet.frame((x, draft.y, x + wide, draft.y + high * 0.8), width=0.5)
            runs = table.runs(number, form) if form and number < len(table.rows) else ()
            draft.value(x + 4, draft.y + high * 0.6, Entry("", runs), wide - 8)
            x += wide
        draft.y += high * 0.8
