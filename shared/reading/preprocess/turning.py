"""Turning a picture clockwise, by quarters or by a little, losing nothing at the edges."""

from math import ceil, cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height x width x 3, BGR, 8 bits a channel."""

_QUARTERS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turn_quarter(picture: Picture, rotation: int) -> Picture:
    """`picture` turned clockwise by 0, 90, 180 or 270 degrees."""
    return cv2.rotate(picture, _QUARTERS[rotation]).astype(np.uint8) if rotation else picture


def turn_slightly(picture: Picture, degrees: float) -> Picture:
    """`picture` turned clockwise by a few degrees about its middle, on a sheet of white large enough for all of it."""
    if degrees == 0:
        return picture
    height, width = picture.shape[:2]
    sine, cosine = abs(sin(radians(degrees))), cos(radians(degrees))
    new_width, new_height = ceil(width * cosine + height * sine), ceil(width * sine + height * cosine)
    # OpenCV counts angles counter-clockwise.
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    turn[0, 2] += (new_width - width) / 2
    turn[1, 2] += (new_height - height) / 2
    white = (255, 255, 255)
    turned = cv2.warpAffine(
        picture, turn, (new_width, new_height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=white
    )
    return turned.astype(np.uint8)
