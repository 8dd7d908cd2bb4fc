"""Dates as American forms write them, brought to ISO 8601."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from shared.reading.extraction.normalised import AS_PRINTED, REPAIRED, Normalised
from shared.reading.extraction.repair import capitals, differing, digits, misread_share
from shared.templates import DateOrder, Template
from shared.templates.phrases import likeness

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
_BEFORE = r"(?<![A-Z0-9])(?<!\d[/.\-–])"
_AFTER = r"(?![A-SU-Z0-9]|T(?!\d)|[./]\d)"  # a time may follow: "2025-03-11T10:45"
_BETWEEN = r"(?:\s?[/.\-–\\,]\s?|\s{1,4})"
_SLASH = r"[/.\-–\\|!I]"
_NAME = r"[A-Z|0][A-Z|0158]{2,8}?(?![A-Z|])"
_ORDINAL = r"(?:\s?(?:ST|ND|RD|TH)(?![A-Z]))?"
_ONE, _TWO, _DAY = (rf"(?P<{part}>{_N}{{1,2}})" for part in ("one", "two", "day"))
_YEAR = rf"'?(?P<year>{_N}{{4}}|(?:19|2[0O])\s\d\d(?![\d:])|{_N}{{2}}){_AFTER}"
_WHOLE_YEAR = rf"(?P<year>{_N}{{4}})"
_UNTIL = r"\s*(?:[-–—]|TO|THRU|THROUGH|UNTI[L|])\s*"
_BOX_EDGE = re.compile(r"(?<=[0-9OQDSB])(?:\s\|\s?|\s?\|\s)(?=[0-9OQDSB])")

_NUMBERS = re.compile(rf"{_BEFORE}{_ONE}(?P<first>{_BETWEEN}){_TWO}(?P<second>{_BETWEEN}){_YEAR}")
_YEAR_FIRST = re.compile(
    rf"{_BEFORE}{_WHOLE_YEAR}{_BETWEEN}(?P<month>{_N}{{1,2}}|[A-Z]{{3,9}}){_BETWEEN}{_DAY}{_AFTER}"
)
_MONTH_FIRST = re.compile(
    rf"(?<![A-Z0-9])(?P<month>{_NAME})\.?(?P<first>[\s\-/]*){_DAY}{_ORDINAL}(?:{_UNTIL}{_N}{{1,2}}{_ORDINAL}(?=,))?"
    rf"(?P<second>[,.\s\-/]+){_YEAR}"
)
_DAY_FIRST = re.compile(rf"{_BEFORE}{_DAY}{_ORDINAL}(?:\s*DAY)?(?:\s*OF)?[\s\-./,]*(?P<month>{_NAME})[\s\-./,]*{_YEAR}")
_EIGHT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
# Separators that were lost or taken for ones, and digits without any.
_CLOSED_UP = re.compile(rf"{_BEFORE}(?P<one>{_N}{{2}}){_SLASH}?(?P<two>{_N}{{2}}){_SLASH}?{_WHOLE_YEAR}{_AFTER}")
_SLASH_AS_ONE = re.compile(
    rf"{_BEFORE}(?P<one>{_N}{{2}})(?:1|{_SLASH})(?P<two>{_N}{{2}})(?:1|{_SLASH}){_WHOLE_YEAR}{_AFTER}"
)
_SIX = re.compile(r"^(?P<one>\d\d)(?P<two>\d\d)(?P<year>\d\d)$")
_TORN = re.compile(r"^[0-9OQDI|!ZSGB/.\-–\\ ]+$")
_CLOSED_UP_SURE, _SIX_SURE = 0.85, 0.6  # plausibility of "03112025" and of "031125"
_MIXED_SURE = 0.5  # of "3.5-10", or "10 12 14" among other words: what parts the numbers is hardly a date's
_SWAPPED = 0.6  # of a date whose first number, against the custom, can only be the day
_MISSPELT = 0.8  # of "Febuary 3, 2025"
_REVERSED = 0.3  # its share left to a range that ends before it begins
_THIS_CENTURY_UNTIL = 49  # two-digit years of events; of births, all but the youngest patients' are the last century's
_BORN_THIS_CENTURY_UNTIL = 25
_OLDEST = 110  # years that a patient may have lived
_EITHER_CENTURY = 0.5  # plausibility of a birth in "20": a child's, or a patient's of a hundred years
_EARLIEST, _LATEST = 1890, 2100

# "03/11-06/08/2025", and the normal form itself
_CLOSE_DASH = re.compile(r"(?<=/\d\d)[-–—](?=\d{1,2}/)|(?<=\d{4}-\d\d-\d\d)/(?=\d{4}-)")
_BEGUN = re.compile(rf"(?<![A-Z0-9/])({_N}{{1,2}}\s?[/.\-]\s?{_N}{{1,2}}|{_NAME}\.?\s{_N}{{1,2}}{_ORDINAL}){_UNTIL}$")
_OF_ONE_MONTH = re.compile(
    rf"(?<![A-Z0-9])(?P<month>{_NAME})\.?\s(?P<begin>{_N}{{1,2}}){_ORDINAL}{_UNTIL}"
    rf"(?P<end>{_N}{{1,2}}){_ORDINAL}[,.\s]+{_WHOLE_YEAR}{_AFTER}"
)


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a form writes dates: the day first, the month first, or (None) nobody knows; and the day it was read."""

    day_first: bool | None = False
    today: date | None = None


AMERICAN, ANY_ORDER = Conventions(), Conventions(day_first=None)
_ORDERS = {DateOrder.MONTH_FIRST: False, DateOrder.DAY_FIRST: True, DateOrder.UNKNOWN: None}


def conventions_of(template: Template, today: date | None = None) -> Conventions:
    """How documents of the template write dates, read `today`."""
    return Conventions(_ORDERS[template.dates], today)


@dataclass(frozen=True, slots=True)
class _Found:
    """A day and where in a text it stands."""

    day: Normalised
    start: int
    end: int
    whole_year: bool


def parse_date(text: str, conventions: Conventions = AMERICAN, *, birth: bool = False) -> Normalised | None:
    """The first date in `text`. `birth` takes two-digit years for the last century's, and no day after today."""
    found = _first_date(_prepared(text), conventions, birth=birth)
    return found.day if found else None


def parse_date_range(text: str, conventions: Conventions = AMERICAN) -> Normalised | None:
    """The first two dates in `text`, as "from/until"; they may share month and year: "March 11 - 14, 2025"."""
    whole = _CLOSE_DASH.sub(" - ", _prepared(text))
    if found := _OF_ONE_MONTH.search(whole):
        month, year = found["month"], found["year"]
        begin, end = (_first_date(f"{month} {found[day]}, {year}", conventions) for day in ("begin", "end"))
        return _range(begin.day, end.day) if begin and end else None
    first = _first_date(whole, conventions)
    if first is None:
        return None
    if second := _first_date(whole[first.end :], conventions):
        return _range(first.day, second.day)
    begun = _BEGUN.search(whole[: first.start])
    earlier = _first_date(f"{begun[1]}, {str(first.day.value)[:4]}", conventions) if begun else None
    return _range(earlier.day, first.day) if earlier else None


def _range(begin: Normalised, end: Normalised) -> Normalised:
    sure = min(begin.plausibility, end.plausibility)
    others = zip(begin.alternatives or (begin.value,), end.alternatives or (end.value,), strict=False)
    ambiguous = begin.ambiguous or end.ambiguous
    return Normalised(
        f"{begin.value}/{end.value}",
        sure if str(begin.value) <= str(end.value) else sure * _REVERSED,
        repaired=begin.repaired or end.repaired,
        ambiguous=ambiguous,
        alternatives=tuple(f"{first}/{last}" for first, last in others) if ambiguous else (),
    )


def _prepared(text: str) -> str:
    """`text` in `capitals`, with slashes for the edges of boxes that day, month and year have of their own."""
    return _BOX_EDGE.sub("/", capitals(text.strip()))


def _first_date(text: str, how: Conventions, *, birth: bool = False) -> _Found | None:
    """The date that begins first, or one that shares characters with it and is surer.

    "10:15 Mar 11, 2025" is no 15th of March 2011.
    """
    if not any(character.isdigit() for character in text):
        return None
    found = list(_dates(text, how, birth))
    end = min(found, key=lambda one: one.start).end if found else 0
    rivals = (one for one in found if one.start < end)
    return max(rivals, key=lambda one: (one.whole_year, one.day.plausibility), default=None)


def _dates(text: str, how: Conventions, birth: bool) -> Iterator[_Found]:
    """For each way of writing a date the first that `text` may be read as, the likeliest way first."""
    for pattern in (_NUMBERS, _YEAR_FIRST, _MONTH_FIRST, _DAY_FIRST, _EIGHT):
        for found in pattern.finditer(text):
            if day := _day(found, how, birth):
                yield _found(found, day)
                break
    for pattern, sure in ((_CLOSED_UP, _CLOSED_UP_SURE), (_SLASH_AS_ONE, _CLOSED_UP_SURE), (_SIX, _SIX_SURE)):
        if (closed := pattern.search(text)) and (day := _day(closed, how, birth)):
            yield _found(closed, _mended(day, sure))
    torn = _NUMBERS.search(text.replace(" ", "")) if " " in text and _TORN.match(text) else None
    if torn and (day := _day(torn, how, birth)):
        yield _Found(_mended(day, _CLOSED_UP_SURE), 0, len(text), len(torn["year"]) > 2)


def _found(match: re.Match[str], day: Normalised) -> _Found:
    return _Found(day, match.start(), match.end(), len(match["year"]) > 2)


def _mended(day: Normalised, sure: float) -> Normalised:
    return replace(day, plausibility=min(day.plausibility, sure), repaired=True)


def _day(found: re.Match[str], how: Conventions, birth: bool) -> Normalised | None:
    parts = found.groupdict()
    year = parts["year"].replace(" ", "")
    day = _ordered(parts["one"], parts["two"], year, how, birth) if "one" in parts else _named(parts, year, how, birth)
    if day is None or (birth and how.today is not None and str(day.value) > how.today.isoformat()):
        return None
    if "first" in parts and _mixed(parts["first"].strip(), parts["second"].strip(), found, short=len(year) == 2):
        return replace(day, plausibility=min(day.plausibility, _MIXED_SURE))
    return day


def _mixed(first: str, second: str, found: re.Match[str], *, short: bool) -> bool:
    """Whether what parts the numbers is hardly what parts a date whose year is `short` or whole."""
    if "one" not in found.re.groupindex:
        return short and "-" in second and "-" not in first
    if first != second:
        return short or "," in first + second
    return short and not first and _TORN.match(found.string) is None


def _named(parts: dict[str, str], year: str, how: Conventions, birth: bool) -> Normalised | None:
    """The date of a year, a month by its number or name, and a day."""
    month, sure = _month_number(parts["month"]) if len(parts["month"]) > 2 else (parts["month"], AS_PRINTED)
    made = _made(year, month, parts["day"], how, birth) if month else None
    if made is None or sure == AS_PRINTED:
        return made
    return replace(made, plausibility=min(made.plausibility, sure), repaired=True)


def _month_number(printed: str) -> tuple[str, float]:
    """The number of a month, and how sure it is from its name; none where it is no month's."""
    name = printed.translate(_LETTER_FOR)
    for read in (name, name.replace("I", "L")):
        for number, month in enumerate(_MONTHS, 1):
            if month.startswith(read) or (read == "SEPT" and month == "SEPTEMBER"):
                return str(number), AS_PRINTED if read == printed.replace("|", "L") else REPAIRED
    likes = [likeness(name.lower(), month.lower()) for month in _MONTHS]
    return (str(likes.index(max(likes)) + 1), _MISSPELT) if max(likes) else ("", 0.0)


def _ordered(one: str, two: str, year: str, how: Conventions, birth: bool) -> Normalised | None:
    """The date of two numbers whose order is the form's, or the other where that alone is one.

    Of an order that nobody knows both: that it is a date is as plausible as ever, which of the two is not known.
    """
    month, day = (two, one) if how.day_first else (one, two)
    usual = _made(year, month, day, how, birth)
    other = _made(year, day, month, how, birth)
    if usual and other and how.day_first is None and usual.value != other.value:
        return replace(usual, ambiguous=True, alternatives=(other.value,))
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
    if not _EARLIEST <= whole <= _LATEST:
        return None
    if birth and len(year) == 2 and whole >= 2000 and whole - 100 >= _this_year(how) - _OLDEST:
        older = made.isoformat().replace(str(whole), str(whole - 100), 1)
        return Normalised(made.isoformat(), _EITHER_CENTURY, misread > 0, ambiguous=True, alternatives=(older,))
    return Normalised(made.isoformat(), misread_share(misread), repaired=misread > 0)


def _whole_year(year: str, how: Conventions, birth: bool) -> int:
    if len(year) == 4:
        return int(year)
    until = _this_year(how) % 100 if birth else _THIS_CENTURY_UNTIL
    return int(year) + (2000 if int(year) <= until else 1900)


def _this_year(how: Conventions) -> int:
    return how.today.year if how.today else 2000 + _BORN_THIS_CENTURY_UNTIL
