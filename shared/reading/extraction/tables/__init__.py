"""What a document has several of: tables under a row of headings, and lists under a heading."""

from shared.reading.extraction.tables.finding import FoundTable, find_tables

__all__ = ["FoundTable", "find_tables"]
