"""Laboratory results, their flags and the ranges that are usual."""

import re

from rapidfuzz.distance import OSA

from shared.reading.extraction.normalised import AMBIGUOUS, AS_PRINTED, REPAIRED, Normalised
from shared.reading.extraction.repair import DIGIT_FOR, capitals, differing, misread_share
from shared.reading.extraction.texts import is_text, tidy

_N = r"[0-9OQDI|!ZSGB]"
_NUMBER = rf"{_N}{{1,3}}(?:,{_N}{{3}})+(?:\.{_N}+)?|{_N}+(?:\s?[.,]\s?{_N}+)?"
_FLAGS = r"HH|LL|H|L|HIGH|LOW|A|ABN|ABNORMAL|CRIT|CRITICAL|\*{1,2}"
_FLAG = re.compile(rf"^(?P<result>.*[0-9%+]|.*[0-9]\s+\S*/\S+(?=\s))\s*[(\[]?(?P<flag>{_FLAGS})[)\]]?$", re.IGNORECASE)
_FLAG_BEFORE = re.compile(rf"^[(\[]?(?P<flag>{_FLAGS})[)\]]?\s+(?P<result>[<>]?\s?[0-9][0-9.,]*)$", re.IGNORECASE)
_UNITS = re.compile(
    r"(?<=[0-9])\s+(?:x?\s?10[\^*][0-9]+/[A-Za-zµμ]+|(?=[^0-9]*[/%])[A-Za-z%µμ^*0-9/.²]+)$"  # "12.3 mg/dL"
)
_RESULT = re.compile(rf"^([<>]\s?=?|[≤≥]|-(?=[0-9]))?\s?({_NUMBER})$")
_SIGN = r"(?:-(?=[0-9.]))?"
_BETWEEN = re.compile(rf"^[(\[]?\s?({_SIGN}(?:{_NUMBER}))\s?(?:-|–|—|~|TO|\.\.)\s?({_SIGN}(?:{_NUMBER}))(?![0-9]).*$")
_BOUND = re.compile(rf"^[(\[]?\s?([<>]\s?=?|[≤≥])\s?({_NUMBER})(?![0-9]).*$")
_OR_EQUAL = re.compile(r"(?<=[<>])\s?OR\s?(?:=|EQUA[L|]\s?(?:TO)?)")
_HALF = re.compile(r"^[(\[]?[0-9.,]+\s?[-–—]?\s?$")
_OPEN_BOUND = re.compile(rf"^([()‹›«»〈〉¢])(?:\s?(=))?\s?({_NUMBER})$")  # "(200" is "<200", ")=40" is ">=40"
_SIGNS = re.compile(r"^[*↑↓+!]{1,3}$")
_FLAG_WORDS = re.compile(
    r"^[(\[]?([A-Z]{1,2}|HIGH|LOW|NORMAL|ABN|ABNORMAL|CRIT|CRITICAL|PANIC|[A-Z]{1,2}\s?\*|\*\s?[A-Z]{1,2})[)\]]?$"
)
_KNOWN_UNITS = (
    "%", "g/dL", "mg/dL", "ug/dL", "ng/dL", "pg/mL", "ng/mL", "ug/mL", "mcg/dL", "mcg/mL", "mg/L", "g/L", "mmol/L",
    "umol/L", "nmol/L", "pmol/L", "mEq/L", "U/L", "IU/L", "mIU/L", "mIU/mL", "uIU/mL", "IU/mL", "U/mL", "mL/min",
    "mL/min/1.73m2", "mL/min/1.73 m2", "fL", "pg", "10^3/uL", "10^6/uL", "10*3/uL", "10*6/uL", "x10^3/uL", "x10^6/uL",
    "x10E3/uL", "x10E6/uL", "10E3/uL", "10E6/uL", "K/uL", "M/uL", "K/mcL", "M/mcL", "x10(3)/uL", "x10(6)/uL",
    "cells/uL", "cells/mcL", "/hpf", "/lpf", "mm/hr", "mm/h", "sec", "seconds", "s", "ratio", "mg/g", "mg/g creat",
    "mmHg", "mm Hg", "mOsm/kg", "copies/mL", "g", "mg", "mL", "index", "g/24h", "mg/24h", "kU/L", "ukat/L", "thou/uL",
    "mill/uL", "thou/mcL", "mil/mcL", "10^9/L", "10^12/L", "L/L", "mcmol/L", "nmol/mL", "units", "units/L", "EU/dL",
)  # fmt: skip
_UNIT_BY_LETTERS = {unit.lower(): unit for unit in _KNOWN_UNITS}
_UNKNOWN_UNIT = 0.7
_LONG_UNIT = 4  # letters: one that is misread leaves enough of them
_WORDS = 0.8  # plausibility of "Negative": nothing in it can be checked
_THOUSANDS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")


def split_flag(text: str) -> tuple[str, str]:
    """A result without the flag printed close to it, and the flag: "12.3H" is "12.3" and "H"."""
    found = _FLAG.match(text.strip()) or _FLAG_BEFORE.match(text.strip())
    return (found["result"].strip(), found["flag"].upper()) if found else (text.strip(), "")


def quantity(text: str) -> Normalised | None:
    """A result without its flag and units: "12.3", "<0.5", "Negative"."""
    result = _UNITS.sub("", split_flag(text.strip(" :;_"))[0])
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
    whole = _OR_EQUAL.sub("=", capitals(text.strip(" :;_|")))
    if found := _BETWEEN.match(whole):
        low, high = _number(found[1]), _number(found[2])
        if low and high:
            rising = _size(low) <= _size(high)
            sure = min(low.plausibility, high.plausibility) if rising else AMBIGUOUS
            return Normalised(f"{low.value}-{high.value}", sure, repaired=low.repaired or high.repaired)
    if (found := _BOUND.match(whole)) and (number := _number(found[2])):
        sign = found[1].replace(" ", "")
        return Normalised(f"{sign}{number.value}", number.plausibility, repaired=number.repaired)
    if (found := _OPEN_BOUND.match(whole)) and (number := _number(found[3])):
        sign = ("<" if found[1] in "(‹«〈¢" else ">") + (found[2] or "")
        return Normalised(f"{sign}{number.value}", min(number.plausibility, REPAIRED), repaired=True)
    value = tidy(text)
    if not is_text(value):
        return None
    return Normalised(value, AMBIGUOUS if _HALF.match(whole) else _WORDS)


def flag(text: str) -> Normalised | None:
    """What marks a result, in capitals: "H", "LOW", "*"; also where the result stands before it: "12.3H"."""
    bare = (split_flag(text)[1] or text).strip(" :;_|").upper()
    if _SIGNS.match(bare):
        return Normalised(bare, AS_PRINTED)
    if found := _FLAG_WORDS.match(bare):
        return Normalised(found[1], AS_PRINTED)
    value = tidy(text)
    return Normalised(value, _UNKNOWN_UNIT) if is_text(value) else None


def unit(text: str) -> Normalised | None:
    """A unit of measure, one misread letter in it mended where that leaves one unit: "g/aL" is "g/dL"."""
    bare = tidy(text).strip("()[]")
    if bare.lower() in _UNIT_BY_LETTERS:
        return Normalised(bare, AS_PRINTED)
    if not re.search(r"[A-Za-z%]", bare):
        return None
    near = [found for found in _KNOWN_UNITS if _one_misread(bare, found)]
    near = [found for found in near if len(found) == len(bare)] or near  # rather misread than lost
    if len(near) == 1 and len(bare) >= _LONG_UNIT:
        return Normalised(near[0], REPAIRED, repaired=True)
    return Normalised(bare, AMBIGUOUS if near else _UNKNOWN_UNIT, ambiguous=bool(near), alternatives=tuple(near))


def _one_misread(read: str, unit: str) -> bool:
    """Whether they differ by one letter."""
    return OSA.distance(read.lower(), unit.lower(), score_cutoff=1) == 1


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
