"""A thousand files at once, others byte by byte: all are settled, in order of arrival, in the same memory."""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from io import FileIO
from pathlib import Path

import psutil
import pytest

from tests.desktop.crash.rounds import Round, Tally, check, hash_of, letter
from tests.desktop.journey.hotfolder.watching import wait_for

SETTLE_SECONDS = 2.0  # as it is unless it is set
BYTE_SECONDS = 0.02  # between two bytes of each slow file
ALLOWED = 1.1  # growth after the first fifth
HELD_OPEN = 2  # every second slow file is, by its writer; the others are opened anew for each byte


def drip(paths: Sequence[Path]) -> None:
    """The files grow side by side, a byte at a time; each is a few bytes longer than the one before."""
    contents = [letter(path.name, 1) + b"%" * 20 * number for number, path in enumerate(paths)]
    held = {path: path.open("wb", buffering=0) for path in paths[::HELD_OPEN]}
    for at in range(max(map(len, contents))):
        for path, content in zip(paths, contents, strict=True):
            if at < len(content):
                _add(path, content[at : at + 1], held)
            if at == len(content) - 1 and path in held:
                held[path].close()
        time.sleep(BYTE_SECONDS)


def _add(path: Path, byte: bytes, held: dict[Path, FileIO]) -> None:
    if path in held:
        held[path].write(byte)
    else:
        with path.open("ab") as file:
            file.write(byte)


def settled(one: Round) -> list[str]:
    """The names of the files that were settled, in that order."""
    lines = [line for line in one.said.splitlines() if line.startswith("{") and line.endswith("}")]
    return [json.loads(line)["file_name"] for line in lines]


def flood(place: Path, fast: int, slow: int) -> None:
    one = Round(place, settle_seconds=SETTLE_SECONDS)
    one.scans.mkdir()
    watch = one.start()
    slow_paths = [one.scans / f"slow {number:02}.pdf" for number in range(slow)]
    writer = threading.Thread(target=drip, args=(slow_paths,))
    writer.start()
    begun = time.monotonic()
    for number in range(fast):
        (one.scans / f"fast {number:04}.pdf").write_bytes(letter(f"fast {number}", 1))
    held = memory_while_settling(one, watch.pid or 0, fast + slow)
    took = time.monotonic() - begun
    writer.join()
    os.kill(watch.pid or 0, signal.SIGTERM)
    watch.join()
    print(f"{fast} + {slow} files in {took:.0f} s; MB held at each tenth: {[round(size) for size in held]}")
    judge(one, held, fast + slow)


def has_settled(one: Round, files: int) -> bool:
    return len(settled(one)) >= files


def memory_while_settling(one: Round, process: int, files: int) -> list[float]:
    """Megabytes that the process held when each tenth of the files was settled."""
    held = []
    for tenth in range(1, 11):
        wait_for(partial(has_settled, one, files * tenth // 10), seconds=max(60, files))
        held.append(psutil.Process(process).memory_info().rss / 1_000_000)
    return held


def judge(one: Round, held: Sequence[float], files: int) -> None:
    lying = sorted((one.scans / "Processed").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert settled(one) == [path.name for path in lying]
    assert len(lying) == files
    one.judge(Counter(hash_of(path) for path in lying), tally := Tally())
    check(tally)
    assert held[-1] < held[1] * ALLOWED


@pytest.mark.timeout(300)
def test_a_hundred_at_once_and_five_slow_ones(tmp_path: Path) -> None:
    flood(tmp_path, 100, 5)


@pytest.mark.soak
def test_a_thousand_at_once_and_twenty_slow_ones(tmp_path: Path) -> None:
    flood(tmp_path, 1000, 20)
