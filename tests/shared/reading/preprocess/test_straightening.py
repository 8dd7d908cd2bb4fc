"""Turning pages upright, level and flat, and where what was read on them then stands."""

from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from shared.documents import Polygon, TextLine, Word
from shared.reading.preprocess import (
    Picture,
    find_sheet,
    flattened,
    halves,
    levelled,
    measure_skew,
    placed,
    placed_lines,
    placed_polygon,
    runs_across,
    turn_quarter,
    unmoved,
)

SIZES = st.tuples(st.integers(20, 3000), st.integers(20, 3000))
SLIGHT = st.floats(-10, 10)
SHARES = st.tuples(st.floats(0, 1), st.floats(0, 1))


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


def turn_slightly(picture: Picture, degrees: float) -> Picture:
    height, width = picture.shape[:2]
    return placed(picture, levelled(width, height, degrees))


def box(left: float, top: float, width: float = 40, height: float = 20) -> Polygon:
    right, bottom = left + width, top + height
    return (left, top), (right, top), (right, bottom), (left, bottom)


@pytest.mark.parametrize("skew", [-10.0, -6.0, -2.3, -0.4, 0.25, 1.0, 4.7, 9.8])
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


@pytest.mark.parametrize("skew", [-3.0, 1.5])
def test_dark_edges_and_punch_holes_do_not_mislead(skew: float) -> None:
    picture = page(skew)
    picture[:, :60] = 0
    picture[-30:] = 0
    picture[1000:1060, 90:150] = 0
    assert measure_skew(picture) == pytest.approx(-skew, abs=0.1)


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


@given(size=SIZES, rotation=st.sampled_from([0, 90, 180, 270]))
def test_four_equal_quarter_turns_give_the_picture_again(size: tuple[int, int], rotation: int) -> None:
    height, width = (side % 40 + 1 for side in size)
    picture = np.arange(height * width * 3, dtype=np.uint32).reshape(height, width, 3).astype(np.uint8)
    turned = picture
    for _ in range(4):
        turned = turn_quarter(turned, rotation)
    assert (turned == picture).all()


@given(size=SIZES)
def test_halves_cover_the_picture_and_overlap(size: tuple[int, int]) -> None:
    picture = np.zeros((size[0] % 200 + 20, size[1] % 200 + 20, 3), np.uint8)
    upper, lower, left, right = halves(picture)
    assert upper.shape[0] + lower.shape[0] > picture.shape[0]
    assert left.shape[1] + right.shape[1] > picture.shape[1]
    assert upper.shape[1] == picture.shape[1]
    assert left.shape[0] == picture.shape[0]


@given(size=SIZES, degrees=SLIGHT, share=SHARES)
def test_every_point_of_a_levelled_picture_is_on_the_page(
    size: tuple[int, int], degrees: float, share: tuple[float, float]
) -> None:
    placement = levelled(*size, degrees)
    x, y = share[0] * size[0], share[1] * size[1]
    for at_x, at_y in placed_polygon(((x, y), (x, y), (x, y), (x, y)), placement):
        assert -0.1 <= at_x <= placement.width + 0.1
        assert -0.1 <= at_y <= placement.height + 0.1


@given(size=SIZES, degrees=SLIGHT)
def test_a_line_that_descends_by_the_skew_is_level_once_turned_back(size: tuple[int, int], degrees: float) -> None:
    placement = levelled(*size, -degrees)
    right, down = 500 * cos(radians(degrees)), 500 * sin(radians(degrees))
    (x0, y0), (x1, y1), *_ = placed_polygon(((10, 10), (10 + right, 10 + down), (0, 0), (0, 0)), placement)
    assert y1 - y0 == pytest.approx(0, abs=0.11)
    assert x1 - x0 == pytest.approx(500, abs=0.11)


@given(size=SIZES, there=SLIGHT, share=SHARES)
def test_one_placement_after_another_is_the_same_as_both_in_one(
    size: tuple[int, int], there: float, share: tuple[float, float]
) -> None:
    first = levelled(*size, there)
    second = levelled(first.width, first.height, -there)
    at = box(share[0] * size[0], share[1] * size[1])
    step_by_step = placed_polygon(placed_polygon(at, first), second)
    at_once = placed_polygon(at, first.then(second))
    assert np.abs(np.array(step_by_step) - np.array(at_once)).max() <= 0.2


def test_a_picture_that_is_not_moved_is_handed_on_as_it_is() -> None:
    picture = page()
    line = TextLine("Klein", 0.9, box(1, 2))
    assert placed(picture, unmoved(picture)) is picture
    assert placed_lines([line], unmoved(picture)) == (line,)


def test_words_go_where_their_line_goes_and_the_letters_are_there() -> None:
    picture = np.full((800, 600, 3), 255, np.uint8)
    picture[300:320, 200:240] = 0
    line = TextLine("Klein", 0.9, box(200, 300), (Word("Klein", 0.9, box(200, 300)),))
    placement = levelled(600, 800, 7.0)
    (moved,) = placed_lines([line], placement)

    assert moved.words[0].polygon == moved.polygon
    rows, columns = np.nonzero(placed(picture, placement)[:, :, 0] < 128)
    x, y = np.array(moved.polygon).mean(axis=0)
    assert (columns.mean(), rows.mean()) == pytest.approx((x, y), abs=1)


def test_what_stood_beside_the_sheet_is_left_out() -> None:
    placement = flattened(((100, 100), (900, 100), (900, 1100), (100, 1100)))
    desk, sheet = TextLine("desk", 0.9, box(10, 10)), TextLine("sheet", 0.9, box(150, 150))
    (kept,) = placed_lines([desk, sheet], placement)
    assert (kept.text, kept.polygon) == ("sheet", box(50, 50))


@given(degrees=st.floats(-40, 40), quarter=st.booleans())
def test_text_runs_across_until_it_runs_up_or_down(degrees: float, quarter: bool) -> None:
    angle = radians(degrees + 90 * quarter)
    corner = (100 + 50 * cos(angle), 100 + 50 * sin(angle))
    assert runs_across(((100, 100), corner, corner, (100, 100))) is not quarter


def photo_of(sheet: Picture, corners: Polygon, size: tuple[int, int]) -> Picture:
    """`sheet` lying on a dark desk, its corners there."""
    there = flattened(corners)
    scaled = Image.fromarray(sheet).resize((there.width, there.height))
    desk = Image.new("RGB", size, (70, 60, 55))
    coefficients = (there.matrix / there.matrix[2, 2]).ravel()[:8].tolist()
    lying = scaled.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).polygon([tuple(corner) for corner in corners], fill=255)
    desk.paste(lying, (0, 0), mask)
    return np.asarray(desk)


CORNERS: Polygon = ((140.0, 90.0), (1650.0, 150.0), (1720.0, 2250.0), (60.0, 2180.0))


def test_a_sheet_on_a_darker_desk_is_found_and_seen_from_above() -> None:
    photo = photo_of(page(), CORNERS, (1800, 2400))
    sheet = find_sheet(photo)
    assert sheet is not None
    assert np.abs(np.array(sheet) - np.array(CORNERS)).max() < 12

    flat = placed(photo, flattened(sheet))
    assert abs(measure_skew(flat)) < 0.4
    assert flat[20:-20, 20:-20].mean() > 220


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_page_that_fills_the_picture_is_no_sheet_on_a_desk(shade: int) -> None:
    assert find_sheet(page(3.0)) is None
    assert find_sheet(np.full((2200, 1700, 3), shade, np.uint8)) is None


def test_dark_edges_of_a_scanner_are_no_desk() -> None:
    picture = page()
    picture[:, :90] = 0
    picture[-60:] = 0
    assert find_sheet(picture) is None


def test_a_sheet_of_which_a_corner_is_hidden_is_left_as_it_is() -> None:
    photo = photo_of(page(), CORNERS, (1800, 2400)).copy()
    photo[:700, :700] = 60
    assert find_sheet(photo) is None
