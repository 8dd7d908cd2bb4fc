"""PDF pages, drawn by PDFium; where PDFium refuses a file, poppler is asked for a second opinion.

What a page shows is what counts: of its text layer only that is taken which the picture was seen to show.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import replace
from math import ceil

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw as pdfium

from shared.documents import Box, Point, scaled
from shared.reading.errors import FileEncrypted
from shared.reading.load.damage import damaged_pdf
from shared.reading.load.layer_lines import lines_of, turned_box, upright_turn
from shared.reading.load.layer_proof import PROOF_DPI, prove
from shared.reading.load.page import LoadedPage, Picture, TextLayer
from shared.reading.load.page_objects import image_size, objects_of, width_of
from shared.reading.load.paper import POINTS_AN_INCH, drawing_dpi, refuse_oversize
from shared.reading.load.poppler import open_with_poppler
from shared.reading.load.text_layer import LayerUnusable, find_words, hide_text
from shared.reading.settings import Limits

_FINEST_DPI = 300  # a page that is one scan is drawn as fine as it was scanned, up to this
_SCAN_COVERS = 0.8  # of the page's width: such a picture is the page's scan
_FAULTS = (pypdfium2.PdfiumError, ctypes.ArgumentError, ValueError)
"""What pypdfium2 raises on broken pages."""


def open_pdf(payload: bytes, limits: Limits) -> tuple[int, Iterator[LoadedPage]]:
    """The number of pages, and the pages. Raises FileEncrypted and FileDamaged."""
    try:
        document = pypdfium2.PdfDocument(payload)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise FileEncrypted(
                "The PDF is protected by a password. Save it without one, or print it to a new PDF."
            ) from error
        return open_with_poppler(payload, limits)
    document.init_forms()  # before pages are counted; else what was typed into fillable fields is not drawn
    if len(document) == 0:
        raise damaged_pdf()
    return len(document), _pages(document, limits)


def _pages(document: pypdfium2.PdfDocument, limits: Limits) -> Iterator[LoadedPage]:
    for index in range(len(document)):
        try:
            page = document[index]
            dpi = _fineness(page, index + 1, limits)
            picture = _draw(page, dpi)
            layer = _text_layer(page, picture, dpi)
            page.close()
        except _FAULTS as error:
            raise damaged_pdf(index + 1) from error
        yield LoadedPage(index + 1, picture, max(1, round(dpi)), bilevel=False, layer=layer)


def _fineness(page: pypdfium2.PdfPage, number: int, limits: Limits) -> float:
    """Dots an inch to draw `page` at: as fine as its scan where it is one. Raises PageTooLarge."""
    finest = 0.0
    for item, kind in objects_of(page):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            size = image_size(item)
            refuse_oversize(size, number, limits)  # before PDFium unpacks it
            if width_of(item) >= _SCAN_COVERS * page.get_width():
                finest = max(finest, max(size) / max(page.get_size()) * POINTS_AN_INCH)
    wanted = min(max(limits.pdf_dpi, finest), _FINEST_DPI)
    return drawing_dpi(page.get_size(), wanted, number, limits)


def _draw(page: pypdfium2.PdfPage, dpi: float) -> Picture:
    bitmap = page.render(scale=dpi / POINTS_AN_INCH, rev_byteorder=False)
    return _to_bgr(bitmap.to_numpy())


def _to_bgr(pixels: NDArray[np.uint8]) -> Picture:
    """PDFium draws grey, BGR, or BGRx (x unused)."""
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR).astype(np.uint8)
    return np.ascontiguousarray(pixels[:, :, :3])


def _text_layer(page: pypdfium2.PdfPage, picture: Picture, dpi: float) -> TextLayer | None:
    """The text of `page` that it shows; None where the page has none, or it is not to be trusted."""
    if dpi < PROOF_DPI:
        return None
    size = (picture.shape[1], picture.shape[0])
    shown = _draw(page, PROOF_DPI)
    try:
        text = find_words(page, (shown.shape[1], shown.shape[0]))
        if not text.words:
            return None
        hide_text(page)
        words, unread = prove(text, shown, _draw(page, PROOF_DPI))
    except LayerUnusable:
        return None
    finer = size[0] / shown.shape[1], size[1] / shown.shape[0]
    words = tuple(replace(word, box=scaled(word.box, *finer)) for word in words)
    rotation = upright_turn(words)
    lines = lines_of(words, size, rotation)
    if unread is None:
        return TextLayer(lines, rotation)
    return TextLayer(lines, rotation, *_rest(_draw(page, dpi), scaled(unread, *finer), rotation))


def _rest(bare: Picture, unread: Box, rotation: int) -> tuple[Picture, Point]:
    """What stands in `unread`, turned clockwise by `rotation`, and where its corner is on the page turned so."""
    place = turned_box(unread, (bare.shape[1], bare.shape[0]), rotation)
    part = bare[int(unread.top) : ceil(unread.bottom), int(unread.left) : ceil(unread.right)]
    return np.ascontiguousarray(np.rot90(part, -rotation // 90)), (place.left, place.top)
