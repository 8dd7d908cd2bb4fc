"""How far a page's text is off the horizontal.

Projection profiles (Postl 1986, in the sheared form of Baird 1987): ink is projected along slanted rows; at the
right slant lines of text and the gaps between them stand apart most clearly.
"""

from collections.abc import Sequence
from math import radians, tan

import cv2
import numpy as np
from numpy.typing import NDArray

_WORKING_WIDTH = 1000  # pixels: 0.1 degrees are then 1.7 pixels from edge to edge
_WIDEST = 10.0  # degrees: a scanner's feeder does not slant more; a quarter turn is not skew
_COARSE_STEP = 0.5  # degrees
_FINE_STEP = 0.05
_LEAST = 0.1  # degrees: below it turning costs more sharpness than it gains
_CLEARLY_BETTER = 1.03  # times as clear as unturned, else the page is left alone
_MOST_POINTS = 60_000
_FEWEST_POINTS = 500  # less ink than this tells nothing
_TALLEST_MARK = 0.06  # of the working width: taller marks are pictures, punch holes and scanner edges, not letters


def measure_skew(picture: NDArray[np.uint8]) -> float:
    """Degrees by which `picture` (BGR, upright) has to be turned clockwise for its lines to be level, or 0.0."""
    rows, columns = _ink(picture)
    if len(rows) < _FEWEST_POINTS:
        return 0.0
    coarse = _clearest(rows, columns, _steps(0.0, _WIDEST, _COARSE_STEP))
    fine = _clearest(rows, columns, _steps(coarse, _COARSE_STEP, _FINE_STEP))
    if abs(fine) < _LEAST or abs(fine) > _WIDEST:
        return 0.0
    gain = _clarity(rows, columns, fine) / max(_clarity(rows, columns, 0.0), 1e-9)
    return round(-fine, 2) if gain >= _CLEARLY_BETTER else 0.0


def _steps(middle: float, reach: float, step: float) -> list[float]:
    count = round(reach / step)
    return [middle + number * step for number in range(-count, count + 1)]


def _ink(picture: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rows and columns of the lower edges of what may be letters, on the picture reduced to the working width."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    scale = _WORKING_WIDTH / grey.shape[1]
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    letters = _without_tall_marks(dark)
    # Only where ink ends and paper begins below it: baselines, rather than the grey mass of letters.
    edges = letters[:-1].astype(bool) & ~letters[1:].astype(bool)
    rows, columns = np.nonzero(edges)
    if len(rows) > _MOST_POINTS:
        chosen = np.linspace(0, len(rows) - 1, _MOST_POINTS).astype(int)
        rows, columns = rows[chosen], columns[chosen]
    return rows.astype(np.float64), columns.astype(np.float64)


def _without_tall_marks(dark: NDArray[np.generic]) -> NDArray[np.uint8]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    keep = stats[:, cv2.CC_STAT_HEIGHT] <= _TALLEST_MARK * _WORKING_WIDTH
    keep[0] = False  # the paper
    kept: NDArray[np.uint8] = keep[labels].astype(np.uint8)
    return kept


def _clearest(rows: NDArray[np.float64], columns: NDArray[np.float64], angles: Sequence[float]) -> float:
    return max(angles, key=lambda angle: _clarity(rows, columns, angle))


def _clarity(rows: NDArray[np.float64], columns: NDArray[np.float64], degrees: float) -> float:
    """How unevenly ink falls on rows that descend by `degrees` from left to right."""
    levels = rows - columns * tan(radians(degrees))
    counts = np.bincount((levels - levels.min()).astype(np.int64))
    return float(np.square(counts, dtype=np.float64).sum())
