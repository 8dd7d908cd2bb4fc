"""How much of a medicine, which way and how often: as printed, with what OCR tore or misread mended."""

import re

from rapidfuzz.distance import OSA

from shared.reading.extraction.normalised import AMBIGUOUS, AS_PRINTED, REPAIRED, Normalised
from shared.reading.extraction.repair import capitals, differing, digits, misread_share
from shared.reading.extraction.texts import is_text, tidy

_N = r"[0-9OQDI|!ZSGB]"
_UNIT = (
    r"(?:mcg|mgg|mcq|mc9|µg|ug|mg|rng|mq|m9|kg|g|gm|gram|ml|mi|l|meq|mmol|units?|iu|u|tab(?:let)?s?|cap(?:sule)?s?|puffs?|drops?|gtts?|"
    r"patch(?:es)?|sprays?|tsp|tbsp|oz|%)"
)
_UNITS = re.compile(rf"^{_UNIT}(?:\s?/\s?(?:[0-9.]+\s?)?(?:{_UNIT}|hr?|day|dose|actuation))?", re.IGNORECASE)
_AMOUNT = re.compile(rf"^({_N}*(?:[.,]{_N}+)?(?:\s?[-–/]\s?{_N}+(?:[.,]{_N}+)?)?)\s*(?=[A-Zµ%|9])")
_MISREAD_UNIT = {"rng": "mg", "mq": "mg", "m9": "mg", "mi": "mL", "mgg": "mcg", "mcq": "mcg", "mc9": "mcg"}
_POINT_LOST = re.compile(r"^0\d")  # "04 mg": nobody writes a nought before a whole number
_WORDS = 0.6  # plausibility of a dose in which no amount with its unit was found
_KNOWN, _UNKNOWN = 0.97, 0.7  # of a route or frequency, as usual ones are written or not
_ROUTES = frozenset(
    {"po", "by mouth", "oral", "orally", "sl", "sublingual", "sublingually", "under the tongue", "iv", "im", "sc", "sq"}
    | {"subq", "subcut", "subcutaneous", "subcutaneously", "topical", "topically", "pr", "rectal", "rectally", "inh"}
    | {"inhaled", "inhalation", "neb", "nebulizer", "nebulized", "transdermal", "td", "patch", "ophthalmic", "otic"}
    | {"nasal", "intranasal", "buccal", "pv", "vaginal", "gt", "peg", "g-tube", "per g-tube", "ng", "intravenous"}
    | {"intramuscular", "eye", "ear", "both eyes", "od", "os", "ou", "skin", "to skin", "injection", "mouth"}
)
_ROUTE_LETTERS = str.maketrans({"0": "O", "1": "I", "5": "S", "|": "I", "l": "I"})
_FREQUENCY = re.compile(
    r"\b(?:q\.?\s?\d|q\.?(?:d|h|hs|am|pm|od|id|wk|week|day|shift|noc)\b|[bt]\.?i\.?d|once|twice|three|four|daily|nightly|"
    r"weekly|monthly|every|each|hourly|prn|as needed|as directed|bedtime|hs|morning|evening|noon|meals|stat|times|"
    r"continuous|ac|pc|x\s?\d)",
    re.IGNORECASE,
)
_USUAL = frozenset(
    {
        "twice",
        "three",
        "times",
        "daily",
        "every",
        "hours",
        "needed",
        "bedtime",
        "morning",
        "evening",
        "weekly",
        "monthly",
        "meals",
    }
    | {
        "directed",
        "before",
        "after",
        "minutes",
        "nightly",
        "hourly",
        "mouth",
        "tablet",
        "tablets",
        "capsule",
        "capsules",
        "chest",
    }
    | {
        "puffs",
        "anxiety",
        "nausea",
        "sleep",
        "agitation",
        "wheezing",
        "breakfast",
        "dinner",
        "lunch",
        "other",
        "night",
        "shortness",
    }
    | {
        "breath",
        "constipation",
        "vomiting",
        "dyspnea",
        "fever",
        "loose",
        "stool",
        "secretions",
        "severe",
        "moderate",
        "continuous",
    }
)
_WORD = re.compile(r"[A-Za-z]{5,}")
_NUMBER_LOST = re.compile(r"\bevery (?:hours|minutes|days)\b", re.IGNORECASE)  # "every 6 hours" with the 6 unread
_TORN = (
    (re.compile(r"\b[g9](?=\d{1,2}\s?h)", re.IGNORECASE), "q"),  # "g4h"
    (re.compile(r"\b([BT])[1l|](?=D\b)"), r"\1I"),  # "B1D"
    (re.compile(r"\bQ[1l|]D\b"), "QID"),
)


def dose(text: str) -> Normalised | None:
    """An amount and its unit, one space between: "500 mg", "5 mg/mL", "25-100 mg"."""
    bare = tidy(text)
    if not is_text(bare):
        return None
    found = _AMOUNT.match(capitals(bare))
    units = _UNITS.match(bare[found.end() :]) if found and found[1] else None
    amount = _amount(found[1]) if found and found[1] else None
    if found is None or units is None or amount is None:
        return Normalised(bare, _WORDS)
    unit = _MISREAD_UNIT.get(units[0].lower(), units[0])
    rest = bare[found.end() + units.end() :]
    value = f"{amount.value} {unit}{rest}".replace(" %", "%")
    if _POINT_LOST.match(str(amount.value)):
        others = (f"0.{str(amount.value)[1:]} {unit}{rest}", f"{str(amount.value)[1:]} {unit}{rest}")
        return Normalised(value, AMBIGUOUS, ambiguous=True, alternatives=others)
    repaired = amount.repaired or unit != units[0]
    sure = min(amount.plausibility, REPAIRED) if repaired else amount.plausibility
    return Normalised(value, sure, repaired=repaired)


def _amount(printed: str) -> Normalised | None:
    """Numbers as they stand, with points for commas and digits for what OCR takes them for."""
    plain = re.sub(r"[^A-Z0-9|!]", "", printed)
    number = digits(plain)
    if number is None:
        return None
    following = iter(number)
    value = "".join(next(following) if character.isalnum() or character in "|!" else character for character in printed)
    pointed = re.sub(r"(?<=\d),(?=\d{1,2}\b)", ".", value)
    misread = differing(plain, number)
    repaired = misread > 0 or pointed != value
    return Normalised(pointed, misread_share(misread) if misread else AS_PRINTED, repaired=repaired)


def route(text: str) -> Normalised | None:
    """As printed ("PO", "by mouth")."""
    value = tidy(text)
    if not is_text(value):
        return None
    if _is_route(value):
        return Normalised(value, _KNOWN)
    mended = value.translate(_ROUTE_LETTERS)
    if len(value) <= 3 and mended != value and _is_route(mended):
        return Normalised(mended, REPAIRED, repaired=True)
    return Normalised(value, _UNKNOWN)


def _is_route(text: str) -> bool:
    return text.lower().replace(".", "") in _ROUTES


def frequency(text: str) -> Normalised | None:
    """As printed ("q4h prn", "twice daily")."""
    value = tidy(text)
    if not is_text(value):
        return None
    mended = _WORD.sub(_mended_word, value)
    for torn, whole in _TORN:
        mended = torn.sub(whole, mended)
    known = _KNOWN if _FREQUENCY.search(mended) else _UNKNOWN
    if _NUMBER_LOST.search(mended):
        return Normalised(mended, AMBIGUOUS, ambiguous=True)
    return Normalised(mended, min(known, REPAIRED) if mended != value else known, repaired=mended != value)


def _mended_word(found: re.Match[str]) -> str:
    """A word that is one misread letter away from one of the usual words."""
    word = found[0]
    if word.lower() in _USUAL:
        return word
    near = [usual for usual in _USUAL if OSA.distance(word.lower(), usual, score_cutoff=1) == 1]
    if len(near) != 1:
        return word
    return near[0].upper() if word.isupper() else near[0].capitalize() if word[0].isupper() else near[0]
