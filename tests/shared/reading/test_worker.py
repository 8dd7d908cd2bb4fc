"""The reading process: what happens in it stays in it."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import psutil
import pytest

from shared.documents import Reading, TemplateRef
from shared.reading.errors import PagesNotDrawn
from shared.reading.settings import ReadingSettings
from shared.reading.worker import PageDone, ReadingCancelled, ReadingProcess
from shared.reading.worker.scratch import Scratch
from shared.templates import template_named
from tests.shared.reading.conftest import ONE_THREAD, SAMPLES, ReadSample, long_second_page, two_blank_pages

pytestmark = pytest.mark.xdist_group("reading")
TWO_PAGES = SAMPLES / "documents" / "intake, two pages.pdf"


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_pages_arrive_one_by_one_as_pictures(read_samples: dict[str, ReadSample]) -> None:
    pages = read_samples[TWO_PAGES.name].pages

    assert [(page.number, page.page_count) for page in pages] == [(1, 2), (2, 2)]
    for page in pages:
        signature = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff"}[page.media_type]
        assert page.image.startswith(signature)


def test_each_document_follows_the_templates_that_are_named_before_it(reader: ReadingProcess) -> None:
    own = template_named("hospice_admission").model_copy(update={"name": "our_intake", "short_names": ()})
    document = TWO_PAGES.read_bytes(), TWO_PAGES.name, "our_intake"
    try:
        reader.follow((own,))
        followed = reader.read(*document)
        reader.follow(())
        unknown = reader.read(*document)
    finally:
        reader.follow(())

    assert followed.template == TemplateRef("our_intake", own.version)
    assert unknown.error is not None
    assert unknown.error.code == "template_unknown"


def test_a_fax_stays_black_and_white(read_samples: dict[str, ReadSample]) -> None:
    pages = read_samples["fax from st. anne.tif"].pages

    assert [page.media_type for page in pages] == ["image/png"]
    assert len(pages[0].image) < 100_000


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (signal.SIGKILL, "reader_crashed"),  # the kernel, when the machine runs out of memory
        (signal.SIGSEGV, "reader_crashed"),  # a decoder that broke
        (signal.SIGXCPU, "reader_timed_out"),  # the limit of processor time
    ],
)
def test_a_process_that_dies_fails_its_document_and_no_other(scratch: Path, ending: signal.Signals, code: str) -> None:
    before = children()
    with ReadingProcess() as process:

        def end(_: PageDone) -> None:
            for pid in children() - before:
                os.kill(pid, ending)

        killed = process.read(long_second_page(), "fax.tif", on_page=end)
        after = process.read(b"", "next.pdf")

    assert killed.error is not None
    assert killed.error.code == code
    assert killed.error.message.startswith("fax.tif")
    assert after.error is not None
    assert after.error.code == "file_empty"
    assert children() == before
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("how", [ReadingProcess.cancel, ReadingProcess.close])
def test_what_is_broken_off_ends_without_its_page_and_the_next_is_read(
    scratch: Path, how: Callable[[ReadingProcess], None]
) -> None:
    begun = Event()
    ended: list[Exception] = []
    with ReadingProcess() as process:

        def read() -> None:
            try:
                process.read(long_second_page(), "fax.tif", on_page=lambda _: begun.set())
            except ReadingCancelled as cancelled:
                ended.append(cancelled)

        thread = Thread(target=read)
        thread.start()
        assert begun.wait(60)  # the first page is done, the second begun
        how(process)
        thread.join(5)

        assert len(ended) == 1
        assert process.read(b"", "next.pdf").error is not None
    assert list(scratch.iterdir()) == []


def test_what_nobody_wants_any_more_is_not_begun(scratch: Path) -> None:
    unwanted = Event()
    unwanted.set()
    with ReadingProcess() as process, pytest.raises(ReadingCancelled):
        process.read(TWO_PAGES.read_bytes(), TWO_PAGES.name, unwanted=unwanted)

    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    "worn", [replace(ONE_THREAD, recycle_pages=2), replace(ONE_THREAD, recycle_bytes=1)], ids=["pages", "memory"]
)
def test_a_worn_process_is_replaced_once_its_successor_is_warm(worn: ReadingSettings) -> None:
    before = children()
    with ReadingProcess(worn) as process:
        process.read(two_blank_pages(), "blank.tif")
        both = children() - before
        deadline = monotonic() + 60
        while len(left := children() - before) == 2:
            process.warm_up()
            assert monotonic() < deadline, "the successor never became warm"
            sleep(0.05)
        after = process.read(two_blank_pages(), "blank.tif")

    assert len(both) == 2
    assert left == {max(both)}  # the younger
    assert after.page_count == 2
    assert children() == before


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has these means")
def test_the_process_has_neither_network_nor_privileges_nor_core_dumps() -> None:
    others = set(psutil.Process().children())
    with ReadingProcess() as reader:
        reader.read(b"", "x")  # it runs
        (child,) = set(psutil.Process().children()) - others
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{child.pid}/status").read_text().splitlines())
        limits = Path(f"/proc/{child.pid}/limits").read_text()

    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"  # filtered
    assert next(line for line in limits.splitlines() if "core file size" in line).split()[4:6] == ["0", "0"]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has these means")
def test_a_confined_process_opens_no_socket_whatever_its_kind(tmp_path: Path) -> None:
    program = (
        "import socket, numpy\n"
        "from shared.reading.settings import ReadingSettings\n"
        "from shared.reading.worker.confinement import confine\n"
        "confine(ReadingSettings())\n"
        "for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):\n"
        "    try: socket.socket(family)\n"
        "    except PermissionError: print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["refused"] * 3


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_folders_of_readers_that_were_killed_with_their_parent_are_swept_and_no_others(scratch: Path) -> None:
    held, left_over = Scratch(), scratch / "chartdrop-reader-left-over"
    left_over.mkdir()
    (left_over / "page.png").write_bytes(b"somebody's page")
    for folder in (held.folder, left_over):
        os.utime(folder, (0, 0))
    young = scratch / "chartdrop-reader-young"
    young.mkdir()

    ReadingProcess().close()

    assert not left_over.exists()
    assert held.folder.exists()
    assert young.exists()
    held.remove()
    assert not held.folder.exists()


def test_a_document_that_takes_too_long_is_given_up(scratch: Path) -> None:
    with ReadingProcess(ReadingSettings(document_seconds=0.05)) as process:
        reading = process.read(TWO_PAGES.read_bytes(), TWO_PAGES.name)

    assert reading.error is not None
    assert reading.error.code == "reader_timed_out"
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone limits addresses")
def test_a_document_that_needs_too_much_memory_is_given_up(scratch: Path) -> None:
    # The models fit, a page does not.
    with ReadingProcess(ReadingSettings(memory_bytes=1_050_000_000, threads=1)) as process:
        reading = process.read(TWO_PAGES.read_bytes(), TWO_PAGES.name)

    assert reading.error is not None
    assert reading.error.code == "reader_out_of_memory"
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


@pytest.mark.parametrize(
    "name",
    ["intake, two pages.pdf", "lying on its side.jpg", "upside down.tif", "fax from st. anne.tif", "scan 0042.pdf"],
)
def test_pages_are_drawn_again_as_they_were_read(
    reader: ReadingProcess, read_samples: dict[str, ReadSample], name: str
) -> None:
    read, drawn = read_samples[name], list[PageDone]()
    payload = (SAMPLES / "documents" / name).read_bytes()
    reader.draw(payload, [page.rotation for page in read.reading.pages], drawn.append)

    assert drawn == read.pages
    assert len(drawn) == read.reading.page_count


def test_what_is_no_file_of_pages_is_not_drawn_and_the_process_goes_on() -> None:
    with ReadingProcess() as process:
        with pytest.raises(PagesNotDrawn, match="damaged"):
            process.draw(b"%PDF-1.4 nothing", [0], lambda _: None)
        drawn: list[PageDone] = []
        process.draw(TWO_PAGES.read_bytes(), [0, 0], drawn.append)

    assert [page.number for page in drawn] == [1, 2]
