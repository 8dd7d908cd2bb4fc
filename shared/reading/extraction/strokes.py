"""Ink as pixels: straight strokes in it, and the outlines of what hangs together."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents import Box

Ink = NDArray[np.uint8]
"""A picture; of ink, 1 where some is."""


Outline = tuple[Sequence[int], NDArray[np.int32]]
"""The left, top, width and height of something, and its contour."""


def open_along(ink: Ink, length: float, close: float = 0) -> Ink:
    """What of `ink` is part of upright strokes `length` pixels long; breaks of up to `close` in them are closed."""
    # Eight pixels beside each other are one byte, and what is done down a picture is done to all of them at once: a
    # tenth of the time that OpenCV's morphology takes, which does the same.
    bits = np.packbits(ink, axis=1)
    bits = _thickened(_thinned(bits, length), length)
    if close:
        bits = _thinned(_thickened(bits, close), close)
    return np.unpackbits(bits, axis=1, count=ink.shape[1])


def _thinned(bits: Ink, length: float) -> Ink:
    """What has ink on all of `length` pixels about it, up and down; beyond the edge counts as ink."""
    return _combined(np.bitwise_and, bits, length, beyond=0xFF)


def _thickened(bits: Ink, length: float) -> Ink:
    """What has ink on any of `length` pixels about it, up and down."""
    return _combined(np.bitwise_or, bits, length, beyond=0)


def _combined(combine: np.ufunc, bits: Ink, length: float, beyond: int) -> Ink:
    reach = max(1, round(length) // 2)
    found = np.pad(bits, ((reach, reach), (0, 0)), constant_values=beyond)
    covered, size = 1, 2 * reach + 1
    while covered < size:  # each step doubles how many rows are in one
        step = min(covered, size - covered)
        found = combine(found[:-step], found[step:])
        covered += step
    return found


def turned(ink: Ink) -> Ink:
    """Rows as columns: what lies in `ink` stands upright."""
    return cv2.transpose(ink).astype(np.uint8, copy=False)


def outlines(ink: Ink, least: float = 0) -> list[Outline]:
    """Everything at least so high that hangs together, by its outer contour; holes' contours are not among them."""
    # Contours of a page that is mostly empty take a fortieth of the time of labelling it.
    contours, levels = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if levels is None:
        return []
    found: list[Outline] = []
    for contour, above in zip(contours, levels[0, :, 3].tolist(), strict=True):
        if above < 0 and (place := cv2.boundingRect(contour))[3] >= least:
            found.append((place, contour))  # type: ignore[arg-type]  # contours are of whole numbers
    return found


def as_box(place: Sequence[int]) -> Box:
    """OpenCV's left, top, width and height as a box."""
    x, y, width, height = place
    return Box(float(x), float(y), float(x + width), float(y + height))
