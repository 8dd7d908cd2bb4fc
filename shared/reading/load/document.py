"""Opens a file of any kind that is read, and hands out its pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.documents.kinds import Kind, kind_of
from shared.reading.errors import FileEmpty, FileTooLarge, FileTypeUnsupported, TooManyPages
from shared.reading.load.page import LoadedPage
from shared.reading.settings import MEGABYTE, Limits


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """A file that could be opened. `pages` is read once, and decodes a page only when it is asked for."""

    page_count: int
    pages: Iterator[LoadedPage]


def open_document(payload: bytes, limits: Limits) -> LoadedDocument:
    """The document in `payload`. Raises a ReadingError, here or from `pages`, for what cannot be read."""
    # PDFium and Pillow are loaded for the kinds that they read only.
    if not payload:
        raise FileEmpty("The file is empty. Scan or send the document again.")
    if len(payload) > limits.file_bytes:
        raise FileTooLarge(
            f"The file has {len(payload) / MEGABYTE:.0f} MB; the limit is {limits.file_bytes // MEGABYTE} MB. "
            "Scan it at a lower resolution or in parts."
        )
    kind = kind_of(payload)
    if kind is None:
        raise FileTypeUnsupported("The file is not a PDF, TIFF, PNG or JPEG. Save or scan it as one of these.")
    if kind is Kind.PDF:
        from shared.reading.load.pdf import open_pdf

        return _within(open_pdf(payload, limits), limits)
    from shared.reading.load.raster import open_raster

    return _within(open_raster(payload, kind, limits), limits)


def _within(document: tuple[int, Iterator[LoadedPage]], limits: Limits) -> LoadedDocument:
    page_count, pages = document
    if page_count > limits.pages:
        raise TooManyPages(
            f"The file has {page_count} pages; the limit is {limits.pages}. Split it into smaller documents."
        )
    return LoadedDocument(page_count, pages)
