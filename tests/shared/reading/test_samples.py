"""What stands on the sample forms is read as it stands there."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.documents import Reading, bounds
from shared.reading.worker import ReadingProcess
from shared.templates import template_named
from shared.templates.schema import record_schema, record_values, validator
from shared.wire.v1.readings import reading_to_json
from tests.shared.reading.conftest import DOCUMENTS, SAMPLES, Json, ReadSample, truth_of

pytestmark = pytest.mark.xdist_group("reading")
_FLOOR = 0.95  # of all values right; 1.00 was measured, and another Pillow or processor may cost a letter
_NEVER_WRONG = ("patient_name", "date_of_birth", "mrn", "icd10_code", "npi", "medicare_number")


@pytest.fixture
def readings(read_samples: dict[str, ReadSample]) -> dict[Path, Reading]:
    return {document: read_samples[document.name].reading for document in DOCUMENTS}


def found(reading: Reading) -> Json:
    """The values as JSON has them."""
    whole: Json = json.loads(reading_to_json(reading))
    return whole


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_form_is_known_for_what_it_is(readings: dict[Path, Reading], document: Path) -> None:
    reading = readings[document]

    assert reading.error is None
    assert reading.document_type == "hospice_admission"
    assert reading.document_type_confidence > 0.8
    assert reading.page_count == truth_of(document)["page_count"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_values_are_those_printed(readings: dict[Path, Reading], document: Path) -> None:
    truth, read = truth_of(document), found(readings[document])
    expected: dict[tuple[str | int, ...], Any] = {("fields", name): value for name, value in truth["fields"].items()}
    actual: dict[tuple[str | int, ...], Any] = {
        ("fields", name): cell["value"] if cell else None for name, cell in read["fields"].items()
    }
    for table, rows in truth["tables"].items():
        assert len(read["tables"][table]) == len(rows)
        for number, row in enumerate(rows):
            for column, value in row.items():
                cell = read["tables"][table][number][column]
                expected[table, number, column] = value
                actual[table, number, column] = cell["value"] if cell else None

    wrong = {place: (value, actual[place]) for place, value in expected.items() if actual[place] != value}
    assert 1 - len(wrong) / len(expected) >= _FLOOR, wrong
    assert not [place for place in wrong if place[-1] in _NEVER_WRONG], wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_field_that_the_form_does_not_ask_for_stays_empty(readings: dict[Path, Reading], document: Path) -> None:
    reading = readings[document]
    asked = truth_of(document)["fields"]

    assert set(reading.fields) == {field.name for field in template_named("hospice_admission").fields}
    assert [name for name, value in reading.fields.items() if value is not None and name not in asked] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_value_lies_on_its_page(readings: dict[Path, Reading], document: Path) -> None:
    reading = readings[document]
    for value in reading.fields.values():
        if value is None:
            continue
        page, box = reading.pages[value.page - 1], bounds(value.polygon)
        assert 0 <= box.left < box.right <= page.width
        assert 0 <= box.top < box.bottom <= page.height
        assert 0 < value.confidence <= 1


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_record_is_what_the_templates_schema_says(readings: dict[Path, Reading], document: Path) -> None:
    reading = readings[document]
    check = validator(record_schema(template_named(reading.document_type)))

    assert [error.message for error in check.iter_errors(record_values(reading.fields, reading.tables))] == []


@pytest.mark.parametrize("blank", sorted((SAMPLES / "blank").iterdir()), ids=lambda path: path.name)
def test_a_blank_form_gives_no_values(reader: ReadingProcess, blank: Path) -> None:
    reading = reader.read(blank.read_bytes(), blank.name, "hospice")

    values = {name: value.value for name, value in reading.fields.items() if value is not None}
    assert values in ({}, {"patient_signature_present": False})
    assert all(rows == () for rows in reading.tables.values())


def test_the_turn_of_a_page_is_told(readings: dict[Path, Reading]) -> None:
    rotations = {document.name: reading.pages[0].rotation for document, reading in readings.items()}

    assert rotations["lying on its side.jpg"] == 90  # it was scanned turned to the left
    assert rotations["upside down.tif"] == 180
    assert rotations["face sheet.png"] == 0


def test_the_json_has_the_contracts_shape(readings: dict[Path, Reading]) -> None:
    whole = found(readings[DOCUMENTS[0]])

    assert list(whole) == [
        "file_name", "sha256", "page_count", "document_type", "document_type_confidence", "template", "pages", "fields",
        "tables", "timings_ms", "error",
    ]  # fmt: skip
    assert whole["template"] == {"name": "hospice_admission", "version": 1}
    assert set(whole["pages"][0]) == {"number", "width", "height", "dpi", "rotation", "skew_degrees", "lines"}
    assert set(whole["fields"]["patient_name"]) == {
        "value", "text", "confidence", "page", "polygon", "source", "needs_review", "alternatives",
    }  # fmt: skip
    assert {"name", "dose", "route", "frequency"} <= set(whole["tables"]["medications"][0])
    assert set(whole["timings_ms"]) == {"load", "preprocess", "ocr", "extract", "total"}
