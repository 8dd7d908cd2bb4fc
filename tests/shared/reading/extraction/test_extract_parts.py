"""Names and addresses that are filled in apart."""

from shared.documents import Box
from shared.reading.extraction import PageMarks
from shared.templates import template_named
from tests.shared.reading.extraction.pages import read, value_of

REGISTRATION = template_named("patient_registration")


def test_a_name_is_put_together_from_its_parts() -> None:
    record = read(
        (100, 300, "Last name: Lee"), (600, 300, "First name: Ann"), (1100, 300, "MI: B"), template=REGISTRATION
    )

    assert value_of(record, "patient_name") == "Ann B. Lee"


def test_a_name_is_put_together_from_what_stands_over_its_labels() -> None:
    rules = tuple(Box(x, y, x + 400, y + 2) for x, y in ((100, 352), (600, 352), (1100, 352), (100, 452)))
    record = read(
        (110, 315, "Lee"), (610, 315, "Ann"), (100, 358, "Last"), (600, 358, "First"), (1100, 358, "Middle"),
        (110, 415, "12/21/1947"), (100, 458, "Date of birth"),
        marks=PageMarks((), rules), template=REGISTRATION,
    )  # fmt: skip

    assert value_of(record, "patient_name") == "Ann Lee"


def test_the_parts_of_a_name_under_a_heading_are_of_whom_it_names() -> None:
    record = read(
        (100, 300, "Patient name: Carl Lee"),
        (100, 400, "Emergency contact"),
        (100, 445, "Last name: Lee"), (600, 445, "First name: Ann"),
        template=REGISTRATION,
    )  # fmt: skip

    assert value_of(record, "patient_name") == "Carl Lee"
    assert value_of(record, "emergency_contact_name") == "Ann Lee"


def test_an_address_goes_on_in_the_fields_of_city_state_and_zip() -> None:
    record = read(
        (100, 250, "Patient name: Ann Lee"),
        (100, 300, "Address: 7303 Sycamore Lane"),
        (100, 345, "City: Salina"), (600, 345, "State: KS"), (900, 345, "Zip: 67401"),
        template=REGISTRATION,
    )  # fmt: skip

    assert value_of(record, "address") == "7303 Sycamore Lane, Salina, KS 67401"
