"""One warm reading process for all tests that really read, and the samples they read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.reading.worker import ReadingProcess

SAMPLES = Path(__file__).parents[2] / "samples"
Json = dict[str, Any]


@pytest.fixture(scope="session")
def reader() -> Iterator[ReadingProcess]:
    with ReadingProcess() as process:
        process.warm_up()
        yield process


def truth_of(document: Path) -> Json:
    truth: Json = json.loads((SAMPLES / "truth" / f"{document.stem}.json").read_text())
    return truth
