"""What a document is once it was read: pages of text lines, and a record of fields.

Plain values: frozen dataclasses whose field names are those of the contract's JSON, so that one
codec (`shared.wire.v1.readings`) serves the command line, the vault, the wire and the server.
"""

from shared.documents.geometry import Box, Point, Polygon, bounds, box_polygon, scaled, union
from shared.documents.reading import (
    Cell,
    FieldValue,
    Page,
    Reading,
    ReadingFault,
    Row,
    Scalar,
    TemplateRef,
    TextLine,
    Timings,
    Value,
    Word,
    failed_reading,
    moved,
)

__all__ = [
    "Box",
    "Cell",
    "FieldValue",
    "Page",
    "Point",
    "Polygon",
    "Reading",
    "ReadingFault",
    "Row",
    "Scalar",
    "TemplateRef",
    "TextLine",
    "Timings",
    "Value",
    "Word",
    "bounds",
    "box_polygon",
    "failed_reading",
    "moved",
    "scaled",
    "union",
]
