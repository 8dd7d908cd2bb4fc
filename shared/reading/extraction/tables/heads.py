"""Finding the rows of headings that tables stand under, over one line or several."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from shared.documents import Box, union
from shared.reading.extraction.layout import PageLayout, Token, text_of
from shared.reading.extraction.tables.lines import Line, box_of, pieces
from shared.templates import Column, Kind, Table
from shared.templates.phrases import Labels, plain

_MOST_LINES = 3  # of one row of headings: a CMS-1500's has three
_CLOSE = 1.0  # heights between the lines of one row of headings
_LONGEST_LABEL = 6  # words
_FEW_KNOWN = 2  # words of labels, in which alone labels read as one are looked for
_MOST_IN_A_HEADING = 12  # words
_FEW_IN_ONE = 3  # headings that are read as one at least
_UNKNOWN_COSTS = 0.5  # of what a known heading counts
_COVERED = 0.6  # of a piece's words, from which it is headings that were read as one
# "24. A." before a heading of a numbered form, "MM DD YY" below one.
_NO_LABEL = re.compile(r"^\(?(?:\d{1,2}[a-z]?|[a-z])[.)]+$|^(?:mm|dd|yy(?:yy)?|mm[/-]dd[/-]yy(?:yy)?)$", re.IGNORECASE)
_BETWEEN_LABELS = re.compile(r"\s*(?:/|&|\band\b)\s*")
_GENERAL = frozenset({Kind.TEXT, Kind.DATE, Kind.PERSON, Kind.COUNT, Kind.DIAGNOSIS})
"""Kinds of columns that forms of any sort have as well."""


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One heading; `column` is None where the template does not ask for what is under it."""

    tokens: tuple[Token, ...]
    column: Column | None = None
    likeness: float = 0.0
    rank: int = 0

    @property
    def box(self) -> Box:
        """Around its words."""
        return box_of(self.tokens)


@dataclass(frozen=True, slots=True)
class Head:
    """A table's row of headings, from left to right."""

    table: Table
    cells: tuple[HeadCell, ...]
    score: float

    @property
    def box(self) -> Box:
        """Around all headings."""
        return box_of(self.tokens)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All headings' words."""
        return tuple(token for cell in self.cells for token in cell.tokens)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that the template asks for."""
        return tuple(cell.column for cell in self.cells if cell.column is not None)


def find_heads(layout: PageLayout, lines: Sequence[Line], tables: Sequence[Table]) -> tuple[Head, ...]:
    """The rows of headings on the page, from top to bottom; of several readings of one row the best."""
    parted = [tuple(pieces(layout, line)) for line in lines]
    found: list[Head] = []
    for table in tables:
        words = _words(table)
        known = [tuple(cell for piece in line for cell in words.cells(piece)) for line in parted]
        for start, cells in enumerate(known):
            if any(cell.column for cell in cells) and (len(parted[start]) > 1 or _are_headings(cells)):
                found.extend(_heads_from(table, words, parted[start : start + _MOST_LINES]))
    chosen: list[Head] = []
    for head in sorted(found, key=lambda head: (-head.score, -len(head.tokens))):
        if not any(set(head.tokens).intersection(other.tokens) for other in chosen):
            chosen.append(head)
    return tuple(sorted(chosen, key=lambda head: (head.box.top, head.box.left)))


def _are_headings(cells: Sequence[HeadCell]) -> bool:
    """Whether a line in one piece is headings that were read as one: "Lab Results" and "Take Home Meds" are titles."""
    return len(cells) >= _FEW_IN_ONE and all(cell.column for cell in cells)


def _heads_from(table: Table, words: "_Words", band: Sequence[tuple[Line, ...]]) -> list[Head]:
    """The heads that begin with the first line of `band`, taking one line, two, or three."""
    found: list[Head] = []
    for count in range(1, len(band) + 1):
        if count > 1 and not _close(band[count - 2], band[count - 1]):
            break
        cells = _joined(words, band[:count])
        parts = _side_by_side(table, cells)
        over = _left_over(cells, [piece for line in band[:count] for piece in line]) / len(parts)
        found.extend(head for part in parts if (head := _head(table, part, over)))
    return found


def _left_over(cells: Sequence[HeadCell], band: Sequence[Line]) -> int:
    """How many pieces of the band are in no known heading: with values among them, it is no row of headings alone."""
    known = {token for cell in cells if cell.column for token in cell.tokens}
    return sum(known.isdisjoint(piece) for piece in band)


def _close(upper: Sequence[Line], lower: Sequence[Line]) -> bool:
    above, below = box_of(t for piece in upper for t in piece), box_of(t for piece in lower for t in piece)
    height = min(above.height, below.height)
    return below.top - above.bottom < _CLOSE * height


def _joined(words: "_Words", band: Sequence[tuple[Line, ...]]) -> list[HeadCell]:
    """The headings of a band of lines: those above each other are one where together they are a label."""
    stacks: list[list[Line]] = []
    boxes: list[Box] = []  # around each stack
    for piece in sorted((piece for line in band for piece in line), key=lambda piece: piece[0].box.left):
        own = box_of(piece)
        at = next((at for at, box in enumerate(boxes) if _over(box, own)), None)
        if at is None:
            stacks.append([piece])
            boxes.append(own)
        else:
            stacks[at].append(piece)
            boxes[at] = union([boxes[at], own])
    return [cell for stack in stacks for cell in words.stacked(stack)]


def _over(one: Box, other: Box) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > 0


def _side_by_side(table: Table, cells: Sequence[HeadCell]) -> list[list[HeadCell]]:
    """The headings, parted where the table's first column comes again: it goes on beside itself."""
    parts: list[list[HeadCell]] = [[]]
    first = table.columns[0].name
    for cell in sorted(cells, key=lambda cell: cell.box.left):
        begins = cell.column is not None and cell.column.name == first and parts[-1][:1]
        if begins and parts[-1][0].column and parts[-1][0].column.name == first:
            parts.append([])
        parts[-1].append(cell)
    whole = all(sum(cell.column is not None for cell in part) > 1 for part in parts)
    return parts if whole else [list(chain.from_iterable(parts))]


def _head(table: Table, cells: Sequence[HeadCell], left_over: float) -> Head | None:
    """The head, None where that is no row of this table's headings."""
    kept = _first_named(table, _each_once(cells))
    known = [cell for cell in kept if cell.column]
    unknown = len(kept) - len(known)
    columns = [cell.column for cell in known if cell.column]
    names = [column.name for column in columns]
    if len(known) < 2 or unknown > len(known) or table.columns[0].name not in names:
        return None
    if all(column.kind in _GENERAL for column in columns) and len(known) < 3:
        return None
    if any(token.text.endswith(":") for cell in kept for token in cell.tokens) and unknown:
        return None  # a row of fields
    score = sum(cell.likeness for cell in known) - _UNKNOWN_COSTS * left_over
    return Head(table, tuple(kept), score)


def _each_once(cells: Sequence[HeadCell]) -> list[HeadCell]:
    """Each column under its most usual label; further ones are none of the template's."""
    best: dict[str, HeadCell] = {}
    for cell in sorted(cells, key=lambda cell: (-cell.likeness, cell.rank, cell.box.left)):
        if cell.column:
            best.setdefault(cell.column.name, cell)
    return [cell if cell in best.values() else HeadCell(cell.tokens) for cell in cells]


def _first_named(table: Table, cells: list[HeadCell]) -> list[HeadCell]:
    """Where two other columns are known, a leftmost heading that is not stands for the table's first column."""
    names = [cell.column.name for cell in cells if cell.column]
    typed = [cell for cell in cells if cell.column and cell.column.kind not in _GENERAL]
    if table.columns[0].name in names or len(names) < 2 or not typed or cells[0].column:
        return cells
    return [HeadCell(cells[0].tokens, table.columns[0], 0.5, 0), *cells[1:]]


class _Words:
    """What a table's headings may be called."""

    def __init__(self, table: Table) -> None:
        self._columns: dict[str, tuple[Column, int]] = {}
        for column in table.columns:
            for rank, label in enumerate(column.labels):
                self._columns.setdefault(plain(label), (column, rank))
        self._labels = Labels(self._columns)
        self._vocabulary = {word for label in self._columns for word in label.split(" ")}

    def cells(self, piece: Line) -> list[HeadCell]:
        """The headings in a piece of a line: it as a whole, or the labels that were read as one."""
        words = [token for token in piece if not _NO_LABEL.match(token.text)]
        if not words:
            return [HeadCell(piece)]
        if whole := self._cell(words):
            return [whole]
        if sum(plain(token.text) in self._vocabulary for token in words) < _FEW_KNOWN:
            return [HeadCell(piece)]
        parts = self._parts(words)
        covered = sum(len(cell.tokens) for cell in parts if cell.column)
        several = sum(cell.column is not None for cell in parts)
        return parts if several > 1 and covered >= _COVERED * len(words) else [HeadCell(piece)]

    def stacked(self, stack: Sequence[Line]) -> list[HeadCell]:
        """The headings in pieces that stand above each other."""
        if len(stack) == 1:
            return self.cells(stack[0])
        ordered = sorted(stack, key=lambda piece: piece[0].box.centre[1])
        tokens = [token for piece in ordered for token in piece]
        if whole := self._cell([token for token in tokens if not _NO_LABEL.match(token.text)]):
            return [HeadCell(tuple(tokens), whole.column, whole.likeness, whole.rank)]
        apart = [cell for piece in ordered for cell in self.cells(piece)]
        return self._unlike(apart, tokens)

    def _unlike(self, cells: Sequence[HeadCell], tokens: Sequence[Token]) -> list[HeadCell]:
        """Headings that stand above each other and are no label together: the lower ones, where both say something."""
        known = [cell for cell in cells if cell.column]
        if not known:
            return [HeadCell(tuple(tokens))]
        kept: list[HeadCell] = []
        for cell in reversed(cells):
            if not any(_over(cell.box, other.box) and (other.column or not cell.column) for other in kept):
                kept = [other for other in kept if not _over(cell.box, other.box)]
                kept.append(cell)
        return kept

    def _cell(self, tokens: Sequence[Token]) -> HeadCell | None:
        if len(tokens) > _MOST_IN_A_HEADING:
            return None
        text = plain(text_of(tokens))
        found = self._labels.nearest(text) or self._both(text)
        if found is None:
            return None
        column, rank = self._columns[found[0]]
        return HeadCell(tuple(tokens), column, found[1], rank)

    def _both(self, text: str) -> tuple[str, float] | None:
        """The first of the labels that a heading of two columns in one names: "Dose / Route"."""
        parts = _BETWEEN_LABELS.split(text)
        found = [self._labels.same(part) if part else None for part in parts] if len(parts) > 1 else [None]
        return (found[0], 1.0) if all(found) and found[0] else None

    def _parts(self, tokens: Sequence[Token]) -> list[HeadCell]:
        """The way to part the words into labels that leaves the fewest words over, and makes the fewest labels."""
        best: list[tuple[float, list[HeadCell]]] = [(0.0, [])]
        for end in range(1, len(tokens) + 1):
            over = (best[end - 1][0] + 1.0, [*best[end - 1][1], HeadCell((tokens[end - 1],))])
            options = [over]
            for start in range(max(0, end - _LONGEST_LABEL), end):
                if cell := self._cell(tokens[start:end]):
                    options.append((best[start][0] + 0.1 + (1 - cell.likeness), [*best[start][1], cell]))
            best.append(min(options, key=lambda option: option[0]))
        return best[-1][1]


@lru_cache(64)
def _words(table: Table) -> _Words:
    return _Words(table)
