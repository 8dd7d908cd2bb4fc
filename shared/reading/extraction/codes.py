"""Numbers that offices and authorities give: read strictly, OCR's usual mistakes mended by what may stand where."""

import re

from shared.reading.extraction.normalised import AMBIGUOUS, KEPT, REPAIRED, Normalised
from shared.reading.extraction.repair import DIGIT_FOR, DIGITS, capitals, differing, digits, mended, misread_share

_N = r"[0-9OQDI|!ZSGB]"  # a digit, or what OCR takes one for
_PARTED = r"[\s.\-–—]"
# CMS: "Understanding the Medicare Beneficiary Identifier": C = 1-9, A = letter, N = digit, X = letter or digit.
_MBI_LETTERS = frozenset("ACDEFGHJKMNPQRTUVWXY")
_MBI_PLACES = {"C": DIGITS - {"0"}, "A": _MBI_LETTERS, "N": DIGITS, "X": _MBI_LETTERS | DIGITS}
_MBI = tuple(_MBI_PLACES[place] for place in "CAXNAXNAANN")
_MBI_PARTS = re.compile(rf"(?<![A-Z0-9])[A-Z0-9|!]{{4}}{_PARTED}?[A-Z0-9|!]{{3}}{_PARTED}?[A-Z0-9|!]{{4}}(?![A-Z0-9])")
_HIC = re.compile(r"^\d{9}[A-Z]\d?$")  # the claim number that came before it
_HIC_NOW = 0.7  # plausibility: cards have borne none since 2020
_TEN = re.compile(rf"(?:(?<![0-9A-Z])|(?<=NPI)){_N}(?:{_PARTED}?{_N}){{9}}(?![0-9A-Z])")
_AS_PHONE = re.compile(rf"^\S{{3}}{_PARTED}\S{{3}}{_PARTED}\S{{4}}$")
_LUHN_PREFIX = "80840"  # of an NPI: 45 CFR 162.406 and ISO/IEC 7812
_NINE = re.compile(rf"(?<![0-9A-Z]){_N}(?:[\s.\-–]{{0,2}}{_N}){{8}}(?![0-9A-Z])")
_AS_SSN = re.compile(r"^\S{3}[\s\-–]+\S{2}[\s\-–]+\S{4}$")
_LAST_FOUR = re.compile(
    rf"^(?:[^0-9]*(?:[^0-9A-Z]|[X*#•])|(?:[^0-9]*[^0-9A-Z])?{_N}{{3}}[\s\-–]?{_N}{{2}}[\s\-–]?)?({_N}{{4}})[^0-9A-Z]*$"
)
_BEFORE_COLON = re.compile(r"^[^:]{0,40}:\s*")
_CPT = re.compile(rf"(?<![0-9A-Z.])([A-Z0-9|!]{_N}{{3}}[0-9A-Z|!])(?![0-9A-Z.])")
_HCPCS_LETTERS = frozenset("ABCDEGHJKLMPQRSTUV")  # of level II codes; CMS
_AGE = re.compile(
    rf"^(?:AGED?|PT)?[\s:.(]*({_N}{{1,3}})\s*[-–]?\s*(?P<unit>Y\.?\s?/?\s?O\.?|YRS?\.?|YEARS?|Y|MOS?\.?|MONTHS?|WKS?\.?|"
    r"WEEKS?|DAYS?|D)?(?:\s*[-–]?\s*O[L|]D)?(?:(?=/?\s?[MF](?![A-Z0-9]))|(?![A-Z0-9:/\-]|\.\d))"
)
_OLDEST = 120  # years
_AGE_SURE = 0.95
_IN_YEARS = {"M": 12, "W": 52, "D": 365}  # units of an infant's age in a year

_NAMED = re.compile(r"^[A-Za-z ./]{1,24}[:#]\s*|^#\s*")
_REMARK = re.compile(r"\s+[(\[].*$")
_ONE_FOR_L = re.compile(r"(?:(?<=[0-9])|(?<=[0-9]-)|^)[l|](?=[0-9\-]|$)")
_LETTER_AMONG_DIGITS = re.compile(r"(?<=[0-9])([OQIZSGB])(?=[0-9\-]|$)")
_PREFIX_OR_DIGIT = re.compile(r"^[A-HJ-NP-Z]{1,3}(?=[OI][0-9]{5,}$)")  # "HI65489853": of one letter, or of two
_NO_LETTERS_OF_NUMBERS = frozenset("OQI")  # issuers leave out what is taken for digits, so these are rather digits
_SHOULD_BE_DIGIT = 0.6  # plausibility of "30O-6675": nothing says that this office has no such letter
_ANY_NUMBER = 0.9  # of a number whose form only its office knows


def npi(text: str) -> Normalised | None:
    """A National Provider Identifier: ten digits, the last a check digit."""
    for found in _TEN.finditer(capitals(text)):
        raw = re.sub(_PARTED, "", found[0])
        number = digits(raw)
        if number is None or number[0] not in "12":
            continue
        misread = differing(raw, number)
        if not _luhn(_LUHN_PREFIX + number):
            return Normalised(number, KEPT, repaired=misread > 0)
        like_a_phone = _AS_PHONE.match(found[0]) is not None  # every tenth telephone number passes the check
        sure = AMBIGUOUS if like_a_phone else misread_share(misread)
        return Normalised(number, sure, repaired=misread > 0)
    return None


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def medicare(text: str) -> Normalised | None:
    """A Medicare Beneficiary Identifier, or the older claim number, without dashes."""
    whole = capitals(text)
    found = _MBI_PARTS.search(whole)
    for printed in (found[0], whole) if found else (whole,):
        compact = re.sub(r"[^A-Z0-9|!]", "", printed)
        if len(compact) == len(_MBI) and not DIGITS.isdisjoint(compact):
            if number := mended(compact, _MBI, lambda _: True) or _kept(compact):
                return number
        elif _HIC.match(compact):
            return Normalised(compact, _HIC_NOW)
    return None


def _kept(compact: str) -> Normalised | None:
    """What has an identifier's length and half of it digits, but letters where it has none."""
    number = sum(character.isdigit() for character in compact)
    return Normalised(compact, KEPT) if compact.isalnum() and number * 3 >= len(compact) else None


def identifier(text: str) -> Normalised | None:
    """Any number that an office gives: upper case, no spaces, at least one digit."""
    named = _REMARK.sub("", _NAMED.sub("", text.strip()))
    lettered = named if re.search(r"[a-km-z]", named) else _ONE_FOR_L.sub("1", named)
    compact = re.sub(r"\s", "", lettered.upper().replace("–", "-").replace("—", "-")).strip(".,:;#_-/")
    if not 2 <= len(compact) <= 24 or not re.fullmatch(r"[A-Z0-9][A-Z0-9\-/.]*", compact):
        return None
    if DIGITS.isdisjoint(compact):
        return None
    repaired = lettered != named
    if prefixed := _PREFIX_OR_DIGIT.match(compact):
        other = compact[: prefixed.end()] + compact[prefixed.end() :].translate(DIGIT_FOR)
        return Normalised(compact, _SHOULD_BE_DIGIT, repaired=repaired, ambiguous=True, alternatives=(other,))
    digital = _as_digits(compact)
    if digital == compact:
        return Normalised(compact, min(_ANY_NUMBER, REPAIRED) if repaired else _ANY_NUMBER, repaired=repaired)
    odd = set(_LETTER_AMONG_DIGITS.findall(compact))
    value, other = (digital, compact) if odd <= _NO_LETTERS_OF_NUMBERS else (compact, digital)
    return Normalised(value, _SHOULD_BE_DIGIT, value != compact or repaired, ambiguous=True, alternatives=(other,))


def _as_digits(compact: str) -> str:
    """`compact` with digits for letters that stand among digits alone, or at their end."""
    head = re.match(r"^[A-Z]*", compact)
    begin = head.end() if head else 0
    tail = _LETTER_AMONG_DIGITS.sub(lambda found: found[1].translate(DIGIT_FOR), compact[begin:])
    return compact[:begin] + tail if re.fullmatch(r"[0-9\-/.]*", tail) else compact


def last_four(text: str) -> Normalised | None:
    """The last four digits of a social security number, written whole or with the rest crossed out."""
    found = _LAST_FOUR.search(capitals(_BEFORE_COLON.sub("", text.strip())))
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
    """Whole years from 0 to 120, also of an infant's months, weeks or days."""
    found = _AGE.match(capitals(text.strip()))
    number = digits(found[1]) if found else None
    if found is None or number is None:
        return None
    years = int(number) // _IN_YEARS.get((found["unit"] or "Y")[0], 1)
    if years > _OLDEST:
        return None
    misread = differing(found[1], number)
    return Normalised(str(years), min(_AGE_SURE, misread_share(misread)), repaired=misread > 0)
