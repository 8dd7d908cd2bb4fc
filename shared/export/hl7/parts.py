"""The segments that both messages have: who the patient is, who treats, and values with whose they are."""

import re
from dataclasses import dataclass

from shared.documents import FieldValue, Reading
from shared.export.document import Document, is_confirmed, text_of
from shared.export.hl7.encoding import US, Components, Field, day, segment
from shared.export.names import parted

_LOCAL = "L"  # table 0396: a code of our own, the field's name
_SEXES = frozenset("MF")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_CONFIRMED = ("confirmed", "Confirmed by a person", _LOCAL)
_MACHINE = ("machine", "Read by a machine", _LOCAL)


def field_text(reading: Reading, name: str) -> str:
    """The field's value as text; empty where nothing was found."""
    cell = reading.fields.get(name)
    return text_of(cell.value) if cell else ""


def patient(document: Document) -> str:
    """PID; what is not known stays empty, but for what the standard requires."""
    reading = document.reading
    name = parted(field_text(reading, "patient_name"))
    named: Components = (name.family, name.given, name.middle, name.suffix, "", "", "L")
    sex = field_text(reading, "sex")
    phones = (
        [("", "PRN", "PH", "", "", "", "", "", "", "", "", phone)] if (phone := field_text(reading, "phone")) else []
    )
    mails = [("", "NET", "Internet", mail)] if (mail := field_text(reading, "email")) else []
    address = field_text(reading, "address")
    return segment(
        "PID",
        "1",
        "",
        _identifiers(document),
        "",
        [named] if any((name.family, name.given)) else [("", "", "", "", "", "", "U")],
        "",
        day(field_text(reading, "date_of_birth")),
        sex if sex in _SEXES else "U",
        "",
        "",
        [(address,)] if address else "",
        "",
        [*phones, *mails] or "",
        "",
        ("", field_text(reading, "primary_language")),
        ("", field_text(reading, "marital_status")),
        ("", field_text(reading, "religion")),
    )


def visit(reading: Reading) -> str:
    """PV1: who attends; the class of the patient (required) is unknown."""
    attending = field_text(reading, "attending_physician")
    npi = field_text(reading, "npi") if "attending_physician" in reading.fields else ""
    referring = doctor(field_text(reading, "referring_physician"), field_text(reading, "referring_npi"))
    return segment("PV1", "1", "U", "", "", "", "", doctor(attending, npi), referring)


def doctor(text: str, npi: str) -> Field:
    """XCN: a person with the number that was read; empty where neither was."""
    if not text and not npi:
        return ""
    name = parted(text)
    kind = ("", "", "", "", "", "", "NPI") if npi else ()
    return (npi, name.family, name.given, name.middle, name.suffix, "", *kind)


@dataclass(frozen=True, slots=True)
class Observed:
    """One value: what it is, in which row of a table (OBX-4), and for a result what is printed beside it."""

    code: Components
    cell: FieldValue
    row: str = ""
    units: str = ""
    usual: str = ""
    flag: str = ""
    is_result: bool = False


def observation(number: int, seen: Observed) -> str:
    """OBX: one value, whether it is final (OBX-11), and by whom it was read (OBX-17).

    Results alone are numbers (NM): leading noughts of an identifier mean something."""
    cell = seen.cell
    text = text_of(cell.value)
    values: Field = [(part,) for part in cell.value] if isinstance(cell.value, tuple) else text
    kind = "NM" if seen.is_result and _NUMBER.fullmatch(text) else "ST"
    state = "P" if cell.needs_review else "F"
    method = _CONFIRMED if is_confirmed(cell) else _MACHINE
    beside = (seen.units, seen.usual, seen.flag)
    return segment("OBX", str(number), kind, seen.code, seen.row, values, *beside, "", "", state, *[""] * 5, method)


def local(name: str, title: str) -> Components:
    """A field as an observation's identifier: its name is no code of any standard."""
    return (name, title, _LOCAL)


def _identifiers(document: Document) -> list[Components]:
    reading = document.reading
    kinds = {"mrn": "MR", "medicare_number": "MC", "ssn_last4": "SS"}  # table 0203
    given: list[Components] = [
        (value, "", "", "", kind) for name, kind in kinds.items() if (value := field_text(reading, name))
    ]
    return given or [(str(document.id), "", "", US, "U")]  # unspecified: PID-3 has to be there
