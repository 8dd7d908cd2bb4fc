"""From a page's words and marks to the record that a template asks for."""

from shared.reading.extraction.marks import PageMarks, SeenPage, find_marks
from shared.reading.extraction.record import Record, extract
from shared.reading.extraction.warming import warm_up

__all__ = ["PageMarks", "Record", "SeenPage", "extract", "find_marks", "warm_up"]
