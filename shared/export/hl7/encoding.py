"""Segments as text (HL7 v2.5.1, chapter 2): what parts fields is escaped where it is only meant."""

import unicodedata
from datetime import date, datetime

Components = tuple[str, ...]
Field = str | Components | list[Components]
"""A text, the components of one value, or several repetitions of them."""

_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": "\\X0D\\", "\n": "\\X0A\\"}
SEPARATORS = "^~\\&"
US = "CHARTDROP"
"""Who writes, and whose the ids of documents are."""
END = "\r"


def escaped(text: str) -> str:
    """`text` as it may stand in a component (2.7); line ends as hexadecimal, other control characters as blanks."""
    return "".join(_ESCAPES.get(character, " " if _steers(character) else character) for character in text)


def segment(name: str, *fields: Field) -> str:
    """One segment; empty fields at its end are left out."""
    parts = [name, *(_field(field) for field in fields)]
    while parts and not parts[-1]:
        parts.pop()
    return "|".join(parts)


def moment(at: datetime) -> str:
    """A moment to the second, in UTC (2.A.88, DTM)."""
    return at.strftime("%Y%m%d%H%M%S+0000")


def day(text: str | None) -> str:
    """A day in ISO 8601 as HL7 writes it; empty where it is none."""
    try:
        return date.fromisoformat(text).strftime("%Y%m%d") if text else ""
    except ValueError:
        return ""


def _field(field: Field) -> str:
    if isinstance(field, str):
        return escaped(field)
    repetitions = [field] if isinstance(field, tuple) else field
    return "~".join(_components(repetition) for repetition in repetitions)


def _components(parts: Components) -> str:
    given = [escaped(part) for part in parts]
    while given and not given[-1]:
        given.pop()
    return "^".join(given)


def _steers(character: str) -> bool:
    return unicodedata.category(character) == "Cc"
