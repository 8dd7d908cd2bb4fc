"""What is told of confidences."""

import pytest

from tests.quality.extraction.calibration import automated, automation_curve, bins, brier, calibration_error


def test_values_that_are_right_as_often_as_was_said_have_no_calibration_error() -> None:
    said, right = [0.75] * 60, [True, True, True, False] * 15
    assert calibration_error(said, right) == pytest.approx(0.0)
    assert brier(said, right) == pytest.approx(0.75 * 0.0625 + 0.25 * 0.5625)


def test_the_calibration_error_is_how_far_confidence_and_truth_are_apart() -> None:
    assert calibration_error([0.9] * 30, [True, False] * 15) == pytest.approx(0.4)
    assert calibration_error([], []) == 0.0


def test_bins_hold_as_many_values_each() -> None:
    found = bins([n / 100 for n in range(100)], [True] * 100)
    assert len(found) == 15
    assert {one.count for one in found} == {6, 7}


def test_the_surest_are_accepted_first_as_long_as_few_of_them_are_wrong() -> None:
    said = [0.99] * 98 + [0.9, 0.8]
    right = [True] * 98 + [False, False]
    assert automated(said, right, missed=0, error=0.005) == 0.98
    assert automated(said, right, missed=0, error=0.02) == 1.0
    assert automated(said, right, missed=100, error=0.005) == 0.49


def test_values_of_one_confidence_are_accepted_together_or_not_at_all() -> None:
    accepted, wrong = automation_curve([0.9, 0.9, 0.5], [True, False, True], missed=1)
    assert accepted.tolist() == [0.5, 0.75]
    assert wrong.tolist() == pytest.approx([0.5, 1 / 3])
    assert automated([0.9, 0.9], [True, False], missed=0, error=0.01) == 0.0
