"""The contract's JSON, to the letter."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import ValidationError

from shared.documents import FieldValue, Page, Polygon, Reading, TemplateRef, TextLine, Timings, Word, failed_reading
from shared.wire.v1.readings import (
    parts_to_json,
    reading_from_json,
    reading_from_parts,
    reading_to_json,
    spelled_pages,
    spelled_parts,
    spelled_reading,
)

CORNERS: Polygon = ((10, 20), (110, 20), (110, 40), (10, 40.5))


def a_reading() -> Reading:
    line = TextLine("Patient: Ada Quill", 0.98, CORNERS, (Word("Patient:", 0.99, CORNERS),))
    return Reading(
        file_name="scan.pdf",
        sha256="ab" * 32,
        page_count=1,
        document_type="hospice_admission",
        document_type_confidence=0.93,
        template=TemplateRef("hospice_admission", 1),
        pages=(Page(1, 1700, 2200, 200, 90, -0.4, (line,)),),
        fields={
            "patient_name": FieldValue("Ada Quill", "QUILL, ADA", 0.97, 1, CORNERS),
            "allergies": FieldValue(("Penicillin", "Latex"), "Penicillin; Latex", 0.9, 1, CORNERS),
            "patient_signature_present": FieldValue(True, "", 0.8, 1, CORNERS, source="pixels"),
            "age": FieldValue(83, "83", 0.9, 1, CORNERS),
            "admission_date": FieldValue(
                "2025-03-11", "03/11/2025", 0.4, 1, CORNERS, needs_review=True, alternatives=("2025-11-03",)
            ),
            "npi": None,
        },
        tables={"medications": ({"name": FieldValue("Morphine", "Morphine", 0.9, 1, CORNERS), "dose": None},)},
        timings_ms=Timings(1, 2, 3, 4, 10),
    )


def test_a_reading_has_the_members_of_the_contract() -> None:
    shown = json.loads(reading_to_json(a_reading()))

    assert list(shown) == [
        "file_name", "sha256", "page_count", "document_type", "document_type_confidence", "template", "pages",
        "fields", "tables", "timings_ms", "error",
    ]  # fmt: skip
    assert shown["template"] == {"name": "hospice_admission", "version": 1}
    assert set(shown["pages"][0]) == {"number", "width", "height", "dpi", "rotation", "skew_degrees", "lines"}
    assert shown["pages"][0]["lines"][0]["polygon"] == [[10, 20], [110, 20], [110, 40], [10, 40.5]]
    assert set(shown["fields"]["patient_name"]) == {
        "value", "text", "confidence", "page", "polygon", "source", "needs_review", "alternatives",
    }  # fmt: skip
    assert shown["fields"]["admission_date"]["needs_review"] is True
    assert shown["fields"]["admission_date"]["alternatives"] == ["2025-11-03"]
    assert shown["fields"]["npi"] is None
    assert shown["fields"]["patient_signature_present"]["value"] is True
    assert shown["fields"]["allergies"]["value"] == ["Penicillin", "Latex"]
    assert shown["tables"]["medications"][0]["dose"] is None
    assert set(shown["timings_ms"]) == {"load", "preprocess", "ocr", "extract", "total"}
    assert shown["error"] is None


def test_a_reading_survives_its_json() -> None:
    assert reading_from_json(reading_to_json(a_reading())) == a_reading()


def test_a_reading_is_whole_again_from_its_parts() -> None:
    beside, result = parts_to_json(a_reading())

    assert b"\n" not in beside + result
    assert json.loads(beside) | json.loads(result) == json.loads(reading_to_json(a_reading()))
    assert reading_from_parts(beside, result) == a_reading()


def test_a_reading_from_before_fields_said_what_needs_review_is_still_read() -> None:
    shown = json.loads(reading_to_json(a_reading()))
    for member in ("needs_review", "alternatives"):
        del shown["fields"]["patient_name"][member]

    assert reading_from_json(json.dumps(shown)) == a_reading()


def test_a_failed_reading_says_why_and_has_no_pages() -> None:
    shown = json.loads(reading_to_json(failed_reading("scan.pdf", "ab" * 32, "file_empty", "scan.pdf is empty.")))

    assert shown["error"] == {"code": "file_empty", "message": "scan.pdf is empty."}
    assert shown["pages"] == []
    assert shown["document_type"] == "unknown"


def test_json_of_another_shape_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="page_count"):
        reading_from_json(b'{"file_name": "a", "sha256": "b"}')


def _as_it_travels(reading: Reading) -> bytes:
    return reading_to_json(reading_from_json(reading_to_json(reading)))  # whole numbers of a polygon have a point then


_TRICKY = 'a "quoted" \\ one, "document_type": and ,"pages":[],"fields":{} é☃😀\x00\x07\n\u2028'


@pytest.mark.parametrize(
    "reading",
    [
        a_reading(),
        failed_reading("scan.pdf", "ab" * 32, "encrypted", "The file is encrypted."),
        replace(a_reading(), file_name=_TRICKY, document_type=_TRICKY, fields={_TRICKY: None, "pages": None}),
        replace(a_reading(), fields={"timings_ms": None, "fields": None}, tables={"timings_ms": ({"fields": None},)}),
        replace(failed_reading("", "", _TRICKY, _TRICKY), document_type_confidence=5e-324),
    ],
    ids=["a form", "a failure", "its own marks in its texts", "its own marks as names", "the smallest number"],
)
def test_a_reading_in_this_versions_spelling_is_the_same_read_quickly(reading: Reading) -> None:
    payload = _as_it_travels(reading)

    assert spelled_reading(payload) == reading_from_json(payload)
    assert spelled_parts(payload) == parts_to_json(reading_from_json(payload))
    assert json.loads(payload[spelled_pages(payload)]) == json.loads(payload)["pages"]


@pytest.mark.parametrize(
    "change",
    [
        lambda payload: payload.replace(b'"dpi":200', b'"dpi":"200"'),  # pydantic takes it
        lambda payload: payload.replace(b'"dpi":200', b'"dpi":200,"new":1'),
        lambda payload: payload.replace(b'"dpi":', b'"dpi": '),
        lambda payload: payload.replace(b"0.93", b"NaN"),
        lambda payload: json.dumps(json.loads(payload), sort_keys=True, separators=(",", ":")).encode(),
        lambda payload: payload[:-1],
        lambda _: b"\xff",
        lambda _: b"[" * 100_000,
    ],
    ids=["another type", "an unknown member", "a blank", "no number", "another order", "cut off", "no text", "deep"],
)
def test_any_other_spelling_is_left_to_who_understands_more(change: Callable[[bytes], bytes]) -> None:
    assert spelled_reading(change(_as_it_travels(a_reading()))) is None
