"""Text as it is searched: words of any script, without case and diacritics, the same when stored and when asked for."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_MAX_TYPED = 300  # characters; what a person types is shorter, and a pasted page is no question
_MAX_TERMS = 12
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_QUOTED_OR_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')
# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
# Scripts written without spaces: each character is a word, and several that follow each other a phrase.
# Thai and Lao, Myanmar, Khmer, kana, ideographs (Unicode 15, Blocks.txt).
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff])"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow each other; the last may go on (`is_open`: the person may still be typing it)."""

    words: tuple[str, ...]
    is_open: bool = False


def words(text: str) -> list[str]:
    """The words of `text` in order: letters, digits and their marks, folded."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    folded = _folded(text)
    return "".join(c if _is_kept(c) else " " for c in _UNSPACED.sub(r" \1 ", folded)).split()


def terms(typed: str) -> tuple[Term, ...]:
    """What `typed` asks for: every word, in "quotes" a phrase; the last word is open until a space follows it."""
    typed = typed[:_MAX_TYPED]
    found = [
        (words(match[1] or match[2] or ""), match[1] is None and match.end() == len(typed))
        for match in _QUOTED_OR_WORD.finditer(typed)
    ]
    return tuple(Term(tuple(several), is_open) for several, is_open in found if several)[:_MAX_TERMS]


def marked(page_words: Sequence[Sequence[str]], asked: Sequence[Term]) -> frozenset[int]:
    """Which of the page's words, each given as its folded `words`, stand for one of the terms."""
    flat = [(word, place) for place, several in enumerate(page_words) for word in several]
    found: set[int] = set()
    for term in asked:
        size = len(term.words)
        for start in range(len(flat) - size + 1):
            run = flat[start : start + size]
            if _stands_for(term, [word for word, _ in run]):
                found.update(place for _, place in run)
    return frozenset(found)


def _stands_for(term: Term, run: Sequence[str]) -> bool:
    *before, last = term.words
    if run[-1] != last and not (term.is_open and run[-1].startswith(last)):
        return False
    return list(run[:-1]) == before


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_PLAIN)


@lru_cache(maxsize=4096)
def _is_kept(character: str) -> bool:
    """As the index's tokenizer has it: letters, numbers, private use, and marks that stand with them."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category in ("Co", "Mn", "Mc")
