"""Thousands of schedules, on all the processors there are: each process has a clinic of its own."""

import gc
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import structlog

from tests.simulation.checks import check
from tests.simulation.clinic import Clinic, found_clinic
from tests.simulation.schedule import STEPS, Schedule

MACHINES = 3
_TELL_EVERY_S = 10.0
_AT_ONCE = 4  # schedules that a process takes: a few seconds' worth
_found: list[Clinic] = []


@dataclass(frozen=True)
class Failure:
    """A schedule that did not end well, as short as its first acts can make it, and what happened in it."""

    seed: int
    steps: int
    story: str


@contextmanager
def place_in_memory() -> Iterator[Path]:
    """A folder in memory, where there is such a thing: power cuts are simulated, and fsync need not be paid for."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as place:
        yield Path(place)


def run(seed: int, clinic: Clinic, steps: int = STEPS) -> None:
    """The schedule of the seed went well. Raises AssertionError with its acts."""
    schedule = Schedule(seed, clinic, steps)
    try:
        schedule.run()
        check(schedule)
    except Exception as error:
        acts = "\n".join(schedule.log)
        raise AssertionError(f"schedule {seed}, {steps} acts: {type(error).__name__}: {error}\n{acts}") from error


def run_many(seeds: range, processes: int, tell: Callable[[str], object]) -> list[Failure]:
    """Every seed's schedule was run; those that failed. `tell` hears every ten seconds how far it is."""
    failures, began, told = list[Failure](), time.monotonic(), 0.0
    with (
        place_in_memory() as place,
        ProcessPoolExecutor(processes, get_context("spawn"), _found_one, (place,)) as pool,
    ):
        for count, failure in enumerate(pool.map(_outcome, seeds, chunksize=_AT_ONCE), start=1):
            if failure:
                failures.append(failure)
                tell(failure.story)
            seconds = time.monotonic() - began
            if seconds - told >= _TELL_EVERY_S or count == len(seeds):
                told = seconds
                tell(_progress(count, len(seeds), len(failures), seconds))
    return failures


def _progress(count: int, all_of_them: int, failed: int, seconds: float) -> str:
    left = seconds / count * (all_of_them - count) / 60
    return f"{count} of {all_of_them} schedules, {failed} failed, {count / seconds:.1f} a second, {left:.0f} min left"


def _found_one(place: Path) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    own = place / str(os.getpid())
    own.mkdir()
    _found.append(found_clinic(own, MACHINES))
    gc.freeze()  # what is there by now stays: it need not be looked through again and again


def _outcome(seed: int) -> Failure | None:
    clinic = _found[0]
    try:
        run(seed, clinic)
    except AssertionError as error:
        return _shortest(seed, Failure(seed, STEPS, str(error)))
    return None


def _shortest(seed: int, whole: Failure) -> Failure:
    """The same schedule with as few of its acts as still fail: what a seed decides does not change with how many."""
    for steps in range(1, STEPS):
        clinic = _anew()
        try:
            run(seed, clinic, steps)
        except AssertionError as error:
            return Failure(seed, steps, str(error))
    return whole


def _anew() -> Clinic:
    """A clinic that no failure left anything in."""
    last = _found.pop()
    last.close()
    own = last.place.with_name(f"{os.getpid()}-{time.monotonic_ns()}")
    own.mkdir()
    shutil.rmtree(last.place)
    _found.append(found_clinic(own, MACHINES))
    return _found[0]
