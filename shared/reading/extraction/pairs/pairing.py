"""Which labels and values belong together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from shared.documents import box_polygon, union
from shared.documents.reading import Row
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.layout import PageLayout, around, text_of
from shared.reading.extraction.neighbours import Direction
from shared.reading.extraction.pairs.grids import find_grids
from shared.reading.extraction.pairs.labels import known_texts, label_strength, value_likeness
from shared.reading.extraction.pairs.phrases import Phrase, Sheet
from shared.reading.extraction.pairs.places import Place, Places
from shared.reading.extraction.pairs.ticks import find_questions
from shared.reading.extraction.texts import text_value

_LABEL = 0.4  # strength of a label at least
_ENOUGH = 0.2  # score of a pair at least


def find_pairs(layout: PageLayout) -> tuple[Row, ...]:
    """The labels on the page that have a value, with it, from top to bottom."""
    sheet = Sheet(layout, known_texts())
    strengths = {phrase: label_strength(phrase, sheet) for phrase in sheet.phrases}
    grids = find_grids(sheet)
    in_grids = {phrase for grid in grids for phrase in grid.phrases}
    strengths |= dict.fromkeys(in_grids, 1.0)
    places = Places(sheet, strengths)
    questions = find_questions(sheet, strengths)
    labels = [
        phrase
        for phrase in sheet.phrases
        if strengths[phrase] >= _LABEL and phrase not in in_grids and phrase not in questions
    ]
    found = [place for label in labels for place in places.of(label)]
    found = _supported(found)
    chosen = _chosen(found, strengths)
    chosen += [Place(q, Direction.RIGHT, v, 1.0) for q, v in questions.items() if v]
    import os
    if os.environ.get("GRID"): chosen += [Place(h, Direction.BELOW, (e,), .9) for g in grids for r in g.rows for h, e in zip(g.heads, r) if e]
    rows = (_row(place, strengths[place.label], layout.number) for place in chosen)
    return tuple(row for row in rows if row is not None)


def _supported(places: Sequence[Place]) -> list[Place]:
    """Places right of a label, the more usual the more such pairs stand in the same two columns."""
    right = [place for place in places if place.direction is Direction.RIGHT]
    made = []
    for place in places:
        if place.direction is Direction.RIGHT and not place.label.colon:
            others = sum(_same_columns(place, other) for other in right if other is not place)
            if others >= 1:
                place = replace(place, weight=min(0.9, place.weight + 0.15 * min(others, 3)))
        made.append(place)
    return made


def _same_columns(one: Place, other: Place) -> bool:
    reach = one.label.box.height
    return (
        abs(one.label.box.left - other.label.box.left) < reach
        and abs(one.value[0].box.left - other.value[0].box.left) < reach
    )


def _score(place: Place, strengths: Mapping[Phrase, float]) -> float:
    first = place.value[0]
    like = value_likeness(first, place.label)
    like = 0.6 + 0.4 * like if place.label.colon else like
    return strengths[place.label] * place.weight * like * (1 - 0.5 * strengths[first])


def _chosen(places: Iterable[Place], strengths: Mapping[Phrase, float]) -> list[Place]:
    scored = sorted(((_score(place, strengths), place) for place in places), key=lambda pair: -pair[0])
    labels: set[Phrase] = set()
    values: set[Phrase] = set()
    chosen = []
    for score, place in scored:
        if score < _ENOUGH or place.label in labels or place.label in values:
            continue
        value = []
        for phrase in place.value:
            if phrase in values or phrase in labels:
                break
            value.append(phrase)
        if not value:
            continue
        labels.add(place.label)
        values.update(value)
        chosen.append(replace(place, value=tuple(value)))
    return sorted(chosen, key=lambda place: (place.label.box.top, place.label.box.left))


def _row(place: Place, strength: float, page: int) -> Row | None:
    label = _cell((place.label,), strength, place.weight, page)
    value = _cell(place.value, strength, place.weight, page)
    return {"label": label, "value": value} if label and value else None


def _cell(phrases: Sequence[Phrase], strength: float, weight: float, page: int) -> Finding | None:
    tokens = tuple(chain.from_iterable(phrase.tokens for phrase in phrases))
    text = text_of(tokens)
    found = text_value(text)
    if found is None:
        return None
    evidence = Evidence(Origin.LABEL, min(token.confidence for token in tokens), found.plausibility, strength, weight)
    return finding(found.value, text, page, around(tokens), evidence)
