"""A page as a list of what is drawn on it, in points from its top left corner; no pixels yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.fonts import Face

Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]
Point = tuple[float, float]

LETTER = (612.0, 792.0)
CARD = (243.0, 153.0)  # ISO/IEC 7810 ID-1
BLACK, WHITE, GREY, SHADE, BLUE = (15, 15, 18), (255, 255, 255), (90, 90, 95), (224, 226, 230), (25, 45, 140)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Text whose baseline starts at `at`; `angle` in degrees counter-clockwise."""

    at: Point
    text: str
    face: Face
    size: float
    colour: Colour
    angle: float = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """A polygon, filled or not, or (`open`) a stroke along the points."""

    points: tuple[Point, ...]
    fill: Colour | None = None
    outline: Colour | None = None
    width: float = 0.7
    open: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """An ellipse in a box."""

    box: Box
    fill: Colour | None = None
    outline: Colour | None = None
    width: float = 0.7


@dataclass(slots=True)
class Sheet:
    """One page. `size` is its width and height; `marks` are the boxes of fields and cells by their key."""

    size: tuple[float, float] = LETTER
    drawn: list[Glyphs | Shape | Round] = field(default_factory=list)
    written: list[tuple[str, Box]] = field(default_factory=list)
    marks: dict[str, Box] = field(default_factory=dict)

    def text(  # how type is set
        self, x: float, y: float, text: str, face: Face, size: float, colour: Colour = BLACK, *, told: bool = True
    ) -> Box:
        """Sets text with its baseline at `y`. Returns the box of its ink; `told`: it belongs to the page's text."""
        if not text.strip():
            return (x, y - size * 0.7, x, y)
        self.drawn.append(Glyphs((x, y), text, face, size, colour))
        left, top, right, bottom = fonts.ink(face, text, size)
        box = (x + left, y + top, x + right, y + bottom)
        if told:
            self.written.append((text, box))
        return box

    def line(self, start: Point, end: Point, width: float = 0.7, colour: Colour = BLACK) -> None:
        """A straight rule."""
        self.drawn.append(Shape((start, end), None, colour, width, open=True))

    def frame(
        self, box: Box, *, fill: Colour | None = None, outline: Colour | None = BLACK, width: float = 0.7
    ) -> None:
        """A rectangle."""
        left, top, right, bottom = box
        self.drawn.append(Shape(((left, top), (right, top), (right, bottom), (left, bottom)), fill, outline, width))

    def stroke(self, points: Sequence[Point], width: float = 1.0, colour: Colour = BLACK) -> None:
        """A pen's way."""
        self.drawn.append(Shape(tuple(points), None, colour, width, open=True))

    def mark(self, key: str, box: Box) -> None:
        """Says that the field or cell stands in `box`, or in that too."""
        self.marks[key] = around(self.marks[key], box) if key in self.marks else box


def around(one: Box, other: Box) -> Box:
    """The smallest box with both in it."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
