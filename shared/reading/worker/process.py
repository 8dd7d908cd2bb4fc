"""Reads documents in a process of their own, so that a hostile or broken file can hurt nothing else.

This side imports neither OpenCV nor Paddle nor NumPy.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from types import TracebackType
from typing import BinaryIO, cast

from pydantic import ValidationError

from shared.documents import Reading, failed_reading
from shared.reading.settings import ReadingSettings, settings_to_json
from shared.reading.worker.frames import Frame, Plain, read_frame, write_frame
from shared.wire.v1.readings import reading_from_json

# What the child may know of its parent's environment: nothing that could hold a secret.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "WINDIR", "CHARTDROP_MODELS_DIR")
_PAGE_MEDIA_TYPES = ("image/png", "image/jpeg")


@dataclass(frozen=True, slots=True)
class PageDone:
    """A page that was read: its picture, upright and level, as a PNG or JPEG file."""

    number: int
    page_count: int
    image: bytes
    media_type: str


class ReadingProcess:
    """Reads one document at a time in a child process, which is started when first needed and kept warm.

    Any thread may call it; callers wait for each other. After a crash, a time-out or a breach of the memory limit
    the document's reading carries an `error`, and the next document gets a fresh process.
    """

    def __init__(self, settings: ReadingSettings | None = None) -> None:
        self._settings = settings or ReadingSettings()
        self._busy = Lock()
        self._child: _Child | None = None

    def __enter__(self) -> "ReadingProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm_up(self) -> None:
        """The process is started and begins to load the models; does not wait for it."""
        with self._busy:
            if self._child is None:
                self._child = _Child(self._settings)
                self._child.send("warm")

    def read(
        self,
        payload: bytes,
        file_name: str,
        template: str = "auto",
        on_page: Callable[[PageDone], None] | None = None,
    ) -> Reading:
        """What stands in `payload`; never raises for what is in it.

        `on_page` is called in this thread as each page is finished.
        """
        with self._busy:
            try:
                return self._read(payload, file_name, template, on_page)
            except _ChildFailed as failure:
                self._discard()
                return _failure(payload, file_name, failure)
            except BaseException:  # the caller's own fault in on_page, or Ctrl-C: the child is in the middle of things
                self._discard()
                raise

    def close(self) -> None:
        """The process has ended and left nothing behind. A later read starts another."""
        with self._busy:
            self._discard()

    def _read(
        self, payload: bytes, file_name: str, template: str, on_page: Callable[[PageDone], None] | None
    ) -> Reading:
        if self._child is not None and not self._child.is_alive():
            self._discard()
        if self._child is None:
            self._child = _Child(self._settings)
        self._child.send("read", payload, file_name=file_name, template=template)
        deadline = monotonic() + self._settings.document_seconds
        patience = self._settings.start_seconds + self._settings.page_seconds
        while True:
            frame = self._child.next_frame(min(patience, deadline - monotonic()))
            if frame.kind == "reading":
                return _reading(frame)
            if frame.kind == "page":
                patience = self._settings.page_seconds
                if on_page is not None:
                    on_page(_page_done(frame))

    def _discard(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


class _ChildFailed(Exception):
    """The child process did not finish its document."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def _crashed() -> _ChildFailed:
    return _ChildFailed("reader_crashed", "The reader stopped while reading it. Scan or send the document again.")


class _Child:
    """One running child process, its pipes, and the folder that is all it may write to."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="chartdrop-reader-"))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "shared.reading.worker.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch,
            env=_environment(self._scratch),
        )
        self._frames: SimpleQueue[Frame | None] = SimpleQueue()
        self._commands, self._answers = _pipes(self._process)
        self._listener = Thread(target=_collect, args=(self._answers, self._frames), daemon=True)
        self._listener.start()
        self.send("settings", settings_to_json(settings))

    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, kind: str, body: bytes = b"", **header: Plain) -> None:
        """The frame is with the child; a child that is gone is noticed by `next_frame`."""
        try:
            write_frame(self._commands, kind, body, **header)
        except OSError:
            return

    def next_frame(self, seconds: float) -> Frame:
        """The child's next frame. Raises _ChildFailed when it ended or took longer than `seconds`."""
        try:
            frame = self._frames.get(timeout=max(seconds, 0.0))
        except Empty:
            raise _ChildFailed(
                "reader_timed_out", "Reading it took too long. Scan it at a lower resolution or in parts."
            ) from None
        if frame is None:
            raise _crashed()
        return frame

    def kill(self) -> None:
        """The process is gone, and its folder with it."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._commands, self._answers):
            with suppress(OSError):  # what was still to be sent to a dead child
                pipe.close()
        shutil.rmtree(self._scratch, ignore_errors=True)


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[BinaryIO, BinaryIO]:
    """The child's standard input and output, as its parent holds them."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the child was started without pipes")
    return cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)


def _environment(scratch: Path) -> dict[str, str]:
    """Just enough to start Python with the parent's import path, at home in its own folder."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    folders = {name: str(scratch) for name in ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP")}
    import_path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path if entry)
    return {**kept, **folders, "PYTHONPATH": import_path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


def _collect(stream: BinaryIO, frames: "SimpleQueue[Frame | None]") -> None:
    while (frame := read_frame(stream)) is not None:
        frames.put(frame)
    frames.put(None)


def _reading(frame: Frame) -> Reading:
    try:
        return reading_from_json(frame.body)
    except ValidationError as error:
        raise _crashed() from error


def _page_done(frame: Frame) -> PageDone:
    number, page_count = frame.header.get("number"), frame.header.get("page_count")
    media_type = frame.header.get("media_type")
    if not isinstance(number, int) or not isinstance(page_count, int) or media_type not in _PAGE_MEDIA_TYPES:
        raise _crashed()
    return PageDone(number, page_count, frame.body, str(media_type))


def _failure(payload: bytes, file_name: str, failure: _ChildFailed) -> Reading:
    sha256 = hashlib.sha256(payload).hexdigest()
    return failed_reading(file_name, sha256, failure.code, f"{file_name}: {failure.sentence}")
