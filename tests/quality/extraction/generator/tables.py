"""Tables in several ways: ruled all round, between rows, striped, open, or as lists with codes before or behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.content import Entry, Runs, Table
from tests.quality.extraction.generator.draft import Draft, broken_runs
from tests.quality.extraction.generator.furniture import heading, tint
from tests.quality.extraction.generator.sheet import BLACK, SHADE

_BLANK_ROWS = 3
_PAD = 4.0
_MOST = 0.3  # of the table's width, from which a column of a table that is too wide is wrapped
_LINES = 3  # of a cell


@dataclass(frozen=True, slots=True)
class _Grid:
    """How one table is set. `rules`: all, rows, stripes, open, columns."""

    table: Table
    widths: tuple[float, ...]
    size: float
    step: float
    face: fonts.Face
    head: fonts.Face
    rules: str
    panels: str  # how a panel's name stands above its rows: bold, bar, plain


def draw_table(draft: Draft, table: Table) -> None:
    """The table under its title."""
    draft.room(draft.style.size * 7)
    heading(draft, table.title)
    if table.line:
        _list(draft, table)
    else:
        _columns(draft, table)
    draft.y += draft.style.size * 0.8


def _list(draft: Draft, table: Table) -> None:
    """A row to a line."""
    size, draw = draft.style.value_size, draft.draw
    lead = draw.choice(("{}. ", "{}) ", "• ", "- ", "", "#{} "))
    entries = [Entry("", ((lead.format(n + 1), ""), *table.runs(n, table.line))) for n in range(len(table.rows))]
    face = draft.value_face([key for entry in entries for key in entry.keys])
    two = len(entries) > 2 and draw.random() < 0.3
    wide = (draft.width / 2 if two else draft.width) - 20
    two = two and all(fonts.width(face, entry.text, size) < wide * 1.15 for entry in entries)
    wide = wide if two else draft.width - 20
    for number, entry in enumerate(entries or [Entry("", ())] * _BLANK_ROWS):
        fitted, lines = draft.fit(entry, wide, face, lines=1 if two else 2)
        if not two or number % 2 == 0:
            draft.room(size * 1.45 * len(lines))
            draft.y += size * 1.45
        x = draft.left + 10 + (draft.width / 2 if two and number % 2 else 0)
        if not table.rows:
            draft.sheet.line((x, draft.y), (draft.right, draft.y), 0.5)
            continue
        for place, runs in enumerate(lines):
            draft.y += size * 1.25 if place else 0
            draft.runs(x + (12 if place else 0), draft.y, runs, face, fitted)
    draft.y += size * 0.5


def _columns(draft: Draft, table: Table) -> None:
    grid = _grid(draft, table)
    _titles(draft, grid)
    panel, top = "", draft.y
    for number, row in enumerate(table.rows or ({},) * _BLANK_ROWS):
        cells = _cells(grid, number)
        high = grid.step + (max(len(lines) for _, lines in cells) - 1) * grid.size * 1.2
        below = grid.step if row.get("panel", "") != panel else 0
        if not draft.fits(high + below):
            if grid.rules == "columns":
                _frame_columns(draft, grid.widths, top - grid.step)
            draft.turn()
            _titles(draft, grid)
            top = draft.y
        if row.get("panel", "") != panel:
            panel = row["panel"]
            _panel(draft, grid, panel)
        _row(draft, grid, number, cells, high)
    if grid.rules == "columns":
        _frame_columns(draft, grid.widths, top - grid.step)


def _grid(draft: Draft, table: Table) -> _Grid:
    draw = draft.draw
    rules = draw.choice(("all", "all", "rows", "stripes", "open", "columns"))
    face = draft.value_face([f"{table.name}.{n}.{column}" for n, row in enumerate(table.rows) for column in row])
    head = draft.face(bold=True)
    widths, size = _widths(draft, table, face, head, wrapped=draw.random() < 0.35)
    spare = draft.width - sum(widths)
    if rules == "open" and draw.random() < 0.5:
        widths[-1] += spare
    else:
        widths = [wide + spare * wide / sum(widths) for wide in widths]
    step = size * draw.uniform(1.45, 1.9)
    panels = draw.choice(("bold", "bold", "bar", "plain"))
    return _Grid(table, tuple(widths), size, step, face, head, rules, panels)


def _titles(draft: Draft, grid: _Grid) -> None:
    top, x, size = draft.y, draft.left, grid.size
    if grid.rules in {"all", "stripes"}:
        fill = draft.draw.choice((SHADE, tint(draft.style.accent), None))
        outline = BLACK if grid.rules == "all" else None
        draft.sheet.frame((draft.left, top, draft.right, top + grid.step), fill=fill, outline=outline)
    for (_, title), wide in zip(grid.table.columns, grid.widths, strict=True):
        fitted = size * min(1, (wide - 2 * _PAD + 2) / fonts.width(grid.head, title, size))
        draft.sheet.text(x + _PAD, top + grid.step * 0.7, title, grid.head, fitted)
        x += wide
    if grid.rules in {"rows", "open"}:
        draft.sheet.line((draft.left, top + grid.step), (draft.right, top + grid.step), 0.8)
    draft.y += grid.step


def _panel(draft: Draft, grid: _Grid, panel: str) -> None:
    if grid.panels == "bar":
        box = (draft.left, draft.y, draft.right, draft.y + grid.step)
        draft.sheet.frame(box, fill=SHADE, outline=None)
    draft.label(draft.left + _PAD, draft.y + grid.step * 0.7, panel, size=grid.size, bold=grid.panels != "plain")
    draft.y += grid.step


_Cell = tuple[float, list[list[tuple[str, str]]]]
"""The size at which a cell is set, and the runs of each of its lines."""


def _cells(grid: _Grid, number: int) -> list[_Cell]:
    found: list[_Cell] = []
    for (form, _), wide in zip(grid.table.columns, grid.widths, strict=True):
        runs: Runs = grid.table.runs(number, form) if grid.table.rows else ()
        text, room = "".join(text for text, _ in runs), wide - 2 * _PAD + 2
        natural = fonts.width(grid.face, text, grid.size) if text else 0.0
        if natural <= room * 1.15 or " " not in text:
            found.append((grid.size * min(1.0, room / max(1.0, natural)), [list(runs)]))
            continue
        size = grid.size
        lines = broken_runs(runs, room, grid.face, size)
        while len(lines) > _LINES:
            size *= 0.94
            lines = broken_runs(runs, room, grid.face, size)
        found.append((size, lines))
    return found


def _row(draft: Draft, grid: _Grid, number: int, cells: Sequence[_Cell], high: float) -> None:
    x, top = draft.left, draft.y
    if grid.rules == "stripes" and number % 2:
        draft.sheet.frame((draft.left, top, draft.right, top + high), fill=(238, 239, 242), outline=None)
    for (size, lines), wide in zip(cells, grid.widths, strict=True):
        if grid.rules == "all":
            draft.sheet.frame((x, top, x + wide, top + high), width=0.6)
        for place, runs in enumerate(lines):
            draft.runs(x + _PAD, top + grid.step * 0.72 + place * grid.size * 1.2, runs, grid.face, size)
        x += wide
    draft.y += high
    if grid.rules == "rows":
        draft.sheet.line((draft.left, draft.y), (draft.right, draft.y), 0.4)
    name = grid.table.name
    if grid.table.rows and "panel" in grid.table.rows[number]:
        draft.sheet.mark(f"{name}.{number}.panel", draft.sheet.marks[f"{name}.{number}.test"])


def _frame_columns(draft: Draft, widths: Sequence[float], top: float) -> None:
    x = draft.left
    for wide in (0, *widths):
        x += wide
        draft.sheet.line((x, top), (x, draft.y), 0.6)
    draft.sheet.line((draft.left, top), (draft.right, top))
    draft.sheet.line((draft.left, draft.y), (draft.right, draft.y))


def _widths(
    draft: Draft, table: Table, face: fonts.Face, head: fonts.Face, *, wrapped: bool
) -> tuple[list[float], float]:
    """Each column's width by its longest cell, and the size at which all go beside each other.

    `wrapped`, or where they do not at a legible size: wide columns are narrowed, and their cells broken over lines.
    """
    size = min(draft.style.value_size, 10.0)

    def wanted(form: str, title: str) -> float:
        texts = ["".join(text for text, _ in table.runs(number, form)) for number in range(len(table.rows))]
        cells = [fonts.width(face, text, size) for text in texts]
        return max([fonts.width(head, title, size), *cells]) + 2 * _PAD + 4

    widths = [wanted(*column) for column in table.columns]
    if sum(widths) > draft.width:
        size = max(7.0, size * draft.width / sum(widths))
        widths = [wanted(*column) for column in table.columns]
    most = draft.width * (0.22 if wrapped else _MOST)
    if wrapped or sum(widths) > draft.width:
        widths = [min(wide, most) for wide in widths]
    by = min(1.0, draft.width / sum(widths))
    return [wide * by for wide in widths], size
