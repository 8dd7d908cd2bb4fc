"""Which labels and values belong together."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from shared.documents import Box, box_polygon, union
from shared.documents.reading import Row
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.layout import (
    PageLayout,
    Token,
    around,
    in_reading_order,
    same_row,
    text_of,
)
from shared.reading.extraction.neighbours import Direction
from shared.reading.extraction.own_print import is_declaration
from shared.reading.extraction.pairs.grids import Grid, find_grids
from shared.reading.extraction.pairs.labels import FIRM, known_texts, label_strength, value_likeness
from shared.reading.extraction.pairs.phrases import Phrase, Sheet
from shared.reading.extraction.pairs.places import Place, Places
from shared.reading.extraction.pairs.ticks import chosen_words, find_questions, typed_ticks
from shared.reading.extraction.texts import text_value

_NUMBERING = re.compile(r"^\(?(\d{1,2})[a-z]?\s?[.)]?\s+(?=[^\W\d_])")  # "12. Name"
_STOPPED = re.compile(r"^[^.]*[^\W\d_]{2}\.{1,2}$")  # "Color.", "Order No..", but no "a.m." or "Sta. Rosa"
_NEXT_ITEMS = 3  # by so much an item's number exceeds that of one beside it, or less
_LABEL = 0.4  # strength of a label at least
_ENOUGH = 0.2  # score of a pair at least
_SAME_COLUMNS = 0.15  # added to the weight of a place for each other label and value that stand in its two columns
_MOST_SUPPORT = 3
_COLUMN, _EACH_IN_COLUMN = 0.5, 0.08  # what it tells that labels and values stand in two columns, and each of them
_SURE = 0.8  # likeness to a value of what can be nothing else
_SUPPORTED = 0.9  # weight of a place at most
_BELOW_HEADING = 0.9  # weight of an entry of a table
_LABELS_OF_A_FORM = 6  # with a colon, or more
_SEVERAL = 3  # pairs of labels without a colon and what follows them, or more
_BARELY = 5  # so many labels for each value, or more: a form on which next to nothing was written


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the words of its value, with the boxes ticked for them.

    `likeness` is that of the label to one, `place` the weight of where the value stands.
    """

    label: Phrase
    words: tuple[Token, ...]
    likeness: float
    place: float
    origin: Origin
    boxes: tuple[Box, ...] = ()
    is_below: bool = False


def find_pairs(layout: PageLayout) -> tuple[Row, ...]:
    """The labels on the page that have a value, with it, from top to bottom; a table's headings with every entry."""
    sheet = Sheet(layout, known_texts())
    strengths = {phrase: label_strength(phrase, sheet) for phrase in sheet.phrases}
    grids = find_grids(sheet, strengths)
    questions = find_questions(sheet, strengths)
    alone = sum(phrase.checkbox is not None for phrase in sheet.phrases) == 1
    apart = {phrase for grid in grids for phrase in grid.phrases} | questions.keys()
    found = chain(
        _beside(sheet, {**strengths, **dict.fromkeys(apart, 1.0)}, apart),
        chain.from_iterable(map(_entries, grids)),
        (_ticked(asked, options, alone=alone) for asked, options in questions.items() if options),
    )
    filled = _without_items([pair for pair in found if pair.words and not _is_own_print(pair)])
    if _LABELS_OF_A_FORM <= sum(phrase.colon for phrase in sheet.phrases) >= _BARELY * len(filled):
        filled = [pair for pair in filled if not _may_be_heading(pair)]
    # One name may look so, not all that was written.
    if len(filled) >= _SEVERAL and _are_labels_alone(filled, strengths):
        filled = []
    rows = (_row(pair, layout.number) for pair in _in_order(filled))
    return tuple(row for row in rows if row is not None)


def _is_own_print(pair: Pair) -> bool:
    """Whether it is no pair but what one signs to ("CONFIDENTIAL: ..."), or one item of the form and the next."""
    label, step = text_of(pair.label.tokens), _step(pair)
    asked_next = step is not None and 0 < step <= _NEXT_ITEMS
    return asked_next or is_declaration(label) or _are_alike(label, text_of(pair.words))


def _without_items(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs but for those that are two columns of numbered items: "1 Owner 5 Color", "2 Model 6 Year"."""
    steps = [_step(pair) for pair in pairs]
    columns = {step for step, often in Counter(steps).items() if step is not None and step > 0 and often > 1}
    return [pair for pair, step in zip(pairs, steps, strict=True) if step not in columns]


def _step(pair: Pair) -> int | None:
    """By how much the number that the value begins with exceeds that of its label."""
    item, other = (_NUMBERING.match(text_of(words)) for words in (pair.label.tokens, pair.words))
    return int(other[1]) - int(item[1]) if item and other else None


def _are_alike(label: str, value: str) -> bool:
    """Whether both are labels by their look: this form ends its labels in a full stop ("Mileage." "• Color.")."""
    return not _has_digit(value) and all(_STOPPED.match(text) is not None for text in (label, value))


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _may_be_heading(pair: Pair) -> bool:
    """Whether the value, below its label, has nothing that tells it from a heading of what the form asks next."""
    return pair.is_below and not _has_digit(text_of(pair.words))


def _are_labels_alone(pairs: Sequence[Pair], strengths: Mapping[Phrase, float]) -> bool:
    """Whether all values look like the labels beside them, on a form of capitals or one of many labels without any."""
    paired = {token for pair in pairs for token in (*pair.label.tokens, *pair.words)}
    idle = sum(strength >= _LABEL and paired.isdisjoint(phrase.tokens) for phrase, strength in strengths.items())
    return all(map(_looks_like_its_label, pairs)) and (
        idle >= len(pairs) or all(text_of(pair.words).isupper() for pair in pairs)
    )


def _looks_like_its_label(pair: Pair) -> bool:
    """Whether the value has no digit and is written as its label is: in capitals, or capitalised, without a colon."""
    label, value = text_of(pair.label.tokens), text_of(pair.words)
    if _has_digit(value) or label.isupper() != value.isupper():
        return False
    return value.isupper() or not (pair.label.colon or pair.origin is Origin.TICK or value[:1].islower())


def _in_order(pairs: Sequence[Pair]) -> list[Pair]:
    """As one reads their values."""
    firsts = chain.from_iterable(in_reading_order({pair.words[0] for pair in pairs}))
    order = {token: number for number, token in enumerate(firsts)}
    return sorted(pairs, key=lambda pair: order[pair.words[0]])


def _beside(sheet: Sheet, strengths: Mapping[Phrase, float], apart: Collection[Phrase]) -> Iterator[Pair]:
    """Labels with what stands beside, below or above them; none of the phrases `apart` is either."""
    places = Places(sheet, strengths)
    labels = [phrase for phrase in sheet.phrases if strengths[phrase] >= _LABEL and phrase not in apart]
    found = [place for label in labels for place in places.of(label)]
    for place in _chosen(_supported(found, strengths), strengths):
        chosen = chosen_words(place.label, sheet) if place.direction is Direction.RIGHT else None
        chosen = typed_ticks(place.value) if chosen is None else chosen
        likeness = max(strengths[place.label], place.telling)
        words, is_below = _words(place.value) if chosen is None else chosen, place.direction is Direction.BELOW
        yield Pair(place.label, words, likeness, place.weight, Origin.PAIR, is_below=is_below)


def _ticked(asked: Phrase, options: Sequence[Phrase], *, alone: bool) -> Pair:
    """The question with what was ticked; a box that is `alone` on the page may be a speck before a heading."""
    boxes = tuple(option.checkbox.box for option in options if option.checkbox)
    is_below = alone and not same_row(asked.box, options[0].box)
    return Pair(asked, _words(options), 1.0, 1.0, Origin.TICK, boxes, is_below=is_below)


def _words(phrases: Iterable[Phrase]) -> tuple[Token, ...]:
    return tuple(chain.from_iterable(phrase.tokens for phrase in phrases))


def _entries(grid: Grid) -> Iterator[Pair]:
    for row in grid.rows:
        for head, entry in zip(grid.heads, row, strict=True):
            if entry is not None:
                yield Pair(head, entry.tokens, 1.0, _BELOW_HEADING, Origin.TABLE)


def _supported(places: Sequence[Place], strengths: Mapping[Phrase, float]) -> list[Place]:
    """Places tell the more, the more such pairs stand in the same two columns or the same two rows."""
    return [_with_others(place, places, strengths) for place in places]


def _with_others(place: Place, places: Sequence[Place], strengths: Mapping[Phrase, float]) -> Place:
    if place.label.colon or place.direction is Direction.ABOVE:
        return place
    alike = _in_same_columns if place.direction is Direction.RIGHT else _in_same_rows
    others = [one for one in places if one.direction is place.direction and one is not place and alike(place, one)]
    if not others or not any(_is_sure(one, strengths) for one in (place, *others)):
        return place
    support = min(len(others), _MOST_SUPPORT)
    weight = min(_SUPPORTED, place.weight + _SAME_COLUMNS * support)
    return replace(place, weight=weight, telling=max(place.telling, _COLUMN + _EACH_IN_COLUMN * support))


def _in_same_columns(one: Place, other: Place) -> bool:
    reach = one.label.height
    return (
        abs(one.label.box.left - other.label.box.left) < reach
        and abs(one.value[0].box.left - other.value[0].box.left) < reach
    )


def _in_same_rows(one: Place, other: Place) -> bool:
    return same_row(one.label.box, other.label.box) and same_row(one.value[0].box, other.value[0].box)


def _is_sure(place: Place, strengths: Mapping[Phrase, float]) -> bool:
    """Whether one of the two shows by itself what it is."""
    return strengths[place.label] >= FIRM or value_likeness(place.value[0], place.label) >= _SURE


def _chosen(places: Iterable[Place], strengths: Mapping[Phrase, float]) -> Iterator[Place]:
    """The best places, no phrase in two of them, and none a label here and a value there."""
    scored = [pair for place in places if (pair := (_score(place, strengths), place))[0] >= _ENOUGH]
    begun = {place.value[0] for _, place in scored if place.direction is Direction.RIGHT}
    begun |= {place.label for _, place in scored}  # lines that begin something else end a value
    labels: set[Phrase] = set()
    values: set[Phrase] = set()
    for _, place in sorted(scored, key=lambda pair: -pair[0]):
        if place.label in labels or place.label in values:
            continue
        free = tuple(_until_taken(place.value, labels | values | (begun - {place.value[0]})))
        if free:
            labels.add(place.label)
            values.update(free)
            yield replace(place, value=free)


def _score(place: Place, strengths: Mapping[Phrase, float]) -> float:
    first = place.value[0]
    like = value_likeness(first, place.label)
    if place.label.colon and place.direction is Direction.RIGHT:
        like = 0.6 + 0.4 * like  # what follows a colon need not look like a value
    strength = max(strengths[place.label], place.telling)
    like = max(like, place.telling) if like else 0.0
    return strength * place.weight * like * (1 - 0.8 * strengths[first])


def _until_taken(phrases: Iterable[Phrase], taken: set[Phrase]) -> Iterator[Phrase]:
    for phrase in phrases:
        if phrase in taken:
            return
        yield phrase


def _row(pair: Pair, page: int) -> Row | None:
    label = _cell(pair.label.tokens, replace(pair, origin=Origin.PAIR, boxes=()), page)
    value = _cell(pair.words, pair, page)
    if label is None or value is None:
        return None
    return {"label": replace(label, value=_NUMBERING.sub("", str(label.value))), "value": value}


def _cell(tokens: Sequence[Token], pair: Pair, page: int) -> Finding | None:
    """The words as a value; None where they say nothing."""
    found = text_value(text_of(tokens))
    if found is None:
        return None
    words = min(token.confidence for token in tokens)
    evidence = Evidence(pair.origin, words, found.plausibility, pair.likeness, pair.place)
    boxes = (*pair.boxes, *(token.box for token in tokens))
    place = box_polygon(union(boxes)) if pair.boxes else around(tokens)
    return finding(found, text_of(tokens), page, place, evidence)
