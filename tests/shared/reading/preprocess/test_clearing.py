"""Specks and contrast: what is changed, what is left, and that a page keeps its size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw, ImageFont

from shared.reading.preprocess import Picture, has_full_contrast, measure_contrast, with_more_contrast, without_specks

PICTURES = arrays.arrays(
    np.uint8, st.tuples(st.integers(16, 90), st.integers(16, 90), st.just(3)), elements=st.integers(0, 255)
)


def page(ink: int = 0, paper: int = 255) -> Picture:
    sheet = Image.new("RGB", (1200, 900), (paper,) * 3)
    draw = ImageDraw.Draw(sheet)
    for number in range(14):
        text = "Dx: I50.9 . . . . J44.1; wt. 61.5 kg, 3.2 mg/dl"
        draw.text((100, 60 + 55 * number), text, (ink,) * 3, ImageFont.load_default(24))
    return np.asarray(sheet).copy()


@settings(max_examples=40, deadline=None)
@given(picture=PICTURES)
def test_no_clearing_changes_a_pages_size_or_the_picture_it_is_given(picture: Picture) -> None:
    before = picture.copy()
    for cleared in (without_specks(picture, 200), with_more_contrast(picture)):
        assert cleared.shape == picture.shape
        assert cleared.dtype == np.uint8
    assert (picture == before).all()
    assert 0 <= measure_contrast(picture) <= 255


def test_specks_are_gone_and_every_dot_and_comma_stays() -> None:
    clean = page()
    dirty = clean.copy()
    for y in range(20, 880, 70):
        for x in (760, 900, 1000, 1150):
            dirty[y : y + 2, x : x + 1 + y % 3] = 0
    assert (without_specks(dirty, 200) == clean).all()
    assert (without_specks(clean, 200) == clean).all()


def test_text_made_of_dots_stays() -> None:
    dots = np.full((400, 900, 3), 255, np.uint8)
    dots[100:140:4, 100:800:4] = 0
    assert (without_specks(dots, 200) == dots).all()


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (20, 255), (10, 230)])
def test_black_on_white_has_full_contrast(ink: int, paper: int) -> None:
    assert has_full_contrast(measure_contrast(page(ink, paper)))


@pytest.mark.parametrize(("ink", "paper"), [(170, 255), (120, 200), (60, 180)])
def test_faint_ink_has_not_and_gains_some(ink: int, paper: int) -> None:
    picture = page(ink, paper)
    contrast = measure_contrast(picture)
    assert contrast == pytest.approx(paper - ink, abs=8)
    assert not has_full_contrast(contrast)
    assert measure_contrast(with_more_contrast(picture)) > contrast


def test_a_shadow_is_no_ink() -> None:
    shadow = np.linspace(1.0, 0.35, 1200)[None, :, None]
    assert measure_contrast((page(255) * shadow).astype(np.uint8)) < 12
