"""Dates in the many ways that forms write them, and as OCR misreads them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reading.extraction.dates import Conventions, parse_date, parse_date_range
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.repair import CONFUSED
from shared.templates import Kind

DAY_FIRST, UNKNOWN_ORDER = Conventions(day_first=True), Conventions(day_first=None)
DAYS = st.dates(date(1900, 1, 1), date(2049, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "03/11/2025",
        "3-11-25",
        "03.11.2025",
        "03 11 2025",
        "03 | 11 | 2025",
        "11-MAR-2025",
        "11 March 2025",
        "March 11, 2025",
        "Mar. 11th, 2025",
        "MAR 11 2025",
        "11th day of March, 2025",
        "2025-03-11",
        "20250311",
        "03112025",
        "03/1l/2025",
        "O3/11/2O25",
        "0311/2025",
        "03/112025",
        "03/1112025",
        "03/11/ 2025",
        "0 3 / 1 1 / 2 0 2 5",
        "11-MAR-2O25",
        "Date: 03/11/2025 10:45",
        "03/11/25 10:45",
        "2025-03-11T10:45:00",
        "2025 MAR 11",
        "Tues, March 11, 2025",
        "10:15 Mar 11, 2025",
        "MAR 11, '25",
        "Mar-11-2025",
        "11MAR2025",
        "March11,2025",
        "on this 11th day of March, 2025",
        "the 11th of March 2025",
        "March 11-14, 2025",
        "Marsh 11, 2025",
        "03|11|2025",
        "03 11 25",
        "03/11/20 25",
        "l1 Mar 2025",
    ],
)
def test_one_day_written_in_many_ways(text: str) -> None:
    found = parse_date(text)

    assert found is not None
    assert found.value == "2025-03-11"
    assert found.plausibility >= 0.8


@pytest.mark.parametrize(
    "text",
    [
        "02/30/2025",
        "13/13/2025",
        "00/10/2025",
        "03/11/202",
        "03/2025",
        "3/11",
        "12",
        "June",
        "March 2025",
        "pending",
        "SEE NOTE",
        "828-555-8217",
        "123-45-6789",
        "12-3456789",
        "1525309310",
        "M751639",
        "C34.90",
        "4.0-11.0",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["3.5-10.25", "Room 10 12 14", "031125"])
def test_numbers_that_are_hardly_a_day_are_hardly_sure(text: str) -> None:
    found = parse_date(text)

    assert found is None or found.plausibility <= 0.6


@given(DAYS)
def test_a_date_in_its_normal_form_stays_as_it_is(day: date) -> None:
    found = parse_date(day.isoformat())

    assert found is not None
    assert found.value == day.isoformat()
    assert found.plausibility == 1.0


@given(DAYS, st.sampled_from(["%m/%d/%Y", "%m-%d-%Y", "%B %d, %Y", "%d %b %Y", "%d-%b-%Y", "%b %d %Y", "%m.%d.%Y"]))
def test_every_day_is_read_in_every_usual_form(day: date, form: str) -> None:
    found = parse_date(day.strftime(form))

    assert found is not None
    assert found.value == day.isoformat()
    assert not found.ambiguous


@given(DAYS, st.integers(0, 9), st.integers(0, 3))
def test_one_misread_digit_never_makes_another_day_for_certain(day: date, place: int, which: int) -> None:
    written = day.strftime("%m/%d/") + f"{day.year:04}"
    taken_for = [other for other in CONFUSED.get(written[place], ()) if other != "|"] or [written[place]]
    printed = written[:place] + taken_for[which % len(taken_for)] + written[place + 1 :]
    found = parse_date(printed)

    assert found is not None
    assert found.value == day.isoformat() or found.plausibility < 0.8


def test_the_day_stands_first_where_the_form_says_so() -> None:
    found = parse_date("03/11/2025", DAY_FIRST)

    assert found is not None
    assert found.value == "2025-11-03"


def test_an_order_that_nobody_knows_goes_to_review() -> None:
    unsure, sure = parse_date("03/11/2025", UNKNOWN_ORDER), parse_date("25/11/2025", UNKNOWN_ORDER)

    assert unsure is not None
    assert unsure.ambiguous
    assert unsure.alternatives == ("2025-11-03",)
    assert sure is not None
    assert not sure.ambiguous


def test_numbers_that_contradict_the_order_are_less_sure() -> None:
    found = parse_date("23/02/2025")

    assert found is not None
    assert found.value == "2025-02-23"
    assert found.plausibility < 0.8


def test_small_letters_between_digits_are_other_digits_than_capitals() -> None:
    found = normalise("01/2b/2025", Kind.DATE)

    assert found is not None
    assert found.value == "2025-01-26"
    assert found.repaired


def test_a_misspelt_month_is_less_sure() -> None:
    found = parse_date("Febuary 3, 2025")

    assert found is not None
    assert found.value == "2025-02-03"
    assert found.repaired
    assert found.plausibility < 0.9


def test_a_birth_in_either_century_goes_to_review() -> None:
    old_or_young, child = parse_date("5/29/20", birth=True), parse_date("5/29/05", birth=True)

    assert old_or_young is not None
    assert old_or_young.ambiguous
    assert {old_or_young.value, *old_or_young.alternatives} == {"2020-05-29", "1920-05-29"}
    assert child is not None
    assert child.value == "2005-05-29"
    assert not child.ambiguous


def test_nobody_is_born_after_today() -> None:
    today = Conventions(today=date(2026, 5, 1))

    assert parse_date("06/01/2026", today, birth=True) is None
    assert parse_date("06/01/2026", today) is not None
    young = parse_date("03/01/26", today, birth=True)
    assert young is not None
    assert young.value == "2026-03-01"


@pytest.mark.parametrize(
    "text",
    [
        "03/11/2025 - 06/08/2025",
        "from 3/11/25 to 6/8/25",
        "03/11/2025 thru 06/08/2025",
        "March 11, 2025 through June 8, 2025",
        "03/11/2025-06/08/2025",
        "3/11/25-6/8/25",
        "3/11 - 6/8/2025",
        "03/11-06/08/2025",
        "March 11 - June 8, 2025",
        "Mar 11, 2025 to 6/8/25",
    ],
)
def test_a_range_is_two_days(text: str) -> None:
    found = parse_date_range(text)

    assert found is not None
    assert found.value == "2025-03-11/2025-06-08"


def test_a_range_within_one_month_names_it_once() -> None:
    found = parse_date_range("March 11 - 14, 2025")

    assert found is not None
    assert found.value == "2025-03-11/2025-03-14"


def test_a_range_that_ends_before_it_begins_is_hardly_one() -> None:
    found = parse_date_range("06/08/2025 - 03/11/2025")

    assert found is not None
    assert found.plausibility < 0.5
    assert parse_date_range("06/08/2025") is None
