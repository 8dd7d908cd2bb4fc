"""Which way up a page lies."""

from pathlib import Path

import cv2
import numpy as np

from shared.reading.ocr.engine import Picture, Upright
from shared.reading.ocr.pixels import IMAGENET_MEAN, IMAGENET_SPREAD, as_tensor
from shared.reading.ocr.sessions import ModelSession

_SHORT_SIDE = 256  # pixels; the model sees the middle square of a page reduced to it
_SQUARE = 224
_TURNED = (0, 90, 180, 270)  # degrees clockwise that a page was turned by: the model's four answers


class PageOrientation:
    """PP-LCNet for document orientation; 10 ms a page."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._session = ModelSession(folder, threads)

    def find_upright(self, picture: Picture) -> Upright:
        """As the port says."""
        scores = self._session.run(as_tensor(_middle(picture), IMAGENET_MEAN, IMAGENET_SPREAD))[0]
        best = int(scores.argmax())
        return Upright(-_TURNED[best] % 360, float(scores[best]))


def _middle(picture: Picture) -> Picture:
    scale = _SHORT_SIDE / min(picture.shape[:2])
    height, width = (round(side * scale) for side in picture.shape[:2])
    top, left = (height - _SQUARE) // 2, (width - _SQUARE) // 2
    reduced = cv2.resize(picture, (width, height))[top : top + _SQUARE, left : left + _SQUARE]
    return reduced.astype(np.uint8, copy=False)
