"""From a page's words and marks to the record that a template asks for."""

from shared.reading.extraction.marks import PageMarks, SeenPage, find_marks
from shared.reading.extraction.record import Record, extract

__all__ = ["PageMarks", "Record", "SeenPage", "extract", "find_marks"]
