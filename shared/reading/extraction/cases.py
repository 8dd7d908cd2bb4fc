"""Letters that were read one by one: what of them only their neighbours tell."""

import re

_SAME_SHAPE = frozenset("CcOoSsVvWwXxZzUuPpKk01")  # of both cases, or a digit's: one alone has no height to tell it by
_LETTERS = 3  # capitals of a word at least, that one of them may be misread for a digit
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z01]+(?![A-Za-z0-9])")
_SMALL, _CAPITALS = str.maketrans("01", "ol"), str.maketrans("01", "OI")


def as_one_word(text: str) -> str:
    """`text` with digits among letters as letters, and those of one shape in the case of the others: "pr0State"."""
    return _WORD.sub(lambda found: _mended(found[0]), text)


def _mended(word: str) -> str:
    letters = sum(map(str.isalpha, word))
    told = [letter for letter in word[1:] if letter not in _SAME_SHAPE]
    if not told or not word[0].isalpha() or 2 * letters < len(word):
        return word
    if all(letter.islower() for letter in told):
        return word[0] + word[1:].translate(_SMALL).lower()
    capitals = word.translate(_CAPITALS).upper()
    return capitals if letters >= _LETTERS and all(map(str.isupper, told)) and 4 * letters >= 3 * len(word) else word
