"""Bytes in, upright-as-stored page pictures out, one at a time, within limits."""

from shared.reading.load.document import LoadedDocument, open_document
from shared.reading.load.page import LoadedPage, TextLayer

__all__ = ["LoadedDocument", "LoadedPage", "TextLayer", "open_document"]
