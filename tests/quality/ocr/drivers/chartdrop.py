"""Chartdrop: the whole pipeline as a reading process runs it, fields and all. Variant: a step to leave out."""

from collections.abc import Iterator
from pathlib import Path

from shared.reading.ocr.paddle import PaddleEngine
from shared.reading.pipeline import Submission, read_document
from shared.reading.settings import ReadingSettings
from tests.quality.ocr.drivers.protocol import Line, Options, PageUnreadable, Reader, quad_of, serve
from tests.quality.ocr.steps import without


def load(options: Options) -> Reader:
    """Reads pages as `chartdrop scan` does, in this process."""
    settings = ReadingSettings(threads=options.threads)
    if options.variant:
        settings = without(settings, options.variant)
    engine = PaddleEngine(settings.models_dir, settings.threads, Path(options.cache))

    def read(path: Path) -> Iterator[Line]:
        reading = read_document(Submission(path.read_bytes(), path.name), engine, settings)
        if reading.error is not None:
            raise PageUnreadable(reading.error.message)
        for page in reading.pages:
            for line in page.lines:
                yield Line(line.text, quad_of(line.polygon))

    return read


if __name__ == "__main__":
    serve(load, ("chartdrop", "paddleocr", "paddlex", "onnxruntime", "opencv-contrib-python"))
