"""Invented admission forms, drawn with every word's place known, and the readings that say so."""

import io
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from desktop.ui import theme
from shared.documents import Box, FieldValue, Page, Reading, TemplateRef, TextLine, box_polygon
from shared.documents.reading import Row, Value
from shared.templates import Column, template_named
from shared.templates.review import needs_review

DPI = 200
WIDTH, HEIGHT = 1700, 2200  # pixels: a letter page at 200 dpi
_FONT = Path(theme.__file__).parent / "fonts" / "Inter-Regular.otf"
_LEFT, _VALUE_LEFT, _FIRST_TOP, _LINE_STEP = 140, 640, 360, 96

# name, what is printed beside it, the printed value, its normalised value, how sure
_FIELDS: tuple[tuple[str, str, str, Value, float], ...] = (
    ("patient_name", "Patient name", "WHITFIELD, ELEANOR M", "Eleanor M. Whitfield", 0.98),
    ("date_of_birth", "Date of birth", "03/04/1941", "1941-03-04", 0.97),
    ("sex", "Sex", "F", "F", 0.99),
    ("mrn", "Medical record no.", "MR-0048213", "MR-0048213", 0.96),
    ("address", "Address", "418 Juniper Lane, Tempe AZ 85281", "418 Juniper Lane, Tempe AZ 85281", 0.88),
    ("phone", "Telephone", "(602) 555-0148", "+16025550148", 0.95),
    ("admission_date", "Date of admission", "11/19/2026", "2026-11-19", 0.97),
    ("level_of_care", "Level of care", "Routine home care", "Routine home care", 0.93),
    ("attending_physician", "Attending physician", "Marcus T. Okafor, MD", "Marcus T. Okafor", 0.94),
    ("npi", "NPI", "1093817465", "1093817465", 0.55),
    ("primary_diagnosis", "Terminal diagnosis", "Congestive heart failure", "Congestive heart failure", 0.96),
    ("icd10_code", "ICD-10", "I50.9", "I50.9", 0.71),
    ("allergies", "Allergies", "Penicillin, latex", ("Penicillin", "latex"), 0.92),
    ("payer", "Primary payer", "Medicare Part A", "Medicare Part A", 0.98),
    ("medicare_number", "Medicare number", "1EG4-TE5-MK73", "1EG4TE5MK73", 0.86),
)
_TEMPLATE = template_named("hospice_admission")
_ASKED = {asked.name: asked for asked in _TEMPLATE.fields}
_COLUMNS = {
    column.name: column for table in _TEMPLATE.tables if table.name == "medications" for column in table.columns
}
_MISSING = ("religion", "email", "emergency_contact_name", "emergency_contact_phone", "group_number", "pharmacy")
_MEDICATIONS = (
    ("Furosemide", "40 mg", "by mouth", "twice a day"),
    ("Morphine sulfate", "5 mg", "under the tongue", "every 4 hours as needed"),
    ("Lorazepam", "0.5 mg", "by mouth", "at bedtime"),
    ("Lisinopril", "10 mg", "by mouth", "once a day"),
)


@dataclass
class _Sheet:
    """A page being drawn; it remembers where it wrote what."""

    number: int
    image: Image.Image = field(default_factory=lambda: Image.new("L", (WIDTH, HEIGHT), 255))
    lines: list[TextLine] = field(default_factory=list)

    def write(self, left: int, top: int, text: str, size: int = 34, confidence: float = 0.97) -> Box:
        pen = ImageDraw.Draw(self.image)
        font = ImageFont.truetype(str(_FONT), size)
        pen.text((left, top), text, fill=20, font=font)
        box = Box(*(float(edge) for edge in pen.textbbox((left, top), text, font=font)))
        self.lines.append(TextLine(text, confidence, box_polygon(box)))
        return box

    def rule(self, top: int) -> None:
        ImageDraw.Draw(self.image).line((_LEFT, top, WIDTH - _LEFT, top), fill=150, width=2)

    def page(self) -> Page:
        return Page(self.number, WIDTH, HEIGHT, DPI, 0, 0.0, tuple(self.lines))

    def png(self) -> bytes:
        file = io.BytesIO()
        self.image.save(file, "PNG", dpi=(DPI, DPI))
        return file.getvalue()


@dataclass(frozen=True, slots=True)
class Paper:
    """Pages as PNG files, and what a perfect reader reads on them."""

    pages: tuple[bytes, ...]
    reading: Reading


@cache  # to draw it takes a tenth of a second, and most tests of the window have one
def admission_form(file_name: str = "admission-0148.pdf", sha256: str = "0" * 64) -> Paper:
    """A hospice admission of two pages: fields on the first, medications on the second."""
    first, fields = _first_page()
    second, medications = _second_page()
    reading = Reading(
        file_name=file_name,
        sha256=sha256,
        page_count=2,
        document_type="hospice_admission",
        document_type_confidence=0.96,
        template=TemplateRef("hospice_admission", 1),
        pages=(first.page(), second.page()),
        fields=fields | dict.fromkeys(_MISSING),
        tables={"medications": medications, "secondary_diagnoses": ()},
    )
    return Paper((first.png(), second.png()), reading)


def unknown_letter(file_name: str, sha256: str) -> Paper:
    """A page of text that follows no template."""
    sheet = _Sheet(1)
    for place, text in enumerate(("To whom it may concern", "The delivery of supplies is moved to Monday.", "R. Hale")):
        sheet.write(_LEFT, 240 + 80 * place, text)
    return Paper((sheet.png(),), Reading(file_name, sha256, 1, pages=(sheet.page(),)))


def renamed(reading: Reading, file_name: str, sha256: str) -> Reading:
    """The same reading of another file."""
    return replace(reading, file_name=file_name, sha256=sha256)


def _first_page() -> tuple[_Sheet, dict[str, FieldValue | None]]:
    sheet = _Sheet(1)
    sheet.write(_LEFT, 130, "Hospice Admission Form", size=60)
    sheet.write(_LEFT, 220, "Saguaro Valley Hospice · 77 E Camelback Rd · Phoenix", size=30)
    sheet.rule(300)
    fields: dict[str, FieldValue | None] = {}
    for place, (name, printed_label, printed, value, confidence) in enumerate(_FIELDS):
        top = _FIRST_TOP + place * _LINE_STEP
        sheet.write(_LEFT, top, printed_label + ":", size=30)
        box = sheet.write(_VALUE_LEFT, top, printed, confidence=confidence)
        sheet.rule(top + 62)
        found = FieldValue(value, printed, confidence, 1, box_polygon(box))
        fields[name] = replace(found, needs_review=needs_review(_ASKED[name], found))
    sheet.rule(2010)
    signature = sheet.write(_VALUE_LEFT, 1940, "Eleanor Whitfield", size=48, confidence=0.8)
    sheet.write(_LEFT, 1950, "Signature of patient:", size=30)
    fields["patient_signature_present"] = FieldValue(True, "", 0.93, 1, box_polygon(signature), "pixels")
    return sheet, fields


def _second_page() -> tuple[_Sheet, tuple[Row, ...]]:
    sheet = _Sheet(2)
    sheet.write(_LEFT, 130, "Medications at admission", size=48)
    columns = {"name": _LEFT, "dose": 560, "route": 820, "frequency": 1160}
    for name, left in columns.items():
        sheet.write(left, 260, name.capitalize(), size=28)
    sheet.rule(310)
    rows = []
    for place, texts in enumerate(_MEDICATIONS):
        top = 340 + place * 84
        cells = zip(columns.items(), texts, strict=True)
        sure = 0.97 - 0.09 * place
        row = {name: _cell(sheet, (left, top), _COLUMNS[name], text, sure) for (name, left), text in cells}
        rows.append(row)
    return sheet, tuple(rows)


def _cell(sheet: _Sheet, at: tuple[int, int], column: Column, text: str, confidence: float) -> FieldValue:
    box = sheet.write(*at, text, size=30, confidence=confidence)
    found = FieldValue(text, text, confidence, 2, box_polygon(box))
    return replace(found, needs_review=needs_review(column, found))
