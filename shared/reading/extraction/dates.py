"""Dates as American forms write them, brought to ISO 8601."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from shared.reading.extraction.normalised import AMBIGUOUS, Normalised
from shared.reading.extraction.repair import capitals, differing, digits, misread_share

_MONTHS = (
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
)
_LETTER_FOR = str.maketrans("|1058", "LLOSB")
_N = r"[0-9OQDI|!ZSGB]"  # a digit, or what OCR takes one for
_BETWEEN = r"(?:\s?[/.\-–\\,]\s?|\s{1,2}|\s?\|\s)"
_SLASH = r"[/.\-–\\|!I]"
_YEAR = rf"'?({_N}{{4}}|{_N}{{2}})(?![A-Z0-9])"
_MONTH = r"([A-Z|][A-Z|0158]{2,8}?)"
_ORDINAL = r"(?:ST|ND|RD|TH)?"
_YEAR_FIRST = re.compile(rf"(?<![A-Z0-9])({_N}{{4}}){_BETWEEN}({_N}{{1,2}}){_BETWEEN}({_N}{{1,2}})(?![A-Z0-9])")
_NUMERIC = re.compile(rf"(?<![A-Z0-9])({_N}{{1,2}}){_BETWEEN}({_N}{{1,2}}){_BETWEEN}{_YEAR}")
_MONTH_FIRST = re.compile(rf"(?<![A-Z0-9]){_MONTH}\.?[\s\-]*({_N}{{1,2}}){_ORDINAL}[,.]?[\s\-]*{_YEAR}")
_DAY_FIRST = re.compile(
    rf"(?<![A-Z0-9])({_N}{{1,2}}){_ORDINAL}(?:\s*DAY)?(?:\s*OF)?[\s\-./]*{_MONTH}[.,]?[\s\-./]*{_YEAR}"
)
_CLOSED_UP = re.compile(
    rf"(?<![A-Z0-9])(?P<one>{_N}{{2}}){_SLASH}?(?P<two>{_N}{{2}}){_SLASH}?(?P<year>{_N}{{4}})(?![A-Z0-9])"
)
_SLASH_AS_ONE = re.compile(
    rf"(?<![A-Z0-9])(?P<one>{_N}{{2}})(?:1|{_SLASH})(?P<two>{_N}{{2}})(?:1|{_SLASH})(?P<year>{_N}{{4}})(?![A-Z0-9])"
)
_PLAIN_EIGHT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_PLAIN_SIX = re.compile(r"^(?P<one>\d\d)(?P<two>\d\d)(?P<year>\d\d)$")
_SPACED = re.compile(r"^[0-9OQDI|!ZSGB/.\-–\\ ]+$")
_CLOSED_UP_SURE, _SIX_SURE = 0.85, 0.6  # plausibility of "03112025" and of "031125"
_SWAPPED = 0.6  # of a date whose first number, against the custom, can only be the day
_REVERSED = 0.3  # its share left to a range that ends before it begins
_THIS_CENTURY_UNTIL = 49  # two-digit years of events; of births, all but the youngest patients' are the last century's
_BORN_THIS_CENTURY_UNTIL = 25
_EARLIEST, _LATEST = 1890, 2100


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a form writes dates: the day first, the month first, or (None) nobody knows; and the day it was read."""

    day_first: bool | None = False
    today: date | None = None


AMERICAN = Conventions()


def parse_date(text: str, conventions: Conventions = AMERICAN, *, birth: bool = False) -> Normalised | None:
    """The first date in `text`. `birth` takes two-digit years for the last century's, and no day after today."""
    if not any(character.isdigit() for character in text):
        return None
    return next((found for found, _ in _dates(capitals(text.strip()), conventions, birth)), None)


def parse_date_range(text: str, conventions: Conventions = AMERICAN) -> Normalised | None:
    """The first two dates in `text`, as "from/until"."""
    if not any(character.isdigit() for character in text):
        return None
    whole = capitals(text)
    first = next(_dates(whole, conventions, birth=False), None)
    second = next(_dates(whole[first[1] :], conventions, birth=False), None) if first else None
    if first is None or second is None:
        return None
    begin, end = first[0], second[0]
    sure = min(begin.plausibility, end.plausibility)
    if str(begin.value) > str(end.value):
        sure *= _REVERSED
    return Normalised(
        f"{begin.value}/{end.value}",
        sure,
        repaired=begin.repaired or end.repaired,
        ambiguous=begin.ambiguous or end.ambiguous,
    )


def _dates(text: str, how: Conventions, birth: bool) -> Iterator[tuple[Normalised, int]]:
    """What `text` (in `capitals`) may be read as, the likeliest way of writing first, and where that ends."""
    if (found := _YEAR_FIRST.search(text)) and (made := _made(found[1], found[2], found[3], how, birth)):
        yield made, found.end()
    if (found := _NUMERIC.search(text)) and (made := _ordered(found[1], found[2], found[3], how, birth)):
        yield made, found.end()
    for pattern, month, day in ((_MONTH_FIRST, 1, 2), (_DAY_FIRST, 2, 1)):
        for found in pattern.finditer(text):
            number = _month_number(found[month])
            if number and (made := _made(found[3], number, found[day], how, birth)):
                yield made, found.end()
    if (found := _PLAIN_EIGHT.search(text)) and (made := _made(found[1], found[2], found[3], how, birth)):
        yield made, found.end()
    yield from _closed_up(text, how, birth)


def _closed_up(text: str, how: Conventions, birth: bool) -> Iterator[tuple[Normalised, int]]:
    """Dates whose separators were lost or taken for ones, or whose numbers were torn apart."""
    for pattern, sure in ((_CLOSED_UP, _CLOSED_UP_SURE), (_SLASH_AS_ONE, _CLOSED_UP_SURE), (_PLAIN_SIX, _SIX_SURE)):
        found = pattern.search(text)
        if found is None or (pattern is _SLASH_AS_ONE and found[0].isdigit()):
            continue
        if made := _ordered(found["one"], found["two"], found["year"], how, birth):
            yield _at_most(made, sure), found.end()
    if " " in text and _SPACED.match(text) and (found := _NUMERIC.search(text.replace(" ", ""))):
        made = _ordered(found[1], found[2], found[3], how, birth)
        if made:
            yield _at_most(made, _CLOSED_UP_SURE), len(text)


def _at_most(found: Normalised, sure: float) -> Normalised:
    return replace(found, plausibility=min(found.plausibility, sure), repaired=True)


def _month_number(printed: str) -> str | None:
    name = printed.translate(_LETTER_FOR)
    for read in (name, name.replace("I", "L")):
        for number, month in enumerate(_MONTHS, 1):
            if month.startswith(read) or (read == "SEPT" and month == "SEPTEMBER"):
                return str(number)
    return None


def _ordered(one: str, two: str, year: str, how: Conventions, birth: bool) -> Normalised | None:
    """The date of two numbers whose order is the form's, or the other where that alone is one."""
    month, day = (two, one) if how.day_first else (one, two)
    usual = _made(year, month, day, how, birth)
    other = _made(year, day, month, how, birth)
    if usual and other and how.day_first is None and usual.value != other.value:
        return replace(usual, plausibility=AMBIGUOUS, ambiguous=True, alternatives=(other.value,))
    if usual or other is None or how.day_first is None:
        return usual or other
    return replace(other, plausibility=other.plausibility * _SWAPPED)


def _made(year: str, month: str, day: str, how: Conventions, birth: bool) -> Normalised | None:
    printed = year + month + day
    number = digits(printed)
    if number is None:
        return None
    misread = differing(printed, number)
    whole = _whole_year(number[: len(year)], how, birth)
    try:
        made = date(whole, int(number[len(year) : -len(day)]), int(number[-len(day) :]))
    except ValueError:
        return None
    if not _EARLIEST <= whole <= _LATEST or (birth and how.today is not None and made > how.today):
        return None
    return Normalised(made.isoformat(), misread_share(misread), repaired=misread > 0)


def _whole_year(year: str, how: Conventions, birth: bool) -> int:
    if len(year) == 4:
        return int(year)
    born_until = how.today.year % 100 if how.today else _BORN_THIS_CENTURY_UNTIL
    until = born_until if birth else _THIS_CENTURY_UNTIL
    return int(year) + (2000 if int(year) <= until else 1900)
