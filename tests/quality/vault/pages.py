"""Invented pages with a vocabulary like that of a clinic's paper: few words very often, many hardly ever (Zipf)."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from shared.documents import Box, FieldValue, Page, Reading, TextLine, Word, box_polygon

_VOCABULARY, _NAMES = 50_000, 8_000
_WORDS_A_LINE, _LINES = 10, 22  # an ordinary typed page
_ZIPF_SHIFT = 2.7  # Mandelbrot's correction, as natural languages have it
_SYLLABLES = [c + v for c in "bcdfghjklmnprstvwz" for v in "aeiou"] + ["an", "er", "in", "on", "is", "al"]
KINDS = ("referral", "lab_report", "hospice_admission", "discharge_summary", "unknown")


@dataclass(frozen=True, slots=True)
class Language:
    """Words by rank, with how often each comes, summed up; and names, all as common as each other."""

    words: Sequence[str]
    weights: Sequence[float]
    names: Sequence[str]


def invent_language(chance: random.Random) -> Language:
    """The same for the same chance."""
    made = list(dict.fromkeys(_word(chance) for _ in range(2 * _VOCABULARY)))
    words, names = made[:_VOCABULARY], [name.capitalize() for name in made[_VOCABULARY : _VOCABULARY + _NAMES]]
    return Language(words, tuple(accumulate(1 / (rank + _ZIPF_SHIFT) for rank in range(len(words)))), names)


def invent_reading(chance: random.Random, language: Language, number: int, *, with_words: bool) -> Reading:
    """One page that names a patient, as it is read; the polygons of its words too where they are asked for."""
    patient = " ".join(chance.choices(language.names, k=2))
    lines = tuple(_line(place, shown, with_words) for place, shown in enumerate(_shown(chance, language, patient)))
    page = Page(1, 1700, 2200, 200, 0, 0.0, lines)
    field = FieldValue(patient, patient, 0.97, 1, lines[0].polygon)
    kind = chance.choice(KINDS)
    return Reading(f"scan-{number}.pdf", "0" * 64, 1, kind, 0.9, pages=(page,), fields={"patient_name": field})


def _shown(chance: random.Random, language: Language, patient: str) -> Iterator[str]:
    yield f"Patient name: {patient}"
    for _ in range(_LINES - 1):
        yield " ".join(chance.choices(language.words, cum_weights=language.weights, k=_WORDS_A_LINE))


def _line(place: int, shown: str, with_words: bool) -> TextLine:
    top = 80.0 + 90 * place
    words = tuple(
        Word(word, 0.98, box_polygon(Box(80 + 150 * column, top, 220 + 150 * column, top + 40)))
        for column, word in enumerate(shown.split() if with_words else ())
    )
    return TextLine(shown, 0.98, box_polygon(Box(80, top, 1600, top + 40)), words)


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))
