"""PaddleOCR's models, loaded by the `paddleocr` package on its ONNX Runtime engine, without the Paddle framework.

Imports PaddleOCR: call `shared.reading.ocr.paddle.quieten` before importing this.
"""

from pathlib import Path
from typing import Any

import numpy as np
import paddleocr
from numpy.typing import NDArray

Tensor = NDArray[np.float32]


def load_detection(folder: Path, threads: int, **options: object) -> Any:
    """PaddleOCR's text detection, its weights those in `folder`, whose name is the model's."""
    return paddleocr.TextDetection(**_where(folder, threads), **options)


def load_recognition(folder: Path, threads: int) -> Any:
    """PaddleOCR's text recognition, its weights those in `folder`, whose name is the model's."""
    return paddleocr.TextRecognition(**_where(folder, threads))


def load_orientation(folder: Path, threads: int) -> Any:
    """PaddleOCR's page orientation, its weights those in `folder`, whose name is the model's."""
    return paddleocr.DocImgOrientationClassification(**_where(folder, threads))


def _where(folder: Path, threads: int) -> dict[str, object]:
    """Name and folder both, or PaddleOCR looks for the model on a hub."""
    engine = {
        "intra_op_num_threads": threads,
        "inter_op_num_threads": 1,
        # Patterns pay when every input has the same shape; lines and pages have as many shapes as there are.
        "enable_mem_pattern": False,
        "log_severity_level": 3,  # errors
    }
    return {
        "model_name": folder.name,
        "model_dir": str(folder),
        "device": "cpu",
        "engine": "onnxruntime",
        "engine_config": engine,
    }
