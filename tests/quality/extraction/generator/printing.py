"""Values as a document of some style prints them."""

import re
from datetime import date

from tests.quality.extraction.generator.invention import Value
from tests.quality.extraction.generator.style import Style

_PHONES = {"phone", "emergency_contact_phone", "facility_phone", "facility_fax", "referring_phone"}
_PEOPLE = {"patient_name", "subscriber_name", "other_insured"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_WORDY = {
    "total_charge": "${}",
    "amount_paid": "${}",
    "charges": "${}",
    "benefit_period": "{}",
    "length_of_stay": "{} days",
}
_ORDINALS = {"1": "1st", "2": "2nd", "3": "3rd", "4": "4th"}
_VERBATIM = _PHONES | {"email", "address", "icd10_code", "diagnosis_codes", "dose", "units", "pps_score"}


def printed(name: str, value: Value, style: Style, none: str = "NKDA") -> str:
    """The value of the field or column `name` as it stands on the page; `none` says that a list is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(value) or none
    shown = _shown(name, value, style)
    return shown.upper() if style.value_upper and name not in _VERBATIM else shown


def _shown(name: str, value: str, style: Style) -> str:
    if _DATE.match(value):
        return " - ".join(date.fromisoformat(day).strftime(style.date) for day in value.split("/"))
    if name in _PEOPLE:
        return ordered(value, style.name)
    if name in _PHONES:
        form = style.phone.format(value[2:5], value[5:8], value[8:])
    elif name == "medicare_number" and style.medicare_dashes:
        form = f"{value[:4]}-{value[4:7]}-{value[7:]}"
    elif name == "ssn_last4":
        form = style.mask_ssn.format(value)
    elif name == "benefit_period" and style.wordy:
        form = _ORDINALS[value]
    elif name in _WORDY and style.wordy:
        form = _WORDY[name].format(value)
    else:
        form = value
    return form


def ordered(name: str, order: str) -> str:
    """ "First M. Last" in another order and case."""
    first, middle, last = name_parts(name)
    match order:
        case "Last, First M." | "Last, First M":
            dot = middle if order.endswith(".") else middle.rstrip(".")
            return f"{last}, {first} {dot}".strip()
        case "LAST, FIRST M":
            return f"{last}, {first} {middle.rstrip('.')}".strip().upper()
        case "FIRST M LAST":
            return " ".join(part for part in (first, middle.rstrip("."), last) if part).upper()
        case _:
            return name


def name_parts(name: str) -> tuple[str, str, str]:
    """First name, middle initial (may be empty) and last name of "First M. Last"."""
    found = re.match(r"(?P<first>.+?) (?P<middle>[A-Z]\.) (?P<last>.+)", name)
    if found:
        return found["first"], found["middle"], found["last"]
    words = name.split()
    cut = 2 if words[0] == "Mary" and len(words) > 2 and words[1] == "Ann" else 1
    return " ".join(words[:cut]), "", " ".join(words[cut:])
