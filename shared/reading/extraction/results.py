"""Laboratory results, their flags and the ranges that are usual."""

import re

from shared.reading.extraction.normalised import AMBIGUOUS, AS_PRINTED, REPAIRED, Normalised
from shared.reading.extraction.repair import DIGIT_FOR, capitals, differing, misread_share
from shared.reading.extraction.texts import is_text, tidy

_N = r"[0-9OQDI|!ZSGB]"
_NUMBER = rf"{_N}{{1,3}}(?:,{_N}{{3}})+(?:\.{_N}+)?|{_N}+(?:\s?[.,]\s?{_N}+)?"
_FLAG = re.compile(r"^(.*[0-9%+])\s*[(\[]?(HH|LL|H|L|HIGH|LOW|A|ABN|CRIT|\*{1,2})[)\]]?$", re.IGNORECASE)
_RESULT = re.compile(rf"^([<>]\s?=?|[≤≥])?\s?({_NUMBER})$")
_BETWEEN = re.compile(rf"^[(\[]?\s?({_NUMBER})\s?(?:-|–|—|~|TO)\s?({_NUMBER})(?![0-9]).*$")
_BOUND = re.compile(rf"^[(\[]?\s?([<>]\s?=?|[≤≥])\s?({_NUMBER})(?![0-9]).*$")
_WORDS = 0.8  # plausibility of "Negative": nothing in it can be checked
_THOUSANDS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")


def split_flag(text: str) -> tuple[str, str]:
    """A result without the flag printed close behind it, and the flag: "12.3H" is "12.3" and "H"."""
    found = _FLAG.match(text.strip())
    return (found[1].strip(), found[2].upper()) if found else (text.strip(), "")


def quantity(text: str) -> Normalised | None:
    """A result without its flag: "12.3", "<0.5", "Negative"."""
    result, _ = split_flag(text)
    found = _RESULT.match(capitals(result))
    if found is None:
        value = tidy(result)
        return Normalised(value, _WORDS) if is_text(value) else None
    number = _number(found[2])
    if number is None:
        value = tidy(result)
        return Normalised(value, _WORDS)
    sign = (found[1] or "").replace(" ", "")
    return Normalised(f"{sign}{number.value}", number.plausibility, repaired=number.repaired)


def reference_range(text: str) -> Normalised | None:
    """A range ("4.0-11.0"), a bound ("<5.7") or a word; units behind it are left out."""
    whole = capitals(text.strip(" :;_|"))
    if found := _BETWEEN.match(whole):
        low, high = _number(found[1]), _number(found[2])
        if low and high:
            rising = _size(low) <= _size(high)
            sure = min(low.plausibility, high.plausibility) if rising else AMBIGUOUS
            return Normalised(f"{low.value}-{high.value}", sure, repaired=low.repaired or high.repaired)
    if (found := _BOUND.match(whole)) and (number := _number(found[2])):
        sign = found[1].replace(" ", "")
        return Normalised(f"{sign}{number.value}", number.plausibility, repaired=number.repaired)
    value = tidy(text)
    return Normalised(value, _WORDS) if is_text(value) else None


def _size(number: Normalised) -> float:
    return float(str(number.value).replace(",", ""))


def _number(printed: str) -> Normalised | None:
    """A decimal, a comma in it mended where it parts no thousands; None where most of it is letters."""
    compact = re.sub(r"\s", "", printed)
    made = compact.translate(DIGIT_FOR)
    misread = differing(compact, made)
    if misread * 2 > sum(character.isdigit() for character in made):
        return None
    comma = "," in made and not _THOUSANDS.match(made)
    value = made.replace(",", ".") if comma else made
    sure = min(misread_share(misread), REPAIRED if comma else AS_PRINTED)
    return Normalised(value, sure, repaired=misread > 0 or comma)
