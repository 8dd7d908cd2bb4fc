"""Tables on a form that no template knows: rows of headings over columns of entries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.documents import union
from shared.reading.extraction.layout import same_row
from shared.reading.extraction.pairs.labels import FIRM
from shared.reading.extraction.pairs.phrases import Phrase, Sheet, aligned, together

_COLUMNS = 3  # at least: two columns are labels and values beside each other
_ROWS = 2  # of entries at least: one row under labels is their values
_ROW_GAP = 3.5  # heights without a row: the table is over


@dataclass(frozen=True, slots=True)
class Grid:
    """Headings, and rows with the entry under each of them, None where nothing stands; `phrases` are all in it."""

    heads: tuple[Phrase, ...]
    rows: tuple[tuple[Phrase | None, ...], ...]
    phrases: frozenset[Phrase]


def find_grids(sheet: Sheet, strengths: Mapping[Phrase, float]) -> tuple[Grid, ...]:
    """The tables on the sheet, from top to bottom, no phrase in two of them."""
    rows = list(_rows(sheet.phrases))
    found: list[Grid] = []
    number = 0
    while number < len(rows):
        grid, length = _grid_at(sheet, rows, number, strengths)
        if grid is not None:
            found.append(grid)
        number += length
    return tuple(found)


def _rows(phrases: Sequence[Phrase]) -> Iterator[tuple[Phrase, ...]]:
    """The phrases as rows from top to bottom, each from left to right."""
    row: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda one: one.box.centre[1]):
        if row and not same_row(row[-1].box, phrase.box):
            yield tuple(sorted(row, key=lambda one: one.box.left))
            row = []
        row.append(phrase)
    if row:
        yield tuple(sorted(row, key=lambda one: one.box.left))


def _grid_at(
    sheet: Sheet, rows: Sequence[tuple[Phrase, ...]], number: int, strengths: Mapping[Phrase, float]
) -> tuple[Grid | None, int]:
    """The table that begins with the row, and how many rows it takes."""
    heads, taken = rows[number], 1
    if number + 1 < len(rows) and all(map(_is_heading, heads)):
        heads, taken = _with_second_lines(heads, rows[number + 1])
    if len(heads) < _COLUMNS or not all(map(_is_heading, heads)):
        return None, 1
    below = rows[number + taken :]
    body = list(_body(heads, below))
    below = below[: len(body)]
    if len(body) < _ROWS or _has_labels(below, strengths) or _shares_cell(sheet, heads[0], body[0][0]):
        return None, 1
    if not _differs(sheet, heads, below):
        return None, 1
    length = taken + len(body)
    inside = frozenset(one for row in rows[number : number + length] for one in row)
    return Grid(heads, tuple(body), inside), length


def _has_labels(rows: Sequence[tuple[Phrase, ...]], strengths: Mapping[Phrase, float]) -> bool:
    """Whether half of one of the rows are labels: then these are labels over their values, again and again."""
    return any(sum(strengths[one] >= FIRM for one in row) * 2 >= len(row) for row in rows)


def _shares_cell(sheet: Sheet, head: Phrase, entry: Phrase | None) -> bool:
    """Whether the two stand in one ruled cell, which makes them a label and its value."""
    cell = sheet.layout.cell_around(head.box)
    return entry is not None and cell.bottom is not None and cell.closed and entry.box.centre[1] < cell.bottom


def _with_second_lines(heads: tuple[Phrase, ...], below: tuple[Phrase, ...]) -> tuple[tuple[Phrase, ...], int]:
    """The headings with the lines close under them, and how many rows that makes."""
    gap = min(one.box.top for one in below) - max(one.box.bottom for one in heads)
    if gap > 0.5 * heads[0].height or not all(map(_is_heading, below)):
        return heads, 1
    joined = []
    left = list(below)
    for head in heads:
        second = next((one for one in left if _overlap(head, one) > 0.5 * min(head.box.width, one.box.width)), None)
        if second is not None:
            left.remove(second)
        joined.append(together(head, second) if second else head)
    return tuple(sorted([*joined, *left], key=lambda one: one.box.left)), 2


def _is_heading(phrase: Phrase) -> bool:
    return not phrase.colon and phrase.checkbox is None and sum(map(str.isdigit, phrase.text)) <= 1


def _body(heads: Sequence[Phrase], rows: Sequence[tuple[Phrase, ...]]) -> Iterator[tuple[Phrase | None, ...]]:
    """The rows under the headings, each with an entry under the first and one other at least, none of them apart."""
    bottom, widest = max(head.box.bottom for head in heads), _ROW_GAP * heads[0].height
    first: tuple[Phrase | None, ...] = ()
    for row in rows:
        gap = min(one.box.top for one in row) - bottom
        entries = tuple(next((one for one in row if _under(head, one, heads)), None) for head in heads)
        filled = sum(entry is not None for entry in entries)
        if gap > widest or any(one.colon for one in row) or filled < max(2, len(row)) or entries[0] is None:
            return
        first = first or entries
        if not _in_columns(entries, heads, first):
            return
        yield entries
        bottom = max(one.box.bottom for one in row)
        widest = min(widest, 2 * max(gap, 0.0) + heads[0].height)  # rows are as far apart as they were


def _in_columns(entries: Sequence[Phrase | None], heads: Sequence[Phrase], first: Sequence[Phrase | None]) -> bool:
    """Whether most entries are aligned with their headings or with the first entries under these."""
    filled = [(entry, head, top) for entry, head, top in zip(entries, heads, first, strict=True) if entry]
    straight = [
        aligned(entry.box, head.box, entry.height) or (top is not None and aligned(entry.box, top.box, entry.height))
        for entry, head, top in filled
    ]
    return sum(straight) > len(straight) / 2


def _under(head: Phrase, entry: Phrase, heads: Sequence[Phrase]) -> bool:
    """Whether `head` is the heading that `entry` stands under: of those that it overlaps or nearly so the nearest."""
    nearest = max(heads, key=lambda other: _overlap(other, entry))
    return nearest is head and _overlap(head, entry) >= -entry.height


def _overlap(one: Phrase, other: Phrase) -> float:
    """By how many pixels the two overlap across the page; less than 0 where they do not."""
    return min(one.box.right, other.box.right) - max(one.box.left, other.box.left)


def _differs(sheet: Sheet, heads: Sequence[Phrase], rows: Sequence[tuple[Phrase, ...]]) -> bool:
    """Whether the headings are set apart from the entries: by a line under them, by capitals, or by their letters."""
    below = [one for row in rows for one in row]
    box, first = union(one.box for one in heads), union(one.box for one in rows[0])
    ruled = any(
        rule.width > 0.6 * box.width and rule.left < box.centre[0] < rule.right
        for rule in sheet.rules(box.bottom - 0.2 * heads[0].height, first.top + 0.3 * heads[0].height)
    )
    underlined = all(one.line for one in heads) and not any(one.line for one in rows[0])
    capitals = all(one.text.isupper() for one in heads) and sum(one.text.isupper() for one in below) < len(below) / 2
    numbers = sum(any(map(str.isdigit, one.text)) for one in below) > len(below) / 2
    return ruled or underlined or capitals or numbers
