"""Times and values in people's words."""

from datetime import UTC, datetime, timedelta

import pytest

from desktop.errors import StoreBusy
from desktop.ui.field_names import field_name, grouped
from desktop.ui.wording import ago, document_type, fault_sentence, percent, shown, sureness
from shared.documents import FieldValue
from shared.documents.reading import Value

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=2), "2 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "Oct 24, 2026"),
        (-timedelta(minutes=5), "just now"),
    ],
)
def test_an_age_is_told_as_people_tell_it(before: timedelta, words: str) -> None:
    assert ago(NOON - before, NOON) == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("date_of_birth", "1941-03-04", "Mar 4, 1941"),
        ("phone", "+16025550148", "(602) 555-0148"),
        ("facility_fax", "+442079460000", "+44 20 7946 0000"),
        ("sex", "F", "Female"),
        ("patient_signature_present", True, "Yes"),
        ("allergies", ("Penicillin", "latex"), "Penicillin, latex"),
        ("allergies", (), "None known"),
        ("mrn", "2026-99-99", "2026-99-99"),
        ("pps_score", 40, "40"),
    ],
)
def test_a_value_is_shown_as_people_write_it(name: str, value: Value, words: str) -> None:
    assert shown(name, FieldValue(value, "", 0.9, 1, CORNERS)) == words


def test_a_confidence_is_a_word_and_never_rounded_up_to_certainty() -> None:
    assert [sureness(share, needs_review=True) for share in (0.97, 0.6, 0.3)] == ["Check", "Check", "Doubtful"]
    assert sureness(0.82, needs_review=False) == "Sure"
    assert [percent(share) for share in (0.999, 1.0, 0.0)] == ["99%", "100%", "0%"]


def test_names_are_words_even_where_nobody_chose_them() -> None:
    assert field_name("ssn_last4") == "SSN, last four"
    assert field_name("colour_of_folder") == "Colour of folder"
    assert document_type("hospice_admission") == "Hospice admission"
    assert document_type("unknown") == ""


def test_a_field_of_ones_own_stands_in_the_last_group() -> None:
    assert grouped(("colour_of_folder", "mrn")) == (("Person", ("mrn",)), ("Other", ("colour_of_folder",)))


def test_a_fault_is_told_in_its_own_sentence_or_as_unexpected() -> None:
    assert fault_sentence(StoreBusy("Another Chartdrop works here.")) == "Another Chartdrop works here."
    assert "ZeroDivisionError" in fault_sentence(ZeroDivisionError("x"))
