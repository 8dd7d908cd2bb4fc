"""How much of a medicine, which way and how often: as printed, with what OCR tore or misread mended."""

import re

from shared.reading.extraction.normalised import AMBIGUOUS, AS_PRINTED, REPAIRED, Normalised
from shared.reading.extraction.repair import capitals, differing, digits, looks, mended_words, misread_share
from shared.reading.extraction.texts import is_text, tidy

_N = r"[0-9OQDI|!ZSGB]"
_UNIT = (
    r"(?:mcg|rncg|mcq|mgg|mc9|µg|μg|ug|mgs?|rng|mq|m9|kg|grams?|gms?|g|ml|mi|l|lpm|meq|mmol|millicuries|mci|units?|iu|u|"
    r"tab(?:let)?s?|cap(?:sule)?s?|puffs?|inhalations?|drops?|gtts?|patch(?:es)?|sprays?|teaspoons?|tsp|tbsp|oz|%|"
    r"suppositor(?:y|ies)|supp|vials?|amps?|ampules?|packets?|scoops?|applications?|lozenges?|nebs?|doses?)(?![A-Za-z])"
)
_UNITS = re.compile(
    rf"^{_UNIT}(?:\s?/\s?(?:[0-9.]+\s?)?(?:{_UNIT}|hr?|hours?|min|days?|actuation)(?![A-Za-z]))?", re.IGNORECASE
)
_AMOUNT = re.compile(rf"^({_N}*(?:[.,]{_N}+)?(?:\s?[-–/]\s?{_N}+(?:[.,]{_N}+)?)?)\s*(?=[A-Zµ%|9])")
_MISREAD_UNIT = re.compile(r"^(rng|mq|m9|rncg|mcq|mgg|mc9|mi)(?![A-Za-z0-9])", re.IGNORECASE)
_UNIT_MEANT = {"rng": "mg", "mq": "mg", "m9": "mg", "rncg": "mcg", "mcq": "mcg", "mgg": "mcg", "mc9": "mcg", "mi": "mL"}
_SPELLED = re.compile(rf"^(?:one|two|three|four|half|½|a|an)(?:\s(?:a|half))?\s{_UNIT}", re.IGNORECASE)  # "one tablet"
_RULE_BEHIND = re.compile(r"^[1Il|!\]]$")  # a column's rule, read as a letter: "6.25 mg1"
_POINT_LOST = re.compile(r"^0\d")  # "04 mg": nobody writes a nought before a whole number
_WORDS = 0.6  # plausibility of a dose in which no amount with its unit was found
_KNOWN, _UNKNOWN = 0.97, 0.7  # of a route or frequency, as usual ones are written or not
_ROUTES = frozenset(
    {"po", "by mouth", "oral", "orally", "sl", "sublingual", "sublingually", "under the tongue", "iv", "im", "sc", "sq"}
    | {"subq", "subcut", "subcutaneous", "subcutaneously", "topical", "topically", "pr", "rectal", "rectally", "inh"}
    | {"inhaled", "inhalation", "neb", "nebulizer", "nebulized", "transdermal", "td", "patch", "ophthalmic", "otic"}
    | {"nasal", "intranasal", "buccal", "pv", "vaginal", "gt", "peg", "g-tube", "per g-tube", "ng", "intravenous"}
    | {"intramuscular", "eye", "ear", "both eyes", "od", "os", "ou", "skin", "to skin", "injection", "mouth", "rectum"}
    | {
        "po/sl",
        "po or sl",
        "im/iv",
        "iv/im",
        "ivp",
        "ivpb",
        "id",
        "intradermal",
        "per rectum",
        "nare",
        "both nares",
        "each eye",
    }
    | {
        "gastrostomy",
        "j-tube",
        "per j-tube",
        "per tube",
        "via g-tube",
        "feeding tube",
        "oral inhalation",
        "to affected area",
    }
)
_ROUTE_WORDS = {looks(word): word for route in _ROUTES for word in re.findall(r"[a-z]+", route)}
_FREQUENCY = re.compile(
    r"\b(?:q\.?\s?\d|q\.?(?:d|h|hs|am|pm|od|id|wk|week|day|shift|noc)\b|[bt]\.?i\.?d|once|twice|three|four|daily|nightly|"
    r"weekly|monthly|every|each|hourly|prn|as needed|as directed|bedtime|hs|morning|evening|noon|meals|stat\b|times|"
    r"\d\s?x|per day|a day|continuous|ac|pc|x\s?\d)",
    re.IGNORECASE,
)
# fmt: off
_FREQUENCY_WORDS = {looks(word): word for word in (
    "bid", "tid", "qid", "qd", "qod", "qhs", "prn", "daily", "twice", "once", "three", "four", "times",
    "nightly", "weekly", "monthly", "hourly", "every", "each", "other", "day", "days", "week", "hour", "hours",
    "minutes", "needed", "directed", "bedtime", "morning", "evening", "noon", "meals", "with", "before",
    "after", "continuous", "pain", "anxiety", "nausea", "agitation", "constipation", "sleep",
    "chest", "wheezing", "breath", "shortness", "puffs", "breakfast", "dinner", "lunch", "night", "fever", "cough",
    "vomiting", "secretions", "tablet", "tablets", "capsule", "capsules",
)}
# fmt: on
_Q_MISREAD = re.compile(r"\b[g9](?=\d{1,2}\s?h)", re.IGNORECASE)  # "g4h"
_ID_MISREAD = (re.compile(r"\b([BT])[1l|](?=D\b)"), re.compile(r"\b(Q)[1l|](?=D\b)"))  # "B1D"
_NUMBER_LOST = re.compile(r"\bevery (?:hours|minutes|days)\b", re.IGNORECASE)  # "every 6 hours" with the 6 unread
_HOURS_UNREAD = re.compile(r"\bq\.?[^\W\d_]{1,2}h\b", re.IGNORECASE)  # "qóh" is every 6 hours, or every 8
_HOURS_MISREAD = re.compile(r"(?<=\bq)[lI|](?=\d?\s?h)", re.IGNORECASE)  # "ql2h"


def dose(text: str) -> Normalised | None:
    """An amount and its unit, one space between: "500 mg", "5 mg/mL", "25-100 mg"."""
    bare = tidy(text)
    if not is_text(bare):
        return None
    found = _AMOUNT.match(capitals(bare))
    units = _UNITS.match(bare[found.end() :]) if found and found[1] else None
    amount = _amount(found[1]) if found and found[1] else None
    if found is None or units is None or amount is None:
        return Normalised(bare, _KNOWN if _SPELLED.match(bare) else _WORDS)
    unit = _MISREAD_UNIT.sub(lambda misread: _UNIT_MEANT[misread[1].lower()], units[0])
    behind = bare[found.end() + units.end() :]
    rest = _RULE_BEHIND.sub("", behind)
    value = f"{amount.value} {unit}{rest}".replace(" %", "%")
    if _POINT_LOST.match(str(amount.value)):
        others = (f"0.{str(amount.value)[1:]} {unit}{rest}", f"{str(amount.value)[1:]} {unit}{rest}")
        return Normalised(value, AMBIGUOUS, ambiguous=True, alternatives=others)
    repaired = amount.repaired or rest != behind or unit != units[0]
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
    mended = mended_words(value, _ROUTE_WORDS)
    if mended != value and _is_route(mended):
        return Normalised(mended, REPAIRED, repaired=True)
    return Normalised(value, _UNKNOWN)


def _is_route(text: str) -> bool:
    return text.lower().replace(".", "") in _ROUTES


def frequency(text: str) -> Normalised | None:
    """As printed ("q4h prn", "twice daily")."""
    value = tidy(text)
    if not is_text(value):
        return None
    mended = mended_words(_HOURS_MISREAD.sub("1", _Q_MISREAD.sub("q", value)), _FREQUENCY_WORDS)
    for misread in _ID_MISREAD:
        mended = misread.sub(r"\1I", mended)
    known = _KNOWN if _FREQUENCY.search(mended) else _UNKNOWN
    if _NUMBER_LOST.search(mended) or _HOURS_UNREAD.search(mended):
        return Normalised(mended, AMBIGUOUS, ambiguous=True)
    return Normalised(mended, min(known, REPAIRED) if mended != value else known, repaired=mended != value)
