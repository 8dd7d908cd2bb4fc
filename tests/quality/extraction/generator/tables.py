"""Tables in several ways: ruled all round, between rows, striped, open, or as lists with codes before or behind."""

from collections.abc import Sequence

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.content import Entry, Table
from tests.quality.extraction.generator.draft import Draft
from tests.quality.extraction.generator.furniture import heading, tint
from tests.quality.extraction.generator.sheet import BLACK, SHADE

_BLANK_ROWS = 3
_PAD = 4.0


def draw_table(draft: Draft, table: Table, *, as_list: bool | None = None) -> None:
    """The table under its title."""
    draft.room(draft.style.size * 7)
    heading(draft, table.title)
    if as_list is None:
        as_list = table.name == "secondary_diagnoses" and draft.draw.random() < 0.5
    if as_list and table.name == "secondary_diagnoses":
        _list(draft, table)
    else:
        _columns(draft, table)
    draft.y += draft.style.size * 0.8


def _list(draft: Draft, table: Table) -> None:
    """Diagnoses one to a line."""
    size, draw = draft.style.value_size, draft.draw
    form = draw.choice(("{d} ({c})", "{c} {d}", "{d} - {c}", "{d}  {c}", "{c} - {d}", "{d} [{c}]", "{d}, {c}"))
    lead = draw.choice(("{}. ", "{}) ", "• ", "- ", "", "#{} "))
    two = draw.random() < 0.3 and len(table.rows) > 2
    face = draft.value_face(
        [f"{table.name}.{n}.{column}" for n in range(len(table.rows)) for column, _ in table.columns]
    )
    for number, row in enumerate(table.rows or ({},) * _BLANK_ROWS):
        if not two or number % 2 == 0:
            draft.room(size * 1.5)
            draft.y += size * 1.45
        x = draft.left + 10 + (draft.width / 2 if two and number % 2 else 0)
        if not row:
            draft.sheet.line((x, draft.y), (draft.right, draft.y), 0.5)
            continue
        runs: list[tuple[str, str]] = [(lead.format(number + 1), "")]
        for piece in form.replace("{d}", "|d|").replace("{c}", "|c|").split("|"):
            column = {"d": "description", "c": "icd10_code"}.get(piece)
            runs.append((row[column], f"{table.name}.{number}.{column}") if column else (piece, ""))
        entry = Entry("", tuple(runs))
        size_fit, lines = draft.fit(entry, (draft.width / 2 if two else draft.width) - 20, face)
        draft.runs(x, draft.y, lines[0], face, size_fit)
    draft.y += size * 0.5


def _columns(draft: Draft, table: Table) -> None:
    draw, style = draft.draw, draft.style
    rules = draw.choice(("all", "all", "rows", "stripes", "open", "columns"))
    size = min(style.value_size, 10.0)
    face = draft.value_face([f"{table.name}.{n}.{c}" for n in range(len(table.rows)) for c, _ in table.columns])
    head = draft.face(bold=True)
    widths, size = _widths(draft, table, face, size)
    if rules == "open" and draw.random() < 0.5:
        spare = draft.width - sum(widths)
        widths[-1] += spare
    else:
        stretch = draft.width / sum(widths)
        widths = [wide * stretch for wide in widths]
    step = size * draw.uniform(1.45, 1.9)

    def titles() -> None:
        top = draft.y
        x = draft.left
        if rules in {"all", "stripes"}:
            fill = draw.choice((SHADE, tint(style.accent), None))
            draft.sheet.frame(
                (draft.left, top, draft.right, top + step), fill=fill, outline=BLACK if rules == "all" else None
            )
        for (_, title), wide in zip(table.columns, widths, strict=True):
            fitted = size * min(1, (wide - 2 * _PAD + 2) / fonts.width(head, title, size))
            draft.sheet.text(x + _PAD, top + step * 0.7, title, head, fitted)
            x += wide
        if rules in {"rows", "open"}:
            draft.sheet.line((draft.left, top + step), (draft.right, top + step), 0.8)
        draft.y += step

    titles()
    panel, top = "", draft.y
    for number, row in enumerate(table.rows or ({},) * _BLANK_ROWS):
        if draft.room(step * 2):
            titles()
            top = draft.y
        if row.get("panel", "") != panel:
            panel = row["panel"]
            draft.label(draft.left + _PAD, draft.y + step * 0.7, panel, size=size, bold=True)
            draft.y += step
        _row(draft, table, number, row, widths, step, size, face, rules)
    if rules == "columns":
        _frame_columns(draft, widths, top - step)


def _row(  # a row's geometry
    draft: Draft,
    table: Table,
    number: int,
    row: object,
    widths: Sequence[float],
    step: float,
    size: float,
    face: fonts.Face,
    rules: str,
) -> None:
    assert isinstance(row, dict)
    x, top = draft.left, draft.y
    if rules == "stripes" and number % 2:
        draft.sheet.frame((draft.left, top, draft.right, top + step), fill=(238, 239, 242), outline=None)
    for (column, _), wide in zip(table.columns, widths, strict=True):
        if rules == "all":
            draft.sheet.frame((x, top, x + wide, top + step), width=0.6)
        text = row.get(column, "")
        if text:
            key = f"{table.name}.{number}.{column}"
            fitted = size * min(1, (wide - 2 * _PAD + 2) / fonts.width(face, text, size))
            draft.runs(x + _PAD, top + step * 0.72, [(text, key)], face, fitted)
        x += wide
    draft.y += step
    if rules == "rows":
        draft.sheet.line((draft.left, draft.y), (draft.right, draft.y), 0.4)
    if "panel" in row:
        draft.sheet.mark(f"{table.name}.{number}.panel", draft.sheet.marks[f"{table.name}.{number}.test"])


def _frame_columns(draft: Draft, widths: Sequence[float], top: float) -> None:
    x = draft.left
    for wide in (0, *widths):
        x += wide
        draft.sheet.line((x, top), (x, draft.y), 0.6)
    draft.sheet.line((draft.left, top), (draft.right, top))
    draft.sheet.line((draft.left, draft.y), (draft.right, draft.y))


def _widths(draft: Draft, table: Table, face: fonts.Face, size: float) -> tuple[list[float], float]:
    """Each column's width by its longest cell, and the size at which all go beside each other."""
    head = draft.face(bold=True)

    def wanted(column: str, title: str) -> float:
        cells = [fonts.width(face, row.get(column, ""), size) for row in table.rows]
        return max([fonts.width(head, title, size), *cells]) + 2 * _PAD + 4

    widths = [wanted(column, title) for column, title in table.columns]
    if sum(widths) > draft.width:
        size = max(6.0, size * draft.width / sum(widths))
        widths = [wanted(column, title) for column, title in table.columns]
    return widths, size
