"""Amounts: money, percentages, whole numbers and measures of the body."""

import re

from shared.reading.extraction.normalised import AMBIGUOUS, AS_PRINTED, REPAIRED, Normalised
from shared.reading.extraction.repair import DIGIT_FOR, capitals, differing, digits, misread_share

_N = r"[0-9OQDI|!ZSGB]"
_MONEY = re.compile(
    rf"^(?:USD|US)?\s*(\$?)\s*({_N}{{1,3}}(?:[,.]\s?{_N}{{3}})+|{_N}{{1,7}})(?:(\s?[.,]\s?|\s*\|\s*|\s+)({_N}{{2}}))?(?:\s?USD)?$"
)
_MONEY_INSIDE = re.compile(r"\$\s*[0-9][0-9,]*(?:\.[0-9]{2})?")
_DOLLAR_AS_LETTER = re.compile(r"^[S5](?=[0-9,]+[.,][0-9]{2}$)")
_NO_CENTS, _CENTS_APART = 0.7, 0.9  # plausibility of "405", and of "405 00" without a sign for money
_PERCENT = re.compile(
    rf"(?<![A-Z0-9.])({_N}{{1,3}}(?:\.{_N}+)?)(?:\s?[-–]\s?({_N}{{1,3}}))?\s?(%|[O0°]/[O0]|PERCENT)?(?![A-Z0-9/])"
)
_SCORE = re.compile(r"^(?:[^0-9:]{0,40}:|(?:PPS|KPS)\b|[A-Z ]*(?:PERFORMANCE|SCORE|SCA[L|]E)\b)\W*")
_BARE_PERCENT = 0.8
_COUNT = re.compile(rf"^(?:[#(]|NO\.?|X)?\s?({_N}{{1,4}})(?:ST|ND|RD|TH)?(?![A-Z0-9/,.\-:])\)?(.*)$", re.DOTALL)
_SPELLED = {
    word: str(number)
    for number, words in enumerate(
        ("ONE FIRST", "TWO SECOND", "THREE THIRD", "FOUR FOURTH", "FIVE FIFTH", "SIX SIXTH", "SEVEN SEVENTH"), 1
    )
    for word in words.split(" ")
}
_BEFORE_COUNT = re.compile(r"^[^0-9:]{0,40}:|^(?:[A-Z]+ )?[0-9]{1,3}\s+OF\s+(?=[0-9])")  # "Pages: 4" and "1 of 4"
_COUNT_WITH_REST = 0.85
_FEET = re.compile(
    r"^(\d)\s*(?:'|’|′|`|ft\.?|feet)\s*(\d{1,2}(?:\.\d+)?)?\s*(?:\"|”|″|''|’’|in\.?|inch(?:es)?)?$", re.I
)
_MEASURE = re.compile(
    rf"^({_N}{{1,3}}(?:[.,]{_N}{{1,2}})?)\s*([L|]BS?|POUNDS?|#|KGS?|G|OZ|INCH(?:ES)?|INS?|\"|CMS?|M|FT|FEET)\.?$"
)
_OTHER_UNIT = re.compile(r"\s*[(\[=].*$|\s*/\s*[0-9.]+\s*[A-Za-z].*$")  # "150 lb (68 kg)"
_UNITS = {
    "#": "lb",
    "LB": "lb",
    "INS": "in",
    "INCHES": "in",
    "FEET": "ft",
    "POUND": "lb",
    "POUNDS": "lb",
    "LBS": "lb",
    "KGS": "kg",
    "CMS": "cm",
    '"': "in",
    "INCH": "in",
}
_NO_UNIT = 0.6


def money(text: str) -> Normalised | None:
    """An amount as a decimal with two places: "1234.00", also of a form whose cents have a box of their own."""
    whole = capitals(text.strip(" :;_"))
    if not any(character.isdigit() for character in whole):
        return None
    if (found := _DOLLAR_AS_LETTER.match(whole)) and found[0] == "S":
        rest, all_of_it = _money(whole[1:]), _money(whole)
        if rest and all_of_it:
            return Normalised(rest.value, AMBIGUOUS, repaired=True, ambiguous=True, alternatives=(all_of_it.value,))
    inside = _MONEY_INSIDE.search(whole)
    return _money(whole) or (_money(inside[0]) if inside else None)


def _money(text: str) -> Normalised | None:
    found = _MONEY.match(text)
    if found is None:
        return None
    sign, whole, point, cents = found.groups()
    printed = re.sub(r"[,.\s]", "", whole) + (cents or "")
    number = digits(printed)
    if number is None:
        return None
    misread = differing(printed, number)
    pounds, pence = (number[:-2], number[-2:]) if cents else (number, "00")
    sure = misread_share(misread)
    repaired = misread > 0 or (point is not None and "," in point) or "." in whole
    if not cents:
        sure = min(sure, AS_PRINTED if sign else _NO_CENTS)
    elif point is not None and "." not in point and not sign:
        sure = min(sure, _CENTS_APART)
    return Normalised(f"{int(pounds)}.{pence}", min(sure, REPAIRED) if repaired else sure, repaired=repaired)


def percent(text: str) -> Normalised | None:
    """A percentage or a range of them: "30%", "30-40%"."""
    if not any(character.isdigit() for character in text):
        return None
    whole = _SCORE.sub("", capitals(text.strip()))
    for found in _PERCENT.finditer(whole):
        numbers = [digits(part.replace(".", "")) for part in found.groups()[:2] if part]
        if not all(numbers) or (found[3] is None and found[0].strip() != whole.strip()):
            continue
        printed = "-".join(part for part in found.groups()[:2] if part)
        value = printed.translate(DIGIT_FOR)
        if any(float(part) > 100 for part in value.split("-")):
            continue
        misread = differing(printed, value)
        sure = misread_share(misread)
        return Normalised(f"{value}%", sure if found[3] else min(sure, _BARE_PERCENT), repaired=misread > 0)
    return None


def count(text: str) -> Normalised | None:
    """A whole number, in digits or words, whatever it counts: "4 pages"."""
    whole = _BEFORE_COUNT.sub("", capitals(text)).strip(" :;_.-")
    first = whole.split(" ", 1)[0].strip(".,()").replace("|", "L")
    if first in _SPELLED:
        return Normalised(_SPELLED[first], AS_PRINTED if first == whole else _COUNT_WITH_REST)
    found = _COUNT.match(whole)
    number = digits(found[1]) if found else None
    if found is None or number is None:
        return None
    sure = AS_PRINTED if not found[2].strip() else _COUNT_WITH_REST
    misread = sum(one != other for one, other in zip(found[1], number, strict=True))
    return Normalised(str(int(number)), sure * misread_share(misread), repaired=misread > 0)


def measure(text: str) -> Normalised | None:
    """A height or weight with its unit: 5'4", "64 in", "150 lb", "68 kg"."""
    bare = _OTHER_UNIT.sub("", text).strip(" :;_.").replace("”", '"').replace("“", '"')
    if found := _FEET.match(bare):
        inches = found[2] or "0"
        return Normalised(f"{found[1]}'{inches}\"", AS_PRINTED) if float(inches) < 12 else None
    whole = capitals(bare)
    found = _MEASURE.match(whole)
    if found is None:
        number = re.fullmatch(r"\d{1,3}(?:\.\d{1,2})?", bare)
        return Normalised(number[0], _NO_UNIT) if number else None
    plain = re.sub(r"[.,]", "", found[1])
    number_read = digits(plain)
    if number_read is None:
        return None
    point = re.search(r"[.,]", found[1])
    value = f"{number_read[: point.start()]}.{number_read[point.start() :]}" if point else number_read
    misread = differing(plain, number_read)
    printed_unit = found[2].replace("|", "L")
    unit = _UNITS.get(printed_unit, printed_unit.lower())
    return Normalised(f"{value} {unit}", misread_share(misread), repaired=misread > 0 or "," in found[1])
