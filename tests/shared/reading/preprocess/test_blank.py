"""Blank pages are told by their pixels, and a faint page is none."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from shared.reading.preprocess import Picture, is_blank

LETTER = (1700, 2200)  # pixels at 200 dpi


def bgr(sheet: Image.Image) -> Picture:
    return np.asarray(sheet.convert("RGB")).copy()


def paper(brightness: float = 250, grain: float = 0.0, shadow: float = 0.0) -> Picture:
    """An empty sheet, `shadow` levels darker at its right edge."""
    width, height = LETTER
    levels = np.full((height, width), brightness, np.float32) - np.linspace(0, shadow, width, dtype=np.float32)
    levels += np.random.default_rng(3).normal(0, grain, levels.shape) if grain else 0
    return np.repeat(np.clip(levels, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def with_text(picture: Picture, text: str, ink: int, size: int = 28) -> Picture:
    """`picture` with `text` on it, darker than its paper by `ink` levels."""
    mask = Image.new("L", (picture.shape[1], picture.shape[0]), 0)
    ImageDraw.Draw(mask).text((700, 900), text, 255, ImageFont.load_default(size))
    shade = np.asarray(mask, np.float32)[:, :, None] * (ink / 255)
    return np.clip(picture - shade, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("grain", [0.0, 2.0, 6.0])
@pytest.mark.parametrize("shadow", [0.0, 40.0])
@pytest.mark.parametrize("brightness", [255, 215])
def test_an_empty_sheet_is_blank_whatever_its_paper(brightness: int, shadow: float, grain: float) -> None:
    assert is_blank(paper(brightness, grain, shadow), 200)


@pytest.mark.parametrize("shade", [0, 255])
def test_a_picture_of_one_colour_is_blank(shade: int) -> None:
    assert is_blank(np.full((2200, 1700, 3), shade, np.uint8), 200)


def test_dark_edges_punch_holes_and_dust_leave_a_page_blank() -> None:
    sheet = Image.fromarray(paper(grain=2.0))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, 45, 2200), fill=(20, 20, 20))
    draw.rectangle((0, 2170, 1700, 2200), fill=(35, 35, 35))
    for y in (600, 1600):
        draw.ellipse((90, y, 146, y + 56), fill=(15, 15, 15))
    spots = np.random.default_rng(4)
    for x, y in zip(spots.integers(60, 1690, 40), spots.integers(10, 2160, 40), strict=True):
        draw.point((int(x), int(y)), fill=(0, 0, 0))
    assert is_blank(bgr(sheet), 200)


@pytest.mark.parametrize("text", ["7", "Page intentionally left blank", "-- 2 --"])
@pytest.mark.parametrize("ink", [255, 60, 20])
def test_a_page_with_a_word_on_it_is_not_blank(text: str, ink: int) -> None:
    assert not is_blank(with_text(paper(255), text, ink), 200)


def test_a_faint_page_with_grain_and_a_shadow_is_not_blank() -> None:
    assert not is_blank(with_text(paper(225, grain=2.0, shadow=40.0), "Patient: Klein", ink=18), 200)


def test_a_faint_page_of_black_dots_is_not_blank() -> None:
    faint = bgr(Image.fromarray(with_text(paper(255), "Patient: Klein\nBorn: 01/02/1934", ink=70)).convert("1"))
    assert not is_blank(faint, 200)


def test_small_print_is_seen_at_any_resolution_and_when_the_resolution_is_a_lie() -> None:
    assert not is_blank(with_text(paper(255), "Klein", ink=120, size=17), 200)
    assert not is_blank(with_text(paper(255), "Klein", ink=120), 600)
    assert not is_blank(with_text(paper(255), "Klein", ink=120), 72)


def test_a_number_between_punch_holes_is_not_taken_for_one() -> None:
    sheet = Image.fromarray(paper())
    draw = ImageDraw.Draw(sheet)
    draw.ellipse((90, 600, 146, 656), fill=(15, 15, 15))
    draw.text((100, 1100), "3", (0, 0, 0), ImageFont.load_default(30))
    assert not is_blank(bgr(sheet), 200)


def test_a_ruled_form_without_entries_is_not_blank() -> None:
    sheet = Image.fromarray(paper())
    ImageDraw.Draw(sheet).line((200, 1000, 1500, 1000), fill=(90, 90, 90), width=2)
    assert not is_blank(bgr(sheet), 200)
