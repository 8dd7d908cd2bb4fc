"""What the benchmark and an engine's process say to each other: one JSON object a line, over the standard streams.

The process says `{"versions": {...}}` once its engine is loaded, and then answers every `{"page": "path of a PNG"}`
with `{"seconds", "lines", "peak_bytes", "error"}`. The end of its standard input is its own end. This module runs in
the engines' own environments, so it imports nothing but Python's own library.
"""

import json
import os
import resource
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import IO

_NONE: Mapping[str, str] = {}

Quad = tuple[tuple[float, float], ...]
"""Four corners in pixels, clockwise from the top left of the text."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text and where it stands: a line or a word, whichever the engine gives."""

    text: str
    quad: Quad


@dataclass(frozen=True, slots=True)
class Options:
    """How an engine is to be loaded. `threads` 0 leaves their number to the engine's own defaults."""

    threads: int = 0
    models: str = ""  # folder of model folders, for engines that carry none
    cache: str = ""  # folder for what an engine keeps by itself
    variant: str = ""  # what the engine's driver makes of it


Reader = Callable[[Path], Iterable[Line]]
"""Reads the PNG at a path. May raise anything: the page then counts as one on which nothing was read."""


class PageUnreadable(Exception):
    """The engine gave an error instead of a page."""


def serve(load: Callable[[Options], Reader], packages: Iterable[str], programs: Mapping[str, str] = _NONE) -> None:
    """Loads the engine with the options of the command line and serves the benchmark until it closes the pipe.

    The engine is told to be made of `packages` of its environment and of `programs`, by name and version.
    """
    answers = _private_output()
    read = load(Options(**json.loads(sys.argv[1])))
    _say(answers, {"versions": {**programs, **{name: version(name) for name in packages}}})
    for command in sys.stdin:
        _say(answers, _answer(read, Path(json.loads(command)["page"])))


def quad_of(corners: Iterable[Iterable[float]]) -> Quad:
    """`corners`, whichever kind of array they came in, as plain numbers."""
    return tuple((float(x), float(y)) for x, y in corners)


def box_quad(left: float, top: float, right: float, bottom: float) -> Quad:
    """The corners of an upright box."""
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _private_output() -> IO[str]:
    """Standard output for the answers alone: what the engine's libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def _say(answers: IO[str], message: dict[str, object]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _answer(read: Reader, page: Path) -> dict[str, object]:
    started = perf_counter()
    lines: list[Line] = []
    error = None
    try:
        lines = list(read(page))
    except Exception as fault:  # a benchmark goes on and says how many pages an engine failed on
        error = f"{type(fault).__name__}: {fault}"
    return {
        "seconds": perf_counter() - started,
        "lines": [[line.text, line.quad] for line in lines],
        "peak_bytes": _peak_bytes(),
        "error": error,
    }


def _peak_bytes() -> int:
    """The most memory that this process, or a program that it ran, has held.

    Its own comes from /proc: `ru_maxrss` of a process still counts what its parent held before the program started.
    The two are not added: a child counts all that its parent held when it was made by vfork, which is shared.
    """
    status = Path("/proc/self/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, children) * 1024  # both are given in KiB
