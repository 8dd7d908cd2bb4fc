"""One page as it came out of its file."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.documents import Point, TextLine

Picture = NDArray[np.uint8]
"""Height x width x 3, BGR, 8 bits a channel."""


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What a page says in letters and was seen to show.

    `lines` stand on the page's picture turned clockwise by `rotation` degrees (0, 90, 180, 270). `rest` is a part of
    that turned picture without these letters, its top left corner at `rest_at`: what there may be more to read
    (a logo, a stamp, handwriting, values typed into a form); None where there is nothing.
    """

    lines: tuple[TextLine, ...]
    rotation: int
    rest: Picture | None = None
    rest_at: Point = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """One page's pixels (height x width x 3, BGR, 8 bits), square, `dpi` of them an inch.

    `bilevel` says that the file held black and white only. Where there is a `layer`, its text need not be recognised.
    """

    number: int
    picture: Picture
    dpi: int
    bilevel: bool
    layer: TextLayer | None = None
