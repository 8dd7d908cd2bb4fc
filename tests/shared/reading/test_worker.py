"""The reading process: what happens in it stays in it."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Thread

import psutil
import pytest

from shared.documents import Reading
from shared.reading.settings import ReadingSettings
from shared.reading.worker import PageDone, ReadingProcess
from tests.shared.reading.conftest import SAMPLES

pytestmark = pytest.mark.xdist_group("reading")
TWO_PAGES = SAMPLES / "documents" / "intake, two pages.pdf"


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_pages_arrive_one_by_one_as_pictures(reader: ReadingProcess) -> None:
    pages: list[PageDone] = []
    reader.read(TWO_PAGES.read_bytes(), TWO_PAGES.name, on_page=pages.append)

    assert [(page.number, page.page_count) for page in pages] == [(1, 2), (2, 2)]
    for page in pages:
        signature = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff"}[page.media_type]
        assert page.image.startswith(signature)


def test_a_fax_stays_black_and_white(reader: ReadingProcess) -> None:
    pages: list[PageDone] = []
    fax = SAMPLES / "documents" / "fax from st. anne.tif"
    reader.read(fax.read_bytes(), fax.name, on_page=pages.append)

    assert [page.media_type for page in pages] == ["image/png"]
    assert len(pages[0].image) < 100_000


def test_a_killed_process_fails_its_document_and_no_other(scratch: Path) -> None:
    before = children()
    with ReadingProcess() as process:

        def kill(_: PageDone) -> None:
            for pid in children() - before:
                os.kill(pid, signal.SIGKILL)

        killed = process.read(TWO_PAGES.read_bytes(), TWO_PAGES.name, on_page=kill)
        after = process.read(b"", "next.pdf")

    assert killed.error is not None
    assert killed.error.code == "reader_crashed"
    assert killed.error.message.startswith(TWO_PAGES.name)
    assert after.error is not None
    assert after.error.code == "file_empty"
    assert children() == before
    assert list(scratch.iterdir()) == []


def test_a_document_that_takes_too_long_is_given_up(scratch: Path) -> None:
    with ReadingProcess(ReadingSettings(document_seconds=0.05)) as process:
        reading = process.read(TWO_PAGES.read_bytes(), TWO_PAGES.name)

    assert reading.error is not None
    assert reading.error.code == "reader_timed_out"
    assert list(scratch.iterdir()) == []


def test_a_document_that_needs_too_much_memory_is_given_up(scratch: Path) -> None:
    with ReadingProcess(ReadingSettings(memory_bytes=600_000_000)) as process:
        reading = process.read(TWO_PAGES.read_bytes(), TWO_PAGES.name)

    assert reading.error is not None
    assert reading.error.code in {"reader_out_of_memory", "reader_crashed", "reading_failed"}
    assert reading.pages == ()


def test_missing_models_are_a_clear_error(scratch: Path) -> None:
    with ReadingProcess(ReadingSettings(models_dir=scratch / "nowhere")) as process:
        reading = process.read(TWO_PAGES.read_bytes(), TWO_PAGES.name)

    assert reading.error is not None
    assert reading.error.code == "models_missing"


def test_any_thread_may_ask(reader: ReadingProcess) -> None:
    readings: list[Reading] = []
    threads = [Thread(target=lambda: readings.append(reader.read(b"no scan", "letter.pdf"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [reading.error.code for reading in readings if reading.error] == ["file_type_unsupported"] * 4


def test_the_parent_loads_no_engine() -> None:
    program = "import sys, shared.reading.worker; print({'cv2', 'numpy', 'paddleocr', 'PIL'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_the_process_ends_with_its_parent(scratch: Path) -> None:
    program = (
        "from shared.reading.worker import ReadingProcess\n"
        "process = ReadingProcess(); process.read(b'', 'x'); print('read', flush=True); input()"
    )
    environment = os.environ | {"TMPDIR": str(scratch)}
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"read\n"
    child = psutil.Process(parent.pid).children()[0]
    parent.kill()
    parent.communicate()

    child.wait(timeout=20)
    assert list(scratch.iterdir()) == []
