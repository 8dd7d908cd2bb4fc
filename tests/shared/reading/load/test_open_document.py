"""Opening files of every kind, within limits."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from shared.reading.errors import (
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    FileTypeUnsupported,
    PageTooLarge,
    ReadingError,
    TooManyPages,
)
from shared.reading.load import LoadedPage, open_document
from shared.reading.settings import Limits

LIMITS = Limits()


def as_file(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def pages_of(payload: bytes, limits: Limits = LIMITS) -> list[LoadedPage]:
    return list(open_document(payload, limits).pages)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_every_mode_of_picture_becomes_bgr(mode: str) -> None:
    white: Any = {"1": 1, "I;16": 65535, "F": 255.0, "CMYK": (0, 0, 0, 0)}.get(mode, "white")
    payload = as_file(Image.new(mode, (60, 40), white), "TIFF")
    [page] = pages_of(payload)

    assert page.picture.shape == (40, 60, 3)
    assert page.picture.dtype == np.uint8
    assert page.picture.min() >= 250


def test_what_is_transparent_shows_white_paper() -> None:
    picture = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 30, 40))
    [page] = pages_of(as_file(picture, "PNG"))

    assert page.picture[20, 10].tolist() == [0, 0, 0]
    assert page.picture[20, 50].tolist() == [255, 255, 255]


def test_a_photo_taken_sideways_is_turned_as_its_camera_says() -> None:
    photo = Image.new("RGB", (60, 40), "white")
    exif = photo.getexif()
    exif[0x0112] = 6  # turn right by a quarter to show it
    [page] = pages_of(as_file(photo, "JPEG", exif=exif))

    assert page.picture.shape == (60, 40, 3)


def test_a_fax_of_half_resolution_gets_square_pixels() -> None:
    [page] = pages_of(as_file(Image.new("1", (1728, 1078), 1), "TIFF", compression="group3", dpi=(204, 98)))

    assert page.picture.shape[:2] == (2244, 1728)
    assert page.dpi == 204
    assert page.bilevel


def test_a_fax_that_tells_no_resolution_is_known_by_its_shape() -> None:
    [page] = pages_of(as_file(Image.new("1", (1728, 1078), 1), "TIFF", compression="group4"))

    assert page.picture.shape[:2] == (2244, 1728)


def test_a_scan_finer_than_needed_is_reduced() -> None:
    [page] = pages_of(as_file(Image.new("1", (5100, 6600), 1), "TIFF", compression="group4", dpi=(600, 600)))

    assert page.picture.shape[:2] == (3300, 2550)
    assert page.dpi == 300


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_pages_come_in_order_and_only_when_asked_for(kind: str) -> None:
    sheets = [Image.new("L", (170 + number, 220), 255) for number in range(3)]
    options = {"resolution": 200} if kind == "PDF" else {"dpi": (200, 200)}
    document = open_document(as_file(sheets[0], kind, save_all=True, append_images=sheets[1:], **options), LIMITS)

    assert document.page_count == 3
    first = next(document.pages)
    assert first.number == 1
    assert [page.number for page in document.pages] == [2, 3]


def test_the_kind_is_told_by_content() -> None:
    assert pages_of(as_file(Image.new("RGB", (50, 50)), "JPEG"))
    with pytest.raises(FileTypeUnsupported):
        open_document(as_file(Image.new("RGB", (50, 50)), "GIF"), LIMITS)
    with pytest.raises(FileTypeUnsupported):
        open_document(b"PK\x03\x04 a document of another kind", LIMITS)


@pytest.mark.parametrize(
    ("payload", "limits", "error"),
    [
        (b"", LIMITS, FileEmpty),
        (b"%PDF-1.7" + bytes(2000), replace(LIMITS, file_bytes=1000), FileTooLarge),
        (as_file(Image.new("1", (300, 20)), "PNG"), replace(LIMITS, side_pixels=200), PageTooLarge),
        (as_file(Image.new("1", (300, 300)), "PNG"), replace(LIMITS, page_pixels=80_000), PageTooLarge),
        (as_file(Image.new("L", (90, 90)), "PNG")[:60], LIMITS, FileDamaged),
        (b"%PDF-1.7 and then nothing", LIMITS, FileDamaged),
    ],
    ids=["empty", "too many bytes", "too long a side", "too many pixels", "torn picture", "no PDF after all"],
)
def test_each_limit_has_its_error(payload: bytes, limits: Limits, error: type[ReadingError]) -> None:
    with pytest.raises(error) as raised:
        pages_of(payload, limits)
    assert raised.value.message.endswith(".")


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_a_document_of_too_many_pages_is_refused_before_it_is_decoded(kind: str) -> None:
    sheet = Image.new("L", (20, 20))
    payload = as_file(sheet, kind, save_all=True, append_images=[sheet] * 3)
    with pytest.raises(TooManyPages):
        open_document(payload, replace(LIMITS, pages=3))


def test_a_poster_is_drawn_at_a_lower_resolution() -> None:
    [page] = pages_of(as_file(Image.new("L", (1000, 1500)), "PDF", resolution=20))

    assert max(page.picture.shape) <= LIMITS.pdf_side_pixels + 1
    assert page.dpi < 72


def test_a_fine_fax_gets_square_pixels_too() -> None:
    [page] = pages_of(as_file(Image.new("1", (1728, 2156), 1), "TIFF", compression="group4", dpi=(204, 196)))

    assert page.picture.shape[:2] == (2244, 1728)
    assert page.dpi == 204


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_lzw", "tiff_adobe_deflate", "packbits", None])
def test_black_and_white_stays_what_it_is_however_it_is_packed(compression: str | None) -> None:
    sheet = Image.new("1", (1728, 400), 1)
    sheet.paste(0, (100, 100, 200, 140))
    [page] = pages_of(as_file(sheet, "TIFF", compression=compression, dpi=(200, 200)))

    assert page.bilevel
    assert page.picture[120, 150].tolist() == [0, 0, 0]
    assert page.picture[50, 50].tolist() == [255, 255, 255]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG"])
def test_every_orientation_of_a_camera_is_undone(kind: str, orientation: int) -> None:
    undone = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    upright = Image.new("RGB", (160, 96), "white")
    upright.paste((0, 0, 0), (0, 0, 80, 48))  # the top left quarter
    stored = upright.transpose(undone[orientation]) if orientation in undone else upright
    exif = stored.getexif()
    exif[0x0112] = orientation
    [page] = pages_of(as_file(stored, kind, exif=exif))

    assert page.picture.shape == (96, 160, 3)
    assert page.picture[24, 40].max() < 20
    assert page.picture[72, 40].min() > 235
    assert page.picture[24, 120].min() > 235


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_colours_of_a_printer_become_those_of_a_screen(kind: str) -> None:
    ink = Image.new("CMYK", (64, 64), (0, 255, 255, 0))
    [page] = pages_of(as_file(ink, kind))
    blue, green, red = page.picture[32, 32].tolist()

    assert red > 200
    assert max(blue, green) < 60


def test_grey_of_16_bits_keeps_its_shades() -> None:
    shades = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (20, 1))
    [page] = pages_of(as_file(Image.fromarray(shades), "PNG"))

    assert np.abs(page.picture[10, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_a_picture_of_few_colours_shows_them() -> None:
    sheet = Image.new("P", (40, 40), 1)
    sheet.putpalette([255, 255, 255, 200, 30, 40])
    [page] = pages_of(as_file(sheet, "PNG", bits=1))

    assert page.picture[20, 20].tolist() == [40, 30, 200]


def test_a_resolution_that_is_not_told_is_estimated_from_the_paper() -> None:
    [page] = pages_of(as_file(Image.new("L", (1700, 2200), 255), "PNG"))

    assert page.dpi == 200
