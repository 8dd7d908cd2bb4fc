"""One page as it came out of its file."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """One page's pixels (height x width x 3, BGR, 8 bits), square, `dpi` of them an inch.

    `bilevel` says that the file held black and white only.
    """

    number: int
    picture: NDArray[np.uint8]
    dpi: int
    bilevel: bool
