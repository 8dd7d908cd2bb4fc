"""Diagnoses and medicines listed under a heading, without a row of headings, on pages written down word by word."""

import pytest

from shared.documents import Row, Value
from shared.reading.extraction import Record
from shared.templates import template_named
from tests.shared.reading.extraction import pages
from tests.shared.reading.extraction.pages import Printed

HYPERTENSION = {"description": "Hypertension", "icd10_code": "I10"}
COPD = {"description": "COPD, unspecified", "icd10_code": "J44.9"}


def read(template: str, *printed: Printed) -> Record:
    return pages.read(*printed, template=template_named(template))


def rows(record: Record, table: str) -> list[dict[str, Value | None]]:
    return [plain(row) for row in record.tables[table]]


def plain(row: Row) -> dict[str, Value | None]:
    return {name: cell.value if cell else None for name, cell in row.items()}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Hypertension (I10)", "COPD, unspecified (J44.9)"),
        ("I10 Hypertension", "J44.9 COPD, unspecified"),
        ("• Hypertension - I10", "• COPD, unspecified - J44.9"),
        ("a) Hypertension [I10]", "b) COPD, unspecified [J44.9]"),
        ("1. I10 - Hypertension", "2. J44.9 - COPD, unspecified"),
    ],
)
def test_diagnoses_stand_one_to_a_line(first: str, second: str) -> None:
    record = read("hospice", (100, 300, "Secondary diagnoses:"), (120, 345, first), (120, 385, second))

    assert rows(record, "secondary_diagnoses") == [HYPERTENSION, COPD]


def test_diagnoses_stand_in_one_line_behind_the_label() -> None:
    record = read("hospice", (100, 300, "Secondary diagnoses: Hypertension (I10), COPD, unspecified (J44.9)"))

    assert rows(record, "secondary_diagnoses") == [HYPERTENSION, COPD]


def test_commas_part_diagnoses_but_not_what_qualifies_them() -> None:
    record = read("hospice", (100, 300, "Secondary diagnoses: COPD, Chronic kidney disease, stage 3, GERD"))

    assert [row["description"] for row in rows(record, "secondary_diagnoses")] == [
        "COPD, Chronic kidney disease, stage 3",
        "GERD",
    ]


def test_diagnoses_stand_in_two_columns() -> None:
    record = read(
        "hospice",
        (600, 300, "SECONDARY DIAGNOSES"),
        (100, 345, "1) Hypertension I10"), (900, 345, "2) COPD, unspecified J44.9"),
        (100, 385, "3) Type 2 diabetes mellitus E11.9"),
        (100, 470, "Group: 88115"),
    )  # fmt: skip

    assert rows(record, "secondary_diagnoses") == [
        HYPERTENSION,
        COPD,
        {"description": "Type 2 diabetes mellitus", "icd10_code": "E11.9"},
    ]


def test_codes_stand_in_a_column_of_their_own() -> None:
    record = read(
        "hospice",
        (100, 300, "Secondary diagnoses:"),
        (100, 345, "Hypertension"), (900, 345, "I10"),
        (100, 385, "COPD, unspecified"), (900, 385, "J44.9"),
    )  # fmt: skip

    assert rows(record, "secondary_diagnoses") == [HYPERTENSION, COPD]


def test_each_cell_cites_its_own_words() -> None:
    record = read("hospice", (100, 300, "Secondary diagnoses:"), (100, 345, "Hypertension - I10"))
    [row] = record.tables["secondary_diagnoses"]

    assert [cell.text for cell in row.values() if cell] == ["Hypertension", "I10"]


def test_none_is_no_diagnosis() -> None:
    record = read("hospice", (100, 300, "Secondary diagnoses: None"))

    assert rows(record, "secondary_diagnoses") == []


def test_an_order_is_a_name_a_dose_a_route_and_a_frequency() -> None:
    record = read(
        "medication_list",
        (100, 300, "Current medications:"),
        (100, 345, "1. Lisinopril 10 mg tablet PO daily"),
        (100, 385, "2. Morphine sulfate 5 mg/0.25 mL by mouth every 4 hours as needed"),
        (100, 425, "3. Fentanyl patch 25 mcg/hr transdermal every 72 hours"),
        (100, 465, "4. Lorazepam concentrate 2 mg/mL 0.5 mL SL q6h"),
    )

    assert rows(record, "medications") == [
        {"name": "Lisinopril", "dose": "10 mg", "route": "PO", "frequency": "daily"},
        {
            "name": "Morphine sulfate",
            "dose": "5 mg/0.25 mL",
            "route": "by mouth",
            "frequency": "every 4 hours as needed",
        },
        {"name": "Fentanyl patch", "dose": "25 mcg/hr", "route": "transdermal", "frequency": "every 72 hours"},
        {"name": "Lorazepam concentrate 2 mg/mL", "dose": "0.5 mL", "route": "SL", "frequency": "q6h"},
    ]


def test_what_is_said_behind_an_order_has_columns_of_its_own() -> None:
    record = read(
        "medication_list",
        (100, 300, "Current medications:"),
        (100, 345, "- Lisinopril 10 mg PO daily, on hold, per Ann Lee, MD"),
        (100, 385, "- Senna 8.6 mg PO BID, started 03/01/2024"),
    )

    assert rows(record, "medications") == [
        {
            "name": "Lisinopril",
            "dose": "10 mg",
            "route": "PO",
            "frequency": "daily",
            "start_date": None,
            "status": "on hold",
            "ordered_by": "Ann Lee, MD",
        },
        {
            "name": "Senna",
            "dose": "8.6 mg",
            "route": "PO",
            "frequency": "BID",
            "start_date": "2024-03-01",
            "status": None,
            "ordered_by": None,
        },
    ]


def test_a_heading_over_something_else_lists_nothing() -> None:
    record = read(
        "medication_list",
        (100, 300, "Medications"),
        (100, 345, "I have reviewed this with the family."),
        (100, 385, "Signature"),
    )

    assert rows(record, "medications") == []
