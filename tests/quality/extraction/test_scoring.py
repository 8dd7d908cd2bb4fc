"""How documents are judged, field by field."""

from typing import Any

import pytest

from shared.documents import Box, Row, box_polygon
from shared.documents.reading import FieldValue, Value
from shared.reading.extraction import Record
from tests.quality.extraction.comparing import same
from tests.quality.extraction.corpus import Document, Truth, truth_of
from tests.quality.extraction.scoring import Outcome, Score, aligned, judge, score, values_of

SOMEWHERE = box_polygon(Box(0, 0, 10, 10))


def cell(value: Value, confidence: float = 0.9) -> FieldValue:
    return FieldValue(value, str(value), confidence, 1, SOMEWHERE)


def document(fields: dict[str, Any], tables: dict[str, Any] | None = None, **printed: str) -> Document:
    return Document("name", "demo", "family", "gray200", b"", Truth("referral", fields, printed, tables or {}))


def outcomes(judged: Document, record: Record) -> dict[str, Outcome]:
    return {
        judgement.field if judgement.row is None else f"{judgement.field}[{judgement.row}]": judgement.outcome
        for judgement in judge(judged, record)
    }


@pytest.mark.parametrize(
    ("value", "canonical", "printed", "kind"),
    [
        ("+19785559686", "978-555-9686", None, "phone"),
        ("+19785559686", "+19785559686", None, "phone"),
        ("7HX5HD4TM79", None, "7HX5-HD4-TM79", "medicare"),
        ("Bryan L. Breitenberg", "Bryan L. Breitenberg", "BREITENBERG, BRYAN L", "person"),
        ("Breitenberg, Bryan L", "Bryan L. Breitenberg", None, "person"),
        ("Stephen Bauer, DO", "Stephen Bauer, D.O.", None, "person"),
        ("pulmonary  FIBROSIS", "Pulmonary fibrosis", None, "text"),
        ("9 Harbor Street,Millbrook", "9 Harbor Street, Millbrook", None, "address"),
        (("Latex", "aspirin"), ["Aspirin", "Latex"], None, "list"),
        ((), [], "none known", "list"),
        (False, False, None, "choice"),
        ("35-7188", "35-7188", None, "identifier"),
    ],
)
def test_a_value_may_be_canonical_or_as_printed_in_any_case(
    value: Value, canonical: Any, printed: str | None, kind: str
) -> None:
    assert same(value, canonical, printed, kind)


@pytest.mark.parametrize(
    ("value", "canonical", "kind"),
    [
        ("+19785559685", "978-555-9686", "phone"),
        ("Bryan Breitenberg", "Bryan L. Breitenberg", "person"),
        ("L. Breitenberg Bryan", "Bryan L. Breitenberg", "person"),
        (("Latex",), ["Aspirin", "Latex"], "list"),
        (("Latex",), [], "list"),
        (True, False, "presence"),
        ("True", True, "presence"),
        ("2024-04-05", "2024-04-04", "date"),
        ("Pulmonaryfibrosis", "Pulmonary fibrosis", "text"),
    ],
)
def test_another_value_is_not_the_same(value: Value, canonical: Any, kind: str) -> None:
    assert not same(value, canonical, None, kind)


def test_every_field_is_right_wrong_made_up_missed_or_nothing() -> None:
    judged = document({"patient_name": "Max Dicki", "npi": "1211033315", "mrn": "A1", "payer": None, "sex": None})
    record = Record(
        {
            "patient_name": cell("Max Dicki"),
            "npi": cell("1290159312"),
            "mrn": None,
            "payer": cell("Medicare"),
            "sex": None,
            "address": cell("9 Harbor Street"),
            "age": None,
        }
    )
    assert outcomes(judged, record) == {
        "patient_name": Outcome.RIGHT,
        "npi": Outcome.WRONG,
        "mrn": Outcome.MISSED,
        "payer": Outcome.MADE_UP,
        "address": Outcome.MADE_UP,
    }


def test_a_wrong_value_is_both_made_up_and_missed() -> None:
    counted = Score(right=6, wrong=1, made_up=1, missed=2)
    assert counted.precision == 6 / 8
    assert counted.recall == 6 / 9
    assert counted.f1 == pytest.approx(2 * (6 / 8) * (6 / 9) / (6 / 8 + 6 / 9))
    assert score([]).f1 == 1.0


def test_a_field_that_the_record_does_not_know_is_missed() -> None:
    assert outcomes(document({"npi": "1211033315"}), Record()) == {"npi": Outcome.MISSED}


def test_that_nobody_signed_is_a_value_only_where_the_truth_says_so() -> None:
    unsigned = Record({"patient_signature_present": cell(False)})
    assert outcomes(document({}), unsigned) == {}
    assert outcomes(document({"patient_signature_present": False}), unsigned) == {
        "patient_signature_present": Outcome.RIGHT
    }
    assert values_of(unsigned) == []


def test_rows_are_judged_against_the_rows_they_are_most_like() -> None:
    truth = [{"name": "Senna", "dose": "8.6 mg"}, {"name": "Morphine", "dose": "5 mg"}]
    found: list[Row] = [
        {"name": cell("Morphin"), "dose": cell("5 mg")},
        {"name": cell("Senna"), "dose": None},
        {"name": cell("Page 1"), "dose": None},
    ]
    assert [row.get("name") for _, row in aligned("medications", truth, found)] == [
        cell("Senna"),
        cell("Morphin"),
        cell("Page 1"),
    ]
    record = Record({"medications": cell(("Senna",))}, {"medications": tuple(found)})
    assert outcomes(document({}, {"medications": truth}), record) == {
        "medications.name[0]": Outcome.RIGHT,
        "medications.dose[0]": Outcome.MISSED,
        "medications.name[1]": Outcome.WRONG,
        "medications.dose[1]": Outcome.RIGHT,
        "medications.name[2]": Outcome.MADE_UP,
    }


def test_a_list_of_rows_among_the_fields_is_a_table() -> None:
    truth = truth_of(
        {"document_type": "lab_report", "fields": {"mrn": "A1", "lab_results": [{"test": "WBC"}]}, "tables": {}}
    )
    assert (truth.fields, truth.tables) == ({"mrn": "A1"}, {"lab_results": [{"test": "WBC"}]})
