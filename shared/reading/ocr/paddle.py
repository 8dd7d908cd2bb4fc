"""The OCR engine: the `paddleocr` package on ONNX Runtime, without the Paddle framework.

Its parts (detection, recognition, page orientation) are called one by one rather than through its pipeline class,
which drops what the product needs: the confidence of each character and its place, and a choice of recognisers.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shared.documents import Polygon, TextLine
from shared.reading.ocr.engine import Picture, Upright
from shared.reading.ocr.models import (
    ALL,
    DETECTION,
    FAST_RECOGNITION,
    ORIENTATION,
    RECOGNITION,
    models_folder,
    verified_folder,
)
from shared.reading.ocr.order import in_reading_order
from shared.reading.ocr.words import RecognisedLine, possible_corners, text_line
from shared.reading.settings import processors

# The least probability at which a space stands though another class is likelier, for each recogniser. Word recall is
# flat about both: 87.3, 87.9, 88.0 % at 0.05, 0.02, 0.01 for the accurate one and 84.0, 84.8, 84.9 % at 0.3, 0.1, 0.05
# for the fast one, which sees spaces everywhere below that.
_SPACE_FROM = 0.02
_FAST_SPACE_FROM = 0.1


def quieten(cache_folder: Path) -> None:
    """Paddle and ONNX Runtime will look up no host, send nothing, and write below `cache_folder` alone.

    Both read these variables while they are imported, so this has to come first.
    """
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    os.environ["PADDLE_PDX_CACHE_HOME"] = str(cache_folder)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


class PaddleEngine:
    """Reads pages with PP-OCRv6: tiny for detection and a first look at each line, small for a second."""

    def __init__(self, models: Path | None, threads: int, cache_folder: Path) -> None:
        """Imports PaddleOCR, in 2.5 s, and loads the models, in 0.6 s. Raises ModelsMissing."""
        root = models_folder(models)
        folders = {model.name: verified_folder(model, root) for model in ALL}  # at once: the import takes long
        quieten(cache_folder)
        from shared.reading.ocr.detection import LineDetector
        from shared.reading.ocr.orientation import PageOrientation
        from shared.reading.ocr.recognition import LineReader, LineRecogniser

        threads = threads or processors()
        with ThreadPoolExecutor(len(ALL)) as loading:  # building graphs holds no lock
            detector = loading.submit(LineDetector, folders[DETECTION.name], threads)
            orientation = loading.submit(PageOrientation, folders[ORIENTATION.name], threads)
            fast = loading.submit(LineRecogniser, folders[FAST_RECOGNITION.name], threads, _FAST_SPACE_FROM)
            accurate = loading.submit(LineRecogniser, folders[RECOGNITION.name], threads, _SPACE_FROM)
        self._detector = detector.result()
        self._orientation = orientation.result()
        self._reader = LineReader(fast.result(), accurate.result())

    def read_lines(self, picture: Picture) -> tuple[TextLine, ...]:
        """The text lines on `picture` in reading order, polygons in its pixels."""
        lines = (self._read_line(picture, possible_corners(quad.tolist())) for quad in self._detector.find(picture))
        return in_reading_order(line for line in lines if line is not None)

    def _read_line(self, picture: Picture, ways: Sequence[Polygon]) -> TextLine | None:
        """The line read the way that reads best."""
        read: list[tuple[RecognisedLine, Polygon]] = [
            (self._reader.read(picture, corners), corners) for corners in ways
        ]
        line, corners = max(read, key=lambda one: one[0].confidence)
        return text_line(line, corners)

    def find_upright(self, picture: Picture) -> Upright:
        """How `picture` has to be turned for its text to stand upright."""
        return self._orientation.find_upright(picture)
