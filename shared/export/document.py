"""A document as it is handed on, and how its values are named and written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.documents import FieldValue, Reading, Value
from shared.documents.reading import PERSON
from shared.templates.glossary import glossary


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a page as it was read: a file of `media_type` (image/png, image/jpeg)."""

    data: bytes
    media_type: str


def no_original() -> bytes | None:
    """Where nobody holds the file that was read."""
    return None


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document by now: `reading` with what people corrected.

    `received_at` is when the file came in, `read_at` when it was read. `original` gives the file itself, None where it
    is not held; `picture` the picture of page `number` (from 1). Both are asked for at need, and may raise
    ChartdropError."""

    id: UUID
    reading: Reading
    received_at: datetime
    read_at: datetime
    original: Callable[[], bytes | None] = no_original
    picture: Callable[[int], PagePicture] | None = None


def is_confirmed(cell: FieldValue) -> bool:
    """Whether a person gave or confirmed the value; else a machine read it."""
    return cell.source == PERSON


def places(reading: Reading) -> Iterator[tuple[str, FieldValue]]:
    """Everything that was found with where: "fields.patient_name", "tables.medications.0.dose" (rows from 0)."""
    for name, cell in reading.fields.items():
        if cell is not None:
            yield f"fields.{name}", cell
    for table, rows in reading.tables.items():
        for number, row in enumerate(rows):
            yield from ((f"tables.{table}.{number}.{name}", cell) for name, cell in row.items() if cell is not None)


def text_of(value: Value) -> str:
    """`value` as plain text: several are parted by "; "."""
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "; ".join(value)
    return str(value)


def title_of(name: str) -> str:
    """What a field is called; of a clinic's own, its name as words: "wound_site" is "Wound site"."""
    known = glossary()["fields"].get(name)
    return str(known["title"]) if known else name.replace("_", " ").capitalize()
