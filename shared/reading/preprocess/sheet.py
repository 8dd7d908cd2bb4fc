"""Finds the sheet of paper on a photo: a bright quadrilateral on a darker desk."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents import Polygon
from shared.reading.preprocess.turning import Picture

_WORKING_SIDE = 600  # pixels of the longer side: corners are then found to half a percent of the page
_BLUR = 5  # pixels, at the working size
_CLOSED = 9  # pixels: letters and rules do not cut the paper
_LEAST_SHARE = 0.35  # of the picture that is paper
_MOST_SHARE = 0.95  # above it there is no desk to see: a scan
_EDGE_SHARE = 0.6  # of the picture's border that is desk: a dark strip beside a scan is not a desk
_FOUR_SIDED = 0.97  # of the hull's area that a quadrilateral has to cover
_CORNER_TOLERANCE = 0.02  # of the hull's length
_DARKER = 40  # levels by which the desk is darker than the paper, at least


def find_sheet(picture: Picture) -> Polygon | None:
    """The sheet's corners, clockwise from the one nearest the top left; None unless it is plain to see."""
    scale = min(1.0, _WORKING_SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (_BLUR, _BLUR), 0)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU | cv2.THRESH_BINARY)
    paper = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((_CLOSED, _CLOSED), np.uint8)) > 0
    if not _LEAST_SHARE <= paper.mean() <= _MOST_SHARE or _border(paper).mean() > 1 - _EDGE_SHARE:
        return None
    if np.median(grey[paper]) - np.median(grey[~paper]) < _DARKER:
        return None
    corners = _four_corners(paper)
    return None if corners is None else _clockwise(corners / scale)


def _border(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])


def _four_corners(paper: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    outlines, _ = cv2.findContours(paper.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    area = cv2.contourArea(hull)
    corners = cv2.approxPolyDP(hull, _CORNER_TOLERANCE * cv2.arcLength(hull, closed=True), closed=True)
    if area < _LEAST_SHARE * paper.size or len(corners) != 4 or cv2.contourArea(corners) < _FOUR_SIDED * area:
        return None
    return corners[:, 0].astype(np.float64)


def _clockwise(corners: NDArray[np.float64]) -> Polygon:
    across, down = (corners - corners.mean(axis=0)).T
    around = corners[np.argsort(np.arctan2(down, across))]  # y runs downwards: growing angles go clockwise
    a, b, c, d = np.roll(around, -int(np.argmin(around.sum(axis=1))), axis=0).tolist()
    return (a[0], a[1]), (b[0], b[1]), (c[0], c[1]), (d[0], d[1])
