"""Whether a value says what the truth says: in its canonical form or as printed, but for case and spacing."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz

from shared.templates import Kind

_DASHES = str.maketrans({"–": "-", "—": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"'})
_AROUND_MARKS = re.compile(r"\s*([,;:/()#])\s*")
_NUMBER_KINDS = frozenset({Kind.PHONE})
_SPACELESS_KINDS = frozenset({Kind.IDENTIFIER, Kind.MEDICARE, Kind.NPI, Kind.ICD10, Kind.LAST_FOUR})
_CREDENTIALS = frozenset({"md", "do", "np", "pa", "pac", "rn", "aprn", "fnp", "dnp", "jr", "sr", "ii", "iii", "iv"})


def same(value: object, canonical: object, printed: object, kind: str) -> bool:
    """Whether `value` is the canonical truth or the printed one. Lists are sets; a boolean is only like itself."""
    if isinstance(canonical, bool) or isinstance(value, bool):
        return value is canonical
    if isinstance(canonical, (list, tuple)):
        return _same_list(value, canonical, printed, kind)
    texts = [truth for truth in (canonical, printed) if truth is not None]
    return any(folded(str(value), kind) == folded(str(truth), kind) for truth in texts)


def likeness(value: object, canonical: object, kind: str) -> float:
    """How alike the two are, 0..1; 1 when they are the same."""
    if same(value, canonical, None, kind):
        return 1.0
    return 0.9 * fuzz.ratio(folded(str(value), kind), folded(str(canonical), kind)) / 100


def folded(text: str, kind: str) -> str:
    """`text` in the form in which values of `kind` are compared."""
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).casefold().split())
    if kind in _NUMBER_KINDS:
        return "".join(character for character in plain if character.isdigit())[-10:] or plain
    if kind in _SPACELESS_KINDS:
        bare = plain.replace(" ", "")
        return bare.replace("-", "") if kind == Kind.MEDICARE else bare
    if kind == Kind.PERSON:
        return _person(plain)
    return _AROUND_MARKS.sub(r"\1 ", plain).strip(" .,;:")


def _person(plain: str) -> str:
    """The name's words in the order "first middle last", and what stands behind it."""
    head, *rest = [part.strip() for part in plain.replace(".", "").split(",")]
    titles = [part for part in rest if part.replace("-", "") in _CREDENTIALS]
    firsts = [part for part in rest if part and part not in titles]
    return " ".join([*firsts, head, *(title.replace("-", "") for title in titles)])


def _same_list(value: object, canonical: Sequence[Any], printed: object, kind: str) -> bool:
    if not isinstance(value, (list, tuple)):
        return len(canonical) == 1 and same(value, canonical[0], printed, kind)
    return Counter(folded(str(one), kind) for one in value) == Counter(folded(str(one), kind) for one in canonical)
