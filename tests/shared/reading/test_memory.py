"""A reading process that reads on and on stays as large as it became on its first documents."""

from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import psutil
import pytest
from PIL import Image

from shared.reading.settings import ReadingSettings
from shared.reading.worker import ReadingProcess
from tests.shared.reading.conftest import DOCUMENTS, SAMPLES

pytestmark = [pytest.mark.xdist_group("reading"), pytest.mark.skipif(psutil.WINDOWS, reason="forks are told apart")]
NEVER_REPLACED = ReadingSettings(threads=1, recycle_pages=10**9, recycle_bytes=10**12)
ALLOWED = 1.05  # growth after warm-up


def resident_after_each_round(documents: Sequence[Path], rounds: int) -> list[float]:
    """Megabytes that one process holds after each of `rounds` over the `documents`."""
    before = {child.pid for child in psutil.Process().children()}
    held: list[float] = []
    with ReadingProcess(NEVER_REPLACED) as process:
        for place, document in enumerate(islice(cycle(documents), rounds * len(documents)), start=1):
            assert process.read(document.read_bytes(), document.name).error is None
            if place % len(documents) == 0:
                [child] = (child for child in psutil.Process().children() if child.pid not in before)
                held.append(child.memory_info().rss / 1_000_000)
                print(f"{place} documents, {held[-1]:.0f} MB", flush=True)
    return held


def growth(held: list[float], warm_up: int) -> float:
    """How much larger the last quarter is than the quarter after the `warm_up`, in rounds."""
    quarter = (len(held) - warm_up) // 4
    return median(held[-quarter:]) / median(held[warm_up : warm_up + quarter])


def upper_half(form: Path, place: Path) -> Path:
    """What keeping its pixels would cost is still seen, and it is read in half the time."""
    with Image.open(form) as whole:
        half = whole.crop((0, 0, whole.width, whole.height // 2))
    half.save(place / form.name, dpi=(200, 200))
    return place / form.name


def test_thirty_pages_leave_the_process_as_large_as_the_first_six_made_it(tmp_path: Path) -> None:
    small = [upper_half(SAMPLES / "blank" / name, tmp_path) for name in ("boxed.png", "lines.png", "rows.png")]
    assert growth(resident_after_each_round(small, rounds=10), warm_up=2) < ALLOWED


@pytest.mark.soak
def test_five_hundred_pages_leave_the_process_as_large_as_the_first_fifty_made_it() -> None:
    # 9 pages a round
    assert growth(resident_after_each_round(DOCUMENTS, rounds=56), warm_up=6) < ALLOWED
