"""PDFs that PDFium refuses and poppler reads."""

import resource
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pypdfium2
import pytest

from shared.reading.errors import FileDamaged, PageTooLarge
from shared.reading.load import open_document
from shared.reading.settings import Limits
from tests.samples.pdf_file import PdfPage, pdf_file, stream, text

pytestmark = [
    pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not installed"),
    pytest.mark.skipif(sys.platform != "linux", reason="limits differ by system"),
]
_SOON = 20.0  # seconds by the clock, on a busy machine


def refused_by_pdfium(*pages: PdfPage) -> bytes:
    """A file that lost its table of contents, and whose last trailer leads nowhere."""
    broken = pdf_file(pages).replace(b"startxref", b"startxrfe") + b"trailer\n<</Size 6/Root 999 0 R>>\n"
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(broken)
    return broken


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_file_that_pdfium_refuses_is_drawn_by_poppler(scratch: Path) -> None:
    payload = refused_by_pdfium(PdfPage(text(72, 700, "Patient: Harold Benning")), PdfPage(b"", (792, 612)))
    pages = list(open_document(payload, Limits()).pages)

    assert [page.picture.shape for page in pages] == [(2200, 1700, 3), (1700, 2200, 3)]
    assert [page.dpi for page in pages] == [200, 200]
    assert pages[0].picture.min() < 64
    assert pages[1].picture.min() == 255
    assert list(scratch.iterdir()) == []


def test_poppler_is_given_up_when_it_takes_too_long_and_leaves_nothing(scratch: Path) -> None:
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</A %%L%d%%>>>>"
    forms = {f"L{depth}": stream(b"/A Do " * 10, entries % (depth + 1)) for depth in range(9)}
    forms["L9"] = stream(b"0 0 m 600 700 l S " * 100, b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]")
    payload = refused_by_pdfium(PdfPage(b"/A Do", resources=b"/XObject<</A %L0%>>", objects=forms))
    started = monotonic()
    with pytest.raises(FileDamaged):
        list(open_document(payload, replace(Limits(), poppler_seconds=1)).pages)

    assert monotonic() - started < _SOON
    assert list(scratch.iterdir()) == []


def test_poppler_draws_no_page_that_is_too_large() -> None:
    with pytest.raises(PageTooLarge):
        list(open_document(refused_by_pdfium(PdfPage(b"", (20_000, 20_000))), Limits()).pages)


def test_this_process_has_its_own_limit_back_afterwards() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    list(open_document(refused_by_pdfium(PdfPage(b"")), Limits()).pages)

    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_what_both_refuse_is_damaged() -> None:
    with pytest.raises(FileDamaged):
        open_document(b"%PDF-1.7\nand then nothing of a PDF", Limits())
