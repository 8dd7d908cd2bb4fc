"""Telephone numbers and electronic addresses."""

import re
from functools import lru_cache

from shared.reading.extraction.normalised import AS_PRINTED, REPAIRED_MORE, UNREAD, Normalised
from shared.reading.extraction.repair import capitals, differing, digits, misread_share

_REGION = "US"  # of telephone numbers without a country
_N = r"[0-9OQDI|!ZSGB]"
_AMERICAN = re.compile(
    rf"(?<![A-Z0-9])(?<!\d[.\-/])(?:\+?[1I|][\s.\-]*(?=[(\[{{\s.\-])|\+?1)?[\s.\-]*[\[({{]?\s?({_N}{{3}})\s?[\])}}]?[\s.\-/–~_]{{0,3}}"
    rf"({_N}{{3}})[\s.\-–~_]{{0,3}}({_N}{{4}})(?![0-9A-WYZ])"
)
_UNASSIGNED = 0.9  # plausibility of a number whose area nobody has, as in forms filled for practice
_IMPOSSIBLE = 0.5  # of one whose area or exchange begins as none may, written like a number though
_EMAIL = re.compile(
    r"([\w.+\-]+)\s?(?:@|\(at\))\s?((?:[\w\-]+\s?[.,]\s?)+[A-Za-z]{2,}|[\w\-]+\s(?:com|net|org|edu|gov))"
)


def phone(text: str) -> Normalised | None:
    """The first number in E.164, without its extension; all its digits were read, if not all that stands by them."""
    text = text.replace(UNREAD, " ")
    if sum(character.isdigit() for character in text) < 7:
        return None
    for found in _AMERICAN.finditer(capitals(text)):
        printed = found[1] + found[2] + found[3]
        number = digits(printed)
        if number is None:
            continue
        sure = _certainty(number, found[0])
        if sure is None:
            continue
        misread = differing(printed, number)
        return Normalised(f"+1{number}", sure * misread_share(misread), repaired=misread > 0)
    return _foreign(text) if "+" in text else None


def _certainty(number: str, printed: str) -> float | None:
    if number[0] in "01" or number[3] in "01":
        return _IMPOSSIBLE if re.search(r"\d[)\-.\s/]", printed) else None
    return AS_PRINTED if _is_assigned(number) else _UNASSIGNED


@lru_cache
def _is_assigned(number: str) -> bool:
    import phonenumbers  # not before a number is met

    return phonenumbers.is_valid_number(phonenumbers.parse(number, _REGION))


def _foreign(text: str) -> Normalised | None:
    import phonenumbers

    for match in phonenumbers.PhoneNumberMatcher(text, _REGION):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        return Normalised(number, AS_PRINTED)
    return None


def email(text: str) -> Normalised | None:
    """An address in small letters; a space or comma where a point belongs is mended."""
    found = _EMAIL.search(text) if "@" in text or "(at)" in text else None
    if found is None:
        return None
    domain = re.sub(r"\s?[.,]\s?|\s", ".", found[2].strip())
    value = f"{found[1]}@{domain}".lower()
    as_printed = value == found[0].lower()
    return Normalised(value, AS_PRINTED if as_printed else REPAIRED_MORE, repaired=not as_printed)
