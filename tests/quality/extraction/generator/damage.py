"""What becomes of a page on its way: scanner, copier, fax machine, telephone. From sheets to a file's bytes."""

import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from tests.quality.extraction.generator.born_digital import born_digital
from tests.quality.extraction.generator.raster import raster
from tests.quality.extraction.generator.sheet import LETTER, Sheet
from tests.samples.draw import bilevel, scanned

_EPOCH: dict[str, Any] = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
_FAX_WIDTH = 1728  # dots a line, ITU-T T.4


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What became of the sheets: the file, its kind, and how (`dpi` across and down, turned counter-clockwise)."""

    payload: bytes
    suffix: str
    dpi: tuple[int, int] | None
    rotation_ccw: int
    skew_degrees: tuple[float, ...]
    tagged: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """One page's way: `spoil(image, draw, skew)`, drawn at `dpi`, skewed by at most `skew` degrees."""

    spoil: Callable[[Image.Image, Random, float], Image.Image]
    dpi: int
    skew: float
    stored: tuple[int, int]


def _clean(image: Image.Image, draw: Random, skew: float) -> Image.Image:
    return image if draw.random() < 0.4 else image.convert("L")


def _gray(image: Image.Image, draw: Random, skew: float) -> Image.Image:
    return scanned(image.convert("L"), draw.randrange(2**31), skew)


def _black_and_white(image: Image.Image, draw: Random, skew: float) -> Image.Image:
    turned = image.convert("L").rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    return bilevel(turned, draw.randint(130, 185))


def _low_contrast(image: Image.Image, draw: Random, skew: float) -> Image.Image:
    grey = scanned(image.convert("L"), draw.randrange(2**31), skew)
    dark, light = draw.randint(95, 135), draw.randint(185, 215)
    return grey.point(lambda value: dark + value * (light - dark) // 255)


def _photocopied(image: Image.Image, draw: Random, skew: float) -> Image.Image:
    """Speckled, with a dark edge, letters a little fat or thin."""
    grey = image.convert("L").rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    grey = grey.filter(ImageFilter.GaussianBlur(draw.uniform(0.7, 1.1)))
    pixels = np.asarray(grey).copy()
    chance = np.random.default_rng(draw.randrange(2**31))
    shadow = np.linspace(1, 0, draw.randint(25, 70)) ** 2 * 190
    edge = slice(0, len(shadow))
    pixels[:, edge] = np.clip(pixels[:, edge] - shadow, 0, 255)
    for size, count in ((1, 1400), (2, 260), (3, 40)):
        ys, xs = (chance.integers(0, limit - size, count) for limit in pixels.shape)
        for dy in range(size):
            for dx in range(size):
                pixels[ys + dy, xs + dx] = 40
    copied = Image.fromarray(pixels)
    return bilevel(copied, draw.randint(140, 190)) if draw.random() < 0.6 else copied


def _faxed(image: Image.Image, draw: Random, skew: float, lines_per_inch: int) -> Image.Image:
    """1728 dots a line with the sender's line at the top; a lost line now and then."""
    turned = image.convert("L").rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    ImageDraw.Draw(turned).rectangle((0, 0, turned.width, 34), fill=255)
    day = f"{draw.randint(1, 12):02}/{draw.randint(1, 28):02}/2025"
    sender = f"{draw.randint(200, 900)} 555 {draw.randint(1000, 9999)}"
    sent = f"{draw.randint(7, 18):02}:{draw.randint(0, 59):02}"
    header = f"{day} {sent}  FROM:{sender}  TO:INTAKE  P.{draw.randint(1, 9):03}"
    ImageDraw.Draw(turned).text((60, 8), header, fill=0, font=ImageFont.load_default(22))
    height = round(turned.height / 200 * lines_per_inch)
    small = bilevel(turned.resize((_FAX_WIDTH, height), Image.Resampling.LANCZOS), draw.randint(140, 180))
    if draw.random() < 0.4:
        pixels = np.asarray(small).copy()
        for _ in range(draw.randint(1, 4)):
            pixels[draw.randrange(60, height)] = True
        small = Image.fromarray(pixels)
    return small


def _fax_fine(image: Image.Image, draw: Random, skew: float) -> Image.Image:
    return _faxed(image, draw, skew, 196)


def _fax_standard(image: Image.Image, draw: Random, skew: float) -> Image.Image:
    return _faxed(image, draw, skew, 98)


def _stained(image: Image.Image, draw: Random, skew: float) -> Image.Image:
    """In colour, on yellowed paper, punched at the edge, with the ring of a cup."""
    paper = (draw.randint(238, 252), draw.randint(232, 245), draw.randint(205, 232))
    turned = image.convert("RGB").rotate(skew, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    stained = ImageChops.multiply(turned, Image.new("RGB", turned.size, paper))
    dots = draw.randint(140, 220)
    left, top = draw.randrange(turned.width - dots), draw.randrange(turned.height - dots)
    ring = Image.new("RGB", turned.size, (255, 255, 255))
    brush, colour = ImageDraw.Draw(ring), (205, draw.randint(165, 180), 130)
    brush.ellipse((left, top, left + 1.6 * dots, top + 1.6 * dots), outline=colour, width=draw.randint(8, 18))
    for share in draw.choice(((0.08, 0.5, 0.92), (0.3, 0.7), ())):
        y = share * turned.height
        brush.ellipse((30, y - 25, 80, y + 25), fill=(60, 60, 64))
    return ImageChops.multiply(stained, ring.filter(ImageFilter.GaussianBlur(2.5)))


def _photographed(image: Image.Image, draw: Random, skew: float) -> Image.Image:
    """From slightly aside, on a table, in uneven light."""
    page = np.asarray(image.convert("RGB"))
    high, wide = page.shape[:2]
    border = draw.randint(20, 90)
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    lean = wide * 0.035
    seen = corners + border + np.array([[draw.uniform(0, lean), draw.uniform(0, lean)] for _ in corners], np.float32)
    size = (wide + 2 * border + int(lean), high + 2 * border + int(lean))
    table = tuple(draw.randint(40, 130) for _ in range(3))
    view = cv2.warpPerspective(page, cv2.getPerspectiveTransform(corners, seen), size, borderValue=table)
    x = np.linspace(-1, 1, size[0], dtype=np.float32)
    y = np.linspace(-1, 1, size[1], dtype=np.float32)[:, None]
    light = draw.uniform(0.82, 0.95) + draw.uniform(-0.16, 0.16) * x + draw.uniform(-0.12, 0.12) * y
    lit = np.clip(view * light[:, :, None], 0, 255).astype(np.uint8)
    return Image.fromarray(cv2.GaussianBlur(lit, (0, 0), draw.uniform(0.5, 0.95)))


_WAYS: Mapping[str, _Way] = {
    "clean300": _Way(_clean, 300, 0, (300, 300)),
    "bilevel300": _Way(_black_and_white, 300, 0.6, (300, 300)),
    "gray200": _Way(_gray, 200, 0.5, (200, 200)),
    "gray200skew": _Way(_gray, 200, 3.0, (200, 200)),
    "bilevel200": _Way(_black_and_white, 200, 0.8, (200, 200)),
    "lowcontrast": _Way(_low_contrast, 200, 0.8, (200, 200)),
    "photocopy": _Way(_photocopied, 200, 1.8, (200, 200)),
    "fax_fine": _Way(_fax_fine, 200, 0.9, (204, 196)),
    "fax_std": _Way(_fax_standard, 200, 0.5, (204, 98)),
    "stained": _Way(_stained, 200, 1.2, (200, 200)),
    "photo": _Way(_photographed, 200, 0, (200, 200)),
}

DAMAGES = ("digital", *_WAYS)
"""What may become of a document, by name."""


def spoil(sheets: Sequence[Sheet], damage: str, draw: Random) -> Spoilt:
    """The file that comes in when the sheets went the way of `damage`."""
    if damage == "digital":
        return Spoilt(born_digital(sheets), "pdf", None, 0, (), tagged=True)
    way = _WAYS[damage]
    finer = 1 if sheets[0].size == LETTER else 1.5  # a card is looked at from nearer
    skews = tuple(round(draw.uniform(-way.skew, way.skew), 2) for _ in sheets)
    pages = [
        way.spoil(raster(sheet, round(way.dpi * finer)), draw, skew) for sheet, skew in zip(sheets, skews, strict=True)
    ]
    turn = draw.choice((90, 180, 270)) if draw.random() < 0.12 and damage != "fax_std" else 0
    pages = [page.rotate(turn, expand=True) if turn else page for page in pages]
    tagged = damage == "fax_std" or draw.random() < 0.85
    payload, suffix = _saved(pages, way.stored, draw, damage, tagged=tagged)
    return Spoilt(payload, suffix, way.stored, turn, skews, tagged)


def _saved(
    pages: Sequence[Image.Image], dpi: tuple[int, int], draw: Random, damage: str, *, tagged: bool
) -> tuple[bytes, str]:
    if len({page.mode for page in pages}) > 1:
        pages = [page.convert("L") for page in pages]
    bits = pages[0].mode == "1"
    several = ["pdf", "tif"]
    single = ["png"] if bits or damage == "clean300" else ["jpg", "jpg", "png"]
    suffix = (
        "jpg" if damage == "photo" and len(pages) == 1 else draw.choice(several + (single if len(pages) == 1 else []))
    )
    out = io.BytesIO()
    resolution: dict[str, Any] = {"dpi": dpi} if tagged or suffix == "pdf" else {}
    first, rest = pages[0], list(pages[1:])
    quality = draw.randint(55, 90)
    match suffix:
        case "pdf":
            packing = {} if bits else {"quality": quality}
            first.save(out, "PDF", save_all=True, append_images=rest, **packing, **resolution, **_EPOCH)
        case "tif":
            packed = "group4" if bits else "jpeg" if damage != "clean300" else "tiff_deflate"
            first.save(out, "TIFF", save_all=True, append_images=rest, compression=packed, **resolution)
        case "png":
            first.save(out, "PNG", compress_level=1, **resolution)
        case _:
            first.save(out, "JPEG", quality=quality, **resolution)
    return out.getvalue(), suffix
