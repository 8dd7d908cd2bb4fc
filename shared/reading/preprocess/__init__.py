"""Turns a page so that it can be read: pure functions, picture in, picture out."""

from shared.reading.preprocess.skew import measure_skew
from shared.reading.preprocess.turning import turn_quarter, turn_slightly

__all__ = ["measure_skew", "turn_quarter", "turn_slightly"]
