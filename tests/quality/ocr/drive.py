"""Runs engines in processes of their own and takes the time."""

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Timer
from time import monotonic
from types import TracebackType
from typing import Any, Self

from tests.quality.ocr.corpus import ROOT
from tests.quality.ocr.drivers.protocol import Line, Options
from tests.quality.ocr.engines import ReadyEngine

_ANSWER_SECONDS = 300.0  # the slowest engine's slowest page takes 10 s; a process that is silent for so long is stuck
# One thread, for the libraries that engines are made of and that take no such option.
_SINGLE = {"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}


class EngineFailed(Exception):
    """An engine's process ended, or fell silent, when it should have answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page as an engine read it; `seconds` from the file to the text, `peak_bytes` of its process so far."""

    lines: tuple[Line, ...]
    seconds: float
    peak_bytes: int
    error: str | None


class Driver:
    """One process in which one engine reads one page at a time; a context manager that ends it."""

    def __init__(self, ready: ReadyEngine, log: Path, threads: int = 0) -> None:
        """Starts the process. `threads` 0: as many as the engine takes by itself. Its words go to the end of `log`."""
        options = Options(threads, str(ready.models), str(log.parent / "cache"), ready.engine.variant)
        module = f"tests.quality.ocr.drivers.{ready.engine.driver}"
        self._started = monotonic()
        with log.open("a") as written:
            self._process = subprocess.Popen(
                [ready.python, "-m", module, json.dumps(asdict(options))],
                cwd=ROOT,  # where `-m` finds the driver, whose environment knows nothing of ours
                env=os.environ | (_SINGLE if threads == 1 else {}),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
                text=True,
            )
        self._log = log

    def versions(self) -> dict[str, str]:
        """Waits until the engine is loaded; the versions of what it is made of. To be called once, first."""
        versions: dict[str, str] = self._next_message()["versions"]
        return versions

    @property
    def seconds_since_start(self) -> float:
        """How long ago the process was started."""
        return monotonic() - self._started

    def read(self, page: Path) -> Answer:
        """The page as this engine reads it. Raises EngineFailed."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"page": str(page)}) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._failure() from error
        said = self._next_message()
        lines = tuple(Line(text, tuple((x, y) for x, y in quad)) for text, quad in said["lines"])
        return Answer(lines, said["seconds"], said["peak_bytes"], said["error"])

    def _next_message(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        patience = Timer(_ANSWER_SECONDS, self._process.kill)
        patience.start()
        try:
            line = self._process.stdout.readline()
        finally:
            patience.cancel()
        if not line:
            raise self._failure()
        message: dict[str, Any] = json.loads(line)
        return message

    def _failure(self) -> EngineFailed:
        return EngineFailed(f"The engine's process ended or was silent for {_ANSWER_SECONDS:.0f} s; see {self._log}.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()  # it keeps nothing that would have to be put away
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def pages_a_second(ready: ReadyEngine, log: Path, warm_up: Path, pages: Sequence[Path]) -> float:
    """The pace of one-threaded processes, one a core, that share `pages`; loading and warming up are not counted."""
    with ExitStack() as running:
        drivers = [running.enter_context(Driver(ready, log, threads=1)) for _ in range(cores())]
        for driver in drivers:
            driver.versions()
        with ThreadPoolExecutor(len(drivers)) as threads:
            list(threads.map(lambda driver: driver.read(warm_up), drivers))
            waiting: SimpleQueue[Path] = SimpleQueue()
            for page in pages:
                waiting.put(page)
            started = monotonic()
            list(threads.map(lambda driver: _read_all(driver, waiting), drivers))
            return len(pages) / (monotonic() - started)


def _read_all(driver: Driver, waiting: "SimpleQueue[Path]") -> None:
    for page in _taken(waiting):
        driver.read(page)


def _taken(waiting: "SimpleQueue[Path]") -> Iterable[Path]:
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return
