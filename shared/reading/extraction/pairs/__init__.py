"""Labels and their values on a form that no template knows."""

from shared.reading.extraction.pairs.pairing import find_pairs

__all__ = ["find_pairs"]
