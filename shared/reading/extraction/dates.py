"""Dates as American forms write them, brought to ISO 8601."""

import re
from datetime import date

from shared.reading.extraction.codes import Normalised

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERIC = re.compile(r"(?<![\d])(\d{1,4})\s?[/.\-\\]\s?(\d{1,2})\s?[/.\-\\]\s?(\d{2,4})(?![\d])")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[\s\-]+([A-Za-z]{3,9})\.?,?[\s\-]+(\d{2,4})\b")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s*(\d{4}|\d{2})\b")
_MISTAKEN = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "/", "S": "5", "B": "8"})
_THIS_CENTURY_UNTIL = 49  # two-digit years of events; of births, all but the youngest patients' are the last century's
_BORN_THIS_CENTURY_UNTIL = 25
_SWAPPED = 0.6  # plausibility of a date whose first number can only be the day
_EARLIEST, _LATEST = 1890, 2100


def parse_date(text: str, *, birth: bool = False) -> Normalised | None:
    """The first date in `text`, month before day. `birth` puts two-digit years in the last century."""
    for candidate in (text, text.translate(_MISTAKEN)):
        certainty = 1.0 if candidate == text else 0.85
        if found := _NUMERIC.search(candidate):
            return _numeric(found[1], found[2], found[3], certainty, birth=birth)
        if found := _MONTH_FIRST.search(candidate):
            return _written(found[1], found[2], found[3], birth=birth)
        if found := _DAY_FIRST.search(candidate):
            return _written(found[2], found[1], found[3], birth=birth)
    return None


def _numeric(one: str, two: str, three: str, certainty: float, *, birth: bool) -> Normalised | None:
    if len(one) == 4:
        return _made(int(one), int(two), int(three), certainty)
    if len(one) == 3 or len(three) == 3:
        return None
    year = _whole_year(three, birth=birth)
    if int(one) > 12 >= int(two):
        return _made(year, int(two), int(one), certainty * _SWAPPED)
    return _made(year, int(one), int(two), certainty)


def _written(month: str, day: str, year: str, *, birth: bool) -> Normalised | None:
    if month[:3].lower() not in _MONTHS:
        return None
    return _made(_whole_year(year, birth=birth), _MONTHS.index(month[:3].lower()) + 1, int(day), 1.0)


def _whole_year(year: str, *, birth: bool) -> int:
    if len(year) == 4:
        return int(year)
    until = _BORN_THIS_CENTURY_UNTIL if birth else _THIS_CENTURY_UNTIL
    return int(year) + (2000 if int(year) <= until else 1900)


def _made(year: int, month: int, day: int, certainty: float) -> Normalised | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return Normalised(date(year, month, day).isoformat(), certainty)
    except ValueError:
        return None
