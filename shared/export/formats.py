"""The forms in which documents are handed on: all in one file, or a file each."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from shared.export.document import Document
from shared.export.layout import Layout, layout_of


class Format(StrEnum):
    """What `--format` and `?format=` take."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    FHIR = "fhir"
    HL7 = "hl7"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """Of a file that holds one document."""
        return _MEDIA_TYPES[self]

    @property
    def endings(self) -> tuple[str, ...]:
        """What the names of one document's own files may end with."""
        return _ENDINGS.get(self, (f".{self}",))

    @property
    def is_single(self) -> bool:
        """Whether a file holds one document alone."""
        return self is Format.PDF

    @property
    def is_tabular(self) -> bool:
        """Whether documents share tables, whose columns have to be known before the first of them is written."""
        return self in (Format.CSV, Format.XLSX)


_MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
    Format.FHIR: "application/fhir+json",
    Format.HL7: "application/hl7-v2; charset=utf-8",
    Format.PDF: "application/pdf",
}
_ENDINGS = {Format.FHIR: (".fhir.json",), Format.HL7: (".mdm.hl7", ".oru.hl7")}


class Writer(Protocol):
    """Takes documents one by one, and keeps none of them."""

    def add(self, document: Document) -> None:
        """The document is in the file, or nothing of it is. Raises ChartdropError where it cannot be exported."""

    def close(self) -> None:
        """The file is whole; it is the caller's to close."""


@dataclass(frozen=True, slots=True)
class SingleFile:
    """One document's file; `ending` is what comes after the name that the caller gives."""

    ending: str
    content: bytes


def open_writer(form: Format, target: BinaryIO, layout: Layout, at: datetime, scratch: Path | None = None) -> Writer:
    """What writes documents into `target` at the moment `at`: any number, or one where the form `is_single`.

    `layout` says the columns of tables; `scratch` is a folder for what a workbook cannot keep in memory."""
    match form:
        case Format.CSV:
            from shared.export.tabular import CsvTable

            return CsvTable(target, layout)
        case Format.XLSX:
            from shared.export.workbook import Workbook

            return Workbook(target, layout, at, scratch)
        case Format.JSON:
            from shared.export.json_lines import json_line

            return _Pieces(target, json_line)
        case Format.FHIR:
            from shared.export.fhir import fhir_bundle

            return _Pieces(target, lambda document: fhir_bundle(document, at))
        case Format.HL7:
            from shared.export.hl7 import Batch

            return Batch(target, at)
        case Format.PDF:
            from shared.export.pdf import searchable_pdf

            return _Pieces(target, lambda document: searchable_pdf(document, at))


def csv_writer(target: BinaryIO, layout: Layout, table: str | None) -> Writer:
    """What writes the documents' rows in `table` into `target`; None: a row a document."""
    from shared.export.tabular import CsvTable

    return CsvTable(target, layout, table)


def single_files(form: Format, document: Document, at: datetime) -> tuple[SingleFile, ...]:
    """The files of this document alone. Raises ChartdropError where it cannot be exported."""
    if form is Format.HL7:
        from shared.export.hl7 import hl7_messages

        return tuple(SingleFile(f".{one.kind}.hl7", one.content) for one in hl7_messages(document, at))
    return (SingleFile(form.endings[0], one_file(form, document, at)),)


def one_file(form: Format, document: Document, at: datetime) -> bytes:
    """This document alone as one file, whatever the form. Raises ChartdropError where it cannot be exported."""
    target = io.BytesIO()
    writer = open_writer(form, target, layout_of([document.reading]), at)
    writer.add(document)
    writer.close()
    return target.getvalue()


class _Pieces:
    """Writes what one function makes of each document."""

    def __init__(self, target: BinaryIO, piece: Callable[[Document], bytes]) -> None:
        self._target, self._piece = target, piece

    def add(self, document: Document) -> None:
        self._target.write(self._piece(document))

    def close(self) -> None:
        self._target.flush()
