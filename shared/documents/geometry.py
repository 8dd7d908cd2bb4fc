"""Where things stand on a page: pixels of the page as read, origin top left, y downwards."""

from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[float, float]
Polygon = tuple[Point, Point, Point, Point]
"""Four corners, clockwise from the top left of the text (not of the page)."""
NOWHERE: Polygon = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
"""Of a value whose place is withheld, or that a person gave and no reader found: then its page is 0."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels; `right` and `bottom` are exclusive."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def bounds(polygon: Polygon) -> Box:
    """The smallest upright box around `polygon`."""
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return Box(min(xs), min(ys), max(xs), max(ys))


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all `boxes`. Raises ValueError when there is none."""
    sides = [(box.left, box.top, box.right, box.bottom) for box in boxes]
    lefts, tops, rights, bottoms = zip(*sides, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def scaled(box: Box, across: float, down: float) -> Box:
    """`box` as it stands on a picture that is so many times as wide and as high."""
    return Box(box.left * across, box.top * down, box.right * across, box.bottom * down)


def box_polygon(box: Box) -> Polygon:
    """The corners of `box`, clockwise from the top left."""
    return (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)


def moved_polygon(polygon: Polygon, by: Point) -> Polygon:
    """`polygon` moved right and down by `by`."""
    a, b, c, d = ((round(x + by[0], 1), round(y + by[1], 1)) for x, y in polygon)
    return a, b, c, d
