"""Pages as pixels."""

from collections.abc import Iterator

from PIL import Image, ImageDraw

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.sheet import Glyphs, Round, Shape, Sheet


def raster(sheet: Sheet, dpi: int) -> Image.Image:
    """The page in colour at `dpi` dots an inch."""
    by = dpi / 72
    image = Image.new("RGB", (round(sheet.size[0] * by), round(sheet.size[1] * by)), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    for thing in sheet.drawn:
        match thing:
            case Glyphs():
                _set(image, draw, thing, by)
            case Shape(open=True):
                points = [(x * by, y * by) for x, y in thing.points]
                draw.line(points, fill=thing.outline, width=_pen(thing.width, by), joint="curve")
            case Shape():
                points = [(x * by, y * by) for x, y in thing.points]
                draw.polygon(points, thing.fill, thing.outline, _pen(thing.width, by))
            case Round():
                left, top, right, bottom = (edge * by for edge in thing.box)
                draw.ellipse((left, top, right, bottom), thing.fill, thing.outline, _pen(thing.width, by))
    return image


def _pen(width: float, by: float) -> int:
    return max(1, round(width * by))


def _set(image: Image.Image, draw: ImageDraw.ImageDraw, glyphs: Glyphs, by: float) -> None:
    font = fonts.load(glyphs.face, glyphs.size * by)
    x, y = glyphs.at[0] * by, glyphs.at[1] * by
    if not glyphs.angle:
        for start, letter in _letters(glyphs):
            draw.text((x + start * by, y), letter, fill=glyphs.colour, font=font, anchor="ls")
        return
    left, top, right, bottom = font.getbbox(glyphs.text)
    mask = Image.new("L", (round(right - left) + 8, round(bottom - top) + 8))
    ImageDraw.Draw(mask).text((4 - left, 4 - top), glyphs.text, fill=255, font=font)
    mask = mask.rotate(glyphs.angle, Image.Resampling.BICUBIC, expand=True)
    image.paste(glyphs.colour, (round(x), round(y) - mask.height), mask)


def _letters(glyphs: Glyphs) -> Iterator[tuple[float, str]]:
    """Each letter and where it begins: left to itself, Pillow rounds their widths to whole pixels."""
    for place, letter in enumerate(glyphs.text):
        if letter != " ":
            yield fonts.width(glyphs.face, glyphs.text[:place], glyphs.size), letter
