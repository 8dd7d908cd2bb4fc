"""Numbers of offices and authorities, as printed and as misread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.documents import Value
from shared.reading.extraction.codes import medicare
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


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.NPI, "l525309310", "1525309310"),
        (Kind.NPI, "1525 309 310", "1525309310"),
        (Kind.MEDICARE, "1EG4-TE5-MK73", "1EG4TE5MK73"),
        (Kind.MEDICARE, "lEG4 TES MK73", "1EG4TE5MK73"),
        (Kind.MEDICARE, "BREITENBERG", None),
        (Kind.LAST_FOUR, "***-**-55S7", "5557"),
        (Kind.LAST_FOUR, "123-45-6789", "6789"),
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
        (Kind.AGE, "07/02/1952", None),
        (Kind.AGE, "150 lb", None),
    ],
)
def test_numbers(kind: Kind, text: str, value: Value | None) -> None:
    found = normalise(text, kind)

    assert (found.value if found else None) == value
