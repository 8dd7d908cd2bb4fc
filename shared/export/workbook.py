"""XLSX: the same tables as sheets of one workbook, written row by row."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shared.documents import Value
from shared.export.document import Document
from shared.export.errors import TooManyRows
from shared.export.layout import Layout
from shared.export.tabular import MAIN, Line, header, lines, plain

_MOST_ROWS = 1_048_576  # of a sheet; with the next, from Excel's specifications and limits
_MOST_CHARACTERS = 32_767  # of a cell, as UTF-16 counts them
_LONGEST_NAME = 31  # of a sheet
_EXCELS_OWN = "history"  # a name that no sheet may have
_EXACT = 10**15  # integers from here on would lose digits, as spreadsheets count in doubles
_CUT = " […]"  # ends a text that a cell does not hold


class Workbook:
    """A workbook with a row a document on its first sheet, and a sheet for each table.

    Rows that were written are in files in the folder `scratch` until the workbook is closed; without it, in memory."""

    def __init__(self, target: BinaryIO, layout: Layout, at: datetime, scratch: Path | None = None) -> None:
        kept = {"constant_memory": True, "tmpdir": str(scratch)} if scratch else {"in_memory": True}
        self._book = xlsxwriter.Workbook(target, kept)
        self._book.set_properties({"created": at.replace(tzinfo=None)})
        self._layout = layout
        bold = self._book.add_format({"bold": True})
        names = sheet_names((MAIN, *layout.tables))
        self._sheets = [
            (table, _Sheet(self._book.add_worksheet(name), bold, header(layout, table)))
            for table, name in zip((None, *layout.tables), names, strict=True)
        ]

    def add(self, document: Document) -> None:
        """What the document has stands on every sheet. Raises TooManyRows."""
        for table, sheet in self._sheets:
            for line in lines(document, self._layout, table):
                sheet.append(line)

    def close(self) -> None:
        """All is written; the target stays open."""
        self._book.close()


def sheet_names(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """A name for each, of those that Excel takes, no two alike but for capitals."""
    given: list[str] = []
    for name in wanted:
        candidate, number = name[:_LONGEST_NAME], 1
        while candidate.lower() in {*given, _EXCELS_OWN}:
            number += 1
            candidate = f"{name[: _LONGEST_NAME - len(str(number)) - 1]}_{number}"
        given.append(candidate)
    return tuple(given)


class _Sheet:
    """One sheet, its first row the names of its columns."""

    def __init__(self, sheet: Worksheet, bold: Format, columns: tuple[str, ...]) -> None:
        self._sheet, self._next = sheet, 1
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, bold)

    def append(self, line: Line) -> None:
        if self._next >= _MOST_ROWS:
            raise TooManyRows("A sheet holds no more rows than 1,048,576. Export fewer documents at once, or CSV.")
        for place, value in enumerate(line):
            self._write(place, value)
        self._next += 1

    def _write(self, place: int, value: Value | None) -> None:
        match value:
            case None | "":
                return
            case bool():
                self._sheet.write_boolean(self._next, place, value)
            case int() | float() if abs(value) < _EXACT:
                self._sheet.write_number(self._next, place, value)
            case _:
                self._sheet.write_string(self._next, place, _held(plain(value)))


def _held(text: str) -> str:
    """`text`, or as much of it as a cell holds."""
    if len(text.encode("utf-16-le")) // 2 <= _MOST_CHARACTERS:
        return text
    whole = text.encode("utf-16-le")[: (_MOST_CHARACTERS - len(_CUT)) * 2]
    return whole.decode("utf-16-le", errors="ignore") + _CUT
