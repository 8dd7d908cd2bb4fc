"""Choosing each field's value among the words around its labels."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from shared.reading.extraction.anchors import Anchor
from shared.reading.extraction.checkboxes import ticked_values
from shared.reading.extraction.compounds import take_apart
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.context import FieldAnchor
from shared.reading.extraction.dates import Conventions
from shared.reading.extraction.kinds import STRONG, normalise
from shared.reading.extraction.layout import Token, around, same_row, text_of
from shared.reading.extraction.neighbours import Direction, Neighbour, Surroundings
from shared.reading.extraction.normalised import Normalised
from shared.reading.extraction.own_print import are_options
from shared.reading.extraction.parts import Whole, address_parts, whole_names
from shared.reading.extraction.prose import Statement
from shared.templates import Field, Kind
from shared.templates.phrases import plain

_SEVERAL_LINES = frozenset({Kind.ADDRESS, Kind.DIAGNOSIS, Kind.LIST, Kind.TEXT})
# Before anything on a page is known: after a colon the value comes next, else mostly underneath.
_USUALLY = {
    True: {Direction.RIGHT: 0.8, Direction.BELOW: 0.15, Direction.ABOVE: 0.05},
    False: {Direction.RIGHT: 0.35, Direction.BELOW: 0.5, Direction.ABOVE: 0.15},
}
_PLAUSIBLE = 0.8  # at least this plausible, a code or date shows where this form puts its values
_IN_OTHER_WORDS = frozenset({Kind.PERSON, Kind.DIAGNOSIS})  # than labels
_LIKELY_WAY = 0.2  # weight below which a direction is not believed for kinds that show nothing by themselves
_HELD_WAY = 0.9  # weight of words that share a ruled cell or a line with the label
_STATED_WAY = 0.95  # weight of what sentences say
_INSIDE = 0.9  # of the score: values beside labels of their own come first
_LEAST = 0.35  # plausibility below which words of a kind that shows nothing are not believed
_LONGEST_CHOICE = 10  # words of an answer where a few are usual
_LINES_OF_OPTIONS = 3.0  # heights between options under each other, the second from the first
_YES_OR_NO = frozenset({"Yes", "No"})
_LATER_LABEL = 0.01  # taken off for each label that is more usual


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may be a field's value; `weight`: how usual it is that they stand there; `score` orders candidates."""

    field: Field
    anchor: Anchor
    tokens: tuple[Token, ...]
    found: Normalised
    weight: float
    score: float
    origin: Origin = Origin.LABEL


Ways = dict[bool, dict[Direction, float]]


def choose_values(
    anchors: Sequence[FieldAnchor],
    around_labels: Surroundings,
    fields: Sequence[Field],
    stated: Iterable[Statement] = (),
) -> dict[str, Finding]:
    """At most one value for each of the `fields`, and no word in two of them; `stated` are those in sentences."""
    ticked, answered = ticked_values(anchors, around_labels)
    asked = [item for item in anchors if id(item.anchor) not in answered and item.field.kind is not Kind.PRESENCE]
    neighbours = {id(item.anchor): around_labels.neighbours(item.anchor) for item in asked}
    dates = around_labels.layout.dates
    ways = _ways(asked, neighbours, dates)
    parts = address_parts(around_labels.anchors)

    def answer(anchor: Anchor) -> tuple[Token, ...]:
        return _answer(anchor, around_labels, ways)

    candidates: list[Candidate] = []
    for item in asked:
        inside = [one for one in fields if _stands_in(one, item)]
        found = _candidates(item, neighbours[id(item.anchor)], ways, inside, dates)
        if item.field.kind is Kind.ADDRESS:
            found = [_with_parts(one, [answer(part) for part in parts.get(id(item.anchor), ())]) for one in found]
        candidates.extend(one for one in found if not _is_print(one, around_labels))
    for whole in whole_names(around_labels.anchors, anchors, fields, answer):
        candidates.extend(_of_whole(whole))
    candidates.extend(map(_of_statement, stated))
    return {**_without_overlaps(candidates, around_labels.layout.number), **ticked}


def _stands_in(field: Field, item: FieldAnchor) -> bool:
    return field.inside == item.field.name


def _answer(anchor: Anchor, around_labels: Surroundings, ways: Ways) -> tuple[Token, ...]:
    """The words that most likely stand for a label that is no field's."""
    neighbours = around_labels.neighbours(anchor)
    best = max(neighbours, key=lambda neighbour: _weight(anchor, neighbour, ways), default=None)
    return best.first_row if best and _weight(anchor, best, ways) >= _LIKELY_WAY else ()


def _of_whole(whole: Whole) -> Iterator[Candidate]:
    found = normalise(whole.text, whole.field.kind)
    if found is not None:
        yield Candidate(whole.field, whole.anchor, whole.tokens, found, _HELD_WAY, _HELD_WAY * found.plausibility)


def _of_statement(stated: Statement) -> Candidate:
    place = Anchor(stated.tokens, (), 1.0, colon=False, inline=False)
    return Candidate(
        stated.field, place, stated.tokens, stated.found, _STATED_WAY, _STATED_WAY * stated.found.plausibility
    )


def _with_parts(candidate: Candidate, parts: Sequence[tuple[Token, ...]]) -> Candidate:
    """The street with its city, state and zip, where these were filled in apart."""
    more = [part for part in parts if part and not set(candidate.tokens).intersection(part)]
    if not more:
        return candidate
    found = normalise(", ".join(map(text_of, (candidate.tokens, *more))), Kind.ADDRESS)
    if found is None:
        return candidate
    score = candidate.score * found.plausibility / candidate.found.plausibility
    return replace(candidate, tokens=(*candidate.tokens, *chain.from_iterable(more)), found=found, score=score)


def _ways(anchors: Sequence[FieldAnchor], neighbours: dict[int, tuple[Neighbour, ...]], dates: Conventions) -> Ways:
    """Where this page puts values, told from those that show by themselves what they are."""
    votes = {colon: dict.fromkeys(Direction, 0.0) for colon in (True, False)}
    for item in anchors:
        if item.field.kind not in STRONG:
            continue
        fitting = [
            neighbour.direction
            for neighbour in neighbours[id(item.anchor)]
            if (found := normalise(text_of(neighbour.first_row), item.field.kind, conventions=dates))
            and found.plausibility >= _PLAUSIBLE
        ]
        for direction in fitting:
            votes[item.anchor.colon][direction] += 1 / len(fitting)
    return {
        colon: {
            direction: (votes[colon][direction] + usual) / (sum(votes[colon].values()) + 1)
            for direction, usual in _USUALLY[colon].items()
        }
        for colon in votes
    }


def _candidates(
    item: FieldAnchor, neighbours: Sequence[Neighbour], ways: Ways, inside: Sequence[Field], dates: Conventions
) -> list[Candidate]:
    strong = item.field.kind in STRONG
    if item.anchor.inline and not strong and item.field.kind is not Kind.CHOICE:
        neighbours = [neighbour for neighbour in neighbours if neighbour.direction is not Direction.RIGHT]
    found = []
    for neighbour in neighbours:
        weight = _weight(item.anchor, neighbour, ways)
        if not strong and weight < _LIKELY_WAY:
            continue
        tokens = (
            tuple(chain.from_iterable(neighbour.rows)) if item.field.kind in _SEVERAL_LINES else neighbour.first_row
        )
        tokens, parts = take_apart(tokens, inside, dates)
        score = weight * item.anchor.likeness - _LATER_LABEL * min(item.rank, 10)
        normal = normalise(text_of(tokens), item.field.kind, item.field.choices, dates)
        if normal is not None and _may_be(tokens, normal, item.field):
            found.append(Candidate(item.field, item.anchor, tokens, normal, weight, score * normal.plausibility))
        for part in parts:
            sure = score * _INSIDE * part.found.plausibility
            found.append(Candidate(part.field, item.anchor, part.tokens, part.found, weight, sure, Origin.INSIDE))
    return found


def _may_be(tokens: Sequence[Token], found: Normalised, field: Field) -> bool:
    """Whether the words may be an answer: no label that nobody knows ("HIC / MBI #"), no row of unticked answers."""
    if tokens[-1].text.endswith(("#", ":", "?")) or are_options(text_of(tokens)):
        return False
    if field.kind not in _SEVERAL_LINES and any(_asks(token.text) for token in tokens[1:]):
        return False
    if field.kind not in STRONG and found.plausibility < _LEAST:
        return False
    return not field.choices or (len(tokens) <= _LONGEST_CHOICE and _answers(text_of(tokens), field) <= 1)


def _is_print(candidate: Candidate, around_labels: Surroundings) -> bool:
    """Whether what should be a name or a diagnosis has no word that labels do not have ("Insured's", "Request"), or
    what should be a choice is one of several that the form prints there, for somebody to mark one of them."""
    kind = candidate.field.kind
    if kind is Kind.CHOICE:
        return any(_answers(text, candidate.field) > 1 for text in _printed_with(candidate, around_labels))
    return kind in _IN_OTHER_WORDS and around_labels.label_words.issuperset(plain(text_of(candidate.tokens)).split())


def _printed_with(candidate: Candidate, around_labels: Surroundings) -> Iterator[str]:
    """What stands in the row right of the label, and what stands in the column of the candidate, line by line."""
    if any(isinstance(one.value, bool) or one.value in _YES_OR_NO for one in candidate.field.choices):
        return  # which other questions of the row have too
    first, layout = candidate.tokens[0], around_labels.layout
    begin = candidate.anchor.box.right
    labels = [one.box for one in around_labels.anchors if one.box.left >= begin and _ends_in_colon(one)]
    end = min((box.left for box in labels if same_row(box, first.box)), default=float("inf"))
    row = [token for token in layout.tokens if begin <= token.box.left < end and same_row(token.box, first.box)]
    yield text_of(sorted(row, key=lambda token: token.box.left))
    height = first.box.height
    column = [
        segment
        for segment in layout.segments
        if abs(segment.box.left - first.box.left) < height
        and abs(segment.box.top - first.box.top) < _LINES_OF_OPTIONS * height
    ]
    yield " ; ".join(text_of(segment.tokens) for segment in column)


def _ends_in_colon(anchor: Anchor) -> bool:
    """Whether it can only be a label: the "code" of "Full code" may be taken for one too."""
    return anchor.tokens[-1].text.endswith(":")


def _asks(word: str) -> bool:
    """Whether it ends a label: "Provider line: 800-555-0175" is no group's number."""
    return word.endswith(":") and word[:-1].isalpha()


def _answers(text: str, field: Field) -> int:
    """How many of the field's choices `text` names, the longer print first: "DNR" is no second one in "DNR only"."""
    rest, named = f" {plain(text)} ", set()
    prints = [(plain(printed), one.value) for one in field.choices for printed in one.printed]
    for printed, value in sorted(prints, key=lambda pair: -len(pair[0])):
        if f" {printed} " in rest:
            named.add(value)
            rest = rest.replace(f" {printed} ", " | ")
    return len(named)


def _weight(anchor: Anchor, neighbour: Neighbour, ways: Ways) -> float:
    held = neighbour.enclosed or (neighbour.adjoining and not anchor.inline)
    return _HELD_WAY if held else ways[anchor.colon][neighbour.direction]


def _without_overlaps(candidates: Sequence[Candidate], page: int) -> dict[str, Finding]:
    """The best candidates that share no word, ties going to the one further up."""
    ordered = sorted(
        candidates,
        key=lambda one: (-round(one.score, 3), one.anchor.box.top, one.anchor.box.left),
    )
    values: dict[str, Finding] = {}
    used: set[Token] = set()
    for candidate in ordered:
        name = candidate.field.name
        if name not in values and not used.intersection(candidate.tokens):
            values[name] = _finding(candidate, page, _next_best(candidate, ordered))
            used.update(candidate.tokens)
    return values


def _next_best(chosen: Candidate, ordered: Sequence[Candidate]) -> float:
    """The score of the best candidate for the same field that says something else, 0 where there is none."""
    name = chosen.field.name
    others = (one for one in ordered if one.field.name == name and one.found.value != chosen.found.value)
    return max((one.score for one in others), default=0.0)


def _finding(candidate: Candidate, page: int, next_best: float) -> Finding:
    evidence = Evidence(
        candidate.origin,
        words=min(token.confidence for token in candidate.tokens),
        plausibility=candidate.found.plausibility,
        likeness=candidate.anchor.likeness,
        place=candidate.weight,
        lead=1 - min(1.0, next_best / candidate.score),
    )
    return finding(candidate.found, text_of(candidate.tokens), page, around(candidate.tokens), evidence)
