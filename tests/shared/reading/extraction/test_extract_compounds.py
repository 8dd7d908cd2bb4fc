"""Values that hold those of other fields."""

import pytest

from shared.documents import bounds
from shared.templates import template_named
from tests.shared.reading.extraction.pages import line, read, value_of

REFERRAL = template_named("referral")


@pytest.mark.parametrize(
    "printed",
    ["Ann O'Hara, Daughter, 508-555-7608", "Ann O'Hara,Daughter,508-555-7608", "Ann O'Hara (daughter) 508.555.7608"],
)
def test_a_contact_is_told_apart_into_name_relationship_and_telephone(printed: str) -> None:
    record = read((100, 300, f"Primary contact: {printed}"), template=REFERRAL)

    assert value_of(record, "emergency_contact_name") == "Ann O'Hara"
    assert str(value_of(record, "emergency_contact_relationship")).lower() == "daughter"
    assert value_of(record, "emergency_contact_phone") == "+15085557608"


def test_a_physician_may_have_the_number_behind_the_name() -> None:
    record = read((100, 300, "Ordering MD / NPI: Laura Lindqvist, DO / 1226512873"), template=REFERRAL)

    assert value_of(record, "referring_physician") == "Laura Lindqvist, DO"
    assert value_of(record, "referring_npi") == "1226512873"


def test_an_insurance_may_have_its_number_behind_its_name() -> None:
    record = read((100, 300, "Insurance: Blue Cross Blue Shield ID ZGP165627193"), template=REFERRAL)

    assert value_of(record, "payer") == "Blue Cross Blue Shield"
    assert value_of(record, "insurance_id") == "ZGP165627193"


def test_a_year_in_the_name_of_a_plan_is_no_number_of_the_insured() -> None:
    record = read((100, 300, "Insurance: Healthy Choice 2024"), template=REFERRAL)

    assert value_of(record, "payer") == "Healthy Choice 2024"
    assert value_of(record, "insurance_id") is None


def test_a_misread_code_is_taken_off_its_diagnosis_where_they_agree() -> None:
    record = read((100, 300, "Terminal diagnosis: Cerebral atherosclerosis 167.2"), template=REFERRAL)

    assert value_of(record, "primary_diagnosis") == "Cerebral atherosclerosis"
    assert value_of(record, "icd10_code") == "I67.2"


def test_each_part_stands_on_its_own_words() -> None:
    record = read((100, 300, "Primary contact: Ann Lee, Son, 508-555-7608"), template=REFERRAL)
    words = {
        word.text.strip(","): bounds(word.polygon)
        for word in line(100, 300, "Primary contact: Ann Lee, Son, 508-555-7608").words
    }

    found = record.fields["emergency_contact_phone"]
    assert found is not None
    assert bounds(found.polygon) == words["508-555-7608"]


def test_a_label_with_a_remark_asks_for_both() -> None:
    record = read((100, 300, "Primary diagnosis (ICD-10): Heart failure I50.9"), template=REFERRAL)

    assert value_of(record, "primary_diagnosis") == "Heart failure"
    assert value_of(record, "icd10_code") == "I50.9"
