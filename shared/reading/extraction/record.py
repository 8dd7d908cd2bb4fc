"""What a template's fields and tables are on a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.documents import Cell, Row
from shared.reading.extraction.marks import SeenPage
from shared.templates import Template


@dataclass(frozen=True, slots=True)
class Record:
    """A value or None for every field, and the rows of every table."""

    fields: Mapping[str, Cell] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


def extract(pages: Sequence[SeenPage], template: Template) -> Record:
    """The record of `template` on `pages`."""
    return Record({item.name: None for item in template.fields}, {table.name: () for table in template.tables})
