"""Programs of ours in processes of their own, forked from one that has imported them (multiprocessing's fork server).

To start `chartdrop` anew takes a second and `chartdrop-server` two, nearly all of it imports, and the suite does it by
the hundred. All else is as in a process that was started: memory, environment, streams, signals and death are its own.
The programs as they are installed are started by `tests/journey`, `tests/guides` and `tests/installers`.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from tests.frugal import be_frugal

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(  # one list for all: whoever sets another replaces it
    ["desktop.cli.watching", "tests.desktop.crash.killed", "tests.syncserver.desktop_process", "tests.forking"]
)
_STARTS_WITHIN_S = 60


def fork(act: Callable[..., Any], *given: object, env: Mapping[str, str], out: Path, err: Path) -> ForkServerProcess:
    """A process in which `act` runs with what is `given`; it ends with what that returns. `out` and `err` grow."""
    process = _CONTEXT.Process(target=_run, args=(act, given, dict(env), out, err), daemon=True)
    process.start()
    return process


def _run(act: Callable[..., Any], given: Sequence[object], env: Mapping[str, str], out: Path, err: Path) -> None:
    os.environ.clear()
    os.environ.update(env)
    tempfile.tempdir = None  # else the one of whoever forked
    for path, stream in ((out, sys.stdout), (err, sys.stderr)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, stream.fileno())
        os.close(file)
    be_frugal(pytest.MonkeyPatch())
    sys.exit(act(*given))


def chartdrop(*words: str | Path, env: Mapping[str, str], timeout: float = 120) -> "subprocess.CompletedProcess[str]":
    """What `chartdrop WORDS...` printed, and how it ended."""
    said = [str(word) for word in words]
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = fork(_chartdrop, said, env=env, out=out, err=err)
        process.join(timeout)
        if process.is_alive():
            end(process)
            raise subprocess.TimeoutExpired(said, timeout, *(path.read_bytes() for path in (out, err)))
        return subprocess.CompletedProcess(said, process.exitcode or 0, out.read_text(), err.read_text())


def _chartdrop(words: Sequence[str]) -> int:
    from desktop.cli import run

    return run(words)


def chartdrop_server(*words: str, env: Mapping[str, str], out: Path, err: Path) -> ForkServerProcess:
    """`chartdrop-server WORDS...` runs."""
    return fork(_chartdrop_server, words, env=env, out=out, err=err)


def _chartdrop_server(words: Sequence[str]) -> None:
    from syncserver.__main__ import main

    sys.argv = ["chartdrop-server", *words]
    main()


def first_line(process: ForkServerProcess, out: Path) -> str:
    """The first line that the process writes; what it wrote of one where it ended before."""
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until:
        has_ended = not process.is_alive()
        if out.exists() and ("\n" in (written := out.read_text()) or has_ended):
            return written.partition("\n")[0]
        if has_ended:
            break
        time.sleep(0.02)
    return ""


def end(process: ForkServerProcess) -> None:
    """Killed, as a power cut would."""
    process.kill()
    process.join()
