"""Pictures of boxes to tick, drawn here stroke by stroke, and pages written down word by word."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents import Box, Page, TextLine, Value, Word, box_polygon
from shared.reading.extraction import PageMarks, Record, SeenPage, extract
from shared.templates import template_named

Picture = NDArray[np.uint8]
LETTER = 14  # pixels a character
Printed = tuple[float, float, str]


def paper(width: int = 600, height: int = 200) -> Picture:
    return np.full((height, width, 3), 255, np.uint8)


def square(picture: Picture, x: int, y: int, side: int, width: int = 2) -> None:
    cv2.rectangle(picture, (x, y), (x + side, y + side), (0, 0, 0), width)


def ring(picture: Picture, x: int, y: int, side: int, width: int = 2) -> None:
    half = side // 2
    cv2.circle(picture, (x + half, y + half), half, (0, 0, 0), width, cv2.LINE_AA)


def cross(picture: Picture, x: int, y: int, side: int, over: int = -3) -> None:
    """Both diagonals; `over` is how far they reach past the sides."""
    for start, end in (((-over, -over), (side + over, side + over)), ((side + over, -over), (-over, side + over))):
        cv2.line(picture, (x + start[0], y + start[1]), (x + end[0], y + end[1]), (0, 0, 0), 3, cv2.LINE_AA)


def speckled(picture: Picture, share: float, seed: int = 1) -> Picture:
    """With so many pixels turned black as a fax line does."""
    noise = np.random.default_rng(seed).random(picture.shape[:2]) < share
    return np.where(noise[..., None], np.uint8(0), picture)


def line(x: float, y: float, text: str, height: float = 30) -> TextLine:
    words, left = [], x
    for word in text.split(" "):
        box = Box(left, y, left + LETTER * len(word), y + height)
        words.append(Word(word, 0.99, box_polygon(box)))
        left = box.right + LETTER
    whole = Box(x, y, left - LETTER, y + height)
    return TextLine(text, 0.99, box_polygon(whole), tuple(words))


def read(*printed: Printed, marks: PageMarks | None = None, template: str = "hospice") -> Record:
    page = Page(1, 1700, 2200, 200, 0, 0.0, tuple(line(*item) for item in printed))
    return extract([SeenPage(page, marks or PageMarks())], template_named(template))


def value_of(record: Record, name: str) -> Value | None:
    found = record.fields[name]
    return found.value if found else None
