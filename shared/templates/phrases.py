"""Comparing what OCR read with what a label says."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

_NOT_COUNTED = re.compile(r"[^a-z0-9/#&]+")
_SHORT = 4  # letters: shorter labels (DOB, MRN, Sex) must be read without a mistake
_SAME = {
    **dict.fromkeys(("no", "num", "nbr", "#"), "number"),
    **dict.fromkeys(("tel", "telephone", "ph"), "phone"),
    **dict.fromkeys(("doctor", "dr", "md", "phys", "clinician", "practitioner"), "physician"),
    **dict.fromkeys(("adm", "admit", "admitted"), "admission"),
    **dict.fromkeys(("dc", "d/c", "disch", "discharged"), "discharge"),
    **dict.fromkeys(("ident", "identification", "identifier"), "id"),
    **dict.fromkeys(("rel", "relation"), "relationship"),
    **dict.fromkeys(("2nd", "second", "sec"), "secondary"),
    **dict.fromkeys(("prim", "1st"), "primary"),
    **dict.fromkeys(("adv", "advanced"), "advance"),
    **dict.fromkeys(("directives",), "directive"),
    **dict.fromkeys(("diag", "dx"), "diagnosis"),
    **dict.fromkeys(("emerg", "ice"), "emergency"),
    **dict.fromkeys(("co", "carrier"), "company"),
    **dict.fromkeys(("cert", "certified"), "certification"),
    **{"ins": "insurance", "payor": "payer", "gender": "sex", "addr": "address", "dt": "date", "grp": "group"},
    **{"med": "medical", "meds": "medications", "rec": "record", "ref": "referring", "pt": "patient", "stat": "status"},
    **{"lang": "language", "pref": "preferred", "subscr": "subscriber", "collection": "collected", "hosp": "hospital"},
}
"""Words that forms print for one another; abbreviations above all."""

_JOINING = frozenset({"a", "an", "the", "of", "for", "and", "or", "&", "/", "in", "at", "by", "is"})
"""Words that join others, and say nothing where these stand in another order."""

_REMEMBERED = 20_000  # texts: labels and the words beside them come again on every page


@lru_cache(_REMEMBERED)
def plain(text: str) -> str:
    """`text` in lower case without accents and punctuation, words parted by one space."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace(".", "").replace("'", "").replace("’", ""))
    ascii_only = decomposed.encode("ascii", "ignore").decode()
    return _NOT_COUNTED.sub(" ", ascii_only).strip()


def likeness(read: str, label: str) -> float:
    """How sure it is that `read` is `label` with OCR's mistakes: 0..1, both as `plain` gives them.

    One mistake in about six letters is forgiven, none in a short label; spaces do not count.
    """
    return _likeness(_letters(read), _letters(label))


@lru_cache(_REMEMBERED)
def words_of(text: str) -> tuple[str, ...]:
    """The words that `text`, as `plain` gives it, says in any order and however it abbreviates them."""
    return tuple(sorted({_SAME.get(word, word) for word in text.replace("/", " ").split()} - _JOINING))


class Labels:
    """Labels, as `plain` gives them, among which the one that a text is like is found quickly."""

    def __init__(self, labels: Iterable[str]) -> None:
        self._by_letters: dict[str, str] = {}
        for label in labels:
            if label:
                self._by_letters.setdefault(_letters(label), label)
        self._of_length: dict[int, list[str]] = defaultdict(list)  # what a text of so many letters may be
        for letters in self._by_letters:
            for length in _lengths_alike(letters):
                self._of_length[length].append(letters)

    def same(self, read: str) -> str | None:
        """The label that `read` is without any mistake."""
        return self._by_letters.get(_letters(read))

    def exactly(self, read: str) -> tuple[str, float] | None:
        """The same as `nearest` gives it."""
        found = self.same(read)
        return (found, 1.0) if found else None

    def nearest(self, read: str) -> tuple[str, float] | None:
        """The label of the most `likeness` to `read`, the first of several, and that likeness; None where it is 0."""
        return self.exactly(read) or self._alike(_letters(read))

    def _alike(self, letters: str) -> tuple[str, float] | None:
        most = max(1, len(letters) // 5)  # in labels that are longer by as many letters as are forgiven in them
        likely = _within(letters, self._of_length.get(len(letters), ()), most)
        scored = [(1.0 - mistakes / len(other), other) for other, mistakes, _ in likely if mistakes <= _allowed(other)]
        score, found = max(scored, key=lambda one: one[0], default=(0.0, ""))
        return (self._by_letters[found], score) if found else None


class Texts:
    """Texts that were read, as `plain` gives them, among which a label is looked for."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)
        self._padded = "\n".join(f" {text} " for text in self._texts)
        self._letters = {_letters(text) for text in self._texts}
        self._of_length: dict[int, list[str]] = defaultdict(list)
        for letters in self._letters:
            self._of_length[len(letters)].append(letters)

    def likeness(self, label: str) -> float:
        """The most `likeness` to `label` that one of the texts has."""
        letters = _letters(label)
        if letters in self._letters:
            return 1.0
        near = [text for length in _lengths_alike(letters) for text in self._of_length.get(length, ())]
        mistakes = [count for _, count, _ in _within(letters, near, _allowed(letters))] if near else []
        return 1.0 - min(mistakes) / len(letters) if mistakes else 0.0

    def shortest_with(self, phrase: str) -> str | None:
        """The shortest of the texts in which the words of `phrase` stand, None where they stand in none."""
        padded = f" {phrase} "
        if padded not in self._padded:
            return None
        return min((text for text in self._texts if padded in f" {text} "), key=len)


def _within(one: str, others: Sequence[str], most: int) -> list[tuple[str, int, int]]:
    """Those of `others` that differ from `one` by at most `most` mistakes, with their number; a swap is one."""
    return process.extract(one, others, scorer=OSA.distance, score_cutoff=most, limit=None)


def _letters(read: str) -> str:
    return read.replace(" ", "")


def _allowed(label: str) -> int:
    """How many mistakes are forgiven."""
    return max(1, len(label) // 6) if len(label) > _SHORT else 0


def _lengths_alike(label: str) -> range:
    """How many letters a text may have that is like `label`."""
    reach = _allowed(label)
    return range(len(label) - reach, len(label) + reach + 1)


def _likeness(one: str, other: str) -> float:
    """Of what was read to a label, both without spaces."""
    if one == other:
        return 1.0
    allowed = _allowed(other)
    if abs(len(one) - len(other)) > allowed:
        return 0.0
    mistakes = OSA.distance(one, other, score_cutoff=allowed)
    return 1.0 - mistakes / len(other) if mistakes <= allowed else 0.0


def contains(read: str, phrase: str) -> float:
    """How well `phrase` is found anywhere in `read`: 0..1, both as `plain` gives them."""
    if len(read) < len(phrase) * 0.8:
        return 0.0
    return fuzz.partial_ratio(phrase, read) / 100
