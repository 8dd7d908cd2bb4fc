"""A medicine's order in one line: "Lisinopril 10 mg PO daily" is a name, a dose, a route and a frequency."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.reading.extraction.layout import Token, text_of

_N = r"\d[\d,]*(?:\.\d+)?"
_UNIT = (
    r"(?:mcg|µg|ug|mg|g|gm|grams?|kg|ml|l|meq|mmol|units?|iu|tab(?:let)?s?|cap(?:sule)?s?|puffs?|drops?|gtts?|"
    r"patch(?:es)?|sprays?|tsp|tbsp|teaspoons?|tablespoons?|oz|supp(?:ositor(?:y|ies))?|lozenges?|packets?|scoops?)"
)
_DOSE = re.compile(
    rf"(?<![\w.,]){_N}(?:\s?[-–/]\s?{_N})*\s?-?{_UNIT}(?![a-z])"
    rf"(?:\s?[-–/]\s?(?:{_N}\s?)?(?:{_UNIT}|hr?|hour|day|dose|actuation|act)(?![a-z]))*",
    re.IGNORECASE,
)
_ROUTE = re.compile(
    r"(?<![\w/])(?:by mouth|per g-tube|via g-tube|g-tube|under the tongue|sublingual(?:ly)?|subcutaneous(?:ly)?|subcut|"
    r"subq|sub-q|intravenous(?:ly)?|intramuscular(?:ly)?|transdermal(?:ly)?|topical(?:ly)?|rectal(?:ly)?|oral(?:ly)?|"
    r"inhaled|inhalation|nebuliz(?:er|ed)|intranasal(?:ly)?|nasal(?:ly)?|ophthalmic|buccal(?:ly)?|vaginal(?:ly)?|"
    r"in(?:to)? (?:both|each|the affected|right|left) (?:eyes?|ears?|nostrils?)|"
    r"p\.?o\.?|s\.?l\.?|s\.?c\.?|s\.?q\.?|i\.?v\.?|i\.?m\.?|p\.?r\.?|p\.?v\.?|inh|neb|peg|gt|ng|td)(?![\w/])",
    re.IGNORECASE,
)
_OFTEN = re.compile(
    r"(?<![\w/])(?:(?:at|in the|with|before|after|on|for|every|each|as|if|once|twice|one|two|three|four|1|2|3|4)\s)*"
    r"(?:q\.?\s?\d|q\.?(?:d|h|hs|am|pm|od|id|wk|week|day|shift|noc)\b|[bt]\.?i\.?d|once|twice|times|daily|nightly|weekly|"
    r"monthly|every|each|hourly|prn|as needed|needed|directed|bedtime|hs\b|morning|evening|noon|meals|stat\b|"
    r"continuous|ac\b|pc\b|x\s?\d|days?\b)",
    re.IGNORECASE,
)
_STRENGTH = re.compile(r"/\s?mL$", re.IGNORECASE)
_COMMA = re.compile(r"[,;](?![^(]*\))")
_LEADING = re.compile(r"^(?:take|give|inject|apply|inhale|use|place|instill|dissolve|insert|sig)\b:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """The words of each part; empty where there is none."""

    name: tuple[Token, ...]
    dose: tuple[Token, ...]
    route: tuple[Token, ...]
    frequency: tuple[Token, ...]
    more: tuple[tuple[Token, ...], ...] = ()  # what is said behind commas: "on hold", "per Ann Lee, MD"


def parse_order(words: Sequence[Token]) -> Order:
    """The parts of an order. Words between them that are none of these ("tablet", "take") are in none."""
    text = text_of(words)
    dose = _dose(text)
    begun = dose.end() if dose else 0
    often = _OFTEN.search(text, begun)
    route = _ROUTE.search(text, begun)
    starts = [found.start() for found in (dose, often, route) if found]
    named = text[: min(starts, default=len(text))]
    name_end = 0 if _LEADING.match(named) else len(named.rstrip(" ,;:-–—("))
    frequency = (often.start(), _frequency_end(text, often, route)) if often else (0, 0)
    spans = [found.span() for found in (dose, route) if found]
    return Order(
        _within(words, 0, name_end),
        _within(words, *dose.span()) if dose else (),
        _within(words, *route.span()) if route else (),
        _within(words, *frequency),
        _behind_commas(words, text, max((end for _, end in (frequency, *spans)), default=len(text))),
    )


def is_strength(dose: str) -> bool:
    """Whether it says how much is in each millilitre."""
    return _STRENGTH.search(dose) is not None


def _dose(text: str) -> re.Match[str] | None:
    """The dose; a strength before it ("Morphine 20 mg/mL 0.25 mL") is part of the name."""
    first = _DOSE.search(text)
    if first is None or not is_strength(first[0]):
        return first
    return _DOSE.match(text, first.end() + 1) or first


def _frequency_end(text: str, often: re.Match[str], route: re.Match[str] | None) -> int:
    """A frequency goes on to the end, to a comma, or to a route behind it."""
    if route and route.start() > often.start():
        return route.start()
    comma = _COMMA.search(text, often.end())
    return comma.start() if comma else len(text)


def _behind_commas(words: Sequence[Token], text: str, start: int) -> tuple[tuple[Token, ...], ...]:
    """What commas part behind `start`, in pieces."""
    commas = [found.start() for found in _COMMA.finditer(text, start)]
    parts = pairwise([*commas, len(text)])
    pieces = [_within(words, comma + 2, end) for comma, end in parts]
    return tuple(piece for piece in pieces if piece)


def _within(words: Sequence[Token], start: int, end: int) -> tuple[Token, ...]:
    """The words that have a letter in `text_of(words)[start:end]`."""
    found: list[Token] = []
    at = 0
    for word in words:
        if at < end and at + len(word.text) > start:
            found.append(word)
        at += len(word.text) + 1
    return tuple(found)
