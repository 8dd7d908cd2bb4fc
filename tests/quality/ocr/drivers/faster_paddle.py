"""faster-paddle with its own defaults. Variants: "small", "tiny" (the weights it carries)."""

from collections.abc import Iterator
from pathlib import Path

from tests.quality.ocr.drivers.protocol import Line, Options, Reader, box_quad, serve


def load(options: Options) -> Reader:
    """Reads pages with models of the chosen size. Its lines stand in upright boxes."""
    from faster_paddle import OcrEngine  # type: ignore[import-not-found]  # not in our environment

    engine = OcrEngine(model_size=options.variant, threads=options.threads or None)

    def read(path: Path) -> Iterator[Line]:
        for found in engine.ocr(path.read_bytes())["bounds"].values():
            yield Line(found["text"], box_quad(*found["topLeftCoord"], *found["bottomRightCoord"]))

    return read


if __name__ == "__main__":
    serve(load, ("faster-paddle",))
