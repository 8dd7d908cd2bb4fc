"""A picture of a page in, its text lines out: the port in `engine.py`, PaddleOCR behind it."""
