"""What is written of one document: its resources in order, and for each value where it went."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid5

from shared.documents import Cell, FieldValue, Row
from shared.export.document import Document, text_of

Json = str | int | float | bool | list["Json"] | dict[str, "Json"]
Body = dict[str, Json]
NOT_READ = "Not read"
"""Stands where FHIR requires a word, and none was found."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The value of `cell` stands in the resource at `url`, at `path` (FHIRPath)."""

    url: str
    path: str
    cell: FieldValue


class Book:
    """The resources of a Bundle by their addresses, which are the same whenever the document is written."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.resources: dict[str, Body] = {}
        self.marks: list[Mark] = []
        self._used: set[str] = set()

    def draft(self, kind: str, key: str) -> "Draft":
        """A resource of this `kind` to write; `key` tells it from others of the document."""
        return Draft(self, kind, f"urn:uuid:{uuid5(self.document.id, f'{kind} {key}')}")

    def cell(self, name: str) -> Cell:
        """The field's value, if it was found."""
        return self.document.reading.fields.get(name)

    def text(self, name: str) -> str | None:
        """The same as text; None where nothing was found, or nothing is said ("no allergies" as an empty list)."""
        cell = self.cell(name)
        return text_in_fhir(text_of(cell.value)) if cell else None

    def rows(self, table: str) -> tuple[Row, ...]:
        """The table's rows; none where the document has no such table."""
        return self.document.reading.tables.get(table, ())

    def has(self, *names: str) -> bool:
        """Whether one of the fields was found."""
        return any(self.text(name) for name in names)

    def note(self, name: str) -> None:
        """The field has its place in a resource."""
        self._used.add(name)

    def has_place(self, name: str) -> bool:
        """Whether it has."""
        return name in self._used

    def left(self) -> Iterator[tuple[str, FieldValue]]:
        """The fields that have no place yet."""
        found = self.document.reading.fields.items()
        return ((name, cell) for name, cell in found if cell is not None and name not in self._used)


class Draft:
    """One resource while it is written. Values are taken by it, so that Provenance can say whose they are."""

    def __init__(self, book: Book, kind: str, url: str) -> None:
        self._book, self._kind, self._url = book, kind, url
        self.body: Body = {"resourceType": kind, "id": url.removeprefix("urn:uuid:")}

    @property
    def reference(self) -> Body:
        """Points at the resource."""
        return {"reference": self._url}

    def take(self, name: str, path: str) -> str | None:
        """The text of the field `name`, which stands at `path` of this resource; None where it was not found."""
        cell = self._book.cell(name)
        text = self.take_cell(cell, path)
        if cell is not None:
            self._book.note(name)
        return text

    def take_cell(self, cell: Cell, path: str) -> str | None:
        """The same of a table's cell."""
        if cell is None:
            return None
        self._book.marks.append(Mark(self._url, f"{self._kind}.{path}", cell))
        return text_in_fhir(text_of(cell.value))

    def put(self, member: str, value: Json | None) -> None:
        """`member` is `value`; where there is none, it is left out (FHIR knows no empty members)."""
        self.body |= without_empty({member: value})

    def finish(self) -> Body:
        """It stands in the book; what points at it."""
        self._book.resources[self._url] = self.body
        return self.reference


def text_in_fhir(text: str) -> str | None:
    """`text` as FHIR's strings may be: no white space but blanks, tabs and line ends, and something besides."""
    return "".join(" " if _is_foreign(character) else character for character in text).strip() or None


def concept(text: str | None, *codings: Body) -> Body:
    """A CodeableConcept; empty where nothing was read."""
    body: Body = {}
    if codings:
        body["coding"] = list(codings)
    if text:
        body["text"] = text
    return body


def _is_foreign(character: str) -> bool:
    return character not in "\t\r\n" and (character.isspace() or unicodedata.category(character) == "Cc")


def without_empty(body: dict[str, Json | None]) -> Body:
    """`body` without the members that say nothing."""
    return {name: value for name, value in body.items() if value is not None and value not in ("", [], {})}
