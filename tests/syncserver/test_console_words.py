"""How the console writes numbers, moments and names of the code."""

from datetime import UTC, datetime, timedelta

import pytest

from syncserver.console import words
from syncserver.console.forms import GivenForm

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_numbers_amounts_shares_and_durations() -> None:
    assert (words.number(1234567), words.number(None)) == ("1,234,567", "–")
    assert (words.money(800_000), words.money(12.5), words.money(None)) == ("$8,000.00", "$0.1250", "–")
    assert (words.share(0.5), words.share(0.98765), words.share(None)) == ("50 %", "98.8 %", "–")
    assert (words.span(999), words.span(1500), words.span(None)) == ("999 ms", "1.5 s", "–")
    assert (words.counted(1, "page"), words.counted(2000, "page"), words.counted(0, "entry", "entries")) == (
        "1 page",
        "2,000 pages",
        "0 entries",
    )


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=9), "9 days ago"),
    ],
)
def test_how_long_ago(gone: timedelta, told: str) -> None:
    assert told in words.since(NOON - gone, NOON)
    assert words.since(None, NOON) == "never"


_KIN = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_KIN} Version/18.0 Safari/605.1.15", "Safari on macOS"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {_KIN} Chrome/140.0 Safari/537.36 EdgA/140.0", "Edge on Android"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_KIN} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {_KIN} Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("chartdrop/1.0 (Linux)", "chartdrop/1.0 (Linux)"),
        (None, "A program without a name"),
    ],
)
def test_browsers_are_called_as_people_call_them(agent: str | None, told: str) -> None:
    assert words.program(agent) == told


def test_a_long_name_of_the_code_may_break_behind_its_dots() -> None:
    assert words.breaking("organization.registered") == "organization.<wbr>registered"
    assert words.breaking("<b>.") == "&lt;b&gt;.<wbr>"


def test_names_of_the_code_become_words() -> None:
    assert [words.words(name) for name in ("read_only", "job.completed", "api_calls", "")] == [
        "Read only",
        "Job completed",
        "API calls",
        "",
    ]


@pytest.mark.parametrize(("typed", "number"), [(" 12 ", 12), ("", None), ("1.5", "1.5"), ("-1", "-1"), ("²", "²")])
def test_a_number_in_a_form_is_one_or_is_left_for_the_model_to_refuse(typed: str, number: int | str | None) -> None:
    assert GivenForm({"n": (typed,)}).number("n") == number
