"""What an organization lays down for its devices; and a reading without anything that stood on the document."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.documents import Cell, FieldValue, Reading, ReadingFault
from shared.documents.geometry import NOWHERE
from shared.wire.v1.message import Message
from shared.wire.v1.sync import DocumentRead


class ServerSees(StrEnum):
    """What of documents the server may hold: all that was read, sealed; or that it was read, how much, how surely."""

    EVERYTHING = "everything"
    METADATA = "metadata"


class PolicyState(Message):
    """Payload of a `policy`. None where the organization leaves it to the device's own settings."""

    server_sees: ServerSees = ServerSees.EVERYTHING
    retention_years: Annotated[int, Field(ge=0, le=100)] | None = None
    lock_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None


def withheld(read: DocumentRead) -> DocumentRead:
    """`read` for a server that sees metadata only (PROTOCOL.md, section 4.9)."""
    return read.model_copy(update={"reading": _withheld(read.reading)})


def is_withheld(read: DocumentRead) -> bool:
    """Whether `read` holds nothing that stood on the document, or in its file's name."""
    return not read.reading.pages and read.reading == _withheld(read.reading)


def _withheld(reading: Reading) -> Reading:
    tables = {
        name: tuple({column: _blank(cell) for column, cell in row.items()} for row in rows)
        for name, rows in reading.tables.items()
    }
    return replace(
        reading,
        file_name="",
        pages=(),
        fields={name: _blank(cell) for name, cell in reading.fields.items()},
        tables=tables,
        error=ReadingFault(reading.error.code, "") if reading.error else None,
    )


def _blank(cell: Cell) -> Cell:
    if cell is None:
        return None
    return FieldValue("", "", cell.confidence, cell.page, NOWHERE, cell.source, cell.needs_review)
