"""What a PDF page is made of, walked within bounds: forms may hold each other in endless number."""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2
from pypdfium2 import raw as pdfium

MOST = 50_000
"""Objects of a page that are looked at: more is a drawing, or an attack."""

PageObject = Any
"""PDFium's handle."""


def objects_of(page: pypdfium2.PdfPage) -> Iterator[tuple[PageObject, int]]:
    """The objects of `page` and of its forms, the outermost first, each with its kind; at most `MOST`."""
    waiting = [
        pdfium.FPDFPage_GetObject(page, number) for number in range(_at_most(pdfium.FPDFPage_CountObjects(page)))
    ]
    for seen, item in enumerate(waiting):  # grows meanwhile
        if seen >= MOST:
            return
        kind = pdfium.FPDFPageObj_GetType(item)
        yield item, kind
        if kind == pdfium.FPDF_PAGEOBJ_FORM and len(waiting) < MOST:
            count = _at_most(pdfium.FPDFFormObj_CountObjects(item))
            waiting.extend(pdfium.FPDFFormObj_GetObject(item, number) for number in range(count))


def image_size(image: PageObject) -> tuple[int, int]:
    """Width and height of an image as it is stored, in pixels; nothing is unpacked. (0, 0) of a broken one."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(image, width, height)
    return width.value, height.value


def width_of(item: PageObject) -> float:
    """How wide an object is, in points."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return right.value - left.value


def _at_most(count: int) -> int:
    return min(max(count, 0), MOST)
