"""Where the points of a picture lie on the page made of it: turned a little, or taken off the desk it lay on.

Text is read on the picture before it is warped, and the places of what was read are moved: a warp resamples, and
resampled letters read worse (decisions/preprocessing.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil, cos, hypot, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents import Point, Polygon, TextLine, bounds
from shared.reading.preprocess.turning import Picture

_WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Placement:
    """A projective matrix (3 x 3) from a picture's pixels to those of a page of `width` x `height`."""

    matrix: NDArray[np.float64]
    width: int
    height: int
    moves: bool = True  # False: the page is the picture

    def then(self, other: "Placement") -> "Placement":
        """This placement and `other` after it, as one."""
        matrix = other.matrix @ self.matrix
        return Placement(matrix, other.width, other.height, self.moves or other.moves)


def unmoved(picture: Picture) -> Placement:
    """The page is `picture` as it is."""
    height, width = picture.shape[:2]
    return Placement(np.eye(3), width, height, moves=False)


def levelled(width: int, height: int, degrees: float) -> Placement:
    """A picture of `width` x `height` turned clockwise by a few degrees, on a sheet large enough for all of it."""
    sine, cosine = abs(sin(radians(degrees))), cos(radians(degrees))
    new_width, new_height = ceil(width * cosine + height * sine), ceil(width * sine + height * cosine)
    # OpenCV counts angles counter-clockwise.
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    turn[0, 2] += (new_width - width) / 2
    turn[1, 2] += (new_height - height) / 2
    return Placement(np.vstack([turn, (0.0, 0.0, 1.0)]), new_width, new_height, moves=degrees != 0)


def flattened(corners: Polygon) -> Placement:
    """The sheet with these corners (clockwise from its top left) seen from straight above."""
    top_left, top_right, bottom_right, bottom_left = corners
    width = round((_apart(top_left, top_right) + _apart(bottom_left, bottom_right)) / 2)
    height = round((_apart(top_left, bottom_left) + _apart(top_right, bottom_right)) / 2)
    onto = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), onto)
    return Placement(np.asarray(matrix, np.float64), width, height)


def placed(picture: Picture, placement: Placement) -> Picture:
    """The page: `picture` where `placement` puts it, white where there is none of it."""
    if not placement.moves:
        return picture
    page = cv2.warpPerspective(
        picture,
        placement.matrix,
        (placement.width, placement.height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_WHITE,
    )
    return page.astype(np.uint8)


def placed_polygon(polygon: Polygon, placement: Placement) -> Polygon:
    """Where the corners of `polygon` lie on the page, to a tenth of a pixel."""
    points = np.array([polygon], np.float64)
    a, b, c, d = cv2.perspectiveTransform(points, placement.matrix)[0].round(1).tolist()
    return (a[0], a[1]), (b[0], b[1]), (c[0], c[1]), (d[0], d[1])


def placed_lines(lines: Iterable[TextLine], placement: Placement) -> tuple[TextLine, ...]:
    """The lines where they stand on the page; what was beside the page is left out."""
    if not placement.moves:
        return tuple(lines)
    return tuple(line for line in (_placed(line, placement) for line in lines) if _is_on(line, placement))


def runs_across(polygon: Polygon) -> bool:
    """Whether the text in `polygon` runs rather across the page than up or down."""
    (x0, y0), (x1, y1), *_ = polygon
    return abs(x1 - x0) >= abs(y1 - y0)


def _placed(line: TextLine, placement: Placement) -> TextLine:
    words = tuple(replace(word, polygon=placed_polygon(word.polygon, placement)) for word in line.words)
    return replace(line, polygon=placed_polygon(line.polygon, placement), words=words)


def _is_on(line: TextLine, placement: Placement) -> bool:
    x, y = bounds(line.polygon).centre
    return 0 <= x < placement.width and 0 <= y < placement.height


def _apart(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
