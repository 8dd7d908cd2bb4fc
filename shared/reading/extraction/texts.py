"""Words: plain text, lists of them, and the one of a few that a form means."""

import re
from collections.abc import Sequence

from shared.reading.extraction.normalised import Normalised
from shared.templates import Choice
from shared.templates.phrases import Labels, likeness, plain

NOTHING = frozenset(
    {"none", "none known", "none reported", "nka", "nkda", "nkfa", "nkma", "no known", "no known allergies"}
    | {"no known drug allergies", "no known food allergies", "no known medication allergies", "nkda nka", "nkda nkfa"}
    | {
        "n/a",
        "na",
        "denies",
        "denies any",
        "nil",
        "no",
        "not applicable",
        "no allergies",
        "none on file",
        "none recorded",
    }
    | {"no known allergy", "no drug allergies", "denies allergies", "no known drug allergy", "none at this time"}
)
"""What people write where there is nothing to list, as `plain` gives it."""

_NONE_LETTERS = re.compile(r"^n/?k/?[d0oq]?/?a$")  # "NKDA" as printed and as misread
_NONE_BEHIND = re.compile(r"\s*[(\[](?:nkda|nka|nkfa)[)\]]\s*$", re.IGNORECASE)
_LIST_LABEL = re.compile(r"^(?:(?:drug|food|medication|known)\s)*allerg(?:y|ies)(?:\s?/\s?\w+)?\s*:\s*", re.IGNORECASE)
_NONE = Labels(NOTHING)
_LIST_SURE, _NONE_SURE = 0.9, 0.95  # plausibility of a list's items, and of there being none
_BETWEEN_ITEMS = re.compile(r"\s*(?:[,;•\n]|\s/\s|\s&\s|\band\b)\s*(?![^(]*\))", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|(?<=\s))\(?\d{1,2}[.)]\s+")
_LEADERS = re.compile(r"[._·…\-]{3,}|_+")
_SLASHES = re.compile(r"(?<=\s)/([A-Za-z][\w\-]*)/(?=\s|$)")  # brackets that were read as slashes: "ALT /SGPT/"
_NOT_TEXT = re.compile(r"^[\W_]*$")
_USUAL = 0.95  # plausibility of words that are one of a field's usual ones
_BEGINS = 0.9  # likeness of a choice with which a text begins
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


def usual_text(text: str, choices: Sequence[Choice]) -> Normalised | None:
    """The choice that `text` is word for word ("First 90 days" is "1"); else the text as printed, tidied."""
    read = plain(text)
    for one in choices:
        if read in map(plain, one.printed):
            return Normalised(one.value, _USUAL)
    return text_value(text)


def list_value(text: str) -> Normalised | None:
    """The items of a list; none of them where "none known" is written."""
    bare = _NONE_BEHIND.sub("", _NUMBERED.sub("; ", _LIST_LABEL.sub("", text)))
    items = tuple(item for item in map(tidy, _BETWEEN_ITEMS.split(bare)) if is_text(item))
    if not items:
        return Normalised((), _NONE_SURE) if _NONE_BEHIND.search(text) else None
    named = () if _says_none(bare) else tuple(item for item in items if not _says_none(item))
    return Normalised(named, _LIST_SURE if named else _NONE_SURE)


def _says_none(item: str) -> bool:
    read = plain(item)
    return _NONE.nearest(read) is not None or all(map(_NONE_LETTERS.match, read.split("/")))


def choice(text: str, choices: Sequence[Choice], *, free_text: bool = False) -> Normalised | None:
    """The choice whose print is most like `text`, or like its beginning; else, where asked, the text itself.

    None where several choices stand there: those are the form's own words, of which none is the answer.
    """
    read = plain(text)
    best: tuple[float, int, Choice] | None = None
    for one in choices:
        for printed in map(plain, one.printed):
            score = likeness(read, printed) or (_BEGINS if _begins(read, printed) else 0.0)
            if score and (best is None or (score, len(printed)) > best[:2]):
                best = (score, len(printed), one)
    if best is None:
        value = tidy(text)
        return Normalised(value, _FREE) if free_text and is_text(value) else None
    others = (plain(printed) for other in choices if other is not best[2] for printed in other.printed)
    behind = f" {read[best[1] :]} "
    several = best[0] == _BEGINS and any(f" {other} " in behind for other in others)
    return None if several else Normalised(best[2].value, best[0])


def _begins(read: str, printed: str) -> bool:
    return bool(printed) and f"{read} ".startswith(f"{printed} ")
