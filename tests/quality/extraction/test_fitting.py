"""Confidences fitted to what is right."""

import math
from random import Random

import pytest

from tests.quality.extraction.calibration import calibration_error
from tests.quality.extraction.fitting import POOLED, Example, fit, predict, predict_unseen


def examples(kind: str, count: int, doubt: float, seed: int = 1) -> list[Example]:
    """Values that are right the more often the greater their only feature is; `doubt` is in log odds."""
    draw = Random(seed)  # noqa: S311  # the same each time
    made = []
    for number in range(count):
        share = draw.random()
        right = draw.random() < 1 / (1 + math.exp(doubt - 6 * (share - 0.5)))
        made.append(Example(kind, {"share": share}, right, f"document {number // 10}", share))
    return made


def test_what_is_said_of_unseen_documents_is_what_is_right() -> None:
    dates = examples("date", 1500, 0.0)
    names = examples("person", 1500, 2.0, seed=2)
    said = predict_unseen([*dates, *names])
    assert calibration_error(said[:1500], [one.right for one in dates]) < 0.05
    assert calibration_error(said[1500:], [one.right for one in names]) < 0.05


def test_a_common_kind_has_a_fit_of_its_own_and_a_rare_one_that_of_all_kinds() -> None:
    weights = fit([*examples("date", 500, 0.0), *examples("person", 500, 2.0), *examples("npi", 20, 0.0)])
    assert set(weights) == {POOLED, "date", "person"}
    sure = {"share": 0.7}
    date, person, npi = predict(weights, [Example(kind, sure, True, "", 0.7) for kind in ("date", "person", "npi")])
    assert date > npi > person


def test_values_that_were_always_right_are_not_certain() -> None:
    weights = fit([Example("date", {"share": 1.0}, True, str(number), 1.0) for number in range(200)])
    [said] = predict(weights, [Example("date", {"share": 1.0}, True, "", 1.0)])
    assert 0.98 < said < 1.0


def test_a_feature_that_some_values_have_not_counts_as_absent() -> None:
    weights = fit([*examples("date", 300, 0.0), Example("date", {"other": 1.0}, False, "last", 0.5)])
    said = predict(weights, [Example("date", {}, True, "", 0.0)])
    assert said == [pytest.approx(predict(weights, [Example("date", {"share": 0.0, "other": 0.0}, True, "", 0.0)])[0])]
