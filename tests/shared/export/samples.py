"""Documents with all that makes handing them on difficult: any script, doubts, corrections, marks of other formats."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from shared.documents import (
    Box,
    Cell,
    FieldValue,
    Page,
    Reading,
    TemplateRef,
    TextLine,
    Value,
    Word,
    box_polygon,
)
from shared.documents.reading import PERSON, Row
from shared.export import Document

ADMISSION_ID = UUID("018f4e7a-1111-7000-8000-000000000001")
LABS_ID = UUID("018f4e7a-2222-7000-8000-000000000002")
CLAIM_ID = UUID("018f4e7a-3333-7000-8000-000000000003")
RECEIVED = datetime(2026, 3, 14, 8, 30, tzinfo=UTC)
READ = datetime(2026, 3, 14, 8, 31, 5, tzinfo=UTC)
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
ADDRESS = "12 Köln|Str. ^3 & Søn~\\Co\nSpringfield, IL 62704"
PNG = (  # one grey pixel
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cch\x00\x00\x00\x82\x00\x81w\xcdr\xb6\x00\x00\x00\x00IEND\xaeB`\x82"
)


def read(value: Value, confidence: float = 0.97, *, review: bool = False) -> FieldValue:
    """As a machine reads it."""
    text = value if isinstance(value, str) else str(value)
    return FieldValue(value, text, confidence, 1, box_polygon(Box(100, 100, 400, 130)), needs_review=review)


def corrected(value: Value) -> FieldValue:
    """As a person gave it."""
    return replace(read(value, 1.0), source=PERSON)


def row(**cells: Value | None) -> Row:
    return {name: None if value is None else read(value) for name, value in cells.items()}


def line(text: str, top: float, left: float = 100) -> TextLine:
    """A line on a page, with its words side by side."""
    words, x = [], left
    for part in text.split(" "):
        words.append(Word(part, 0.9, box_polygon(Box(x, top, x + 12 * len(part), top + 30))))
        x += 12 * (len(part) + 1)
    return TextLine(text, 0.9, box_polygon(Box(left, top, x - 12, top + 30)), tuple(words))


def page(number: int, *texts: str) -> Page:
    lines = tuple(line(text, 100 + 60 * place) for place, text in enumerate(texts))
    return Page(number, 1000, 1400, 100, 0, 0.0, lines)


def admission() -> Document:
    """A hospice's admission: much about one person, two tables, one value corrected and one in doubt."""
    fields: dict[str, Cell] = {
        "patient_name": corrected("Siobhán M. O'Featherstone"),
        "date_of_birth": read("1941-02-03"),
        "sex": read("F"),
        "mrn": read("00012345"),
        "ssn_last4": read("0042"),
        "address": read(ADDRESS, 0.8, review=True),
        "phone": read("+14155550100"),
        "marital_status": read("Widowed"),
        "primary_language": read("Spanish"),
        "religion": None,
        "veteran": read(True),
        "admission_date": read("2026-03-12"),
        "attending_physician": read("Ravi K. Patel"),
        "npi": read("1234567893"),
        "primary_diagnosis": read("Alzheimer's disease, unspecified"),
        "icd10_code": read("G30.9"),
        "payer": read("Medicare"),
        "medicare_number": read("1EG4TE5MK73"),
        "insurance_id": read('=HYPERLINK("http://evil","x")'),
        "group_number": read("007"),
        "allergies": read(("Penicillin", "Sulfa | rash")),
        "code_status": read("DNR"),
        "facility_name": read("Haven & Hearth Hospice"),
        "facility_phone": read("+13125550199"),
        "emergency_contact_name": read("Łukasz Żółć"),
        "emergency_contact_relationship": read("Son"),
        "emergency_contact_phone": read("+13125550123"),
        "signature_date": read("2026-03-12"),
    }
    tables = {
        "secondary_diagnoses": (
            row(description="Dysphagia", icd10_code="R13.10"),
            row(description="Anorexia", icd10_code=None),
        ),
        "medications": (
            {**row(name="Morphine sulfate", route="PO", frequency="q4h PRN"), "dose": corrected("5 mg")},
            {**row(name="Lorazepam", dose="0.5 mg", route="SL", frequency=None), "start_date": read("2026-03-01")},
        ),
    }
    pages = (page(1, "HOSPICE ADMISSION", "Patient: Siobhán O'Featherstone"), page(2, "患者 李明 🩺", "Παπαδόπουλος"))
    reading = Reading(
        "Søren's scan.pdf",
        "ab" * 32,
        2,
        "hospice_admission",
        0.98,
        TemplateRef("hospice_admission", 1),
        pages,
        fields,
        tables,
    )
    return Document(ADMISSION_ID, reading, RECEIVED, READ)


def labs() -> Document:
    """A laboratory's report in two panels."""
    fields: dict[str, Cell] = {
        "patient_name": read("Dana Ortiz"),
        "date_of_birth": read("1960-12-01"),
        "sex": read("F"),
        "mrn": read("A-77"),
        "ordering_physician": read("Ravi K. Patel"),
        "npi": read("1234567893"),
        "performing_laboratory": read("North Lab"),
        "accession_number": read("L0099"),
        "collected_date": read("2026-03-10"),
        "reported_date": read("2026-03-11"),
        "report_status": read("Final"),
        "comments": read("Hemolysed^slightly\nRepeat"),
    }
    results = (
        row(test="Sodium", result="131", flag="L", units="mmol/L", reference_range="136-145", panel="BMP"),
        row(test="Potassium", result="4.1", flag=None, units="mmol/L", reference_range="3.5-5.1", panel="BMP"),
        row(test="TSH", result="<0.01", flag="L", units="mIU/L", reference_range="0.4-4.0", panel=None),
        row(test="HIV 1/2", result="Non-reactive", flag=None, units=None, reference_range=None, panel=None),
    )
    reading = Reading(
        "labs.tif", "cd" * 32, 1, "lab_report", 0.99, TemplateRef("lab_report", 1),
        (page(1, "LABORATORY REPORT"),), fields, {"lab_results": results},
    )  # fmt: skip
    return Document(LABS_ID, reading, RECEIVED, READ)


def claim() -> Document:
    """An insurance claim with lines."""
    fields: dict[str, Cell] = {
        "patient_name": read("Dana Ortiz"),
        "date_of_birth": read("1960-12-01"),
        "sex": read("F"),
        "payer": read("Blue Prairie"),
        "insurance_id": read("XYZ0012"),
        "group_number": read("88"),
        "subscriber_name": read("Dana Ortiz"),
        "subscriber_relationship": read("Self"),
        "coverage_type": read("PPO"),
        "diagnosis_codes": read(("E11.9", "I10")),
        "attending_physician": read("Ravi K. Patel"),
        "npi": read("1234567893"),
        "facility_name": read("North Clinic"),
        "total_charge": read("180.00"),
    }
    lines = (
        row(
            service_date="2026-02-01",
            place_of_service="11",
            cpt_code="99213",
            diagnosis_pointer="AB",
            charges="150.00",
            units="1",
        ),
        row(
            service_date="2026-02-01",
            place_of_service="11",
            cpt_code="J1100",
            diagnosis_pointer="A",
            charges="30.00",
            units="2",
        ),
    )
    reading = Reading(
        "claim.png", "ef" * 32, 1, "insurance_claim", 0.97, TemplateRef("insurance_claim", 1),
        (page(1, "HEALTH INSURANCE CLAIM FORM"),), fields, {"claim_lines": lines},
    )  # fmt: skip
    return Document(CLAIM_ID, reading, RECEIVED, READ)


def pairs() -> Document:
    """A form of no known kind."""
    rows = (row(label="Room", value="12"), row(label="Diet", value=None), row(label=None, value="soft"))
    reading = Reading(
        "form.jpg",
        "09" * 32,
        1,
        "generic_form",
        0.4,
        TemplateRef("generic_form", 1),
        (page(1, "Room: 12"),),
        {},
        {"pairs": rows},
    )
    return Document(UUID("018f4e7a-4444-7000-8000-000000000004"), reading, RECEIVED, READ)


def bare() -> Document:
    """A document of which nothing is known but its text."""
    reading = Reading("letter.png", "12" * 32, 1, pages=(page(1, "Dear all"),))
    return Document(UUID("018f4e7a-5555-7000-8000-000000000005"), reading, RECEIVED, READ)


def each_kind() -> tuple[Document, ...]:
    return admission(), labs(), claim(), pairs(), bare()


def many(count: int) -> Iterator[Document]:
    """So many documents of full pages, made one by one."""
    kinds = each_kind()
    text = "The quick brown fox jumps over the lazy dog"
    pages = (page(1, *[f"{text} {place}" for place in range(40)]),)
    for number in range(count):
        one = kinds[number % len(kinds)]
        yield replace(one, id=UUID(int=number), reading=replace(one.reading, pages=pages))
