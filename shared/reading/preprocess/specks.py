"""Cleans away the specks that photocopiers and fax lines leave on a page."""

import cv2
import numpy as np

from shared.reading.preprocess.turning import Picture

_DARK = 128  # levels (of 255): specks are as black as ink
_ALONE = 25  # pixels at the reference: nothing else is so near, so that it is no dot, comma or piece of a letter
_LARGEST = 6  # pixels of ink at the reference: a full stop of six-point print has 9
_REFERENCE_DPI = 200


def without_specks(picture: Picture, dpi: int) -> Picture:
    """`picture`, as large, with white in place of the tiniest marks that stand alone."""
    scale = max(1.0, dpi / _REFERENCE_DPI)
    ink = (cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) < _DARK).astype(np.uint8)
    reach = round(_ALONE * scale)
    count, groups = cv2.connectedComponents(cv2.dilate(ink, np.ones((reach, reach), np.uint8)), connectivity=8)
    at = np.nonzero(ink)
    inked = np.bincount(groups[at], minlength=count)
    speck = np.zeros_like(ink)
    speck[at] = inked[groups[at]] <= _LARGEST * scale**2
    if not speck.any():
        return picture
    clean = picture.copy()
    clean[cv2.dilate(speck, np.ones((3, 3), np.uint8)) > 0] = 255  # with the grey around it
    return clean
