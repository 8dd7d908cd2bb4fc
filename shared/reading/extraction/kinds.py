"""What a text is worth as a value of some kind: its normal form and how plausible it is, or nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from shared.reading.extraction import addresses, amounts, codes, contacts, diagnoses, doses, names, results, texts
from shared.reading.extraction.dates import AMERICAN, Conventions, parse_date, parse_date_range
from shared.reading.extraction.normalised import REPAIRED, UNREAD, Normalised
from shared.reading.extraction.repair import numerals
from shared.templates import Choice, Kind

_NUMERALS = frozenset({Kind.DATE, Kind.BIRTH_DATE, Kind.DATE_RANGE, Kind.PHONE, Kind.NPI, Kind.TAX_ID, Kind.LAST_FOUR})
STRONG = frozenset({Kind.DATE, Kind.BIRTH_DATE, Kind.PHONE, Kind.ICD10, Kind.NPI, Kind.MEDICARE, Kind.LAST_FOUR})
"""Kinds whose values show by themselves what they are."""

_WHOLE = (STRONG - {Kind.PHONE}) | {
    *(Kind.DATE_RANGE, Kind.AGE, Kind.TAX_ID, Kind.CPT, Kind.MONEY, Kind.PERCENT, Kind.COUNT, Kind.MEASURE),
    *(Kind.QUANTITY, Kind.REFERENCE_RANGE, Kind.EMAIL),
}
"""Kinds of which a part looks like another value: "1?" is no 1. A phone's ten digits are all there, or it is none."""

_PART = re.compile(rf"[\w/.\-]{re.escape(UNREAD)}|{re.escape(UNREAD)}[\w/.\-{re.escape(UNREAD)}]")


_IN_SIGNS = frozenset({Kind.RESULT_FLAG, Kind.UNIT})
"""Kinds of which some values have no letter or digit: "%"."""


def normalise(
    text: str,
    kind: Kind,
    choices: Sequence[Choice] = (),
    conventions: Conventions = AMERICAN,
    *,
    free_text: bool = False,
) -> Normalised | None:
    """`text` as a value of `kind`, None when it cannot be one.

    `conventions` say how dates are written. With `free_text`, words that are none of the `choices` are kept.
    """
    text = text.strip().strip("_").strip()
    if not texts.is_text(text) and kind not in _IN_SIGNS:
        return None
    if kind in _WHOLE and _PART.search(text):
        return None
    if kind is Kind.CHOICE:
        return texts.choice(text, choices, free_text=free_text)
    if kind is Kind.TEXT and choices:
        return texts.usual_text(text, choices)
    clear = numerals(text) if kind in _NUMERALS else text
    found = _read(clear, kind, conventions)
    if found is None or clear == text:
        return found
    return replace(found, plausibility=min(found.plausibility, REPAIRED), repaired=True)


def _read(text: str, kind: Kind, conventions: Conventions) -> Normalised | None:
    match kind:
        case Kind.DATE | Kind.BIRTH_DATE:
            return parse_date(text, conventions, birth=kind is Kind.BIRTH_DATE)
        case Kind.DATE_RANGE:
            return parse_date_range(text, conventions)
        case Kind.PRESENCE:
            return None  # seen, not read
    return _READERS[kind](text)


_READERS: Mapping[Kind, Callable[[str], Normalised | None]] = {
    Kind.TEXT: texts.text_value,
    Kind.LIST: texts.list_value,
    Kind.PERSON: names.person,
    Kind.PHONE: contacts.phone,
    Kind.EMAIL: contacts.email,
    Kind.ADDRESS: addresses.address,
    Kind.AGE: codes.age,
    Kind.IDENTIFIER: codes.identifier,
    Kind.LAST_FOUR: codes.last_four,
    Kind.NPI: codes.npi,
    Kind.MEDICARE: codes.medicare,
    Kind.TAX_ID: codes.tax_id,
    Kind.CPT: codes.cpt,
    Kind.ICD10: diagnoses.icd10,
    Kind.ICD10_LIST: diagnoses.icd10_list,
    Kind.DIAGNOSIS: diagnoses.diagnosis,
    Kind.MONEY: amounts.money,
    Kind.PERCENT: amounts.percent,
    Kind.COUNT: amounts.count,
    Kind.MEASURE: amounts.measure,
    Kind.QUANTITY: results.quantity,
    Kind.RESULT_FLAG: results.flag,
    Kind.UNIT: results.unit,
    Kind.REFERENCE_RANGE: results.reference_range,
    Kind.DOSE: doses.dose,
    Kind.ROUTE: doses.route,
    Kind.FREQUENCY: doses.frequency,
}
