"""Mending what OCR misread, where a grammar leaves one reading; where it leaves several, saying so."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product

from rapidfuzz.distance import OSA

from shared.reading.extraction.normalised import (
    AMBIGUOUS,
    AS_PRINTED,
    CONTESTED,
    REPAIRED,
    REPAIRED_MORE,
    Normalised,
)

DIGITS = frozenset("0123456789")
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_GROUPS = ("0OQD", "1I|!", "2Z", "5S", "6G", "8B")
CONFUSED = {one: tuple(other for other in group if other != one) for group in _GROUPS for one in group}
CONFUSED["|"] = ("1", "I", "L")
"""What each capital or digit may be in truth, the likeliest first; "|" stands for a small l too, see `capitals`."""

DIGIT_FOR = str.maketrans("OQDI|!ZSGB", "0001112568")
_ZEROS = re.compile(r"(?<=[0-9])O+")
_SMALL_BETWEEN = re.compile(r"(?:(?<=[0-9])|(?<=[0-9][/.\-]))[bgq](?=[0-9/.\-]|$)")
_WORD = re.compile(r"[A-Za-z0-9|!]+")
_MOST_MISREAD = 3  # characters of one code: with more, it is another word

_LONG = 5  # letters of a word in which any one may be misread
_LOOKS = str.maketrans("i1|!05829gv", "llllosbzccu")
_SMALL_DIGITS = str.maketrans("bgq", "699")

Grammar = Sequence[frozenset[str]]
"""The characters that may stand at each place."""


def capitals(text: str) -> str:
    """`text` in capitals, but a small l as "|": it is rather a misread I or 1 than an L."""
    return text.replace("l", "|").upper()


def digits(text: str) -> str | None:
    """`text` (in `capitals`) as digits, None where that would make a number of a word."""
    made = text.translate(DIGIT_FOR)
    if not made.isascii() or not made.isdigit():
        return None
    counted = _ZEROS.sub("", text)  # an O behind a digit is nothing else: "5OO"
    return made if differing(counted, counted.translate(DIGIT_FOR)) <= min(_MOST_MISREAD, len(text) // 2) else None


def numerals(text: str) -> str:
    """`text` with digits for small letters between digits that look like others than the capitals do: "01/2b/2025"."""
    return _SMALL_BETWEEN.sub(lambda found: found[0].translate(_SMALL_DIGITS), text)


def looks(word: str) -> str:
    """What OCR can hardly tell from other words of the same looks: "twice", "twlce" and "tw1ce" look alike."""
    return word.lower().translate(_LOOKS).replace("rn", "m")


def mended_words(text: str, known: Mapping[str, str]) -> str:
    """`text` with those of its words put right that look like a known one; `known` maps `looks` to words."""
    return _WORD.sub(lambda found: _known_word(found[0], known), text)


def _known_word(word: str, known: Mapping[str, str]) -> str:
    right = known.get(looks(word)) or _nearest(word, known) or word
    if right == word.lower() or right == word:
        return word
    letters = [character for character in word if character.isalpha() and character != "l"]
    if letters and all(letter.isupper() for letter in letters):
        return right.upper()
    return right.capitalize() if word[0].isupper() else right


def _nearest(word: str, known: Mapping[str, str]) -> str | None:
    """The one known word that differs in one letter from a word long enough to be known by the others."""
    if len(word) < _LONG or word.lower() in known.values():
        return None
    near = [right for right in known.values() if OSA.distance(word.lower(), right, score_cutoff=1) == 1]
    return near[0] if len(near) == 1 else None


def differing(one: str, other: str) -> int:
    """At how many places two texts of one length differ."""
    return sum(left != right for left, right in zip(one, other, strict=True))


def misread_share(misread: int) -> float:
    """The plausibility of a value in which so many characters were taken for others, without another reading."""
    if not misread:
        return AS_PRINTED
    return REPAIRED if misread == 1 else REPAIRED_MORE


def mended(text: str, grammar: Grammar, valid: Callable[[str], bool]) -> Normalised | None:
    """`text` (in `capitals`, as long as `grammar`) as the code that it can be under OCR's usual confusions.

    Of several codes with equally few replaced characters it is the likeliest, told as ambiguous, the others as
    alternatives. None where it is no code, or a word.
    """
    choices = _choices(text, grammar)
    if choices is None:
        return None
    forced = sum(own[0] != character for own, character in zip(choices, text, strict=True))
    most = 0 if DIGITS.isdisjoint(text) else _MOST_MISREAD
    for replaced in range(forced, most + 1):
        found = tuple(code for code in _readings(text, choices, replaced - forced) if valid(code))
        if found:
            return _told(found, replaced) if replaced else _as_printed(text, choices, valid)
    return None


def _as_printed(text: str, choices: Sequence[tuple[str, ...]], valid: Callable[[str], bool]) -> Normalised:
    others = tuple(code for code in _readings(text, choices, 1) if valid(code))
    return Normalised(text, CONTESTED if others else AS_PRINTED, alternatives=others)


def _told(found: Sequence[str], replaced: int) -> Normalised:
    if len(found) == 1:
        return Normalised(found[0], misread_share(replaced), repaired=True)
    return Normalised(found[0], AMBIGUOUS, repaired=True, ambiguous=True, alternatives=tuple(found[1:]))


def _choices(text: str, grammar: Grammar) -> list[tuple[str, ...]] | None:
    """For each place what may stand there, the printed character first; None where nothing may."""
    choices = []
    for character, allowed in zip(text, grammar, strict=True):
        here = tuple(one for one in (character, *CONFUSED.get(character, ())) if one in allowed)
        if not here:
            return None
        choices.append(here)
    return choices


def _readings(text: str, choices: Sequence[tuple[str, ...]], free: int) -> Iterator[str]:
    """The readings in which, beside the characters that cannot stand, `free` are replaced that could."""
    could = [place for place, own in enumerate(choices) if own[0] == text[place] and len(own) > 1]
    for places in combinations(could, free):
        yield from map(
            "".join,
            product(
                *(
                    own if own[0] != text[place] else own[1:] if place in places else own[:1]
                    for place, own in enumerate(choices)
                )
            ),
        )
