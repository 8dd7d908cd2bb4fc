"""The samples, what was read of them once, and documents that take a moment or long."""

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from shared.documents import Reading
from shared.reading.settings import ReadingSettings
from shared.reading.worker import PageDone, ReadingProcess

SAMPLES = Path(__file__).parents[2] / "samples"
DOCUMENTS = tuple(sorted((SAMPLES / "documents").iterdir()))
ONE_THREAD = ReadingSettings(threads=1)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadSample:
    """A sample's reading, and its pages as they came."""

    reading: Reading
    pages: list[PageDone]


@pytest.fixture(scope="session")
def read_samples(reader: ReadingProcess) -> dict[str, ReadSample]:
    """Every sample document by its name, read once."""
    return {document.name: _read(reader, document) for document in DOCUMENTS}


def _read(reader: ReadingProcess, document: Path) -> ReadSample:
    pages: list[PageDone] = []
    return ReadSample(reader.read(document.read_bytes(), document.name, on_page=pages.append), pages)


def truth_of(document: Path) -> Json:
    truth: Json = json.loads((SAMPLES / "truth" / f"{document.stem}.json").read_text())
    return truth


def two_blank_pages() -> bytes:
    """A document that is read in a moment: what is blank is not recognised."""
    return _tiff(_blank(), _blank())


def long_second_page() -> bytes:
    """A document whose first page is done in a moment; the second needs the models, and is a whole fax."""
    with Image.open(SAMPLES / "documents" / "fax from st. anne.tif") as fax:
        return _tiff(_blank(), *(page.convert("L") for page in ImageSequence.Iterator(fax)))


def _blank() -> Image.Image:
    return Image.new("L", (850, 1100), 255)


def _tiff(first: Image.Image, *others: Image.Image) -> bytes:
    file = BytesIO()
    first.save(file, "TIFF", save_all=True, append_images=others, dpi=(100, 100), compression="tiff_lzw")
    return file.getvalue()
