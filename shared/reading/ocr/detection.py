"""Where text stands on a page."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.reading.ocr.engine import Picture
from shared.reading.ocr.past_the_door import import_past_the_door
from shared.reading.ocr.pixels import IMAGENET_MEAN, IMAGENET_SPREAD, as_tensor
from shared.reading.ocr.sessions import ModelSession

_LONGEST_SIDE = 1280  # pixels that the model sees; on 200 dpi pages 960 loses small print, 1600 costs 1.7 times as much
_STRIDE = 32  # the model halves its input five times
_TEXT = 0.3  # of the model's map: a pixel that belongs to text
_LINE = 0.5  # the mean over a line's pixels
_UNCLIP = 1.6  # how far a found kernel is grown to the whole height of its letters
_MOST_LINES = 3000


class LineDetector:
    """PP-OCRv6's detection with PaddleOCR's own way from its map to boxes (Liao et al. 2020)."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._session = ModelSession(folder, threads)
        processors = import_past_the_door("paddlex.inference.models.text_detection.processors")
        self._boxes = processors.DBPostProcess(
            thresh=_TEXT, box_thresh=_LINE, unclip_ratio=_UNCLIP, max_candidates=_MOST_LINES
        )

    def find(self, picture: Picture) -> list[NDArray[np.int16]]:
        """The quads (four corners, clockwise from the top left, in pixels of `picture`) of its lines, in any order."""
        height, width = picture.shape[:2]
        map_of_text = self._session.run(as_tensor(_reduced(picture), IMAGENET_MEAN, IMAGENET_SPREAD))
        quads, _ = self._boxes([map_of_text], [(height, width, 1.0, 1.0)])
        return list(quads[0])


def _reduced(picture: Picture) -> Picture:
    """`picture` at the size that the model sees."""
    scale = min(1.0, _LONGEST_SIDE / max(picture.shape[:2]))
    height, width = (max(_STRIDE, round(side * scale / _STRIDE) * _STRIDE) for side in picture.shape[:2])
    return cv2.resize(picture, (width, height)).astype(np.uint8, copy=False)
