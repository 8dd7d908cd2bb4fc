"""Who sent a document, as its letterhead says."""

import pytest

from shared.templates import template_named
from tests.shared.reading.extraction.pages import read, value_of

REFERRAL = template_named("referral")
LAB = template_named("lab_report")
REGISTRATION = template_named("patient_registration")
BELOW = (100, 300, "Patient name: Ann Lee")


@pytest.mark.parametrize("title", ["New Patient Registration", "REGISTRATION AND HISTORY FORM"])
def test_the_sender_is_not_the_title_even_in_larger_print(title: str) -> None:
    record = read((500, 60, title, 60), (500, 150, "Elm Street Primary Care", 40), BELOW, template=REGISTRATION)

    assert value_of(record, "facility_name") == "Elm Street Primary Care"


def test_a_title_of_words_that_senders_have_too_is_a_title() -> None:
    record = read(
        (500, 60, "Home Health / Hospice Referral", 60), (500, 150, "Heartwood Palliative Partners", 40), BELOW,
        template=REFERRAL,
    )  # fmt: skip

    assert value_of(record, "referring_facility") == "Heartwood Palliative Partners"
    assert value_of(record, "facility_name") is None


def test_a_laboratory_has_the_name_of_what_it_does() -> None:
    record = read((500, 60, "CITYPATH LABORATORIES", 40), (500, 120, "Laboratory Report"), BELOW, template=LAB)

    assert value_of(record, "performing_laboratory") == "CITYPATH LABORATORIES"


def test_the_letterhead_of_a_hospice_is_of_whom_a_patient_is_referred_to() -> None:
    record = read(
        (500, 60, "Cedar Grove Hospice", 50), (500, 130, "Phone: 413-555-8222"), BELOW,
        (100, 345, "Referring facility: Sunrise Clinic"),
        template=REFERRAL,
    )  # fmt: skip

    assert value_of(record, "facility_name") == "Cedar Grove Hospice"
    assert value_of(record, "referring_facility") == "Sunrise Clinic"
    assert value_of(record, "referring_phone") is None


def test_what_a_fax_machine_prints_is_no_part_of_the_form() -> None:
    record = read(
        (60, 12, "FEB 19 2025 13:32 FROM: 781-555-4242"), (900, 12, "TO: 413-555-1342 P. 001/002"), BELOW,
        template=REFERRAL,
    )  # fmt: skip

    assert value_of(record, "referring_facility") is None
    assert value_of(record, "facility_name") is None


@pytest.mark.parametrize("title", ["Hospice Admission Form", "HOSPICE ADMISSION / ELECTION RECORD"])
def test_a_word_of_the_title_asks_for_nothing(title: str) -> None:
    record = read((500, 60, "Visiting Nurse of Kent", 50), (500, 130, title), BELOW, (100, 345, "Religion Quaker"),
                  (100, 390, "Age 70"), (100, 435, "MRN M751639"))  # fmt: skip

    assert value_of(record, "facility_name") == "Visiting Nurse of Kent"


def test_letterheads_shorten_telephone_and_fax_to_a_letter() -> None:
    record = read((500, 60, "Cedar Grove Hospice", 50), (500, 130, "T: 413-555-8222 F: 413-555-8223"), BELOW)

    assert value_of(record, "facility_phone") == "+14135558222"
    assert value_of(record, "facility_fax") == "+14135558223"


def test_a_letter_without_a_colon_is_an_answer() -> None:
    assert value_of(read((100, 300, "Sex"), (100, 335, "F")), "sex") == "F"


def test_a_card_copied_onto_the_middle_of_a_page_says_at_its_top_whose_it_is() -> None:
    record = read(
        (300, 900, "Blue Shield of California", 50), (300, 1000, "Member Name: Ann Lee"),
        (300, 1040, "Member ID: YRP318M96881"),
        template=template_named("insurance_card"),
    )  # fmt: skip

    assert value_of(record, "payer") == "Blue Shield of California"
