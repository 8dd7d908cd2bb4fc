"""One document's record as a person reads it."""

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from desktop.cli.printing import confidence_mark, console, plain, review_mark
from shared.documents import Cell, FieldValue, Reading, Row, Value

_SHOWN_LINES = 40  # of a document on which nothing was found; --json has them all


def print_reading(reading: Reading) -> None:
    """The record is on standard output: what was found, and what was not."""
    out = console()
    out.print(_heading(reading))
    found = {name: cell for name, cell in reading.fields.items() if cell is not None}
    if found:
        out.print(Padding(_fields(found), (0, 0, 0, 2)))
    for name, rows in reading.tables.items():
        if rows:
            out.print(Padding(_table(name, rows), (0, 0, 0, 2)))
    if count := reading.to_review:
        words = "1 value to check, marked ?" if count == 1 else f"{count} values to check, marked ?"
        out.print(Padding(Text(words, style="yellow"), (0, 0, 0, 2)))
    missing = [name for name, cell in reading.fields.items() if cell is None]
    if missing:
        out.print(Padding(Text("nothing found for " + ", ".join(missing), style="dim"), (0, 0, 0, 2)))
    if not reading.fields and not any(reading.tables.values()):
        _print_lines(reading)
    out.print()


def _heading(reading: Reading) -> Text:
    pages = "1 page" if reading.page_count == 1 else f"{reading.page_count} pages"
    heading = Text(plain(reading.file_name), style="bold")
    heading.append(f"  {reading.document_type}", style="cyan")
    if reading.template:
        heading.append(" ").append_text(confidence_mark(reading.document_type_confidence))
    return heading.append(f"  {pages}, {reading.timings_ms.total / 1000:.1f} s", style="dim")


def _fields(found: dict[str, FieldValue]) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("field", style="cyan", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("sure", justify="right")
    table.add_column("page", justify="right", style="dim")
    for name, cell in found.items():
        table.add_row(name, _value(cell), confidence_mark(cell.confidence), str(cell.page))
    return table


def _table(name: str, rows: tuple[Row, ...]) -> Table:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = Table(*columns, title=name, title_justify="left", title_style="cyan", box=box.SIMPLE, pad_edge=False)
    for row in rows:
        table.add_row(*(_value(row.get(column)) for column in columns))
    return table


def _value(cell: Cell) -> Text:
    if cell is None:
        return Text("–", style="dim")
    shown = Text(_words(cell.value))
    for other in cell.alternatives:
        shown.append(f" or {_words(other)}", style="dim")
    return shown.append_text(review_mark(cell.needs_review))


def _words(value: Value) -> str:
    match value:
        case bool(yes):
            return "yes" if yes else "no"
        case tuple(several):
            return plain(", ".join(several)) or "none"
        case single:
            return plain(str(single))


def _print_lines(reading: Reading) -> None:
    out = console()
    lines = [line.text for page in reading.pages for line in page.lines]
    for text in lines[:_SHOWN_LINES]:
        out.print(Text("  " + plain(text)))
    if len(lines) > _SHOWN_LINES:
        out.print(Text(f"  … and {len(lines) - _SHOWN_LINES} lines more (--json has them all)", style="dim"))
