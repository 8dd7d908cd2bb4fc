"""Numbers of offices and authorities, as printed and as misread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.documents import Value
from shared.reading.extraction.codes import medicare, npi
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.repair import CONFUSED
from shared.templates import Kind

LETTERS = "ACDEFGHJKMNPQRTUVWXY"  # of a Medicare Beneficiary Identifier
DIGITS = "0123456789"


@st.composite
def beneficiary_identifiers(draw: st.DrawFn) -> str:
    places = {"C": "123456789", "A": LETTERS, "N": DIGITS, "X": LETTERS + DIGITS}
    return "".join(draw(st.sampled_from(places[place])) for place in "CAXNAXNAANN")


@given(beneficiary_identifiers(), st.integers(0, 10), st.integers(0, 3))
def test_a_misread_identifier_is_mended_or_its_other_readings_are_told(number: str, place: int, which: int) -> None:
    taken_for = CONFUSED.get(number[place], (number[place],))
    printed = number[:place] + taken_for[which % len(taken_for)] + number[place + 1 :]
    found = medicare(printed)

    assert found is not None
    assert found.value == number or number in found.alternatives


@st.composite
def provider_identifiers(draw: st.DrawFn) -> str:
    nine = draw(st.sampled_from("12")) + "".join(draw(st.lists(st.sampled_from(DIGITS), min_size=8, max_size=8)))
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(f"80840{nine}")))
    return nine + str(-sum(number // 10 + number % 10 for number in doubled) % 10)


@given(provider_identifiers())
def test_a_provider_identifier_is_taken_as_it_stands(number: str) -> None:
    found = npi(number)

    assert found is not None
    assert found.value == number
    assert found.plausibility == 1.0


@given(provider_identifiers(), st.integers(0, 9), st.integers(0, 3))
def test_a_letter_in_a_provider_identifier_is_the_digit_that_it_is_taken_for(
    number: str, place: int, which: int
) -> None:
    taken_for = [other for other in CONFUSED.get(number[place], ()) if not other.isdigit()] or [number[place]]
    found = npi(number[:place] + taken_for[which % len(taken_for)] + number[place + 1 :])

    assert found is not None
    assert found.value == number


@given(provider_identifiers(), st.integers(1, 9), st.integers(1, 9))
def test_a_digit_misread_as_another_never_makes_a_provider_identifier(number: str, place: int, by: int) -> None:
    found = npi(number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :])

    assert found is not None
    assert found.plausibility < 0.5


def test_a_telephone_number_is_hardly_a_provider_identifier() -> None:
    found = npi("152-530-9310")

    assert found is not None
    assert found.plausibility < 0.5


@given(beneficiary_identifiers())
def test_a_medicare_number_in_its_normal_form_stays_as_it_is(number: str) -> None:
    found = medicare(f"{number[:4]}-{number[4:7]}-{number[7:]}")

    assert found is not None
    assert found.value == number
    assert not found.repaired


@pytest.mark.parametrize(
    ("text", "value", "other"),
    [
        ("30O-6675", "300-6675", "30O-6675"),
        ("47S484", "47S484", "475484"),
        ("12345B", "12345B", "123458"),
        ("HI65489853", "HI65489853", "H165489853"),
    ],
)
def test_a_letter_among_an_offices_digits_goes_to_review(text: str, value: str, other: str) -> None:
    found = normalise(text, Kind.IDENTIFIER)

    assert found is not None
    assert found.value == value
    assert found.ambiguous
    assert found.alternatives == (other,)


@pytest.mark.parametrize(
    "text", ["M589074", "W122943204", "GRP-6220", "XYZ357390105", "O1234", "1EG4TE5MK73", "A-12-B"]
)
def test_letters_that_offices_give_are_no_misread_digits(text: str) -> None:
    found = normalise(text, Kind.IDENTIFIER)

    assert found is not None
    assert found.value == text
    assert not found.ambiguous


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.NPI, "NPI1525309310", "1525309310"),
        (Kind.NPI, "l525309310", "1525309310"),
        (Kind.NPI, "1525 309 310", "1525309310"),
        (Kind.MEDICARE, "1EG4-TE5-MK73", "1EG4TE5MK73"),
        (Kind.MEDICARE, "lEG4 TES MK73", "1EG4TE5MK73"),
        (Kind.MEDICARE, "MBI: 1EG4-TE5-MK73 (A/B)", "1EG4TE5MK73"),
        (Kind.MEDICARE, "1 E G 4 T E 5 M K 7 3", "1EG4TE5MK73"),
        (Kind.MEDICARE, "123-45-6789A", "123456789A"),
        (Kind.MEDICARE, "1EG4-TE5-MK7", None),
        (Kind.MEDICARE, "BREITENBERG", None),
        (Kind.IDENTIFIER, "MRN: 472484", "472484"),
        (Kind.IDENTIFIER, "472484 (inpatient)", "472484"),
        (Kind.IDENTIFIER, "#472484", "472484"),
        (Kind.IDENTIFIER, "l1-46l2", "11-4612"),
        (Kind.LAST_FOUR, "***-**-55S7", "5557"),
        (Kind.LAST_FOUR, "123-45-6789", "6789"),
        (Kind.LAST_FOUR, "•••-••-5557", "5557"),
        (Kind.LAST_FOUR, "SSN (last 4): 5557", "5557"),
        (Kind.LAST_FOUR, "XXX-XX-", None),
        (Kind.LAST_FOUR, "01/02/1950", None),
        (Kind.LAST_FOUR, "508-555-0216", None),
        (Kind.LAST_FOUR, "SOIL", None),
        (Kind.TAX_ID, "12-3456789", "12-3456789"),
        (Kind.TAX_ID, "EIN 12 3456789", "12-3456789"),
        (Kind.TAX_ID, "123-45-6789", "123-45-6789"),
        (Kind.TAX_ID, "I2-34S6789", "12-3456789"),
        (Kind.TAX_ID, "pending", None),
        (Kind.CPT, "99213", "99213"),
        (Kind.CPT, "99213-25", "99213"),
        (Kind.CPT, "992l3", "99213"),
        (Kind.CPT, "G0299", "G0299"),
        (Kind.CPT, "O001F", "0001F"),
        (Kind.CPT, "OFFICE", None),
        (Kind.CPT, "HELLO", None),
        (Kind.AGE, "62 y.o.", "62"),
        (Kind.AGE, "62 yrs", "62"),
        (Kind.AGE, "62-year-old", "62"),
        (Kind.AGE, "62/M", "62"),
        (Kind.AGE, "62F", "62"),
        (Kind.AGE, "Age: 62", "62"),
        (Kind.AGE, "6O", "60"),
        (Kind.AGE, "18 months", "1"),
        (Kind.AGE, "9 days", "0"),
        (Kind.AGE, "10:45", None),
        (Kind.AGE, "07/02/1952", None),
        (Kind.AGE, "150 lb", None),
    ],
)
def test_numbers(kind: Kind, text: str, value: Value | None) -> None:
    found = normalise(text, kind)

    assert (found.value if found else None) == value
