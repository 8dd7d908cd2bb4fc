"""Codes that people's health hangs on: read strictly, OCR's usual mistakes mended by what may stand where."""

import re
from dataclasses import dataclass

from shared.documents import Value

_DIGIT_FOR = str.maketrans(
    {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "!": "1", "Z": "2", "S": "5", "B": "8", "G": "6"}
)
_LETTER_FOR = str.maketrans({"0": "O", "1": "I", "|": "I", "2": "Z", "5": "S", "8": "B", "6": "G", "4": "A"})
_MENDED = 0.8  # plausibility of a code in which a character was replaced by the one that may stand there
# CMS: "Understanding the Medicare Beneficiary Identifier": C = 1-9, A = letter, N = digit, X = letter or digit.
_MBI = "CAXNAXNAANN"
_MBI_LETTERS = set("ACDEFGHJKMNPQRTUVWXY")
_HIC = re.compile(r"^\d{9}[A-Z]\d?$")  # the claim number that came before it
_ICD10 = re.compile(r"^[A-TV-Z]\d[0-9AB](\.[0-9A-Z]{1,4})?$")
_ICD10_SHAPE = re.compile(r"[A-Z0-9|!]{3}(?:\s?[.,]\s?[A-Z0-9]{1,4}|[A-Z0-9]{0,4})(?![A-Z0-9])")
_TRAILING_ICD10 = re.compile(r"[\s(\[\-–—:,]*\(?\b[A-TV-Z][0-9OIl][0-9A-Za-z](?:[.,][0-9A-Za-z]{1,4})?\b\)?\]?[\s.]*$")
_TEN = re.compile(r"(?<![0-9A-Z])[0-9OQDILZSBG|!](?:[\s.\-]?[0-9OQDILZSBG|!]){9}(?![0-9A-Z])")
_LUHN_PREFIX = "80840"  # of an NPI: 45 CFR 162.406 and ISO/IEC 7812


@dataclass(frozen=True, slots=True)
class Normalised:
    """A value in its normal form, and how plausible it is (0..1) that this is what the form means."""

    value: Value
    plausibility: float


def icd10(text: str) -> Normalised | None:
    """An ICD-10-CM code (not looked up): a letter, two digits, a point and up to four more."""
    best: Normalised | None = None
    for found in _ICD10_SHAPE.finditer(text.upper()):
        candidate = _icd10(re.sub(r"\s", "", found[0]).replace(",", "."))
        if candidate and (best is None or candidate.plausibility > best.plausibility):
            best = candidate
    return best


def split_trailing_icd10(text: str) -> tuple[str, str, Normalised | None]:
    """What precedes a code at the end of `text`, the code as printed, and the code; or all of it, and none."""
    found = _TRAILING_ICD10.search(text)
    code = icd10(found[0]) if found else None
    return (text[: found.start()], found[0], code) if found and code else (text, "", None)


def _icd10(raw: str) -> Normalised | None:
    head, _, tail = raw.partition(".") if "." in raw else (raw[:3], "", raw[3:])
    if len(head) != 3 or head[0] == "U":
        return None
    mended_head = head[0].translate(_LETTER_FOR) + head[1].translate(_DIGIT_FOR) + _third(head[2])
    # All but the last of C7A, O30.0x1 and the injuries' seventh characters are digits.
    mended_tail = tail[:2].translate(_DIGIT_FOR) + tail[2:] if not tail[:2].isdigit() and tail[:1] not in "AX" else tail
    code = mended_head + (f".{mended_tail}" if mended_tail else "")
    if not _ICD10.match(code):
        return None
    replaced = (head, tail) != (mended_head, mended_tail)
    # A mended first character in a word of letters only ("SEE") would be an invention.
    if replaced and not any(character.isdigit() for character in raw):
        return None
    return Normalised(code, _MENDED if replaced else 1.0)


def _third(character: str) -> str:
    return character if character in "AB" else character.translate(_DIGIT_FOR)


def npi(text: str) -> Normalised | None:
    """A National Provider Identifier: ten digits, the last a check digit."""
    for found in _TEN.finditer(text.upper()):
        raw = re.sub(r"[\s.\-]", "", found[0])
        digits = raw.translate(_DIGIT_FOR)
        if digits[0] in "12" and _luhn(_LUHN_PREFIX + digits):
            return Normalised(digits, 1.0 if digits == raw else _MENDED)
        if digits[0] in "12" and raw.isdigit():
            return Normalised(digits, 0.4)
    return None


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def medicare(text: str) -> Normalised | None:
    """A Medicare Beneficiary Identifier, or the older claim number, without dashes."""
    compact = re.sub(r"[^A-Z0-9]", "", text.upper())
    if len(compact) == len(_MBI):
        mended = "".join(_mbi_character(character, place) for character, place in zip(compact, _MBI, strict=True))
        if all(_fits(character, place) for character, place in zip(mended, _MBI, strict=True)):
            return Normalised(mended, 1.0 if mended == compact else _MENDED)
        return Normalised(compact, 0.3)
    return Normalised(compact, 0.7) if _HIC.match(compact) else None


def _mbi_character(character: str, place: str) -> str:
    if place in "CN":
        return character.translate(_DIGIT_FOR)
    # Identifiers leave out S, L, O, I, B and Z: where both may stand, those were digits.
    return character.translate(_LETTER_FOR) if place == "A" else character.translate(str.maketrans("SLOIBZ", "510182"))


def _fits(character: str, place: str) -> bool:
    if place == "C":
        return character in "123456789"
    if place == "N":
        return character.isdigit()
    return character in _MBI_LETTERS or (place == "X" and character.isdigit())


def identifier(text: str) -> Normalised | None:
    """Any number that an office gives: upper case, no spaces, at least one digit."""
    compact = re.sub(r"\s", "", text.upper()).strip(".,:;#_-")
    if not 2 <= len(compact) <= 24 or not re.fullmatch(r"[A-Z0-9][A-Z0-9\-/.]*", compact):
        return None
    return Normalised(compact, 0.9) if any(character.isdigit() for character in compact) else None


def last_four(text: str) -> Normalised | None:
    """The last four digits of a social security number, written whole or with the rest crossed out."""
    found = re.search(r"(?:^|[^\d]|\d{3}-?\d{2}-?)(\d{4})\s*$", text.strip())
    return Normalised(found[1], 1.0) if found else None


def age(text: str) -> Normalised | None:
    """Whole years from 0 to 120."""
    found = re.match(r"^\D{0,2}(\d{1,3})\s*(?:y|yr|yrs|years?|yo|y/o)?\b", text.strip(), re.IGNORECASE)
    if found is None or int(found[1]) > 120:
        return None
    return Normalised(found[1], 0.95)
