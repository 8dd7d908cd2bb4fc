"""RapidOCR with its own defaults (PP-OCRv6 small, which it carries). Variants: "onnxruntime", "openvino"."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.quality.ocr.drivers.protocol import Line, Options, Reader, quad_of, serve

_THREADS = {"onnxruntime": "intra_op_num_threads", "openvino": "inference_num_threads"}


def load(options: Options) -> Reader:
    """Reads pages with detection, line orientation and recognition, all three on the chosen runtime."""
    from rapidocr import EngineType, RapidOCR  # type: ignore[import-not-found]  # not in our environment

    runtime = options.variant
    given: dict[str, Any] = {f"{step}.engine_type": EngineType(runtime) for step in ("Det", "Cls", "Rec")}
    given["Global.log_level"] = "warning"
    if options.threads:
        given[f"EngineConfig.{runtime}.{_THREADS[runtime]}"] = options.threads
    engine = RapidOCR(params=given)

    def read(path: Path) -> Iterator[Line]:
        result = engine(str(path))
        if result.txts is not None:  # it is None for a page without text
            for text, quad in zip(result.txts, result.boxes, strict=True):
                yield Line(text, quad_of(quad))

    return read


if __name__ == "__main__":
    serve(load, ("rapidocr", "onnxruntime", "openvino", "opencv-python-headless"))
