"""Numbers that offices and authorities give: read strictly, OCR's usual mistakes mended by what may stand where."""

import re

from shared.reading.extraction.normalised import KEPT, Normalised
from shared.reading.extraction.repair import DIGITS, capitals, differing, digits, mended, misread_share

_MISREAD_DIGIT = r"[0-9OQDI|!ZSGB]"
# CMS: "Understanding the Medicare Beneficiary Identifier": C = 1-9, A = letter, N = digit, X = letter or digit.
_MBI_LETTERS = frozenset("ACDEFGHJKMNPQRTUVWXY")
_MBI_PLACES = {"C": DIGITS - {"0"}, "A": _MBI_LETTERS, "N": DIGITS, "X": _MBI_LETTERS | DIGITS}
_MBI = tuple(_MBI_PLACES[place] for place in "CAXNAXNAANN")
_HIC = re.compile(r"^\d{9}[A-Z]\d?$")  # the claim number that came before it
_HIC_NOW = 0.7  # plausibility: cards have borne none since 2020
_TEN = re.compile(rf"(?<![0-9A-Z]){_MISREAD_DIGIT}(?:[\s.\-]?{_MISREAD_DIGIT}){{9}}(?![0-9A-Z])")
_LUHN_PREFIX = "80840"  # of an NPI: 45 CFR 162.406 and ISO/IEC 7812
_NINE = re.compile(rf"(?<![0-9A-Z]){_MISREAD_DIGIT}(?:[\s.\-–]{{0,2}}{_MISREAD_DIGIT}){{8}}(?![0-9A-Z])")
_AS_SSN = re.compile(r"^\S{3}[\s\-–]+\S{2}[\s\-–]+\S{4}$")
_LAST_FOUR = re.compile(
    rf"(?:^|[^0-9A-Z]|[X*#•]|{_MISREAD_DIGIT}{{3}}-?{_MISREAD_DIGIT}{{2}}-?)({_MISREAD_DIGIT}{{4}})\W*$"
)
_CPT = re.compile(rf"(?<![0-9A-Z.])([A-Z0-9|!]{_MISREAD_DIGIT}{{3}}[0-9A-Z|!])(?![0-9A-Z.])")
_HCPCS_LETTERS = frozenset("ABCDEGHJKLMPQRSTUV")  # of level II codes; CMS


def npi(text: str) -> Normalised | None:
    """A National Provider Identifier: ten digits, the last a check digit."""
    for found in _TEN.finditer(capitals(text)):
        raw = re.sub(r"[\s.\-]", "", found[0])
        number = digits(raw)
        if number is None or number[0] not in "12":
            continue
        misread = differing(raw, number)
        if _luhn(_LUHN_PREFIX + number):
            return Normalised(number, misread_share(misread), repaired=misread > 0)
        if not misread:
            return Normalised(number, KEPT)
    return None


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def medicare(text: str) -> Normalised | None:
    """A Medicare Beneficiary Identifier, or the older claim number, without dashes."""
    compact = re.sub(r"[^A-Z0-9|!]", "", capitals(text))
    if len(compact) == len(_MBI):
        if DIGITS.isdisjoint(compact):
            return None
        return mended(compact, _MBI, lambda _: True) or _kept(compact)
    return Normalised(compact, _HIC_NOW) if _HIC.match(compact) else None


def _kept(compact: str) -> Normalised | None:
    return Normalised(compact, KEPT) if compact.isalnum() else None


def identifier(text: str) -> Normalised | None:
    """Any number that an office gives: upper case, no spaces, at least one digit."""
    compact = re.sub(r"\s", "", text.upper()).strip(".,:;#_-")
    if not 2 <= len(compact) <= 24 or not re.fullmatch(r"[A-Z0-9][A-Z0-9\-/.]*", compact):
        return None
    return Normalised(compact, 0.9) if any(character.isdigit() for character in compact) else None


def last_four(text: str) -> Normalised | None:
    """The last four digits of a social security number, written whole or with the rest crossed out."""
    found = _LAST_FOUR.search(capitals(text.strip()))
    number = digits(found[1]) if found else None
    if found is None or number is None:
        return None
    misread = differing(found[1], number)
    return Normalised(number, misread_share(misread), repaired=misread > 0)


def tax_id(text: str) -> Normalised | None:
    """An employer's number ("12-3456789"), or a social security number ("123-45-6789") where it is parted like one."""
    for found in _NINE.finditer(capitals(text)):
        raw = re.sub(r"[\s.\-–]", "", found[0])
        number = digits(raw)
        if number is None:
            continue
        misread = differing(raw, number)
        personal = _AS_SSN.match(found[0]) is not None
        value = f"{number[:3]}-{number[3:5]}-{number[5:]}" if personal else f"{number[:2]}-{number[2:]}"
        return Normalised(value, misread_share(misread), repaired=misread > 0)
    return None


def cpt(text: str) -> Normalised | None:
    """A procedure's code: five digits or four and "F", "T" or "U" (CPT), or a letter and four digits (HCPCS)."""
    for found in _CPT.finditer(capitals(text)):
        raw = found[1]
        if DIGITS.isdisjoint(raw):
            continue
        grammars = (
            (DIGITS | _HCPCS_LETTERS, *[DIGITS] * 4) if raw[0] not in DIGITS else (DIGITS,) * 5,
            (*[DIGITS] * 4, frozenset("FTU")),
        )
        for grammar in grammars:
            if code := mended(raw, grammar, lambda _: True):
                return code
    return None


def age(text: str) -> Normalised | None:
    """Whole years from 0 to 120."""
    found = re.match(
        r"^\D{0,5}?(\d{1,3})\s*[-–]?\s*(?:y\.?\s?/?\s?o\.?|yrs?\.?|years?|y)?(?:\s*[-–]?\s*old)?(?![\w/])",
        text.strip(),
        re.IGNORECASE,
    )
    if found is None or int(found[1]) > 120:
        return None
    return Normalised(str(int(found[1])), 0.95)
