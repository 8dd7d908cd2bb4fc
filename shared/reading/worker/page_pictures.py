"""A page's picture as a file that a window can show."""

import cv2
import numpy as np
from numpy.typing import NDArray

_JPEG_QUALITY = 85
_INK_BELOW = 128  # grey value; turning made a black and white page's edges grey


def encode_page(picture: NDArray[np.uint8], bilevel: bool) -> tuple[bytes, str]:
    """`picture` (BGR) as a file, and the file's media type: PNG for black and white, else JPEG."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if bilevel:
        _, inked = cv2.threshold(grey, _INK_BELOW, 255, cv2.THRESH_BINARY)
        _, encoded = cv2.imencode(".png", inked, [cv2.IMWRITE_PNG_BILEVEL, 1])
        return encoded.tobytes(), "image/png"
    colourless = bool((cv2.absdiff(picture, cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)) <= 2).all())
    _, encoded = cv2.imencode(".jpg", grey if colourless else picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return encoded.tobytes(), "image/jpeg"
