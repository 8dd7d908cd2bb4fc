"""Turning a picture by quarters, and its parts by which to tell how."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height x width x 3, BGR, 8 bits a channel."""

_HALF = 0.6  # of the picture: what lies across the middle is whole in one of both
_QUARTERS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turn_quarter(picture: Picture, rotation: int) -> Picture:
    """`picture` turned clockwise by 0, 90, 180 or 270 degrees."""
    return cv2.rotate(picture, _QUARTERS[rotation]).astype(np.uint8) if rotation else picture


def halves(picture: Picture) -> tuple[Picture, Picture, Picture, Picture]:
    """The upper, lower, left and right half of `picture`, each a little more than half of it."""
    height, width = picture.shape[:2]
    more_high, more_wide = round(_HALF * height), round(_HALF * width)
    upper, lower = picture[:more_high], picture[height - more_high :]
    left, right = picture[:, :more_wide], picture[:, width - more_wide :]
    return upper, lower, np.ascontiguousarray(left), np.ascontiguousarray(right)
