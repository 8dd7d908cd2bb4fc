"""How finely a PDF page is drawn, from the size of the paper it says it is."""

from math import isfinite

from shared.reading.errors import PageTooLarge
from shared.reading.load.damage import damaged_pdf
from shared.reading.settings import Limits

POINTS_AN_INCH = 72
_LONGEST = 14_400.0  # points, 200 inches: ISO 32000-1, annex C.2
_NO_PAPER = 1_000_000.0  # points; a page longer than 350 m is a broken number
_SHORTEST = 7.2  # points, a tenth of an inch: what is smaller bears no letter


def drawing_dpi(size: tuple[float, float], wanted: float, number: int, limits: Limits) -> float:
    """Dots an inch at which page `number` of `size` (points) is drawn: `wanted`, or fewer for large paper.

    Raises FileDamaged and PageTooLarge for what is no paper.
    """
    longest, shortest = max(size), min(size)
    if not (isfinite(longest) and isfinite(shortest)) or shortest < _SHORTEST or longest > _NO_PAPER:
        raise damaged_pdf(number)
    if longest > _LONGEST:
        raise PageTooLarge(
            f"Page {number} is {longest / POINTS_AN_INCH:.0f} inches long; the limit is "
            f"{_LONGEST / POINTS_AN_INCH:.0f}. Print it to a PDF of ordinary paper size."
        )
    return min(wanted, limits.pdf_side_pixels * POINTS_AN_INCH / longest)


def refuse_oversize(size: tuple[int, int], number: int, limits: Limits) -> None:
    """Raises PageTooLarge for a picture of more pixels (width, height) than page `number` may have."""
    width, height = size
    if max(size) > limits.side_pixels or width * height > limits.page_pixels:
        raise PageTooLarge(
            f"Page {number} has {width} x {height} pixels; the limit is {limits.side_pixels} a side and "
            f"{limits.page_pixels // 1_000_000} megapixels. Scan it at a lower resolution."
        )
