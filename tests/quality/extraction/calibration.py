"""Whether confidences mean what they say, and what may be accepted unseen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BINS = 15  # of equal mass


@dataclass(frozen=True, slots=True)
class Bin:
    """Values of like confidence: the mean of what was said, the share that is right, and how many they are."""

    said: float
    right: float
    count: int


def bins(confidences: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """The values in order of confidence, in bins of equal mass."""
    said, hit = _ordered(confidences, right)
    parts = [part for part in np.array_split(np.arange(said.size), _BINS) if part.size]
    return [Bin(float(said[part].mean()), float(hit[part].mean()), int(part.size)) for part in parts]


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """The expected calibration error: how far what was said is from what is right, mean over all values; 0 for none."""
    found = bins(confidences, right)
    count = sum(one.count for one in found)
    return sum(one.count * abs(one.said - one.right) for one in found) / count if count else 0.0


def brier(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """The mean squared distance between what was said and what is; 0 for no values."""
    said, hit = _ordered(confidences, right)
    return float(((said - hit) ** 2).mean()) if said.size else 0.0


def automation_curve(
    confidences: Sequence[float], right: Sequence[bool], missed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each confidence from which values are accepted: the share accepted and the share of these that is wrong.

    The share accepted is of all values that were found and all that were missed: those a person has to give.
    """
    said, hit = _ordered(confidences, right)
    said, hit = said[::-1], hit[::-1]
    last = np.flatnonzero(np.diff(said, append=-1.0))  # values of one confidence are accepted together
    accepted = last + 1.0
    wrong = np.cumsum(1 - hit)[last]
    return accepted / max(1, said.size + missed), wrong / accepted


def automated(confidences: Sequence[float], right: Sequence[bool], missed: int, error: float) -> float:
    """The largest share of fields that can be accepted with no more than `error` (0..1) of them wrong."""
    accepted, wrong = automation_curve(confidences, right, missed)
    return float(max(accepted[wrong <= error], default=0.0))


def _ordered(confidences: Sequence[float], right: Sequence[bool]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    said, hit = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.float64)
    order = np.argsort(said, kind="stable")
    return said[order], hit[order]
