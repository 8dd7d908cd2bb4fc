"""Labels and their values on a form that no template knows."""

from shared.reading.extraction.pairs.pairing import find_pairs

__all__ = ["PAIRS", "find_pairs"]

PAIRS = "pairs"
"""The table of them, by which a template asks for all that stand on a document."""
