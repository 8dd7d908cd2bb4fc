"""A disk that is full: nothing is lost, people are told, and all goes on once there is room."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from tests.desktop.crash.rounds import Round, Tally, check, hash_of, letter
from tests.desktop.journey.hotfolder.watching import wait_for

SMALL, ROOMY = "3m", "32m"
FILES, FILE_BYTES = 10, 400_000  # more than fits, with what the store makes of them
FILLER = ".filler.tmp"
STORE_IS_FULL = ("Is the disk full?", "The store cannot be written (No space left on device)")


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system of its own at `root`."""

    root: Path

    def make_room(self) -> None:
        (self.root / FILLER).unlink(missing_ok=True)
        subprocess.run(["mount", "-o", f"remount,size={ROOMY}", self.root], check=True)

    def fill(self) -> None:
        """Not a byte is free."""
        with (self.root / FILLER).open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                return


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for folder in ("data", "scans"):
        subprocess.run(["umount", "--lazy", tmp_path / folder], stderr=subprocess.DEVNULL, check=False)


def small_disk(root: Path) -> Disk:
    root.mkdir(mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=700", "tmpfs", str(root)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    return Disk(root)


def drop_more_than_fits(one: Round) -> Counter[str]:
    dropped = one.drop()
    for number in range(FILES):
        path = one.scans / f"large {number}.pdf"
        path.write_bytes(letter(f"{one.place} large {number}") + b"%" + os.urandom(FILE_BYTES).hex().encode())
        dropped[hash_of(path)] += 1
    return dropped


def lying_in(folder: Path) -> Counter[str]:
    """What each dropped file holds that is there, in whatever place."""
    named = [path for path in folder.rglob("*") if path.is_file() and path.suffix in (".pdf", ".png")]
    return Counter(hash_of(path) for path in named)


def all_lie_in(folder: Path, dropped: Counter[str]) -> bool:
    """Whether all that was dropped is there, once; not while one is on its way from place to place."""
    try:
        return lying_in(folder) == dropped
    except FileNotFoundError:
        return False


def wait_until_told(one: Round, *words: str) -> None:
    wait_for(lambda: any(word in one.said for word in words))


def end_once_settled(one: Round, watch: ForkServerProcess, files: int) -> None:
    wait_for(lambda: one.said.count('"outcome"') == files, seconds=40)
    os.kill(watch.pid or 0, signal.SIGTERM)
    watch.join()


def judge(one: Round, dropped: Counter[str]) -> None:
    one.judge(dropped, tally := Tally())
    check(tally)


@pytest.mark.parametrize("killed", [False, True], ids=["waited out", "killed meanwhile"])
def test_a_full_disk_under_the_store_loses_nothing_and_is_told_of(place: Path, *, killed: bool) -> None:
    disk, one = small_disk(place / "data"), Round(place)
    dropped = drop_more_than_fits(one)

    watch = one.start()
    wait_until_told(one, *STORE_IS_FULL)

    assert watch.is_alive()
    wait_for(lambda: all_lie_in(one.scans, dropped))
    if killed:
        watch.kill()
        watch.join()
    disk.make_room()
    if killed:
        assert not one.watch()
    else:
        end_once_settled(one, watch, dropped.total())
    judge(one, dropped)


def test_on_a_disk_without_a_byte_it_does_not_start_and_says_why(place: Path) -> None:
    disk, one = small_disk(place / "data"), Round(place)
    one.vault().close()
    disk.fill()
    dropped = one.drop()

    refused = one.start("--until-idle")
    refused.join(30)

    assert refused.exitcode == 4, one.said
    assert "disk" in one.said
    wait_for(lambda: all_lie_in(one.scans, dropped))
    disk.make_room()
    assert not one.watch()
    judge(one, dropped)


def test_a_full_disk_under_the_folder_keeps_files_waiting_for_their_places(place: Path) -> None:
    disk, one = small_disk(place / "scans"), Round(place)
    dropped = one.drop()
    disk.fill()

    watch = one.start()
    wait_until_told(one, "torn.pdf cannot be moved now (No space left on device)")

    wait_for(lambda: all_lie_in(one.scans, dropped))
    disk.make_room()
    end_once_settled(one, watch, dropped.total())
    judge(one, dropped)
