"""Turning pages upright and level."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from shared.reading.preprocess import measure_skew, turn_quarter, turn_slightly
from shared.reading.preprocess.turning import Picture


def page(skew: float = 0.0) -> Picture:
    """Lines of text, turned clockwise by `skew` degrees."""
    sheet = Image.new("L", (1700, 2200), 255)
    draw = ImageDraw.Draw(sheet)
    for number in range(28):
        draw.text(
            (150, 200 + 62 * number), "Routine home care was ordered " * (1 + number % 3), 0, ImageFont.load_default(30)
        )
    turned = sheet.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=255)
    return np.ascontiguousarray(np.repeat(np.asarray(turned)[:, :, None], 3, axis=2))


@pytest.mark.parametrize("skew", [-6.0, -2.3, -0.4, 0.25, 1.0, 4.7])
def test_skew_is_undone_to_a_tenth_of_a_degree(skew: float) -> None:
    picture = page(skew)
    measured = measure_skew(picture)

    assert measured == pytest.approx(-skew, abs=0.1)
    assert abs(measure_skew(turn_slightly(picture, measured))) <= 0.1


def test_a_level_page_is_left_alone() -> None:
    assert measure_skew(page()) == 0.0


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_page_without_text_is_left_alone(shade: int) -> None:
    assert measure_skew(np.full((2200, 1700, 3), shade, np.uint8)) == 0.0


def test_noise_is_no_text() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2200, 1700, 3), dtype=np.uint8)
    assert measure_skew(noise) == 0.0


def test_turning_loses_no_corner() -> None:
    picture = np.full((400, 300, 3), 255, np.uint8)
    picture[:12, :12] = 0
    turned = turn_slightly(picture, 5.0)

    assert turned.shape[0] > 400
    assert turned.shape[1] > 300
    assert (turned < 128).sum() == pytest.approx((picture < 128).sum(), rel=0.1)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_quarters_turn_clockwise(rotation: int) -> None:
    picture = np.zeros((20, 30, 3), np.uint8)
    picture[0, 0] = 255  # top left
    turned = turn_quarter(picture, rotation)
    corner = {0: (0, 0), 90: (0, -1), 180: (-1, -1), 270: (-1, 0)}[rotation]

    assert turned[corner].tolist() == [255, 255, 255]
