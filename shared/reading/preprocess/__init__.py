"""Looks at a page and makes it ready to be read: pure functions, picture in, picture or figure out."""

from shared.reading.preprocess.blank import is_blank
from shared.reading.preprocess.contrast import has_full_contrast, measure_contrast, with_more_contrast
from shared.reading.preprocess.placement import (
    Placement,
    flattened,
    levelled,
    placed,
    placed_lines,
    placed_polygon,
    runs_across,
    unmoved,
)
from shared.reading.preprocess.sheet import find_sheet
from shared.reading.preprocess.skew import measure_skew
from shared.reading.preprocess.specks import without_specks
from shared.reading.preprocess.turning import Picture, halves, turn_quarter

__all__ = [
    "Picture",
    "Placement",
    "find_sheet",
    "flattened",
    "halves",
    "has_full_contrast",
    "is_blank",
    "levelled",
    "measure_contrast",
    "measure_skew",
    "placed",
    "placed_lines",
    "placed_polygon",
    "runs_across",
    "turn_quarter",
    "unmoved",
    "with_more_contrast",
    "without_specks",
]
