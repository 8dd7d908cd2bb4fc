"""PDF pages, drawn by PDFium; where PDFium refuses a file, poppler is asked for a second opinion.

What a page shows is what counts: text layers are not looked at, since they may say something else.
"""

import ctypes
import shutil
from collections.abc import Iterator
from itertools import islice

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw as pdfium

from shared.reading.errors import FileDamaged, FileEncrypted
from shared.reading.load.page import LoadedPage
from shared.reading.settings import Limits

_POINTS_AN_INCH = 72
_FINEST_DPI = 300  # a page that is one scan is drawn as fine as it was scanned, up to this
_LOOKED_AT = 20  # objects of a page among which its scan is looked for
_SCAN_COVERS = 0.8  # of the page's width: such a picture is the page's scan
_POPPLER_SECONDS = 60


def open_pdf(payload: bytes, limits: Limits) -> tuple[int, Iterator[LoadedPage]]:
    """The number of pages, and the pages. Raises FileEncrypted and FileDamaged."""
    try:
        document = pypdfium2.PdfDocument(payload)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise FileEncrypted(
                "The PDF is protected by a password. Save it without one, or print it to a new PDF."
            ) from error
        return _open_with_poppler(payload, limits)
    document.init_forms()  # before pages are counted; else what was typed into fillable fields is not drawn
    if len(document) == 0:
        raise _damaged()
    return len(document), _pages(document, limits)


def _pages(document: pypdfium2.PdfDocument, limits: Limits) -> Iterator[LoadedPage]:
    for index in range(len(document)):
        try:
            page = document[index]
            dpi = _drawing_dpi(page, limits)
            bitmap = page.render(scale=dpi / _POINTS_AN_INCH, rev_byteorder=False)
            picture = _to_bgr(bitmap.to_numpy())
            page.close()
        except (pypdfium2.PdfiumError, ctypes.ArgumentError, ValueError) as error:
            raise _damaged(index + 1) from error
        yield LoadedPage(index + 1, picture, max(1, round(dpi)), bilevel=False)


def _drawing_dpi(page: pypdfium2.PdfPage, limits: Limits) -> float:
    """Dots an inch to draw `page` at: as fine as its scan, and never more pixels a side than the limit."""
    longest = max(page.get_size()) / _POINTS_AN_INCH
    wanted = min(max(limits.pdf_dpi, _scan_dpi(page)), _FINEST_DPI)
    return float(min(wanted, limits.pdf_side_pixels / max(longest, 0.1)))


def _scan_dpi(page: pypdfium2.PdfPage) -> float:
    """The resolution of the picture that fills `page`, 0 where there is none."""
    page_width = page.get_width()
    images = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2)
    finest = 0.0
    for image in islice(images, _LOOKED_AT):
        left, _, right, _ = image.get_bounds()
        width = right - left
        if width >= _SCAN_COVERS * page_width:
            finest = max(finest, max(image.get_px_size()) / max(page.get_size()) * _POINTS_AN_INCH)
    return finest


def _to_bgr(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """PDFium draws grey, BGR, or BGRx (x unused)."""
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR).astype(np.uint8)
    return np.ascontiguousarray(pixels[:, :, :3])


def _open_with_poppler(payload: bytes, limits: Limits) -> tuple[int, Iterator[LoadedPage]]:
    if shutil.which("pdftoppm") is None or shutil.which("pdfinfo") is None:
        raise _damaged()
    import pdf2image
    from pdf2image.exceptions import PDFPageCountError, PDFPopplerTimeoutError, PDFSyntaxError

    try:
        page_count = int(pdf2image.pdfinfo_from_bytes(payload, timeout=_POPPLER_SECONDS)["Pages"])
    except (PDFPageCountError, PDFSyntaxError, PDFPopplerTimeoutError, KeyError, ValueError) as error:
        raise _damaged() from error
    if page_count == 0:
        raise _damaged()
    return page_count, _poppler_pages(payload, page_count, limits)


def _poppler_pages(payload: bytes, page_count: int, limits: Limits) -> Iterator[LoadedPage]:
    import pdf2image
    from pdf2image.exceptions import PDFPopplerTimeoutError, PDFSyntaxError

    for number in range(1, page_count + 1):
        try:
            drawn = pdf2image.convert_from_bytes(
                payload, dpi=limits.pdf_dpi, first_page=number, last_page=number, timeout=_POPPLER_SECONDS
            )
            picture = cv2.cvtColor(np.asarray(drawn[0].convert("RGB")), cv2.COLOR_RGB2BGR).astype(np.uint8)
        except (PDFSyntaxError, PDFPopplerTimeoutError, OSError, IndexError) as error:
            raise _damaged(number) from error
        yield LoadedPage(number, picture, limits.pdf_dpi, bilevel=False)


def _damaged(number: int | None = None) -> FileDamaged:
    where = f"Page {number} of the PDF" if number else "The PDF"
    return FileDamaged(f"{where} is damaged and cannot be read. Save, scan or send the document again.")
