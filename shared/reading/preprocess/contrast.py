"""How dark the ink of a page stands on its paper, and making it darker."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.reading.preprocess.turning import Picture

_PAPER_SIDE = 200  # pixels of the shorter side on which the paper's own brightness is looked at
_STROKE = 5  # pixels of that: wider than any stroke of ink
_PATCH = 15  # pixels of that: paper is the same over so far
_INK_SHARE = 0.01  # of a page at least is ink: its hundredth darkest pixel is
_FULL = 200  # levels (of 255): black print on white; scans in grey have 130 to 185, copies and faxes 230 and more
_CLIP = 2.0  # of CLAHE: 3 reads alike, 1 gains less on faint pages
_TILES = (8, 8)  # of CLAHE: an inch each on letter paper


def measure_contrast(picture: Picture) -> int:
    """Levels (0..255) by which a page's ink is darker than the paper around it; shadows do not count as ink."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)[::2, ::2].astype(np.uint8)
    depth = cv2.subtract(_paper(grey), grey)
    counts = np.cumsum(np.bincount(depth.ravel(), minlength=256))
    return int(np.searchsorted(counts, (1 - _INK_SHARE) * depth.size))


def has_full_contrast(contrast: int) -> bool:
    """Whether a page is black on white, as copies and faxes are."""
    return contrast >= _FULL


def with_more_contrast(picture: Picture) -> Picture:
    """`picture` in grey, as large, with the contrast of each part stretched (CLAHE, Zuiderveld 1994)."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return cv2.cvtColor(cv2.createCLAHE(_CLIP, _TILES).apply(grey), cv2.COLOR_GRAY2BGR).astype(np.uint8)


def _paper(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The brightness of the paper under each pixel."""
    height, width = grey.shape
    scale = min(1.0, _PAPER_SIDE / min(height, width))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((_STROKE, _STROKE), np.uint8)), _PATCH)
    return cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
