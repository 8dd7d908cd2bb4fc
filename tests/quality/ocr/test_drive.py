"""An engine in a process of its own answers page by page; Chartdrop's own serves as the engine."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.quality.ocr.drive import Driver, EngineFailed, pages_a_second
from tests.quality.ocr.engines import CHARTDROP, ReadyEngine, make_ready
from tests.quality.ocr.measures import in_rows


@pytest.fixture
def ready(tmp_path: Path) -> ReadyEngine:
    """Chartdrop, which needs nothing made."""
    return make_ready(CHARTDROP, tmp_path)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A strip of paper with two words."""
    strip = Image.new("L", (600, 200), 255)
    ImageDraw.Draw(strip).text((40, 60), "Evergreen Hospice", fill=0, font=ImageFont.load_default(48))
    strip.save(tmp_path / "page.png")
    return tmp_path / "page.png"


def test_a_page_comes_back_as_text_with_its_time_and_a_bad_one_as_an_error(
    ready: ReadyEngine, page: Path, tmp_path: Path
) -> None:
    torn = tmp_path / "torn.png"
    torn.write_bytes(page.read_bytes()[:100])
    with Driver(ready, tmp_path / "log", threads=1) as driver:
        assert driver.versions()["onnxruntime"]
        read, failed = driver.read(page), driver.read(torn)
    assert (in_rows(read.lines), read.error) == ("Evergreen Hospice", None)
    assert 0 < read.seconds < driver.seconds_since_start
    assert read.peak_bytes > 50_000_000
    assert (failed.lines, bool(failed.error)) == ((), True)


def test_an_engine_that_ends_early_is_reported_with_its_log(ready: ReadyEngine, tmp_path: Path) -> None:
    broken = replace(ready, engine=replace(CHARTDROP, variant="a step that is none"))
    with (
        Driver(broken, tmp_path / "log") as driver,
        pytest.raises(EngineFailed, match=str(tmp_path / "log")),
    ):
        driver.versions()
    assert "Traceback" in (tmp_path / "log").read_text()


def test_the_pace_is_taken_over_all_pages_together(ready: ReadyEngine, page: Path, tmp_path: Path) -> None:
    assert pages_a_second(ready, tmp_path / "log", page, [page] * 3) > 0
