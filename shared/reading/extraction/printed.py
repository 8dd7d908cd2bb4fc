"""Options in words alone, of which a person circles one: "Yes / No", "M F"."""

import re
from collections.abc import Collection, Sequence
from itertools import accumulate

from shared.documents import Box, box_polygon, union
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.context import FieldAnchor
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.layout import Token, same_row, text_of
from shared.reading.extraction.neighbours import Surroundings
from shared.reading.extraction.rows import free_words, right_limit
from shared.templates import Choice, Field, Kind
from shared.templates.phrases import plain

_BETWEEN = re.compile(r"^(?:[\W_xXØøOoQDCV0]{1,3}|or|and)$", re.IGNORECASE)  # OCR takes boxes for such letters
_LEADING_BOX = re.compile(r"^[\W_]+|^[OQ0oØ](?=[A-Z])")
_TYPED_BOX = re.compile(r"[(\[{]\s?([xX✓✔]?)\s?[)\]}]|[□☐○◯]|([☒☑])")  # what was typed for a box: "[x]", "( )"
_YES_NO = ("Yes", "No", "Y", "N", "Unknown", "N/A", "Unk")
_LONGEST = 5  # words of an option
_ENOUGH = 2  # options that show that they are options and no answer


def printed_options(item: FieldAnchor, around: Surroundings) -> tuple[bool, Finding | None]:
    """Whether nothing but options stands behind the label or under it, and the one that is circled or has a typed x."""
    for words in _rows(item, around):
        ticked = _typed_ticks(words)
        if ticked is not None:
            return True, _finding(item.field, ticked, around) if ticked else None
        options = split_options(words, item.field)
        if len({plain(text_of(option)) for option in options}) >= _ENOUGH:
            circled = [option for option in options if _circled(option, around.layout.marks.loops)]
            return True, _finding(item.field, circled[0], around) if len(circled) == 1 else None
    return False, None


def _typed_ticks(words: Sequence[Token]) -> tuple[Token, ...] | None:
    """The words behind the one box with an x in "( ) Yes (x) No"; none where none has, None where no box is typed."""
    starts = list(accumulate((len(word.text) + 1 for word in words), initial=0))
    text = f"{text_of(words)} "
    boxes = list(_TYPED_BOX.finditer(text))
    if not boxes or boxes[0].start() > 0:
        return None
    ends = [*(box.start() for box in boxes[1:]), len(text)]
    spans = [(box.end(), end) for box, end in zip(boxes, ends, strict=True) if box[1] or box[2]]
    if len(spans) != 1:
        return ()
    begin, end = spans[0]
    return tuple(word for word, start in zip(words, starts, strict=False) if begin <= start < end)


def _rows(item: FieldAnchor, around: Surroundings) -> list[tuple[Token, ...]]:
    """The words behind the label, those of it that a label seems to be among them; or the first row under it."""
    box, limit = item.anchor.box, right_limit(item.anchor, around)
    behind = [word for word in free_words(around) if box.right - 2 <= word.box.left < limit and same_row(word.box, box)]
    if behind:
        return [tuple(sorted(behind, key=lambda word: word.box.left))]
    return [one.first_row for one in around.neighbours(item.anchor)]


def word_start(token: Token) -> float:
    """Where the token's word begins behind what OCR made of a box before it, in pixels from the left."""
    lead = len(token.text) - len(_LEADING_BOX.sub("", token.text))
    return token.box.left + token.box.width * (lead if lead < len(token.text) else 0) / len(token.text)


def split_options(words: Sequence[Token], field: Field) -> list[tuple[Token, ...]]:
    """The words as options of the field one after the other; none where some of them are no option."""
    phrases = {plain(phrase) for phrase in _phrases(field)}
    options: list[tuple[Token, ...]] = []
    place = 0
    while place < len(words):
        if not any(map(str.isalnum, words[place].text)):
            place += 1
            continue
        ends = range(min(len(words), place + _LONGEST), place, -1)
        end = next((end for end in ends if _is_phrase(words[place:end], phrases)), None)
        more = end is not None and end - place > 1 and _is_phrase(words[place + 1 : end], phrases)
        if (end is None or more) and _BETWEEN.match(words[place].text):
            place += 1
            continue
        if end is None:
            return []
        options.append(tuple(words[place:end]))
        place = end
    return options


def _is_phrase(words: Sequence[Token], phrases: Collection[str]) -> bool:
    text = text_of(words)
    return plain(text) in phrases or plain(_LEADING_BOX.sub("", text)) in phrases


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
    text = text_of(words)
    found = normalise(_LEADING_BOX.sub("", text), Kind.CHOICE, choices, free_text=not choices)
    if found is None:
        return None
    evidence = Evidence(Origin.TICK, min(token.confidence for token in words), found.plausibility)
    place = box_polygon(union(token.box for token in words))
    return finding(found, text_of(words), around.layout.number, place, evidence)
