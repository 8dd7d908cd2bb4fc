"""CSV and XLSX: a row a document, and a table of its own for each table that documents have.

Spreadsheets take text for what it is not: formulas, numbers, dates. In a workbook every cell says what it is, so that
texts stay texts. CSV cannot say it; there, what a spreadsheet would calculate begins with an apostrophe (OWASP, "CSV
Injection"), and is text to it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from shared.clock import to_rfc3339
from shared.documents import Row, Value
from shared.export.document import Document, is_confirmed, text_of
from shared.export.layout import Layout

Line = tuple[Value | None, ...]
MAIN = "documents"
"""What the table with a row a document is called. In code it is None: a clinic's own table may bear any name."""
_OF_DOCUMENT = ("id", "file_name", "sha256", "type", "template", "page_count", "received_at", "read_at")
_MARKS = ("needs_review", "confirmed")
_CALCULATES = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
_NEGATIVE = re.compile(r"-\d+(\.\d+)?")  # a number is no formula
_TO_EXCEL = "\ufeff"  # without it Excel takes UTF-8 for the machine's own code page


def header(layout: Layout, table: str | None = None) -> tuple[str, ...]:
    """The names of the columns. What is not a field's name has a dot, which no field's name can have."""
    marks = tuple(f"document.{name}" for name in _MARKS)
    if table is None:
        return (*(f"document.{name}" for name in _OF_DOCUMENT), *marks, *layout.fields)
    return ("document.id", "row.number", *(f"row.{name}" for name in _MARKS), *layout.tables[table])


def lines(document: Document, layout: Layout, table: str | None = None) -> Iterator[Line]:
    """The document's row, or its rows in one of its tables."""
    if table is None:
        yield (*_of_document(document), *_cells(document.reading.fields, layout.fields))
        return
    for number, row in enumerate(document.reading.tables.get(table, ()), start=1):
        yield (str(document.id), number, *_cells(row, layout.tables[table]))


def neutral(text: str) -> str:
    """`text` as no spreadsheet calculates it."""
    if _CALCULATES.match(text) and not _NEGATIVE.fullmatch(text):
        return f"'{text}"
    return text


def plain(value: Value | None) -> str:
    """`value` as text without characters that steer a program; lines end as Unix ends them."""
    text = "" if value is None else text_of(value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\N{REPLACEMENT CHARACTER}" if _steers(character) else character for character in text)


class CsvTable:
    """One table as CSV (RFC 4180) in UTF-8, written as it comes."""

    def __init__(self, target: BinaryIO, layout: Layout, table: str | None = None) -> None:
        self._text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
        self._text.write(_TO_EXCEL)
        self._rows = csv.writer(self._text)
        self._layout, self._table = layout, table
        self._rows.writerow(header(layout, table))

    def add(self, document: Document) -> None:
        """What the document has in this table stands there."""
        for line in lines(document, self._layout, self._table):
            self._rows.writerow([neutral(plain(value)) for value in line])

    def close(self) -> None:
        """All is written; the target stays open."""
        self._text.detach()


def _of_document(document: Document) -> Line:
    reading = document.reading
    template = f"{reading.template.name} {reading.template.version}" if reading.template else None
    moments = (to_rfc3339(document.received_at), to_rfc3339(document.read_at))
    kept = (str(document.id), reading.file_name, reading.sha256)
    return (*kept, reading.document_type, template, reading.page_count, *moments)


def _cells(row: Row, columns: tuple[str, ...]) -> Line:
    """What is to review and what a person confirmed, by name; then the values."""
    found = {name: cell for name, cell in row.items() if cell is not None}
    doubtful = "; ".join(name for name, cell in found.items() if cell.needs_review)
    confirmed = "; ".join(name for name, cell in found.items() if is_confirmed(cell))
    return (doubtful, confirmed, *(found[name].value if name in found else None for name in columns))


def _steers(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in "\n\t"
