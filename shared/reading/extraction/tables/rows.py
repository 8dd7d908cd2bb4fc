"""The rows under a table's headings: which lines they are, which go on with the row above, and where they end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from shared.reading.extraction.anchors import Anchor, Role
from shared.reading.extraction.layout import PageLayout, Token, text_of
from shared.reading.extraction.tables.cells import fits, shows
from shared.reading.extraction.tables.columns import Span
from shared.reading.extraction.tables.lines import Line, box_of, pieces
from shared.templates import Kind, Table
from shared.templates.phrases import plain

_ENDS_AFTER = 2.2  # heights without a line, after which only what is clearly a row goes on
_ENDS_ANYWAY = 6.0
_SAME_ROW = 1.1  # heights between the lines of one cell, at most
_LONGEST_NAME = 10  # words: more of them are a sentence
_LABEL_LENGTH = 8  # words
_TIGHT = 0.5  # of the gap between rows, below which words go on with the row above
_IN_STEP = 0.8  # of the gap between rows, from which a line may be another row
_FILLER = re.compile(r"^[\s\-–—_.|:;,~'\"]*$")
_NUMBER = re.compile(r"^[(#]?\d{1,3}[.)]?$|^[•·*▪●○\-–—]$")
_ORNAMENT = re.compile(r"^[\W_]+$|^\*.?$")  # "** LIPID PANEL **"
_NOTHING = re.compile(
    r"^(?:none|none known|none reported|no known.*|nka|nkda|n/?a|not applicable|"
    r"see (?:attached|list|next|above|below|back).*|no (?:current )?medications?|"
    r"no (?:other|secondary) diagnos[ei]s|unknown|end of .*|continued.*)$"
)
_PAGE = re.compile(r"\bpage\s*:?\s*\d+\b", re.IGNORECASE)
_TOTAL = re.compile(r"^(?:sub ?|grand )?totals?\b")
_ROW_RULES = 0.4  # rules by line of a table, from which rules part its rows


class Form(Enum):
    """What a line is by the columns that it has words in."""

    ROW = auto()  # surely one: several cells, and one of them shows what it is
    CELLS = auto()  # several cells
    ALONE = auto()  # words at the beginning alone, or right across the columns
    MORE = auto()  # nothing at the beginning


@dataclass(slots=True)
class Rows:
    """The rows' words by column, with each row's panel under ""; and all words that are part of the table."""

    rows: list[dict[str, list[Token]]] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)  # between one row and the next, in pixels
    bottom: float = 0.0


@dataclass(slots=True)
class Body:
    """What may be rows: a table's columns, the lines under its headings, and the labels among them."""

    layout: PageLayout
    table: Table
    spans: tuple[Span, ...]
    top: float
    lines: tuple[Line, ...]
    anchors: Sequence[Anchor]
    heads: frozenset[Token]  # words of headings that other tables stand under
    rules: list[float] = field(init=False)  # where rules part the rows, if they do

    def __post_init__(self) -> None:
        """Finds the rules."""
        span = next(span for span in self.spans if span.column and span.column.name == self._first)
        middle = (span.left + min(span.right, self.layout.width)) / 2
        across = [rule for rule in self.layout.marks.across if rule.left <= middle <= rule.right]
        rules = sorted(rule.centre[1] for rule in across if rule.centre[1] > self.top)
        parted = sum(1 for line in self.lines if rules and box_of(line).centre[1] < rules[-1])
        self.rules = rules if len(rules) > 1 and len(rules) >= _ROW_RULES * parted else []

    def read(self) -> Rows:
        """The rows, from top to bottom."""
        found = Rows(bottom=self.top)
        panel: list[Token] = []
        early: list[Token] = []  # of a line that begins above the row it belongs to
        for number, line in enumerate(self.lines):
            form = self._form(line)
            if self._ends(line, form, found, number):
                break
            found.tokens.extend(line)
            if is_nothing(text_of(line)):
                continue
            if form is Form.ALONE and self._is_panel(line, number):
                panel = [token for token in line if not _ORNAMENT.match(token.text)]
            elif self._goes_on(line, form, found):
                self._add(found.rows[-1], line)
            elif form is Form.MORE and self._begins_next(line, number):
                early = list(line)
            elif form in {Form.ALONE, Form.CELLS} and not self._stands_in_step(line, found):
                found.tokens = [token for token in found.tokens if token not in line]
                break
            elif form is not Form.MORE:
                if found.rows and form is Form.ROW:
                    found.gaps.append(box_of(line).top - found.bottom)
                found.rows.append({"": panel})
                self._add(found.rows[-1], (*early, *line))
                early = []
            found.bottom = max(found.bottom, box_of(line).bottom)
        return found

    def begins(self) -> bool:
        """Whether the first line is surely a row: two of its cells show what they are, or all that could."""
        cells = self._cells(self.lines[0])
        shown = [fits(column, cells.get(column.name, ())) for column in self.table.columns if column.name in cells]
        could = sum(span.column is not None and shows(span.column) for span in self.spans)
        return self._form(self.lines[0]) is Form.ROW and sum(shown) >= min(2, could)

    def _add(self, row: dict[str, list[Token]], line: Sequence[Token]) -> None:
        for name, tokens in self._cells(line).items():
            row.setdefault(name, []).extend(tokens)

    def _cells(self, line: Sequence[Token]) -> dict[str, list[Token]]:
        """The line's words by column; what numbers the rows is none of them."""
        cells: dict[str, list[Token]] = {}
        for span in self.spans:
            if span.column and (tokens := [token for token in line if span.holds(token)]):
                cells[span.column.name] = tokens
        first = cells.get(self._first, [])
        numbered = self.table.columns[0].kind is not Kind.DATE and len(line) > 1
        if numbered and first and first[0] is line[0] and _NUMBER.match(first[0].text):
            cells[self._first] = first[1:]
        return {name: tokens for name, tokens in cells.items() if not _FILLER.match(text_of(tokens))}

    @property
    def _first(self) -> str:
        """The column that every row fills."""
        return self.table.columns[0].name

    def _form(self, line: Line) -> Form:
        cells = self._cells(line)
        if self._first not in cells:
            return Form.MORE
        columns = {column.name: column for column in self.table.columns}
        if len(cells) > 1 and any(fits(columns[name], tokens) for name, tokens in cells.items()):
            remark = self._crosses(line) and len(pieces(self.layout, line)) == 1 and len(line) > _LONGEST_NAME
            return Form.ALONE if remark else Form.ROW
        return Form.CELLS if len(cells) > 1 and len(pieces(self.layout, line)) > 1 else Form.ALONE

    def _crosses(self, line: Line) -> bool:
        """Whether a word stands on a column's edge, as in a remark that is as wide as the table."""
        return any(token.box.left < span.right < token.box.right for span in self.spans for token in line)

    def _ends(self, line: Line, form: Form, found: Rows, number: int) -> bool:
        """Whether the table is over before `line`."""
        if not self.heads.isdisjoint(line) or self._is_total(line):
            return True
        gap = (box_of(line).top - found.bottom) / self.layout.line_height
        if form is Form.ROW and not self._begins_as_field(line):
            return gap > _ENDS_ANYWAY and not self._in_grid(line)
        if self._labelled(line) or _PAGE.search(text_of(line)):
            return True
        if (self._asks(line) or self._spans(line)) and not self._row_follows(number):
            return True
        if gap > _ENDS_AFTER and not self._in_grid(line):
            return gap > _ENDS_ANYWAY or not self._row_follows(number)
        return False

    def _is_total(self, line: Line) -> bool:
        sums = any(column.kind is Kind.MONEY for column in self.table.columns)
        return sums and _TOTAL.match(plain(text_of(line))) is not None

    def _spans(self, line: Line) -> bool:
        """Whether the line is one piece, and as wide as several columns."""
        return len(pieces(self.layout, line)) == 1 and len(self._cells(line)) > 1

    def _asks(self, line: Line) -> bool:
        """Whether boxes to tick stand in the line, or it begins as a question or a field does."""
        box = box_of(line)
        asked = any(token.text.endswith(("?", ":")) for token in line[:_LABEL_LENGTH])
        return asked or any(box.top < one.box.centre[1] < box.bottom for one in self.layout.marks.checkboxes)

    def _labelled(self, line: Line) -> bool:
        """Whether a label that is no heading of this table's stands in the line."""
        return any(
            not anchor.inline and not set(anchor.tokens).isdisjoint(line) and self._is_others(anchor)
            for anchor in self.anchors
        )

    def _begins_as_field(self, line: Line) -> bool:
        """Whether the line begins with a label and its colon."""
        return any(anchor.colon and line[0] in anchor.tokens and self._is_others(anchor) for anchor in self.anchors)

    def _is_others(self, anchor: Anchor) -> bool:
        own = {meaning.name for meaning in anchor.means(Role.HEADING)} == {self.table.name}
        said = {meaning.role for meaning in anchor.meanings} - {Role.COLUMN}
        return bool(said) and not own

    def _row_follows(self, number: int) -> bool:
        """Whether the next line is close and surely a row."""
        following = self.lines[number + 1 : number + 2]
        return bool(following) and self._form(following[0]) is Form.ROW and self._near(self.lines[number], following[0])

    def _near(self, one: Line, other: Line) -> bool:
        return box_of(other).top - box_of(one).bottom < _ENDS_AFTER * self.layout.line_height

    def _is_panel(self, line: Line, number: int) -> bool:
        """Whether the line is a heading among the rows: surely a row follows, and nothing goes on with it."""
        if not self._row_follows(number):
            return False
        return any(column.name == "panel" for column in self.table.columns) or self._crosses(line)

    def _goes_on(self, line: Line, form: Form, found: Rows) -> bool:
        """Whether the line belongs to the row above."""
        if not found.rows:
            return False
        last, box = found.rows[-1], box_of(line)
        bottom = max(token.box.bottom for name, tokens in last.items() if name for token in tokens)
        gap = box.top - bottom
        if self.rules:
            again = form is Form.ROW and self._says_again(line, last)
            in_step = form is Form.CELLS and bool(found.gaps) and gap >= _IN_STEP * min(found.gaps)
            # A rule may have been overlooked.
            return not again and not in_step and not self._ruled_off(bottom, box.centre[1])
        if form is Form.ALONE and found.gaps and gap < _TIGHT * min(found.gaps):
            return not self._crosses(line)
        close = gap < _SAME_ROW * self.layout.line_height
        return close and (form is Form.MORE or self._continues(line, last))

    def _says_again(self, line: Line, last: dict[str, list[Token]]) -> bool:
        """Whether the line has a whole value where the row above has one: a rule between them was overlooked."""
        cells = self._cells(line)
        return any(
            fits(column, cells.get(column.name, ())) and fits(column, last.get(column.name, ()))
            for column in self.table.columns
        )

    def _continues(self, line: Line, last: dict[str, list[Token]]) -> bool:
        """Whether the first column's words go on in brackets or small letters where rows begin with capitals."""
        cells, above = self._cells(line), [name for name in last if name]
        words, begun = cells.get(self._first), last.get(self._first)
        if not words or not begun or len(cells) >= len(above):
            return False
        if words[0].text[0] in "(&":
            return True
        small = words[0].text[0].islower() and not begun[0].text[0].islower()
        return small and not self._says_again(line, last) and not self._crosses(line)

    def _stands_in_step(self, line: Line, found: Rows) -> bool:
        """Whether words that do not show that they are a row are as close to what is above them as rows are."""
        if len(line) > _LONGEST_NAME:
            return False
        if self._in_grid(line):
            return True
        step = min(found.gaps, default=1.2 * self.layout.line_height)
        return box_of(line).top - found.bottom <= 1.3 * step and not _ORNAMENT.match(line[0].text)

    def _begins_next(self, line: Line, number: int) -> bool:
        """Whether the line stands half above the next row's beginning, as where cells are centred."""
        following = self.lines[number + 1 : number + 2]
        return bool(following) and box_of(following[0]).top < box_of(line).bottom

    def _ruled_off(self, upper: float, lower: float) -> bool:
        return any(upper - 3 < rule < lower for rule in self.rules)

    def _in_grid(self, line: Line) -> bool:
        """Whether rules enclose the line together with the headings."""
        cell = self.layout.cell_around(line[0].box)
        if cell.left is None or cell.right is None:
            return False
        beside = [rule for rule in self.layout.marks.down if rule.top <= self.top and rule.bottom >= box_of(line).top]
        return bool(beside)


def is_nothing(text: str) -> bool:
    """Whether a line says that there is nothing, or that it is written elsewhere."""
    bare = plain(text)
    return not bare or _NOTHING.match(bare) is not None
