"""What a document asks and says, in sections, before anything is laid out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.quality.extraction.generator.invention import Row, Value

Runs = tuple[tuple[str, str], ...]
"""Texts, each with the key of the field or cell that it is, "" for none; a line ends at "\\n"."""

_CELL = re.compile(r"\{(.+?)\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a value in a box of its own, which has `share` of the whole's width."""

    label: str
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing asked; where all runs are empty, it was left blank."""

    label: str
    runs: Runs
    options: tuple[str, ...] = ()
    chosen: int | None = None
    parts: tuple[Part, ...] = ()  # the boxes that a name or an address stands in

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields it asks for."""
        return tuple(key for _, key in self.runs if key)

    @property
    def text(self) -> str:
        """What stands there."""
        return "".join(text for text, _ in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as printed. A cell's key is `name.row.column`; what begins with "~" is no column that anybody asks for.

    `columns` are forms with their titles, `line` is the form of a row as a line of a list. A form is made of pieces
    divided by "|", each with one cell's name in braces, and left out where that cell is empty.
    """

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Mapping[str, str], ...]
    line: str = ""

    def runs(self, number: int, form: str) -> Runs:
        """What row `number` says in that form."""
        runs: list[tuple[str, str]] = []
        for piece in form.split("|"):
            before, column, after = _CELL.split(piece)
            text = str(number + 1) if column == "#" else self.rows[number].get(column, "")
            key = "" if column[0] in "~#" else f"{self.name}.{number}.{column}"
            if text:
                runs += [(before, ""), (text, key), (after, "")]
        return tuple(run for run in runs if run[0])


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under a heading, or a table."""

    heading: str
    entries: tuple[Entry, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """All of a document: `truth` has the canonical value of each key that is asked, None where blank."""

    kind: str
    title: str
    issuer: str
    sections: tuple[Section, ...]
    values: Mapping[str, Value]
    tables: Mapping[str, Sequence[Row]]
    signature: str = ""  # the field that says whether somebody signed
    signature_label: str = ""
    signer: str = ""
    signed: bool = False
    letterhead: tuple[tuple[str, str, str], ...] = ()  # label, printed, key
