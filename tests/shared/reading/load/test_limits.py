"""Files made to be too much: each is refused for what it is, soon and in little memory."""

import struct
import zlib
from dataclasses import replace
from io import BytesIO
from time import process_time

import pytest
from PIL import Image

from shared.reading.errors import FileDamaged, PageTooLarge, ReadingError, TooManyPages
from shared.reading.load import LoadedPage, open_document
from shared.reading.settings import Limits, ReadingSettings
from shared.reading.worker import ReadingProcess
from tests.samples.pdf_file import PdfPage, pdf_file, stream, text

LIMITS = Limits()
_SOON = 5.0  # seconds of the processor; an unbounded walk takes minutes
_WORDS = text(20, 20, "Patient")


def pages_of(payload: bytes, limits: Limits = LIMITS) -> list[LoadedPage]:
    return list(open_document(payload, limits).pages)


def tiff_of(pages: int, *, loop: bool = False) -> bytes:
    """A TIFF of pages of one white pixel; with `loop`, the last leads to the first again."""
    file = bytearray(b"II*\x00" + struct.pack("<I", 10) + b"\xff\x00")
    tags = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1))
    length = 2 + 12 * len(tags) + 4
    for page in range(pages):
        following = 10 if loop else 0
        if page < pages - 1:
            following = len(file) + length
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        file += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return bytes(file)


def png_of(width: int, height: int) -> bytes:
    """A black and white PNG of that size, all white, its bytes almost none."""
    rows = zlib.compressobj()
    data = b"".join(rows.compress(b"\x00" + b"\xff" * ((width + 7) // 8)) for _ in range(height)) + rows.flush()
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", data), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def image_of(width: int, height: int) -> bytes:
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1"
    return stream(bytes(width * height // 8), entries % (width, height))


def page_with_image(width: int, height: int) -> bytes:
    content = b"q 612 0 0 792 0 0 cm /Im0 Do Q"
    return pdf_file([PdfPage(content, resources=b"/XObject<</Im0 %IM%>>", objects={"IM": image_of(width, height)})])


def huge_jpeg() -> bytes:
    """A JPEG whose header claims 65,000 pixels a side."""
    file = BytesIO()
    Image.new("L", (16, 16), 255).save(file, "JPEG")
    content = bytearray(file.getvalue())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(content)


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (png_of(30_000, 30_000), PageTooLarge),
        (png_of(11_000, 100), PageTooLarge),
        (huge_jpeg(), PageTooLarge),
        (page_with_image(30_000, 30_000), PageTooLarge),
        (pdf_file([PdfPage(_WORDS, (20_000, 20_000))]), PageTooLarge),
        (pdf_file([PdfPage(_WORDS, (595, 2_000_000))]), FileDamaged),
        (pdf_file([PdfPage(_WORDS, (1, 800))]), FileDamaged),
        (tiff_of(10_000), TooManyPages),
        (pdf_file([PdfPage(b"")] * 501), TooManyPages),
    ],
    ids=["PNG bomb", "wide PNG", "JPEG bomb", "PDF image bomb", "wall paper", "no paper", "sliver", "TIFF", "PDF"],
)
def test_what_is_too_much_is_refused_soon(payload: bytes, error: type[ReadingError]) -> None:
    started = process_time()
    with pytest.raises(error) as raised:
        pages_of(payload)

    assert process_time() - started < _SOON
    assert raised.value.message.endswith(".")


def test_a_tiff_whose_pages_lead_back_to_the_first_ends() -> None:
    started = process_time()
    pages = pages_of(tiff_of(3, loop=True))

    assert [page.number for page in pages] == [1, 2, 3]
    assert process_time() - started < _SOON


def test_limits_are_settings() -> None:
    assert len(pages_of(tiff_of(4), replace(LIMITS, pages=4))) == 4
    with pytest.raises(TooManyPages):
        pages_of(tiff_of(4), replace(LIMITS, pages=3))
    with pytest.raises(PageTooLarge):
        pages_of(page_with_image(800, 1000), replace(LIMITS, page_pixels=700_000))


def test_a_page_tree_that_contains_itself_is_damaged() -> None:
    looped = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R 2 0 R]/Count 3>>"
        b"\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>\nendobj\ntrailer\n<</Root 1 0 R>>\n"
    )
    with pytest.raises(FileDamaged) as raised:
        pages_of(looped)
    assert "Page 2" in raised.value.message


def test_a_broken_cross_reference_is_read_through() -> None:
    whole = pdf_file([PdfPage(_WORDS)])
    table = whole.index(b"xref")
    [page] = pages_of(whole[:table] + b"xref\n0 1\ngarbage\n" + whole[whole.index(b"trailer") :])

    assert page.layer is not None
    assert [line.text for line in page.layer.lines] == ["Patient"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_scan_whose_lower_part_is_missing_is_refused(kind: str) -> None:
    file = BytesIO()
    Image.effect_noise((400, 400), 60).save(file, kind)
    content = file.getvalue()
    if kind == "TIFF":  # Pillow puts the directory first, so that what is cut off is pixels
        assert content[4:8] == struct.pack("<I", 8)
    with pytest.raises(FileDamaged):
        pages_of(content[: len(content) * 2 // 3])


@pytest.mark.xdist_group("reading")
def test_forms_that_hold_each_other_without_end_cost_their_document_alone() -> None:
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F %F%>>>>"
    endless = pdf_file(
        [PdfPage(b"/F Do", resources=b"/XObject<</F %F%>>", objects={"F": stream(b"/F Do /F Do", entries)})]
    )
    with ReadingProcess(ReadingSettings(start_seconds=4.0, page_seconds=1.0)) as process:
        reading = process.read(endless, "endless.pdf")
        after = process.read(b"", "next.pdf")

    assert reading.error is not None
    assert reading.error.code in {"reader_timed_out", "reader_crashed", "file_damaged"}
    assert after.error is not None
    assert after.error.code == "file_empty"
