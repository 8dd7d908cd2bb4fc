"""PNG, JPEG and TIFF, by Pillow. Only the decoder of the sniffed kind ever sees the bytes."""

import math
import struct
import warnings
from collections.abc import Iterator
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from shared.documents.kinds import Kind
from shared.reading.errors import FileDamaged, PageTooLarge
from shared.reading.load.page import LoadedPage
from shared.reading.load.paper import refuse_oversize
from shared.reading.settings import Limits

_LETTER_WIDTH = 8.5  # inches: what a picture without a resolution is taken to show
_LIKELY_DPI = range(50, 2401)
_HIGHEST_DPI = 300  # finer scans are reduced to it: the models see no more, and four times the pixels cost time
_PAGE_AT_LEAST = 2500  # pixels of the longer side that a reduced scan keeps: a resolution may be a lie
_FAX_WIDTHS = (1728, 2048, 2432)  # pixels a line; ITU-T T.4, section 2
_FAX_STANDARD = (204.0, 98.0)  # dots an inch across and down, standard resolution; ITU-T T.4
_THUMBNAIL = 1  # bit of TIFF's NewSubfileType: a reduced copy of another page
_NEW_SUBFILE_TYPE = 254
_DECODING_FAULTS = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, struct.error, EOFError)
"""What Pillow raises on broken files (SyntaxError is its own way of saying so)."""


def open_raster(payload: bytes, kind: Kind, limits: Limits) -> tuple[int, Iterator[LoadedPage]]:
    """The number of pages, and the pages. A picture has one; a TIFF as many as it says."""
    image = _open(payload, kind)
    frames = _frames(image, limits) if kind is Kind.TIFF else [0]
    return len(frames), _pages(image, frames, limits)


def _open(payload: bytes, kind: Kind) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limits below are ours
            return Image.open(BytesIO(payload), formats=[kind.value])
    except Image.DecompressionBombError as error:
        raise PageTooLarge("A page has far too many pixels. Scan it at a lower resolution.") from error
    except _DECODING_FAULTS as error:
        raise _damaged(kind) from error


def _frames(image: Image.Image, limits: Limits) -> list[int]:
    """The numbers of the frames that are pages; at most one more than the limit is looked at."""
    frames = []
    try:
        for number in range(limits.pages + 1):
            image.seek(number)
            if not _is_thumbnail(image):
                frames.append(number)
    except EOFError:
        pass
    except _DECODING_FAULTS as error:
        raise _damaged(Kind.TIFF) from error
    return frames or [0]


def _is_thumbnail(image: Image.Image) -> bool:
    tags = getattr(image, "tag_v2", {})
    return bool(int(tags.get(_NEW_SUBFILE_TYPE, 0)) & _THUMBNAIL)


def _pages(image: Image.Image, frames: list[int], limits: Limits) -> Iterator[LoadedPage]:
    for number, frame in enumerate(frames, start=1):
        try:
            image.seek(frame)
            refuse_oversize(image.size, number, limits)
            yield _page(image, number, limits)
        except _DECODING_FAULTS as error:
            raise _damaged(Kind(image.format or "TIFF"), number) from error


def _page(image: Image.Image, number: int, limits: Limits) -> LoadedPage:
    bilevel = image.mode == "1"
    resolution = _resolution(image, bilevel)
    upright = ImageOps.exif_transpose(image)
    if upright.size != image.size and resolution:
        resolution = resolution[1], resolution[0]
    picture = _to_bgr(upright)
    picture, dpi = _squared(picture, resolution, limits)
    picture, dpi = _reduced(picture, dpi)
    return LoadedPage(number, picture, dpi, bilevel)


def _resolution(image: Image.Image, bilevel: bool) -> tuple[float, float] | None:
    """Dots an inch across and down, None where the file says nothing believable."""
    across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    if all(math.isfinite(value) and int(value) in _LIKELY_DPI for value in (across, down)):
        return across, down
    # Fax machines that write no resolution: half as many lines as dots makes the page look squashed.
    squashed = 0.5 < image.height / image.width < 0.8
    return _FAX_STANDARD if bilevel and image.width in _FAX_WIDTHS and squashed else None


def _to_bgr(image: Image.Image) -> NDArray[np.uint8]:
    """The pixels as height x width x 3, BGR; what is transparent shows white paper."""
    if image.mode.startswith(("I", "F")):
        return cv2.cvtColor(_to_8_bits(np.asarray(image)), cv2.COLOR_GRAY2BGR).astype(np.uint8)
    if image.has_transparency_data:
        transparent = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, transparent)
    return cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR).astype(np.uint8)


def _to_8_bits(grey: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey of 16 or 32 bits, or fractions, brought to 0..255 by its own range's whole."""
    values = np.nan_to_num(grey.astype(np.float32))
    highest = float(values.max(initial=0.0))
    whole = next(whole for whole in (1.0, 255.0, 65535.0, max(highest, 65536.0)) if highest <= whole)
    return np.clip(values * (255.0 / whole), 0, 255).astype(np.uint8)


def _squared(
    picture: NDArray[np.uint8], resolution: tuple[float, float] | None, limits: Limits
) -> tuple[NDArray[np.uint8], int]:
    """The picture with as many dots an inch down as across (the finer of both), and how many."""
    height, width = picture.shape[:2]
    if resolution is None:
        return picture, max(1, round(min(width, height) / _LETTER_WIDTH))
    finest = max(resolution)
    size = round(width * finest / resolution[0]), round(height * finest / resolution[1])
    if size == (width, height) or max(size) > limits.side_pixels:
        return picture, round(finest)
    return cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC).astype(np.uint8), round(finest)


def _reduced(picture: NDArray[np.uint8], dpi: int) -> tuple[NDArray[np.uint8], int]:
    height, width = picture.shape[:2]
    scale = max(_HIGHEST_DPI / max(dpi, 1), _PAGE_AT_LEAST / max(height, width))
    if scale >= 1:
        return picture, dpi
    size = round(width * scale), round(height * scale)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8), round(dpi * scale)


def _damaged(kind: Kind, number: int | None = None) -> FileDamaged:
    where = f"Page {number} of the file" if number else "The file"
    return FileDamaged(f"{where} is a damaged {kind.value} and cannot be read. Scan or send the document again.")
