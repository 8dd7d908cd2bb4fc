"""Tells a page on which nothing stands, the back of a sheet mostly, from one that is to be read.

A page is blank only if nothing on it could be a part of a letter, however faint. What scanners add to a blank page
(dust, dark edges, the shadows of punch holes) does not count; what cannot be told from writing does.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.reading.preprocess.turning import Picture

_WORKING_DPI = 100  # strokes of small print are a pixel wide, and grain is evened out
_LEAST_SIDE = 850  # pixels of the shorter side that are kept, whatever the resolution is said to be
_PATCH = 61  # pixels, odd: the paper's brightness is the median around, over more than a large letter
_PATCH_SCALE = 0.25  # the median is taken of a picture so much smaller
_FAINTEST = 6  # levels (of 255) between paper and ink: fainter than what the models read
_CLEAREST = 40  # levels: a difference as large is a mark on any paper
_GRAIN = 6.0  # times the unevenness below which three quarters of the page stay
_SMALLEST_MARK = 5  # pixels: a capital of six-point print
_SMALLEST_AREA = 8  # pixels
_MOST_DUST = 0.0005  # of the page: more, however small, may be writing broken to pieces
_HOLE = (18, 40)  # pixels across: punch holes have 5 to 8 mm
_HOLE_FROM_EDGE = 100  # pixels, at most, from a hole's middle to the nearest edge
_HOLE_FILLED = 0.65  # of its box; a disc has 0.79
_EDGE_LENGTH = 0.2  # of the side along which a dark edge runs, at least
_EDGE_DEPTH = 0.06  # of the other side, at most


def is_blank(picture: Picture, dpi: int) -> bool:
    """Whether there is nothing on the page that could be read."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, max(_WORKING_DPI / dpi, _LEAST_SIDE / min(grey.shape)))
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    marks = _marks(grey.astype(np.uint8))
    _clear_edges(marks)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(_joined(marks), connectivity=8)
    kept = np.array([number > 0 and not _is_hole(stats[number], grey.shape) for number in range(count)])
    sides = stats[:, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)].max(axis=1)
    letters = kept & (sides >= _SMALLEST_MARK) & (stats[:, cv2.CC_STAT_AREA] >= _SMALLEST_AREA)
    return not letters.any() and bool((marks & kept[labels]).mean() <= _MOST_DUST)


def _marks(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where the page differs from the paper around, darker or brighter."""
    height, width = grey.shape
    small = cv2.resize(grey, None, fx=_PATCH_SCALE, fy=_PATCH_SCALE, interpolation=cv2.INTER_AREA)
    paper = _paper(small.astype(np.uint8))
    apart = cv2.absdiff(grey, cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8))
    grain = float(np.percentile(apart, 75))
    return np.asarray(apart >= min(max(_FAINTEST, _GRAIN * grain), _CLEAREST), np.bool_)


def _paper(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The brightness of the paper around each pixel; at the page's edges, judged by the paper further in."""
    patch = round(_PATCH * _PATCH_SCALE) | 1
    rim = round(_EDGE_DEPTH * min(small.shape)) + 1
    inner = small[rim:-rim, rim:-rim].astype(np.int16)
    framed = np.pad(inner, patch + rim, mode="reflect", reflect_type="odd")  # a shadow goes on as it began
    return cv2.medianBlur(np.clip(framed, 0, 255).astype(np.uint8), patch)[patch:-patch, patch:-patch].astype(np.uint8)


def _joined(marks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The pieces of a broken letter as one."""
    return cv2.morphologyEx(marks.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)).astype(np.uint8)


def _clear_edges(marks: NDArray[np.bool_]) -> None:
    """Takes out the dark strips that run along the page's edges."""
    for turned in (marks, marks[::-1], marks.T, marks.T[::-1]):  # views: each has another edge on top
        strip = turned[: round(_EDGE_DEPTH * turned.shape[0])]
        _, labels = cv2.connectedComponents(strip.astype(np.uint8), connectivity=8)
        lengths = np.bincount(labels[0])
        for number in np.nonzero(lengths >= _EDGE_LENGTH * turned.shape[1])[0]:
            if number > 0:
                strip[labels == number] = False


def _is_hole(stats: NDArray[np.int32], page: tuple[int, ...]) -> bool:
    left, top, width, height, area = (int(value) for value in stats)
    if not all(_HOLE[0] <= side <= _HOLE[1] for side in (width, height)) or area < _HOLE_FILLED * width * height:
        return False
    x, y = left + width / 2, top + height / 2
    return min(x, y, page[1] - x, page[0] - y) <= _HOLE_FROM_EDGE
