"""One document's reading, field for field as section 2 of the contract prints it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from shared.documents.geometry import Point, Polygon, moved_polygon

Scalar = str | bool | int | float
Value = Scalar | tuple[str, ...]
UNKNOWN = "unknown"
PERSON = "person"
"""The `source` of a value that a person gave or confirmed."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line; `confidence` is 0..1."""

    text: str
    confidence: float
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text as printed; `words` in order, empty where the engine gives none."""

    text: str
    confidence: float
    polygon: Polygon
    words: tuple[Word, ...] = ()

    @property
    def parts(self) -> tuple[Word, ...]:
        """Its words, or where the engine gives none all of it as one."""
        return self.words or (Word(self.text, self.confidence, self.polygon),)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read, upright.

    `width`, `height` are pixels and `dpi` dots an inch of the page as read. `rotation` (0, 90, 180, 270 degrees
    clockwise) and then `skew_degrees` (clockwise) say how the input page was turned to read it.
    """

    number: int
    width: int
    height: int
    dpi: int
    rotation: int
    skew_degrees: float
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value that stands on a page: `value` normalised, `text` as printed, `confidence` 0..1.

    `source` says how it was found: "layout" (text near its label), "pixels" (a checkbox or signature), or "person"
    where somebody gave or confirmed it.
    `needs_review`: a person looks at it before anything relies on it; it may as well be one of the `alternatives`.
    """

    value: Value
    text: str
    confidence: float
    page: int
    polygon: Polygon
    source: str = "layout"
    needs_review: bool = False
    alternatives: tuple[Value, ...] = ()


Cell = FieldValue | None
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """The schema template a record follows."""

    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Timings:
    """How long each step took, in milliseconds."""

    load: int = 0
    preprocess: int = 0
    ocr: int = 0
    extract: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class ReadingFault:
    """Why a file could not be read: a stable code and a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one file. With an `error` there are no pages."""

    file_name: str
    sha256: str
    page_count: int
    document_type: str = UNKNOWN
    document_type_confidence: float = 0.0
    template: TemplateRef | None = None
    pages: tuple[Page, ...] = ()
    fields: Mapping[str, Cell] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    timings_ms: Timings = Timings()
    error: ReadingFault | None = None

    def values(self) -> Iterator[FieldValue]:
        """All that was found: of the fields, then of the tables."""
        cells = [
            *self.fields.values(),
            *(cell for rows in self.tables.values() for row in rows for cell in row.values()),
        ]
        return (cell for cell in cells if cell is not None)

    @property
    def to_review(self) -> int:
        """How many values a person has to look at."""
        return sum(value.needs_review for value in self.values())


def moved(line: TextLine, by: Point) -> TextLine:
    """`line` as it stands on a page of which it was read a part, whose top left corner is at `by`."""
    words = tuple(replace(word, polygon=moved_polygon(word.polygon, by)) for word in line.words)
    return replace(line, polygon=moved_polygon(line.polygon, by), words=words)


def failed_reading(file_name: str, sha256: str, code: str, message: str) -> Reading:
    """The reading of a file that could not be read."""
    return Reading(file_name, sha256, page_count=0, error=ReadingFault(code, message))
