"""Words: plain text, lists of them, and the one of a few that a form means."""

import re
from collections.abc import Sequence

from shared.documents import Value
from shared.reading.extraction.normalised import Normalised
from shared.templates import Choice
from shared.templates.phrases import likeness, plain

_NONE_WORDS = frozenset(
    {"none", "none known", "none reported", "nka", "nkda", "nkfa", "nkma", "no known", "no known allergies"}
    | {"no known drug allergies", "no known food allergies", "no known medication allergies", "nkda nka", "nkda nkfa"}
    | {"n/a", "na", "denies", "denies any", "nil", "no", "not applicable", "no allergies"}
)
_BETWEEN_ITEMS = re.compile(r"\s*(?:[,;•\n]|\s/\s|\s&\s|\band\b|(?:^|\s)\(?\d{1,2}[.)]\s)\s*(?![^(]*\))", re.IGNORECASE)
_LEADERS = re.compile(r"[._·…\-]{3,}|_+")
_SLASHES = re.compile(r"(?<=\s)/([A-Za-z][\w\-]*)/(?=\s|$)")  # brackets that were read as slashes: "ALT /SGPT/"
_NOT_TEXT = re.compile(r"^[\W_]*$")
_FREE = 0.5  # plausibility of words that are none of a field's choices


def is_text(text: str) -> bool:
    """Whether there is a letter or digit in it."""
    return _NOT_TEXT.match(text) is None


def tidy(text: str) -> str:
    """Without what surrounds or fills up a text, and with a space after each comma that OCR closed up."""
    bracketed = _SLASHES.sub(r"(\1)", _LEADERS.sub(" ", text))
    spaced = re.sub(r"(?<=[A-Za-z]),(?=[A-Za-z])", ", ", bracketed)
    return re.sub(r"\s+", " ", spaced).strip(" :;_|-–—•·*,")


def text_value(text: str) -> Normalised | None:
    """The text as printed, tidied."""
    value = tidy(text)
    return Normalised(value, 0.9) if is_text(value) else None


def list_value(text: str) -> Normalised | None:
    """The items of a list; none of them where "none known" is written."""
    bare = re.sub(r"\s*\((?:nkda|nka|nkfa)\)\s*$", "", text, flags=re.IGNORECASE)
    kept: tuple[Value, ...] = tuple(item for item in map(tidy, _BETWEEN_ITEMS.split(bare)) if is_text(item))
    if not kept:
        return None
    items = tuple(str(item) for item in kept)
    if plain(bare) in _NONE_WORDS or all(plain(item) in _NONE_WORDS for item in items):
        return Normalised((), 0.95)
    return Normalised(items, 0.9)


def choice(text: str, choices: Sequence[Choice], *, free_text: bool = False) -> Normalised | None:
    """The choice whose print is most like `text`, or like its beginning; else, where asked, the text itself."""
    read = plain(text)
    best: tuple[float, int, Choice] | None = None
    for one in choices:
        for printed in map(plain, one.printed):
            score = likeness(read, printed)
            if not score and f"{read} ".startswith(f"{printed} "):
                score = 0.9
            if score and (best is None or (score, len(printed)) > best[:2]):
                best = (score, len(printed), one)
    if best:
        return Normalised(best[2].value, best[0])
    value = tidy(text)
    return Normalised(value, _FREE) if free_text and is_text(value) else None
