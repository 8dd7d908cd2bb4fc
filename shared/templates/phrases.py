"""Comparing what OCR read with what a label says."""

import re
import unicodedata
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

_NOT_COUNTED = re.compile(r"[^a-z0-9/#&]+")
_SHORT = 4  # letters: shorter labels (DOB, MRN, Sex) must be read without a mistake


@cache
def plain(text: str) -> str:
    """`text` in lower case without accents and punctuation, words parted by one space."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace(".", "").replace("'", "").replace("’", ""))
    ascii_only = decomposed.encode("ascii", "ignore").decode()
    return _NOT_COUNTED.sub(" ", ascii_only).strip()


def letters_of(read: str) -> int:
    """How many letters `read` has, spaces not counted."""
    return len(read.replace(" ", ""))


def lengths_alike(label: str) -> range:
    """How many letters a text may have of which the `likeness` to `label` is above 0."""
    letters = letters_of(label)
    reach = letters // 6 + 1
    return range(letters - reach, letters + reach + 1)


def likeness(read: str, label: str) -> float:
    """How sure it is that `read` is `label` with OCR's mistakes: 0..1, both as `plain` gives them.

    One mistake in about six letters is forgiven, none in a short label; spaces do not count.
    """
    one, other = read.replace(" ", ""), label.replace(" ", "")
    if one == other:
        return 1.0
    if len(other) <= _SHORT or abs(len(one) - len(other)) > len(other) // 6 + 1:
        return 0.0
    allowed = max(1, len(other) // 6)
    mistakes = DamerauLevenshtein.distance(one, other, score_cutoff=allowed)
    return 1.0 - mistakes / len(other) if mistakes <= allowed else 0.0


def contains(read: str, phrase: str) -> float:
    """How well `phrase` is found anywhere in `read`: 0..1, both as `plain` gives them."""
    if len(read) < len(phrase) * 0.8:
        return 0.0
    return fuzz.partial_ratio(phrase, read) / 100
