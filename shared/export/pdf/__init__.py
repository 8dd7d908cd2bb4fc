"""Searchable PDF: the pages as they were read, and over each its text, which is not seen but found."""

from shared.export.pdf.searchable import searchable_pdf

__all__ = ["searchable_pdf"]
