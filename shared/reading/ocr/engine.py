"""The port: what reading asks of an OCR engine, whichever it is."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shared.documents import TextLine

Picture = NDArray[np.uint8]
"""A page's pixels: height x width x 3, BGR, 8 bits a channel."""


@dataclass(frozen=True, slots=True)
class Upright:
    """How a page has to be turned (degrees clockwise: 0, 90, 180, 270) to stand upright; `confidence` is 0..1."""

    rotation: int
    confidence: float


class OcrEngine(Protocol):
    """Finds and reads text. One call at a time."""

    def read_lines(self, picture: Picture) -> tuple[TextLine, ...]:
        """The text lines on `picture`, from top to bottom, polygons in its pixels."""

    def find_upright(self, picture: Picture) -> Upright:
        """How `picture` has to be turned for its text to stand upright."""
