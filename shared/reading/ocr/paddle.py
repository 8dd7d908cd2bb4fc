"""The OCR engine: the `paddleocr` package on ONNX Runtime, without the Paddle framework.

Its parts (detection, recognition, page orientation) are called one by one rather than through its pipeline
class, because that class drops what the product needs: the confidence of each character and its place.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.documents import TextLine
from shared.reading.ocr.engine import Picture, Upright
from shared.reading.ocr.models import DETECTION, ORIENTATION, RECOGNITION, models_folder, verified_folder
from shared.reading.ocr.words import RecognisedLine, text_line

# The detection's tuning, measured on 200 dpi pages (2 processors) against the package's own settings: the
# same pages in half the time, with a third of the memory and fewer mistakes.
_DETECTION = {
    "limit_side_len": 1280,  # pixels of the longest side that detection sees
    "limit_type": "max",
    "thresh": 0.3,
    "box_thresh": 0.5,
    "unclip_ratio": 1.6,  # how far a found kernel is grown to the whole height of its letters
}


def quieten(cache_folder: Path) -> None:
    """Paddle and ONNX Runtime will look up no host, send nothing, and write below `cache_folder` alone.

    Both read these variables while they are imported, so this has to come first.
    """
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    os.environ["PADDLE_PDX_CACHE_HOME"] = str(cache_folder)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


class PaddleEngine:
    """Reads pages with PP-OCRv6 small. Loading takes about a second; afterwards it holds 0.5 GB."""

    def __init__(self, models: Path | None, threads: int, cache_folder: Path) -> None:
        root = models_folder(models)
        folders = {model.name: verified_folder(model, root) for model in (DETECTION, RECOGNITION, ORIENTATION)}
        quieten(cache_folder)
        import paddleocr
        from paddlex.inference.pipelines.components import CropByPolys, SortQuadBoxes

        from shared.reading.ocr.decoder import CharacterDecoder

        def load(kind: Any, name: str, **options: object) -> Any:
            engine = {"intra_op_num_threads": threads or os.cpu_count() or 1, "inter_op_num_threads": 1}
            return kind(
                model_name=name,
                model_dir=str(folders[name]),
                device="cpu",
                engine="onnxruntime",
                engine_config=engine,
                **options,
            )

        self._detection = load(paddleocr.TextDetection, DETECTION.name, **_DETECTION)
        self._recognition = load(paddleocr.TextRecognition, RECOGNITION.name)
        self._orientation = load(paddleocr.DocImgOrientationClassification, ORIENTATION.name)
        self._sorted_quads = SortQuadBoxes()
        self._crops = CropByPolys(det_box_type="quad")
        recogniser = self._recognition.paddlex_predictor
        recogniser.post_op = CharacterDecoder(recogniser.post_op.character)

    def read_lines(self, picture: Picture) -> tuple[TextLine, ...]:
        """The text lines on `picture`, from top to bottom, polygons in its pixels."""
        found = self._detection.predict(picture)[0]["dt_polys"]
        if len(found) == 0:
            return ()
        quads = self._sorted_quads(found)
        crops: Sequence[Picture] = list(self._crops(picture, quads))
        # One line at a time: a batch pads its lines to the longest, which is slower and loses spaces.
        recognised: list[RecognisedLine] = [
            result["rec_text"] for result in self._recognition.predict_iter(crops, batch_size=1)
        ]
        lines = (text_line(line, quad) for line, quad in zip(recognised, quads, strict=True))
        return tuple(line for line in lines if line is not None)

    def find_upright(self, picture: Picture) -> Upright:
        """How `picture` has to be turned for its text to stand upright."""
        result = self._orientation.predict(picture)[0]
        turned_clockwise = int(result["label_names"][0])
        return Upright(-turned_clockwise % 360, float(result["scores"][0]))
