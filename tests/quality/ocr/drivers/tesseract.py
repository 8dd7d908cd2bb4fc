"""Tesseract's command, once a page. Variants: "psm3", its default; "doubled", pages twice the size and --psm 11."""

import csv
import os
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.quality.ocr.drivers.protocol import Line, Options, Reader, box_quad, serve

_WORD = "5"  # the level of Tesseract's table whose rows are words
_LIKELY_DPI = 50  # a resolution below this is none


def load(options: Options) -> Reader:
    """Reads pages with the English model; `threads` are OpenMP's."""
    if options.threads:
        os.environ["OMP_THREAD_LIMIT"] = str(options.threads)
    return _read_doubled if options.variant == "doubled" else _read_as_is


def _version() -> str:
    told = subprocess.run(["tesseract", "--version"], check=True, capture_output=True, text=True).stdout
    return told.split()[1]


def _read_as_is(path: Path) -> Iterator[Line]:
    yield from _words(_tesseract(str(path), b"", "--psm", "3"))


def _read_doubled(path: Path) -> Iterator[Line]:
    with Image.open(path) as page:
        size = page.width * 2, page.height * 2
        dpi = round(2 * max(page.info.get("dpi", (0, 0))))
        doubled = page.convert("L").resize(size, Image.Resampling.BICUBIC)
    picture = BytesIO()
    doubled.save(picture, "PPM")
    resolution = ("--dpi", str(dpi)) if dpi >= _LIKELY_DPI else ()
    yield from _words(_tesseract("stdin", picture.getvalue(), "--psm", "11", *resolution))


def _tesseract(source: str, given: bytes, *options: str) -> str:
    command = ["tesseract", source, "stdout", "-l", "eng", *options, "tsv"]
    return subprocess.run(command, input=given, check=True, stdout=subprocess.PIPE).stdout.decode()


def _words(table: str) -> Iterator[Line]:
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == _WORD and row["text"].strip():
            left, top, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
            yield Line(row["text"], box_quad(left, top, left + width, top + height))


if __name__ == "__main__":
    serve(load, ("pillow",), {"tesseract": _version()})
