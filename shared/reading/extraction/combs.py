"""Combs: rows of equal places for one letter or digit each, as cells side by side, squares, or ticks on a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile
from statistics import median
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents import Box, union
from shared.reading.extraction.marks import PageMarks
from shared.reading.extraction.strokes import Ink

# Lengths are in places of the ink map, each 0.02 inches a side: finer than that nothing here needs to be known.
_INKED = 26  # of 255: a rule of half a point that two places share
_WIDTH, _HEIGHT = (4, 22), (4, 26)  # of a cell's inside: 0.08 to 0.5 inches
_NARROWEST = 0.4  # of a cell's height is its width
_WIDEST = 1.7
_OPEN = 0.4  # of a cell's inside at least is paper
_FULL = 0.85  # of a cell is ink at most, however large the letter in it
_SIDE_FREE = 0.55  # of each of its sides, against letters' counters
_APART = 0.6  # of a cell's width: the most between squares of one row
_GROUPS_APART = 2.6  # pitches: further apart, two rows of cells are two combs
_FEWEST = 4  # cells: three boxes in a row may be boxes to tick
_STACKED = 3  # rows of cells one on the other are a grid: a calendar, a scale
_RULE_FULL = 0.75  # of a cell's height is ink where a rule stands
_LEVEL = 1  # places by which one row's cells may differ in height
_ALIKE = 0.2  # of a cell's width: so far cells of one run differ
_HIDDEN = 3.0  # cells in a row whose letters touch their rules, and that are not seen as cells
_SQUARES_APART = 2.2  # places between cells: two rules and paper
_ON_RULE = 2.0  # places between cells and the rule that they stand on
_RULED = 0.8  # of the borders between cells are seen
_SAME_RULE = 2.5  # places between the cells over and under one rule
_CLEARED = 4  # pixels over a line that the ink map lacks, with some room
_PITCHES = (5.5, 20.0)
_TICK_ROWS = 2  # places above a line that its ticks at least reach
_TICKS_ABSENT = 0.08  # of those that there should be
_TICKS_BETWEEN = 0.5  # of the places half way: letters' feet
_TICK_CELL = 1.25  # pitches: how high letters stand over a line with ticks
_CLOSED_CELL = 2.0  # pitches: cells are at most so high


@dataclass(frozen=True, slots=True)
class Comb:
    """The places for single characters, from left to right, in pixels; `groups` has the number of each one's group."""

    cells: tuple[Box, ...]
    groups: tuple[int, ...]
    box: Box
    pitch: float


class _Cell(NamedTuple):
    """What is free inside a cell, in places of the ink map."""

    x: int
    y: int
    wide: int
    high: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Cells side by side, in places of the ink map: `borders` between them and at both ends."""

    borders: tuple[float, ...]
    top: float
    bottom: float
    squares: bool

    @property
    def pitch(self) -> float:
        return (self.borders[-1] - self.borders[0]) / (len(self.borders) - 1)


def find_combs(marks: PageMarks) -> tuple[Comb, ...]:
    """Every comb on a page, from top to bottom."""
    if marks.ink is None or not marks.ink.size:
        return ()
    solid = _solid(marks.ink, marks)
    seen = (_to_ends(run, marks, solid) for run in _cell_runs(solid))
    cells = _not_stacked(_longest(seen))
    combs = (_comb(group, marks.cell) for group in _grouped([*cells, *_ticked(marks, cells)]))
    return tuple(sorted((comb for comb in combs if len(comb.cells) >= _FEWEST), key=lambda comb: comb.box.top))


def _solid(ink: Ink, marks: PageMarks) -> Ink:
    """1 where a place of the map has ink, rules among it."""
    solid: Ink = (ink > _INKED).astype(np.uint8)
    for rule in (*marks.across, *marks.down):
        left, top = int(rule.left / marks.cell), int(rule.top / marks.cell)
        solid[top : int(rule.bottom / marks.cell) + 1, left : int(rule.right / marks.cell) + 1] = 1
    return solid


def _cell_runs(solid: Ink) -> list[_Run]:
    """Cells that ink closes in, side by side."""
    _, found, stats, _ = cv2.connectedComponentsWithStats(1 - solid, connectivity=4, ltype=cv2.CV_32S)
    labels = found.astype(np.int32, copy=False)
    wide, high, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    like = (
        (wide >= _WIDTH[0])
        & (wide <= _WIDTH[1])
        & (high >= _HEIGHT[0])
        & (high <= _HEIGHT[1])
        & (wide >= _NARROWEST * high)
        & (wide <= _WIDEST * high)
        & (area >= _OPEN * wide * high)
    )
    cells = [
        _Cell(*map(int, stats[number, :4]))
        for number in np.flatnonzero(like)
        if _is_rectangle(labels, int(number), stats[number])
    ]
    return [run for row in _rows(cells) for run in _runs_of(row, solid)]


def _is_rectangle(labels: NDArray[np.int32], number: int, stat: NDArray[np.int32]) -> bool:
    """Whether what is so numbered reaches along all four sides of its box."""
    x, y, wide, high = (int(number) for number in stat[:4])
    part = labels[y : y + high, x : x + wide] == number
    return all(
        np.count_nonzero(side) >= _SIDE_FREE * side.size for side in (part[0], part[-1], part[:, 0], part[:, -1])
    )


def _rows(cells: list[_Cell]) -> list[list[_Cell]]:
    """Cells of one top and one floor, each row from left to right."""
    rows: list[list[_Cell]] = []
    for cell in sorted(cells, key=lambda cell: cell.y):
        near = takewhile(lambda row: cell.y - row[0].y <= _LEVEL, reversed(rows))  # noqa: B023  # used up at once
        row = next((row for row in near if _is_level(row[0], cell)), None)
        if row is None:
            rows.append([cell])
        else:
            row.append(cell)
    return [sorted(row) for row in rows if len(row) > 1]


def _is_level(one: _Cell, other: _Cell) -> bool:
    return abs(one.y - other.y) <= _LEVEL and abs(one.y + one.high - other.y - other.high) <= _LEVEL


def _runs_of(row: list[_Cell], solid: Ink) -> Iterator[_Run]:
    run = [row[0]]
    for cell in row[1:]:
        if _goes_on(run[-1], cell, solid):
            run.append(cell)
        else:
            yield _run(run, solid)
            run = [cell]
    yield _run(run, solid)


def _goes_on(one: _Cell, other: _Cell, solid: Ink) -> bool:
    """Whether `other` is the next cell of a run, or one of the next behind some that letters hide."""
    wide = (one.wide + other.wide) / 2
    gap = other.x - one.x - one.wide
    if abs(one.wide - other.wide) > max(1.0, _ALIKE * wide) or gap > (wide + 2) * _HIDDEN:
        return False
    return gap <= max(2.0, _APART * wide) or _is_framed(one, one.x + one.wide, other.x, solid)


def _is_framed(cell: _Cell, start: float, end: float, solid: Ink) -> bool:
    """Whether rules go on over and under the place from `start` to `end` as over and under `cell`."""
    columns = slice(max(0, round(start)), max(0, round(end)))
    over = solid[max(0, cell.y - 2) : cell.y + 1, columns].max(axis=0, initial=0)
    under = solid[cell.y + cell.high - 1 : cell.y + cell.high + 2, columns].max(axis=0, initial=0)
    return bool(over.size) and min(over.mean(), under.mean()) >= _RULE_FULL


def _run(cells: list[_Cell], solid: Ink) -> _Run:
    top, bottom = median(cell.y for cell in cells), median(cell.y + cell.high for cell in cells)
    centres = np.array([cell.x + cell.wide / 2 for cell in cells])
    steps = np.diff(centres)
    wide = median(cell.wide for cell in cells)
    if not steps.size:
        pitch = wide + 1.5
        return _Run((centres[0] - pitch / 2, centres[0] + pitch / 2), top, bottom, squares=True)
    least = float(np.mean(steps[steps <= 1.5 * steps.min()]))
    least /= max(1, int(least / (wide + 1)))  # where letters hide every other cell
    places = np.concatenate(([0], np.cumsum(np.round(steps / least))))
    pitch, first = np.polyfit(places, centres, 1)
    squares = bool(pitch - wide > _SQUARES_APART)
    before, behind = float(first), float(first + places[-1] * pitch)
    while _is_cell(before - pitch, wide, cells[0], solid):
        before -= float(pitch)
    while _is_cell(behind + pitch, wide, cells[0], solid):
        behind += float(pitch)
    count = round((behind - before) / pitch) + 1
    borders = tuple(before + (place - 0.5) * float(pitch) for place in range(count + 1))
    return _Run(borders, top, bottom, squares)


def _is_cell(centre: float, wide: float, like: _Cell, solid: Ink) -> bool:
    """Whether a cell is drawn around `centre` as high as another one: letters that touch its rules hide some."""
    left, right = centre - wide / 2, centre + wide / 2
    inside = solid[like.y : like.y + like.high, max(0, round(left)) : max(0, round(right))]
    return (
        left > 1
        and inside.size > 0
        and bool(inside.mean() <= _FULL)
        and _is_ruled(left - 0.5, like, solid)
        and _is_ruled(right + 0.5, like, solid)
        and _is_framed(like, left, right, solid)
    )


def _is_ruled(x: float, cell: _Cell, solid: Ink) -> bool:
    """Whether a rule as high as `cell` stands at `x`."""
    columns = solid[cell.y : cell.y + cell.high, max(0, int(x) - 1) : max(0, int(x) + 2)]
    return columns.shape[1] > 0 and bool(columns.max(axis=1).mean() >= _RULE_FULL)


def _to_ends(run: _Run, marks: PageMarks, solid: Ink) -> _Run:
    """The run as far as the rule that it stands on, where cells part that all along: letters hide some of them."""
    like = _Cell(0, int(run.top), 0, int(run.bottom - run.top))
    middle = (run.borders[0] + run.borders[-1]) / 2
    for rule in marks.across:
        left, right, y = rule.left / marks.cell, rule.right / marks.cell, rule.top / marks.cell
        if run.squares or not (left <= middle <= right and abs(y - run.bottom) <= _ON_RULE):
            continue
        about = max(2, round((right - left) / run.pitch))
        ways = [_parted(left, right, count) for count in (about, about - 1, about + 1)]
        seen = [sum(_is_ruled(x, like, solid) for x in borders) / len(borders) for borders in ways]
        if max(seen) >= _RULED:
            return replace(run, borders=ways[seen.index(max(seen))])
    return run


def _longest(runs: Iterable[_Run]) -> list[_Run]:
    """Of runs that lie over each other, seen by parts of one, that with the most cells."""
    kept: list[_Run] = []
    for run in sorted(runs, key=lambda run: -len(run.borders)):
        middle = (run.top + run.bottom) / 2
        if not any(
            other.top < middle < other.bottom
            and run.borders[0] < other.borders[-1] - 1
            and other.borders[0] < run.borders[-1] - 1
            for other in kept
        ):
            kept.append(run)
    return kept


def _parted(left: float, right: float, count: int) -> tuple[float, ...]:
    """The borders of so many equal cells."""
    return tuple(left + (right - left) * place / count for place in range(count + 1))


def _not_stacked(runs: list[_Run]) -> list[_Run]:
    """The runs that are no rows of a grid."""
    return [run for run in runs if len(_stack(run, runs)) < _STACKED]


def _stack(run: _Run, runs: list[_Run]) -> list[_Run]:
    stack, waiting = [run], [run]
    while waiting:
        one = waiting.pop()
        for other in runs:
            if other not in stack and _stand_on_each_other(one, other):
                stack.append(other)
                waiting.append(other)
    return stack


def _stand_on_each_other(one: _Run, other: _Run) -> bool:
    upper, lower = sorted((one, other), key=lambda run: run.top)
    close = abs(lower.top - upper.bottom) <= _SAME_RULE
    return close and one.borders[0] < other.borders[-1] and other.borders[0] < one.borders[-1]


def _ticked(marks: PageMarks, cells: list[_Run]) -> Iterator[_Run]:
    """Lines that short ticks stand on at equal steps, the first and the last at the line's ends.

    Where letters touch the rules of all `cells`, these are seen so too.
    """
    for rule in marks.across:
        left, right, floor = rule.left / marks.cell, rule.right / marks.cell, rule.top / marks.cell
        if any(_bounds(run, (left + right) / 2, floor) for run in cells):
            continue
        ticks = _ticks_on(rule, marks)
        count = 0 if ticks is None else _cells_between(ticks, left, right)
        if count >= _FEWEST:
            ceiling = _ceiling(rule, (right - left) / count, marks)
            yield _Run(_parted(left, right, count), ceiling, floor, squares=False)


def _bounds(run: _Run, x: float, y: float) -> bool:
    """Whether a rule there is one of the run's own."""
    return run.borders[0] <= x <= run.borders[-1] and run.top - 2 <= y <= run.bottom + 2


def _ceiling(rule: Box, pitch: float, marks: PageMarks) -> float:
    """How far up letters over `rule` reach: to the rule above it, where that is near and as long."""
    over = (
        other.bottom
        for other in marks.across
        if 0 < rule.top - other.bottom <= _CLOSED_CELL * pitch * marks.cell
        and abs(other.left - rule.left) + abs(other.right - rule.right) <= pitch * marks.cell
    )
    return max(over, default=rule.top - _TICK_CELL * pitch * marks.cell) / marks.cell


def _ticks_on(rule: Box, marks: PageMarks) -> NDArray[np.bool_] | None:
    """Where ink stands on `rule`, by columns of the map; None where there is no room for any."""
    floor = int((rule.top - _CLEARED) / marks.cell)
    if marks.ink is None or floor < _TICK_ROWS:
        return None
    inked: NDArray[np.bool_] = marks.ink[floor - _TICK_ROWS : floor].min(axis=0) > _INKED
    return inked


def _cells_between(ticks: NDArray[np.bool_], left: float, right: float) -> int:
    """Into how many equal cells `ticks` part the line from `left` to `right`, 0 when they do not."""
    # A tick is in the place that it is said to be in or in the nearer one beside: one more to either side, and the
    # letters of any underlined title would do.
    exact = [*ticks.tolist(), False]
    near = [one or other for one, other in pairwise(exact)]
    if not (near[max(0, round(left) - 1)] or near[int(left)]) or not (near[int(right) - 1] or near[int(right) - 2]):
        return 0
    for count in range(int((right - left) / _PITCHES[0]), _FEWEST - 1, -1):
        pitch = (right - left) / count
        if pitch > _PITCHES[1]:
            break
        absent = (place for place in range(1, count) if not near[round(left + pitch * place) - 1])
        if next(islice(absent, int(_TICKS_ABSENT * count), None), None) is None:  # mostly seen after the first few
            between = sum(exact[int(left + pitch * (place + 0.5))] for place in range(count))
            if between <= _TICKS_BETWEEN * count:
                return count
    return 0


def _grouped(runs: list[_Run]) -> list[list[_Run]]:
    """Runs that stand in one row close by each other, from left to right: month, day and year."""
    groups: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: (round(run.top / 3), run.borders[0])):
        if groups and _follows(groups[-1][-1], run):
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups


def _follows(one: _Run, other: _Run) -> bool:
    level = abs(one.top - other.top) <= _LEVEL and abs(one.bottom - other.bottom) <= _LEVEL
    alike = abs(one.pitch - other.pitch) <= _ALIKE * max(one.pitch, other.pitch)
    return level and alike and 0 <= other.borders[0] - one.borders[-1] + 1 <= _GROUPS_APART * one.pitch


def _comb(group: list[_Run], cell: float) -> Comb:
    places = [
        (Box(left * cell, run.top * cell, right * cell, run.bottom * cell), number)
        for number, run in enumerate(group)
        for left, right in pairwise(run.borders)
    ]
    boxes = tuple(box for box, _ in places)
    pitch = cell * median(run.pitch for run in group)
    return Comb(boxes, tuple(number for _, number in places), union(boxes), pitch)
