"""How much a phrase looks like a label, and how much like a value, before it is known what stands beside it."""

import re
from functools import cache

from shared.reading.extraction.layout import text_of
from shared.reading.extraction.pairs.phrases import Phrase, Sheet
from shared.templates.glossary import glossary
from shared.templates.phrases import Labels, plain

FIRM = 0.65  # strength of labels that are no values
_COLON, _COLON_AFTER_SENTENCE = 0.95, 0.5
_KNOWN = 0.85
_QUESTION = 0.75
_ROOM = 0.75  # a line to write on begins behind it
_SHAPE = 0.4  # nothing but short and capitalised
_LONGEST = 8  # words
_SHORT = 5
_SENTENCE = 3  # more words than these that begin with a small letter go on with a sentence
_INITIALS = re.compile(r"(?:^|\s)[A-Z]\.\s?[A-Z][\w'’]")  # "A. Mellman"
_FEW_DIGITS = 4  # "1b Form 1099:", not "12 Elm Street 504:"
_OF_THE_SHEET = frozenset({"page", "form", "rev", "revised"})  # they number the paper and ask nothing
_NUMBERING = re.compile(r"^\(?(\d{1,2}[a-z]?|[A-Za-z])[.)]?$")


@cache
def known_labels() -> Labels:
    """All that the glossary knows."""
    return Labels(known_texts())


@cache
def known_texts() -> frozenset[str]:
    """The same as `plain` gives them."""
    found = glossary()
    fields = found["fields"].values()
    phrases = (
        *(label for field in fields for label in (*field.get("labels", ()), *field.get("section_labels", ()))),
        *found["other_labels"],
    )
    return frozenset(map(plain, phrases))


def label_strength(phrase: Phrase, sheet: Sheet) -> float:
    """How sure it is by the phrase itself that it is a label, 0..1."""
    text, words = phrase.text.rstrip(" :;"), len(phrase.tokens)
    letters = sum(map(str.isalpha, text))
    if letters < 2 or letters * 2 < len(text.replace(" ", "")) or phrase.checkbox:
        return 0.0
    if plain(text) in _OF_THE_SHEET:
        return 0.0
    if phrase.colon:
        return _COLON if words <= _LONGEST and _digits(text) <= _FEW_DIGITS else _COLON_AFTER_SENTENCE
    if text[0].islower() or _INITIALS.search(text):
        return 0.0
    if words > _LONGEST:
        return _QUESTION * 0.8 if text.endswith("?") else 0.0
    known = known_labels().nearest(plain(text))
    return max(
        _KNOWN * known[1] if known else 0.0,
        _QUESTION if text.endswith("?") else 0.0,
        _ROOM if phrase.room or _has_room(phrase, sheet) else 0.0,
        _SHAPE if _has_shape(phrase) else 0.0,
    )


def _has_room(phrase: Phrase, sheet: Sheet) -> bool:
    """Whether a line to write on begins right behind the phrase, at its foot."""
    box = phrase.box
    return any(
        -0.5 * box.height <= rule.left - box.right < 2 * box.height and rule.width > 3 * box.height
        for rule in sheet.rules(box.bottom - 0.5 * box.height, box.bottom + 0.6 * box.height)
    )


def _has_shape(phrase: Phrase) -> bool:
    """Whether it is short, begins with a capital and is no sentence."""
    tokens = phrase.tokens
    if len(tokens) > 1 and _NUMBERING.match(tokens[0].text):
        tokens = tokens[1:]
    text = phrase.text
    return (
        len(tokens) <= _SHORT
        and tokens[0].text[:1].isupper()
        and "," not in text
        and not (text.endswith(".") and len(tokens) > 2)
        and _digits(text_of(tokens)) <= 1
    )


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def value_likeness(phrase: Phrase, label: Phrase) -> float:
    """How much the phrase looks like a value rather than like a label such as `label`, 0..1."""
    text = phrase.text
    digits = _digits(text)
    if not label.colon and text[:1].islower() and len(phrase.tokens) > _SENTENCE:
        return 0.0
    if digits and digits * 4 >= len(text.replace(" ", "")):
        return 0.85
    if _INITIALS.search(text) or label.text.isupper() != text.isupper() or not text[:1].isupper():
        return 0.7
    return 0.6 if digits or len(phrase.tokens) > _SHORT else 0.4
