"""Boxes to tick, rings, brackets, lines and loops are seen in pixels, whatever their size and the scanner's dirt."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.reading.extraction.boxes import Shape
from shared.reading.extraction.marks import find_marks
from tests.shared.reading.extraction.drawing import Picture, cross, paper, ring, speckled, square


@settings(max_examples=60, deadline=None)
@given(
    dpi=st.sampled_from([150, 200, 300]),
    points=st.floats(8, 16),
    width=st.integers(1, 4),
    noise=st.floats(0, 0.004),
    ticked=st.booleans(),
)
def test_a_square_is_seen_and_whether_it_is_ticked(
    dpi: int, points: float, width: int, noise: float, ticked: bool
) -> None:
    side, picture = round(points * dpi / 72), paper()
    width = max(width, 2 * dpi // 200)
    square(picture, 100, 60, side, width)
    if ticked:
        cross(picture, 100, 60, side)
    found = find_marks(speckled(picture, noise), dpi).checkboxes

    assert [box.shape for box in found] == [Shape.SQUARE]
    assert found[0].ticked is ticked
    assert abs(found[0].box.left - 100) <= 4
    assert abs(found[0].box.right - 100 - side) <= 4


@pytest.mark.parametrize("over", [2, 4, 6])
def test_a_cross_may_reach_past_its_box(over: int) -> None:
    picture = paper()
    square(picture, 100, 60, 26)
    cross(picture, 100, 60, 26, over)

    (found,) = find_marks(picture).checkboxes

    assert found.ticked
    assert found.box.width < 34


def test_a_filled_box_is_ticked() -> None:
    picture = paper()
    square(picture, 100, 60, 26, -1)

    (found,) = find_marks(picture).checkboxes

    assert found.filled == 1.0


@settings(max_examples=40, deadline=None)
@given(side=st.integers(20, 40), width=st.integers(2, 3), ticked=st.booleans())
def test_a_ring_is_a_place_to_tick(side: int, width: int, ticked: bool) -> None:
    picture = paper()
    ring(picture, 100, 60, side, width)
    if ticked:
        cv2.circle(picture, (100 + side // 2, 60 + side // 2), side // 4, (0, 0, 0), -1)

    (found,) = find_marks(picture).checkboxes

    assert found.shape is Shape.RING
    assert found.ticked is ticked


def test_the_letter_o_in_a_word_is_no_ring() -> None:
    picture = paper()
    cv2.putText(picture, "OOO GOOD Dodo", (60, 100), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (0, 0, 0), 2, cv2.LINE_AA)

    assert not [box for box in find_marks(picture).checkboxes if box.shape is Shape.RING]


def brackets(picture: Picture, x: int, y: int) -> None:
    for left, arm in ((x, 5), (x + 26, -5)):
        points = np.array([(left + arm, y), (left, y), (left, y + 26), (left + arm, y + 26)], np.int32)
        cv2.polylines(picture, [points], False, (0, 0, 0), 2)


@pytest.mark.parametrize("ticked", [True, False])
def test_brackets_are_a_place_to_tick(ticked: bool) -> None:
    picture = paper()
    brackets(picture, 100, 60)
    if ticked:
        cross(picture, 108, 68, 10, 0)

    (found,) = find_marks(picture).signs

    assert found.shape is Shape.BRACKETS
    assert found.ticked is ticked


@pytest.mark.parametrize("ticked", [True, False])
def test_a_short_line_is_a_place_to_tick(ticked: bool) -> None:
    picture = paper()
    cv2.line(picture, (100, 100), (145, 100), (0, 0, 0), 2)
    if ticked:
        cross(picture, 112, 78, 18, 0)

    (found,) = find_marks(picture).signs

    assert found.shape is Shape.LINE
    assert found.ticked is ticked


def test_what_a_pen_draws_around_a_word_is_a_loop() -> None:
    picture = paper()
    cv2.putText(picture, "Male", (100, 100), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2, cv2.LINE_AA)
    cv2.ellipse(picture, (132, 92), (60, 26), 0, 0, 360, (0, 0, 0), 2, cv2.LINE_AA)

    (loop,) = find_marks(picture).loops

    assert loop.left == pytest.approx(72, abs=3)
    assert loop.right == pytest.approx(192, abs=3)


def test_a_table_has_rules_and_no_boxes() -> None:
    picture = paper()
    for x in (50, 250, 450):
        cv2.line(picture, (x, 40), (x, 160), (0, 0, 0), 2)
    for y in (40, 100, 160):
        cv2.line(picture, (50, y), (450, y), (0, 0, 0), 2)
    marks = find_marks(picture)

    assert (len(marks.across), len(marks.down)) == (3, 3)
    assert not marks.checkboxes


def test_a_fine_scan_is_measured_in_its_own_pixels() -> None:
    picture = paper(1200, 400)
    square(picture, 200, 120, 78, 5)
    cv2.line(picture, (100, 300), (900, 300), (0, 0, 0), 5)
    marks = find_marks(picture, 600)

    assert marks.checkboxes[0].box.left == pytest.approx(198, abs=4)
    assert marks.across[0].right == pytest.approx(900, abs=6)


def test_a_picture_too_small_for_marks_has_none() -> None:
    assert find_marks(paper(10, 10)).checkboxes == ()
