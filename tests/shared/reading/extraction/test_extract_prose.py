"""What letters say in sentences."""

from shared.templates import template_named
from tests.shared.reading.extraction.pages import HOSPICE, Printed, read, value_of

LETTER: tuple[Printed, ...] = (
    (100, 500, "We admitted Ann P. Lee (DOB 01/17/1950) to our program. Allergies: Penicillin, Aspirin. Her code"),
    (100, 540, "status is DNR. She is insured by VA Community Care, member ID YRP318M96881. The Medicare number is"),
    (100, 580, "3K52-CU4-JW61. The attending physician is Carl Day, M.D. (NPI 1469904597). The emergency contact is"),
    (100, 620, "Max Lee (Husband), phone 816 555 6233. She lives at 42 Bayshore Blvd, Salina, KS 67401 and can be"),
    (100, 660, "reached by phone at 816 555 3453. Her religion is Quaker. The patient is female."),
)


def test_a_letter_says_in_sentences_what_forms_have_labels_for() -> None:
    record = read(*LETTER)
    found = {name: value_of(record, name) for name in record.fields if value_of(record, name) is not None}

    assert found == {
        "patient_name": "Ann P. Lee",
        "date_of_birth": "1950-01-17",
        "allergies": ("Penicillin", "Aspirin"),
        "code_status": "DNR",
        "payer": "VA Community Care",
        "insurance_id": "YRP318M96881",
        "medicare_number": "3K52CU4JW61",
        "attending_physician": "Carl Day, MD",
        "npi": "1469904597",
        "emergency_contact_name": "Max Lee",
        "emergency_contact_relationship": "Husband",
        "emergency_contact_phone": "+18165556233",
        "address": "42 Bayshore Blvd, Salina, KS 67401",
        "phone": "+18165553453",
        "religion": "Quaker",
        "sex": "F",
    }


def test_name_age_and_sex_stand_together() -> None:
    record = read(
        (100, 500, "Ann Lee is a 73-year-old woman who was admitted on 04/19/2025 with failure of the heart and of"),
        (100, 540, "the kidneys, for which she was treated by us in the hospital."),
        template=template_named("discharge_summary"),
    )

    assert value_of(record, "patient_name") == "Ann Lee"
    assert value_of(record, "age") == "73"
    assert value_of(record, "sex") == "F"
    assert value_of(record, "admission_date") == "2025-04-19"


def test_the_small_print_of_a_consent_says_nothing() -> None:
    record = read(
        (100, 500, "I authorize the release of any medical information that is necessary to process this claim and"),
        (100, 540, "I agree that the address of the insurance is to be used for all that the patient is owed by it."),
        template=HOSPICE,
    )

    assert {name for name in record.fields if value_of(record, name) is not None} == set()


REPORT: tuple[Printed, ...] = (
    (100, 500, "IDENTIFICATION: Ann Lee, DOB Jan 17, 1950, MRN A453833. Gender is female. Speaks Tagalog. SSN ends"),
    (100, 540, "in 7533. Religion is Quaker. Marital status is Widowed."),
    (100, 600, "PROVIDERS: Attending physician was Carl Day, MD, NPI number 1469904597."),
    (100, 660, "Code status is DNR and known to the family."),
)


def test_a_dictated_report_says_it_in_short_sentences_under_headings() -> None:
    record = read(*REPORT)
    found = {name: value_of(record, name) for name in record.fields if value_of(record, name) is not None}

    assert found == {
        "patient_name": "Ann Lee",
        "date_of_birth": "1950-01-17",
        "mrn": "A453833",
        "sex": "F",
        "primary_language": "Tagalog",
        "ssn_last4": "7533",
        "religion": "Quaker",
        "marital_status": "Widowed",
        "attending_physician": "Carl Day, MD",
        "npi": "1469904597",
        "code_status": "DNR",
    }


def test_a_heading_under_a_sentence_is_no_part_of_it() -> None:
    record = read(
        (100, 500, "The primary diagnosis is Heart failure, unspecified."), (100, 540, "Certification Period"),
        template=template_named("hospice_certification"),
    )  # fmt: skip

    assert value_of(record, "primary_diagnosis") == "Heart failure, unspecified"


def test_a_line_of_numbered_items_is_no_sentence() -> None:
    record = read((100, 500, "Religion: Quaker; 11. Primary Language: Tagalog; 12. Marital Status: Widowed"))

    assert value_of(record, "religion") == "Quaker"
