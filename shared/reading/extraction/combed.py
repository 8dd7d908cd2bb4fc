"""What stands in combs, as words: one character a cell, whatever OCR made of the rules between them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from shared.documents import Box, TextLine, Word, bounds, box_polygon, union
from shared.reading.extraction.cases import as_one_word
from shared.reading.extraction.combs import Comb, find_combs
from shared.reading.extraction.marks import PageMarks
from shared.reading.extraction.normalised import UNREAD

_UNREAD_SURE = 0.2  # confidence of such a character: what it stands in goes to a person
_DOUBTED = 0.5  # of a word at most, where what was read does not go into the cells
_RULES = frozenset("|[]{}!¦")  # what OCR takes rules for
_STROKES = frozenset("Il1i/\\()jJtLTrf")  # what it sometimes takes them for
_SMALL = frozenset(".,-:;'\"`·_–—~^*")
_SLASHES = frozenset("|Il1!/i")
_BETWEEN = {"-": "-", "–": "-", "—": "-", "~": "-", "_": "-", ".": ".", "·": "."} | dict.fromkeys(_SLASHES, "/")
_TICKS = frozenset("XxVv✓✔√")
_BOXES = 8  # squares without letters in a row that may be boxes to tick: the days of a week

# Places of the ink map that are all ink.
_INKED = 1.5  # a letter's least
_TOUCHED = 0.3  # a full stop's
_ROW_INKED = 0.2  # of a place of the map, in a row of them that counts as inked
_LOW = 2  # places of the map that a hyphen is high at most
_RULE_ROOM = (0.2, 1.5)  # of the pitch and places of the map: beside a cell's border, where its rule is

# Costs of the likeliest way of what was read into the cells; 1 is a cell's width beside its middle, squared.
_FARTHEST = 2.0  # pitches
_NOTHING_THERE, _TOO_LARGE, _TOO_SMALL = 2.5, 1.0, 0.3
_LOST = {"rule": 0.15, "stroke": 0.6, "small": 0.5, "letter": 2.0}
_UNREAD_COST, _SPECK_COST = 1.2, 0.3
_NO_SEPARATOR = 3.0
_A_RULE = 0.5
_ASIDE = 0.25  # pitches beside a cell's middle, where a stroke may as well be its rule
_CROWDED = 0.3  # of the cells in which something was read hold more than one character: these are no combs
_CLOSE = 0.7  # pitches a letter: in combs they stand further apart, if not each second is a rule
_LONG, _LETTERS = 4, 0.6  # characters of a word, and the share of letters, that tell so
_EXCESS = 0.3  # of a word's characters are more than there are cells, if rules were read too
_RULE = 3.0  # pixels: how far out a frame's rules reach, whose words begin at its left edge
_REACH = 0.3  # pitches beside a comb that are still its own


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    confidence: float
    x: float
    many: bool = False  # of its word as of no other stroke: the rules between the cells were read as such

    @property
    def kind(self) -> str:
        if self.text in _RULES or self.many:
            return "rule"
        if self.text in _STROKES:
            return "stroke"
        return "small" if self.text in _SMALL else "letter"


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell, or (`between`) the room between two groups of them."""

    box: Box
    ink: float  # 0 where there is next to none
    low: bool = False  # it is no higher than a hyphen or a full stop
    between: bool = False


@dataclass(frozen=True, slots=True)
class Combed:
    """A page's text without what stands in combs; that, a line for each comb; and the marks, each comb a frame."""

    lines: tuple[TextLine, ...]
    in_combs: tuple[TextLine, ...]
    marks: PageMarks


def comb_out(lines: Sequence[TextLine], marks: PageMarks) -> Combed:
    """`lines` and `marks` with what stands in combs brought together."""
    rest = list(lines)
    written: list[TextLine] = []
    combs: list[Comb] = []
    for comb in find_combs(marks):
        words = [word for line in rest for word in line.parts if _touches(bounds(word.polygon), comb)]
        characters = [one for word in words for one in _inside(word, comb)]
        if _is_something_else(characters, comb, marks) or any(_is_closely_written(word, comb) for word in words):
            continue
        combs.append(comb)
        if characters:
            rest = [left for line in rest if (left := _outside(line, comb)) is not None]
            if (joined := _line(characters, comb, marks)) is not None:
                written.append(joined)
    return Combed(tuple(rest), tuple(written), _framed(marks, combs) if combs else marks)


def _is_something_else(characters: Sequence[_Character], comb: Comb, marks: PageMarks) -> bool:
    """Whether the cells are boxes to tick, or hold words."""
    letters = [one for one in characters if one.kind != "rule"]
    boxes = sum(_is_in(one.box, [comb.box]) for one in marks.checkboxes)
    if len(comb.cells) / 2 <= boxes <= _BOXES and all(one.text in _TICKS for one in letters):
        return True
    read = [one for one in letters if one.kind == "letter"]
    held = {round((one.x - comb.box.left) / comb.pitch - 0.5) for one in read}
    return len(read) - len(held) > _CROWDED * len(held)


def _is_closely_written(word: Word, comb: Comb) -> bool:
    """Whether its letters stand closer than a comb's: what seemed one are letters' feet, or a part of a table."""
    kinds = [_Character(text, 1.0, 0.0).kind for text in word.text]
    close = bounds(word.polygon).width < _CLOSE * comb.pitch * len(kinds)
    return close and len(kinds) >= _LONG and kinds.count("letter") >= _LETTERS * len(kinds)


def _touches(box: Box, comb: Comb) -> bool:
    y = box.centre[1]
    return comb.box.top <= y <= comb.box.bottom and box.left < comb.box.right and comb.box.left < box.right


def _inside(word: Word, comb: Comb) -> Iterator[_Character]:
    """The characters of `word`, which touches `comb`, that stand in it, as if all were equally wide."""
    box = bounds(word.polygon)
    rule = _read_for_rules(word.text, box.width / comb.pitch)
    for text, x in _spread(word, box):
        if _covers(comb, x):
            yield _Character(text, word.confidence, x, text == rule)


def _read_for_rules(text: str, cells: float) -> str | None:
    """The stroke that rules were read as in `text`, which stands in so many cells: "(1210171)1" is "(207)"."""
    if len(text) - cells < _EXCESS * len(text):
        return None
    common, count = Counter(text).most_common(1)[0]
    return common if common in _STROKES and count >= _EXCESS * len(text) else None


def _spread(word: Word, box: Box) -> list[tuple[str, float]]:
    step = box.width / max(1, len(word.text))
    return [(text, box.left + step * (place + 0.5)) for place, text in enumerate(word.text)]


def _covers(comb: Comb, x: float) -> bool:
    return comb.box.left - _REACH * comb.pitch <= x <= comb.box.right + _REACH * comb.pitch


def _outside(line: TextLine, comb: Comb) -> TextLine | None:
    """`line` without what of it stands in `comb`."""
    if not any(_touches(bounds(word.polygon), comb) for word in line.parts):
        return line
    kept = tuple(part for word in line.parts for part in _parts_outside(word, comb))
    if not kept:
        return None
    whole = union(bounds(word.polygon) for word in kept)
    return replace(line, text=" ".join(word.text for word in kept), words=kept, polygon=box_polygon(whole))


def _parts_outside(word: Word, comb: Comb) -> Iterator[Word]:
    box = bounds(word.polygon)
    if not _touches(box, comb):
        yield word
        return
    step = box.width / max(1, len(word.text))
    for covered, part in groupby(_spread(word, box), key=lambda one: _covers(comb, one[1])):
        characters = list(part)
        text = "".join(text for text, _ in characters).strip("".join(_RULES))
        if not covered and text:
            edges = Box(characters[0][1] - step / 2, box.top, characters[-1][1] + step / 2, box.bottom)
            yield Word(text, word.confidence, box_polygon(edges))


def _line(characters: list[_Character], comb: Comb, marks: PageMarks) -> TextLine | None:
    places = _places(comb, marks)
    characters = sorted(characters, key=lambda one: one.x)
    taken, lost = _aligned(characters, places, comb.pitch)
    words = tuple(_joined(places, [_shown(place, one, comb) for place, one in zip(places, taken, strict=True)]))
    if not words:
        return None
    # One value stands there: what of it was not read makes all of it unsure.
    sure = min(word.confidence for word in words)
    if any(one.kind == "letter" for one in lost):
        sure = min(sure, _DOUBTED)
    words = tuple(replace(word, confidence=sure) for word in words)
    whole = union(bounds(word.polygon) for word in words)
    return TextLine(" ".join(word.text for word in words), sure, box_polygon(whole), words)


def _places(comb: Comb, marks: PageMarks) -> list[_Place]:
    places: list[_Place] = []
    group = comb.groups[0]
    room = max(_RULE_ROOM[0] * comb.pitch, _RULE_ROOM[1] * marks.cell)
    for box, number in zip(comb.cells, comb.groups, strict=True):
        if number != group:
            gap = Box(places[-1].box.right, box.top, box.left, box.bottom)
            places.append(_place(gap, room, marks, between=True))
        places.append(_place(box, room, marks))
        group = number
    return places


def _place(box: Box, room: float, marks: PageMarks, *, between: bool = False) -> _Place:
    ink = marks.ink_in(Box(box.left + room, box.top, box.right - room, box.bottom))
    rows = np.flatnonzero(ink.max(axis=1, initial=0.0) >= _ROW_INKED)
    low = rows.size == 0 or int(rows[-1] - rows[0]) + 1 <= _LOW
    return _Place(box, float(ink.sum()), low, between)


def _aligned(
    characters: Sequence[_Character], places: Sequence[_Place], pitch: float
) -> tuple[list[_Character | None], list[_Character]]:
    """Each place's character, and those that have none: the cheapest way to bring them in, in their order."""
    passed = np.concatenate(([0.0], np.cumsum([_passing(place) for place in places])))
    rows = [passed]
    for one in characters:
        into = rows[-1][:-1] + _costs(one, places, pitch)
        best = rows[-1] + _LOST[one.kind]
        best[1:] = np.minimum(best[1:], into)
        rows.append(np.minimum.accumulate(best - passed) + passed)
    return _way_back(rows, characters, places, pitch)


def _way_back(
    rows: list[NDArray[np.float64]], characters: Sequence[_Character], places: Sequence[_Place], pitch: float
) -> tuple[list[_Character | None], list[_Character]]:
    taken: list[_Character | None] = [None] * len(places)
    lost: list[_Character] = []
    place = len(places)
    for number in range(len(characters), 0, -1):
        one = characters[number - 1]
        costs = rows[number - 1][:-1] + _costs(one, places, pitch)
        while place:
            if np.isclose(rows[number][place], rows[number - 1][place] + _LOST[one.kind]):
                break
            if np.isclose(rows[number][place], costs[place - 1]):
                break
            place -= 1
        if place and np.isclose(rows[number][place], costs[place - 1]):
            place -= 1
            taken[place] = one
        else:
            lost.append(one)
    return taken, lost


def _passing(place: _Place) -> float:
    """What it costs that nothing was read there."""
    if place.between or place.ink < _TOUCHED:
        return 0.0
    return _SPECK_COST if _is_small(place) else _UNREAD_COST


def _is_small(place: _Place) -> bool:
    """Whether a full stop or a hyphen may stand there, or dirt, but no letter."""
    return place.low or place.ink < _INKED


def _costs(one: _Character, places: Sequence[_Place], pitch: float) -> NDArray[np.float64]:
    """Of bringing the character into each place."""
    away = np.array([(one.x - place.box.centre[0]) / pitch for place in places])
    strange = np.array([_strangeness(one, place) for place in places])
    if one.kind in ("rule", "stroke"):
        strange += np.where(np.abs(away) > _ASIDE, _A_RULE, 0.0)
    return np.where(np.abs(away) <= _FARTHEST, away**2 + strange, np.inf)


def _strangeness(one: _Character, place: _Place) -> float:
    if place.between:
        return 0.0 if one.text in _BETWEEN and place.ink >= _TOUCHED else _NO_SEPARATOR
    if place.ink < _TOUCHED:
        return _NOTHING_THERE
    if _is_small(place):
        return 0.0 if one.kind == "small" else _TOO_LARGE
    return _TOO_SMALL if one.kind == "small" else 0.0


def _shown(place: _Place, one: _Character | None, comb: Comb) -> _Character | None:
    """What is said to stand in a place."""
    if one is None:
        seen = not place.between and not _is_small(place)
        return _Character(UNREAD, _UNREAD_SURE, place.box.centre[0]) if seen else None
    if place.between:
        return replace(one, text=_BETWEEN.get(one.text, one.text))
    if one.kind in ("rule", "stroke") and abs(one.x - place.box.centre[0]) > _ASIDE * comb.pitch:
        return replace(one, confidence=min(one.confidence, _DOUBTED))
    return one


def _joined(places: Sequence[_Place], shown: Sequence[_Character | None]) -> Iterator[Word]:
    """A word for each row of places that are not empty."""
    together = zip(places, shown, strict=True)
    for there, part in groupby(together, key=lambda one: one[1] is not None):
        if there:
            word = [(place, one) for place, one in part if one is not None]
            box = union(place.box for place, _ in word)
            sure = min(one.confidence for _, one in word)
            yield Word(as_one_word("".join(one.text for _, one in word)), sure, box_polygon(box))


def _framed(marks: PageMarks, combs: Sequence[Comb]) -> PageMarks:
    """The marks with each comb as one frame to write in, and nothing to tick in it."""
    frames = [comb.box for comb in combs]
    across = [rule for rule in marks.across if not any(_belongs(rule, comb) for comb in combs)]
    down = [rule for rule in marks.down if not any(_belongs(rule, comb) for comb in combs)]
    for box in frames:
        around = Box(box.left - _RULE, box.top - _RULE, box.right + _RULE, box.bottom + _RULE)
        across += [replace(around, bottom=box.top - 1), replace(around, top=box.bottom + 1)]
        down += [replace(around, right=box.left - 1), replace(around, left=box.right + 1)]
    return replace(
        marks,
        across=tuple(across),
        down=tuple(down),
        checkboxes=tuple(one for one in marks.checkboxes if not _is_in(one.box, frames)),
        signs=tuple(one for one in marks.signs if not _is_in(one.box, frames)),
        loops=tuple(one for one in marks.loops if not _is_in(one, frames)),
    )


def _belongs(rule: Box, comb: Comb) -> bool:
    """Whether it is one of the comb's own rules: it reaches no further."""
    high = comb.box.height / 2
    return (
        comb.box.left - comb.pitch <= rule.left
        and rule.right <= comb.box.right + comb.pitch
        and comb.box.top - high <= rule.top
        and rule.bottom <= comb.box.bottom + high
    )


def _is_in(box: Box, frames: Sequence[Box]) -> bool:
    x, y = box.centre
    return any(frame.left <= x <= frame.right and frame.top <= y <= frame.bottom for frame in frames)
