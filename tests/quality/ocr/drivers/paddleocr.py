"""The `paddleocr` package with its own defaults, on the weights that Chartdrop's were made from."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.quality.ocr.drivers.protocol import Line, Options, Reader, quad_of, serve

_DETECTION = "PP-OCRv6_small_det"
_RECOGNITION = "PP-OCRv6_small_rec"
_PAGE_ORIENTATION = "PP-LCNet_x1_0_doc_ori"
_LINE_ORIENTATION = "PP-LCNet_x1_0_textline_ori"


def load(options: Options) -> Reader:
    """Reads pages with the package's pipeline; unwarping is off, there being no weights for it."""
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"  # read while the package is imported
    os.environ["PADDLE_PDX_CACHE_HOME"] = options.cache
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from paddleocr import PaddleOCR

    models = Path(options.models)
    turns_lines = (models / _LINE_ORIENTATION).is_dir()
    given: dict[str, Any] = {
        "text_detection_model_name": _DETECTION,
        "text_detection_model_dir": str(models / _DETECTION),
        "text_recognition_model_name": _RECOGNITION,
        "text_recognition_model_dir": str(models / _RECOGNITION),
        "doc_orientation_classify_model_name": _PAGE_ORIENTATION,
        "doc_orientation_classify_model_dir": str(models / _PAGE_ORIENTATION),
        # The default, but not where unwarping is switched off: that silently switches off both.
        "use_doc_orientation_classify": True,
        "use_doc_unwarping": False,
        "use_textline_orientation": turns_lines,
        "device": "cpu",
        "engine": "onnxruntime",
    }
    if turns_lines:
        given["textline_orientation_model_name"] = _LINE_ORIENTATION
        given["textline_orientation_model_dir"] = str(models / _LINE_ORIENTATION)
    if options.threads:
        given["engine_config"] = {"intra_op_num_threads": options.threads, "inter_op_num_threads": 1}
    pipeline = PaddleOCR(**given)

    def read(path: Path) -> Iterator[Line]:
        for result in pipeline.predict(str(path)):
            for text, quad in zip(result["rec_texts"], result["rec_polys"], strict=True):
                yield Line(text, quad_of(quad))

    return read


if __name__ == "__main__":
    serve(load, ("paddleocr", "paddlex", "onnxruntime", "opencv-contrib-python"))
