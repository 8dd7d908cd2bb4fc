"""From the recogniser's probabilities to a line's characters, spaces and accents settled. Pure functions of arrays."""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shared.reading.ocr.words import RecognisedCharacter, RecognisedLine

Probabilities = NDArray[np.float32]
"""Columns along the line x classes, each row summing to 1; class 0 is CTC's "no character here"."""

_BLANK = 0
# Marks of paper and toner over a letter look like accents ("TÉRMINAL", "Čompany"). An accent is believed when it is
# so many times as probable as the bare letter: of 386 true Spanish and French ones, printed and then blurred,
# speckled and binarised, 7 are lost by it, and of 7 false ones on English pages 4 go.
_ACCENT_OVER_BARE = 4.0


class CharacterDecoder:
    """Best-path CTC decoding (Graves et al. 2006): repeated classes are one character, blanks part them.

    The recognisers drop spaces that they half saw ("NPI:1325411753"): between two characters a space stands where its
    probability comes to `space_from`, though it is not the likeliest there.
    """

    def __init__(self, characters: Sequence[str], space_from: float) -> None:
        """`characters`: those the model tells apart, without CTC's blank (its class 0) and the space (its last)."""
        self._characters = ("", *characters, " ")
        self._space_from = space_from
        place = {character: number for number, character in enumerate(self._characters)}
        self._bare = [place.get(_bare(character), number) for number, character in enumerate(self._characters)]

    def decode(self, probabilities: Probabilities, used_share: float) -> RecognisedLine:
        """The line's characters; `used_share` of the columns show it, the rest is padding on its right."""
        classes = probabilities.argmax(axis=-1)
        starts = np.flatnonzero(np.diff(classes, prepend=-1) != 0)
        ends = np.append(starts[1:], len(classes))
        runs = [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if classes[a] != _BLANK]
        columns = len(classes) * used_share
        read = [self._character(probabilities[a:b], int(classes[a]), a / columns, b / columns) for a, b in runs]
        between = [float(probabilities[a - 1 : b + 1, -1].max()) for (_, a), (b, _) in pairwise(runs)]
        return self._with_spaces(read, between)

    def _character(self, run: Probabilities, best: int, start: float, end: float) -> RecognisedCharacter:
        row = run[run[:, best].argmax()]
        bare = self._bare[best]
        chosen = bare if row[bare] * _ACCENT_OVER_BARE >= row[best] else best
        return RecognisedCharacter(self._characters[chosen], float(row[chosen]), min(1.0, start), min(1.0, end))

    def _with_spaces(self, read: list[RecognisedCharacter], between: list[float]) -> RecognisedLine:
        """`between` holds the highest probability of a space between each two of the characters `read`."""
        characters = read[:1]
        doubt = 0.0
        for (before, after), probability in zip(pairwise(read), between, strict=True):
            if not (before.text.isspace() or after.text.isspace()):
                doubt = max(doubt, probability)
                if probability >= self._space_from:
                    characters.append(RecognisedCharacter(" ", probability, before.end, after.start))
            characters.append(after)
        return RecognisedLine(tuple(characters), doubt)


def _bare(character: str) -> str:
    """A letter without its accents; anything else as it is."""
    return unicodedata.normalize("NFD", character)[:1] if character.isalpha() else character
