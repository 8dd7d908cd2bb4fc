"""The second opinion on a PDF that PDFium refuses: poppler, where it is installed, in processes of its own.

They inherit this process's limit of memory; for as long as one runs, it is set to what they may use.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from shared.reading.load.damage import damaged_pdf
from shared.reading.load.page import LoadedPage
from shared.reading.load.paper import drawing_dpi
from shared.reading.settings import Limits

_OWN_BYTES = 500_000_000  # address space that this process may need beside what it has, to take in a drawn page
_SIZE = re.compile(r"([\d.]+) x ([\d.]+) pts")


def open_with_poppler(payload: bytes, limits: Limits) -> tuple[int, Iterator[LoadedPage]]:
    """The number of pages, and the pages. Raises FileDamaged where poppler is not there or refuses too."""
    if shutil.which("pdftoppm") is None or shutil.which("pdfinfo") is None:
        raise damaged_pdf()
    page_count = int(_described(payload, limits).get("Pages", 0))
    if page_count <= 0:
        raise damaged_pdf()
    return page_count, _pages(payload, page_count, limits)


def _pages(payload: bytes, page_count: int, limits: Limits) -> Iterator[LoadedPage]:
    import pdf2image
    from pdf2image.exceptions import PDFPopplerTimeoutError, PDFSyntaxError

    for number in range(1, page_count + 1):
        dpi = _drawing_dpi(payload, number, limits)
        try:
            with _bounded(limits):
                drawn = pdf2image.convert_from_bytes(
                    payload, dpi=dpi, first_page=number, last_page=number, timeout=limits.poppler_seconds
                )
            picture = cv2.cvtColor(np.asarray(drawn[0].convert("RGB")), cv2.COLOR_RGB2BGR).astype(np.uint8)
        except (PDFSyntaxError, PDFPopplerTimeoutError, OSError, ValueError, IndexError) as error:
            raise damaged_pdf(number) from error
        yield LoadedPage(number, picture, dpi, bilevel=False)


def _drawing_dpi(payload: bytes, number: int, limits: Limits) -> int:
    described = _described(payload, limits, number)
    size = _SIZE.match(described.get(f"Page {number:4d} size", ""))
    if size is None:
        raise damaged_pdf(number)
    return int(drawing_dpi((float(size[1]), float(size[2])), limits.pdf_dpi, number, limits))


def _described(payload: bytes, limits: Limits, number: int | None = None) -> dict[str, str]:
    """What pdfinfo says of the file, and of one page. Raises FileDamaged."""
    import pdf2image
    from pdf2image.exceptions import PDFPageCountError, PDFPopplerTimeoutError, PDFSyntaxError

    first = last = number or 1
    try:
        with _bounded(limits):
            described = pdf2image.pdfinfo_from_bytes(
                payload, timeout=limits.poppler_seconds, first_page=first, last_page=last
            )
    except (PDFPageCountError, PDFSyntaxError, PDFPopplerTimeoutError, OSError, KeyError, ValueError) as error:
        raise damaged_pdf(number) from error
    return {str(name): str(value) for name, value in described.items()}


@contextmanager
def _bounded(limits: Limits) -> Iterator[None]:
    """Processes started inside get so much address space as `limits` allow, no more.

    pdf2image starts them out of reach, so this process bounds itself for that time; only Linux heeds such a limit.
    Their time is pdf2image's to bound: a limit of processor time counts what this process uses too, and would end it.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = max(limits.poppler_bytes, _address_space() + _OWN_BYTES)
    known = [value for value in (wanted, soft, hard) if value != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(known), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int:
    """Bytes of address space that this process uses; Linux."""
    import resource

    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
