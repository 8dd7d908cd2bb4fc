"""Which way up a page lies."""

from pathlib import Path

from shared.reading.ocr.engine import Picture, Upright
from shared.reading.ocr.predictors import load_orientation


class PageOrientation:
    """PP-LCNet for document orientation; 10 ms a page."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._orientation = load_orientation(folder, threads)

    def find_upright(self, picture: Picture) -> Upright:
        """As the port says."""
        result = self._orientation.predict(picture)[0]
        turned_clockwise = int(result["label_names"][0])
        return Upright(-turned_clockwise % 360, float(result["scores"][0]))
