"""General labels, which mean what the section they stand in says."""

from shared.templates import template_named
from tests.shared.reading.extraction.pages import read, value_of

REFERRAL = template_named("referral")
REGISTRATION = template_named("patient_registration")


def test_a_telephone_under_who_sent_the_fax_is_theirs() -> None:
    record = read(
        (100, 300, "To: Cedar Grove Hospice"), (900, 300, "From: Sunrise Neurology Clinic"),
        (100, 345, "Fax: 413-555-8222"), (900, 345, "Phone: 508-555-5822"),
        template=REFERRAL,
    )  # fmt: skip

    assert value_of(record, "referring_phone") == "+15085555822"
    assert value_of(record, "phone") is None


def test_a_telephone_in_the_letterhead_is_not_the_patients() -> None:
    record = read(
        (640, 90, "Oakmont Medical Group"), (640, 150, "Phone: (217) 555-4526"), (100, 300, "Patient name: Ann Lee"),
        template=REGISTRATION,
    )  # fmt: skip

    assert value_of(record, "phone") is None


def test_a_heading_in_other_words_tells_of_whom_the_section_is() -> None:
    record = read(
        (100, 300, "PART 1 - PATIENT"),
        (100, 345, "Name: Ann Lee"), (900, 345, "Phone: 508-555-5822"),
        (100, 450, "PERSON TO CALL IN AN EMERGENCY"),
        (100, 495, "Name: Carl Lee"), (900, 495, "Phone: 413-555-8222"),
        template=REGISTRATION,
    )  # fmt: skip

    assert value_of(record, "patient_name") == "Ann Lee"
    assert value_of(record, "phone") == "+15085555822"
    assert value_of(record, "emergency_contact_name") == "Carl Lee"
    assert value_of(record, "emergency_contact_phone") == "+14135558222"


def test_a_heading_is_no_value_of_the_label_above_it() -> None:
    record = read((100, 300, "Reason for visit"), (100, 385, "MORE ABOUT YOU", 40), template=REGISTRATION)

    assert value_of(record, "reason_for_visit") is None


def test_a_label_that_names_a_section_speaks_of_it() -> None:
    record = read(
        (100, 250, "Patient name: Ann Lee"), (100, 300, "Emerg. Phone #: 413-555-8222"), template=REGISTRATION
    )

    assert value_of(record, "emergency_contact_phone") == "+14135558222"
    assert value_of(record, "phone") is None


def test_a_telephone_of_somebody_else_is_nobodys() -> None:
    record = read(
        (100, 250, "Patient name: Ann Lee"), (100, 300, "Landlord Phone: 413-555-8222"), template=REGISTRATION
    )

    assert value_of(record, "phone") is None
    assert value_of(record, "emergency_contact_phone") is None


def test_a_date_beside_a_signature_is_when_it_was_signed() -> None:
    record = read(
        (100, 250, "Date: 04/07/2025"), (100, 300, "Patient name: Ann Lee"),
        (100, 1700, "Physician signature:"), (1000, 1700, "Date: 04/08/2025"),
        template=REFERRAL,
    )  # fmt: skip

    assert value_of(record, "referral_date") == "2025-04-07"
