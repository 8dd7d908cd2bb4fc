"""ICD-10-CM codes, misread as OCR misreads them, and the diagnoses beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reading.extraction import icd10cm
from shared.reading.extraction.diagnoses import (
    agreement,
    diagnosis,
    icd10,
    icd10_list,
    resolve_icd10,
    split_trailing_icd10,
)
from shared.reading.extraction.normalised import CONTESTED
from shared.reading.extraction.repair import CONFUSED

SEEN = (
    "A41.9",
    "B18.2",
    "B20",
    "C25.9",
    "C34.90",
    "C78.00",
    "C7B.00",
    "C92.20",
    "D50.9",
    "D64.9",
    "E11.40",
    "E78.5",
    "F03.90",
    "G30.9",
    "I10",
    "I50.9",
    "J44.9",
    "J84.10",
    "K21.9",
    "L50.9",
    "M81.0",
    "N18.30",
    "O24.410",
    "Q21.1",
    "S52.501A",
    "T36.0X1A",
    "Z51.5",
    "Z66",
)


@st.composite
def misread(draw: st.DrawFn) -> tuple[str, str]:
    """A code, and the same with one of its characters taken for another."""
    code = draw(st.sampled_from(SEEN))
    places = [place for place, character in enumerate(code) if character in CONFUSED]
    if not places:
        return code, code
    place = draw(st.sampled_from(places))
    return code, code[:place] + draw(st.sampled_from(CONFUSED[code[place]])) + code[place + 1 :]


@given(misread())
def test_one_misread_character_never_makes_another_code_for_certain(codes: tuple[str, str]) -> None:
    code, printed = codes
    found = icd10(printed)

    if found is None or found.value == code:
        return
    assert found.plausibility <= CONTESTED
    assert code in found.alternatives or not icd10cm.is_code(str(found.value))


@given(st.sampled_from(SEEN))
def test_a_code_in_its_normal_form_stays_as_it_is(code: str) -> None:
    found = icd10(code)

    assert found is not None
    assert found.value == code
    assert not found.repaired
    assert not found.ambiguous


@pytest.mark.parametrize(
    "printed", ["150.9", "I5O.9", "I50,9", "I 50.9", "I50 .9", "i50.9", "I50-9", "I50 9", "(I50.9)"]
)
def test_a_code_with_one_valid_reading_is_repaired(printed: str) -> None:
    found = icd10(printed)

    assert found is not None
    assert found.value == "I50.9"
    assert found.plausibility >= 0.8


def test_a_code_with_several_valid_readings_goes_to_review() -> None:
    found = icd10("025.1")

    assert found is not None
    assert found.ambiguous
    assert found.plausibility < 0.5
    assert {found.value, *found.alternatives} == {"O25.1", "Q25.1", "D25.1"}


def test_the_diagnosis_beside_it_says_which() -> None:
    found = resolve_icd10("025.1", "Intramural leiomyoma of uterus")

    assert found is not None
    assert found.value == "D25.1"
    assert found.plausibility > 0.9


def test_a_diagnosis_that_says_otherwise_makes_a_code_less_sure() -> None:
    agreeing, other = resolve_icd10("I50.9", "CHF"), resolve_icd10("I50.9", "Fracture of the left wrist")

    assert agreeing is not None
    assert other is not None
    assert other.plausibility < agreeing.plausibility


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("I50.9", "CHF"),
        ("J44.9", "COPD"),
        ("E11.40", "Type 2 DM w/ diabetic neuropathy, unsp"),
        ("K21.9", "GERD w/o esophagitis"),
        ("N18.30", "CKD stage 3"),
        ("I10", "HTN"),
        ("C25.9", "Pancreatic cancer"),
        ("J84.10", "Pulmonary fibros1s"),
    ],
)
def test_clinical_shorthand_agrees_with_the_code(code: str, printed: str) -> None:
    assert agreement(code, printed) > 0.6


@pytest.mark.parametrize("text", ["SEE NOTE", "150", "12345", "FAILURE", "03/11/2025", "98.6", ""])
def test_what_is_no_code_is_not_made_one(text: str) -> None:
    assert icd10(text) is None


@pytest.mark.parametrize("printed", ["530.81", "428.0", "250.00"])
def test_an_old_code_is_hardly_a_misread_new_one(printed: str) -> None:
    found = icd10(printed)

    assert found is None or found.plausibility <= 0.5


def test_a_code_that_no_table_has_is_kept_with_little_trust() -> None:
    found = icd10("X99.99")

    assert found is not None
    assert found.value == "X99.99"
    assert found.plausibility < 0.5


@pytest.mark.parametrize(
    "text", ["I10, E11.9", "I10,E11.9", "I10. E11.9", "1) I10 2) E11,9", "I10; E11.9", "I10 E11.9"]
)
def test_what_parts_two_codes_is_no_point(text: str) -> None:
    found = icd10_list(text)

    assert found is not None
    assert found.value == ("I10", "E11.9")


def test_every_code_of_a_list_is_taken() -> None:
    found = icd10_list("A. I50.9  B. E11.9  C. N18.3O")

    assert found is not None
    assert found.value == ("I50.9", "E11.9", "N18.30")
    assert found.repaired


@pytest.mark.parametrize(
    "text",
    [
        "Heart failure,unspecified (I50.9)",
        "Heart failure, unspecified - I50.9",
        "I50.9 Heart failure, unspecified",
        "1. I50.9: Heart failure, unspecified",
        "(150.9) Heart failure, unspecified",
        "Dx: Heart failure, unspecified",
    ],
)
def test_a_diagnosis_is_without_its_code_and_number(text: str) -> None:
    found = diagnosis(text)

    assert found is not None
    assert found.value == "Heart failure, unspecified"


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("Cerebral atherosclerosis 167.2", "Cerebral atherosclerosis", "I67.2"),
        ("Essential hypertension 110", "Essential hypertension", "I10"),
        ("Peripheral vascular disease (173.9)", "Peripheral vascular disease", "I73.9"),
        ("Room 110", "Room 110", None),
        ("Potassium 167.2", "Potassium 167.2", None),
    ],
)
def test_a_number_behind_a_diagnosis_is_the_code_that_it_agrees_with(text: str, value: str, code: str | None) -> None:
    described, found = diagnosis(text), split_trailing_icd10(text)[2]

    assert described is not None
    assert described.value == value
    assert (found.value if found else None) == code


@pytest.mark.parametrize("text", ["Vitamin B12 deficiency", "B12 deficiency", "Type 2 diabetes", "A1c elevated"])
def test_what_only_looks_like_a_code_stays_in_the_diagnosis(text: str) -> None:
    found = diagnosis(text)

    assert found is not None
    assert found.value == text


def test_the_table_tells_codes_categories_and_what_they_stand_for() -> None:
    assert icd10cm.is_billable("I50.9")
    assert icd10cm.is_code("I50")
    assert not icd10cm.is_billable("I50")
    assert not icd10cm.is_code("I50.99")
    assert "Congestive heart failure NOS" in icd10cm.terms("I50.9")
    assert icd10cm.is_billable("B20")  # alone in a block of the same name
    assert "DNR status" in icd10cm.terms("Z66")
    assert not icd10cm.is_code("A00-A09")
    assert icd10cm.terms("S52.501A")[0].endswith("initial encounter for closed fracture")


def test_a_space_behind_the_point_parts_no_code_from_its_last_letter() -> None:
    found, two = icd10("F32. A"), icd10_list("I10. E11.9")

    assert found is not None
    assert found.value == "F32.A"
    assert two is not None
    assert two.value == ("I10", "E11.9")
