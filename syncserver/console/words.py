"""How numbers, moments and names of the code are written for people."""

import re
from datetime import datetime, timedelta

from markupsafe import Markup

_NONE = "–"
_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"))
_ACRONYMS = {"api": "API", "id": "ID", "url": "URL"}

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The most special first: each names those that it descends from as well. Others are told as they say it."""
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def number(value: float | None) -> str:
    """1234567 as 1,234,567."""
    return _NONE if value is None else f"{value:,}"


def money(cents: float | None) -> str:
    """US dollars; of fractions of a cent, four digits."""
    if cents is None:
        return _NONE
    digits = 2 if cents == int(cents) else 4
    return f"${cents / 100:,.{digits}f}"


def share(value: float | None) -> str:
    """0..1 as a percentage."""
    return _NONE if value is None else f"{value * 100:.1f}".removesuffix(".0") + " %"


def span(milliseconds: int | None) -> str:
    """A duration."""
    if milliseconds is None:
        return _NONE
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def moment(value: datetime | None) -> Markup | str:
    """A day and a time, in UTC."""
    if value is None:
        return _NONE
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), value.strftime("%Y-%m-%d %H:%M"))


def day(value: datetime | None) -> Markup | str:
    """A day, in UTC."""
    if value is None:
        return _NONE
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), value.strftime("%Y-%m-%d"))


def since(value: datetime | None, now: datetime) -> Markup | str:
    """How long ago, with the moment behind it."""
    if value is None:
        return "never"
    gone = ago(now - value)
    title = value.strftime("%Y-%m-%d %H:%M UTC")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), title, gone)


def ago(gone: timedelta) -> str:
    """`3 hours ago`; what is to come counts as now."""
    seconds = int(gone.total_seconds())
    for size, unit in _UNITS:
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def program(agent: str | None) -> str:
    """What a browser or program that names itself so is called by people: `Firefox on Windows`."""
    if not agent:
        return "A program without a name"
    browser = next((name for mark, name in _BROWSERS if mark in agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in agent), None)
    return f"{browser} on {system}" if browser and system else agent


def words(name: str) -> str:
    """A name of the code, such as `read_only` or `job.completed`, as words."""
    parts = re.split(r"[_.\- ]+", name)
    spelled = [_ACRONYMS.get(part, part) for part in parts if part]
    text = " ".join(spelled)
    return text[:1].upper() + text[1:]


def breaking(name: str) -> Markup:
    """A name of the code that a narrow page breaks behind a dot, and not within a word."""
    return Markup(".<wbr>").join(name.split("."))


def detail(value: str | float | bool) -> str:
    """What an audit entry tells besides: true and false as words."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def counted(number_of: int, one: str, more: str | None = None) -> str:
    """`1 page`, `2 pages`."""
    return f"{number_of:,} {one if number_of == 1 else more or one + 's'}"


FILTERS = {
    "number": number,
    "money": money,
    "share": share,
    "span": span,
    "moment": moment,
    "day": day,
    "program": program,
    "words": words,
    "breaking": breaking,
    "counted": counted,
    "detail": detail,
}
