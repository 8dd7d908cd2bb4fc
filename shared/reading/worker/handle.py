"""The parent's hold on one running reading process: its pipes, its scratch folder, and its end."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import BinaryIO, cast

from shared.reading.settings import ReadingSettings, settings_to_json
from shared.reading.worker.frames import Frame, Plain, read_frame, write_frame
from shared.reading.worker.scratch import Scratch

# What the child may know of its parent's environment: nothing that could hold a secret.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "WINDIR", "CHARTDROP_MODELS_DIR")


class ChildFailed(Exception):
    """The child process did not finish its document."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def crashed() -> ChildFailed:
    """The child broke, or says what no child of ours would."""
    return ChildFailed("reader_crashed", "The reader stopped while reading it. Scan or send the document again.")


def timed_out() -> ChildFailed:
    """The child was, or has to be, ended for taking too long."""
    return ChildFailed("reader_timed_out", "Reading it took too long. Scan it at a lower resolution or in parts.")


class ChildHandle:
    """One running child process. `pages` counts what it has read, `templates` are those beside the product's."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._scratch = Scratch()
        self._process = subprocess.Popen(  # noqa: S603 - a program of our own
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch.folder,
            env=_environment(self._scratch.folder),
        )
        self.pages = 0
        self.templates = settings.templates
        self._warm = Event()
        self._frames: SimpleQueue[Frame | None] = SimpleQueue()
        self._commands, self._answers = _pipes(self._process)
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.send("settings", settings_to_json(settings))

    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def is_warm(self) -> bool:
        """Whether the child, asked to warm up, has its models in memory."""
        return self._warm.is_set()

    def resident_bytes(self) -> int:
        """The memory that the child holds now; 0 where the system does not say."""
        try:
            resident_pages = Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()[1]
        except (OSError, IndexError):
            return 0
        return int(resident_pages) * os.sysconf("SC_PAGE_SIZE")

    def send(self, kind: str, body: bytes = b"", **header: Plain) -> None:
        """The frame is with the child; a child that is gone is noticed by `next_frame`."""
        with suppress(OSError, ValueError):
            write_frame(self._commands, kind, body, **header)

    def next_frame(self, seconds: float) -> Frame:
        """The child's next frame. Raises ChildFailed when it ended or took longer than `seconds`."""
        try:
            frame = self._frames.get(timeout=max(seconds, 0.0))
        except Empty:
            raise timed_out() from None
        if frame is None:
            raise self._end_of_child()
        return frame

    def interrupt(self) -> None:
        """The process is dying; whoever waits for its next frame hears so. For any thread."""
        self._process.kill()

    def kill(self) -> None:
        """The process is gone, and its folder with it."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._commands, self._answers):
            with suppress(OSError):  # what was still to be sent to a dead child
                pipe.close()
        self._scratch.remove()

    def _listen(self) -> None:
        while (frame := read_frame(self._answers)) is not None:
            if frame.kind == "warm":
                self._warm.set()
            else:
                self._frames.put(frame)
        self._frames.put(None)

    def _end_of_child(self) -> ChildFailed:
        """The processor's time was up, or it broke."""
        self._process.kill()  # what sends no frames any more is of no use, even if it still runs
        code = self._process.wait()
        return timed_out() if sys.platform != "win32" and code == -signal.SIGXCPU else crashed()


def _command() -> list[str]:
    """What runs the child: the interpreter, or in an installed bundle the program that stands beside this one."""
    if getattr(sys, "frozen", False):
        beside = Path(sys.executable)
        return [str(beside.with_name(f"chartdrop-reader{beside.suffix}"))]
    return [sys.executable, "-P", "-m", "shared.reading.worker.child"]


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
