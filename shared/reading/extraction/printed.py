"""Options in words alone, of which a person circles one: "Yes / No", "M F"."""

import re
from collections.abc import Sequence

from shared.documents import Box, box_polygon, union
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.context import FieldAnchor
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.layout import Token, text_of
from shared.reading.extraction.neighbours import Surroundings
from shared.templates import Choice, Field, Kind
from shared.templates.phrases import plain

_BETWEEN = re.compile(r"^[\W_]*$|^(?:or|and)$", re.IGNORECASE)
_YES_NO = ("Yes", "No", "Y", "N", "Unknown", "N/A", "Unk")
_LONGEST = 5  # words of an option
_ENOUGH = 2  # options that show that they are options and no answer


def printed_options(item: FieldAnchor, around: Surroundings) -> tuple[bool, Finding | None]:
    """Whether nothing but options stands behind the label or under it, and the one that a pen circled."""
    for words in _rows(item, around):
        options = split_options(words, item.field)
        if len({plain(text_of(option)) for option in options}) >= _ENOUGH:
            circled = [option for option in options if _circled(option, around.layout.marks.loops)]
            return True, _finding(item.field, circled[0], around) if len(circled) == 1 else None
    return False, None


def _rows(item: FieldAnchor, around: Surroundings) -> list[tuple[Token, ...]]:
    return [neighbour.first_row for neighbour in around.neighbours(item.anchor)]


def split_options(words: Sequence[Token], field: Field) -> list[tuple[Token, ...]]:
    """The words as options of the field one after the other; none where some of them are no option."""
    phrases = {plain(phrase) for phrase in _phrases(field)}
    options: list[tuple[Token, ...]] = []
    place = 0
    while place < len(words):
        if _BETWEEN.match(words[place].text):
            place += 1
            continue
        ends = range(min(len(words), place + _LONGEST), place, -1)
        end = next((end for end in ends if plain(text_of(words[place:end])) in phrases), None)
        if end is None:
            return []
        options.append(tuple(words[place:end]))
        place = end
    return options


def _phrases(field: Field) -> Sequence[str]:
    return [phrase for choice in field.choices for phrase in choice.printed] or _YES_NO


def _circled(words: Sequence[Token], loops: Sequence[Box]) -> bool:
    box = union(token.box for token in words)
    x, y = box.centre
    return any(
        loop.left <= x <= loop.right and loop.top <= y <= loop.bottom and loop.width < 3 * box.width + 2 * box.height
        for loop in loops
    )


def _finding(field: Field, words: Sequence[Token], around: Surroundings) -> Finding | None:
    choices: Sequence[Choice] = field.choices
    found = normalise(text_of(words), Kind.CHOICE, choices, free_text=not choices)
    if found is None:
        return None
    evidence = Evidence(Origin.TICK, min(token.confidence for token in words), found.plausibility)
    place = box_polygon(union(token.box for token in words))
    return finding(found.value, text_of(words), around.layout.number, place, evidence)
