"""Whatever is done with a document: no file that is left anywhere holds a word of it, nor what was searched for."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.conftest import CommandLine, draw_scan, files_that_tell

PATIENT, SOUGHT, FILE_NAME = "Quillabamba Featherstone", "zyxomorphicsearch", "Wimbledonsky admission.png"
WORDS = (
    "Quillabamba",
    "QUILLABAMBA",
    "quillabamba",
    "Featherstone",
    "featherstone",
    SOUGHT,
    "Wimbledonsky",
    "wimbledon",
)


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    place = tmp_path / "temporary"
    place.mkdir()
    return place


class Lookout:
    """Looks again and again at every file below some folders, also at those that are there for a moment only."""

    def __init__(self, *folders: Path) -> None:
        self._folders, self._stop = folders, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.seen: set[str] = set()
        self.telling: set[str] = set()

    def __enter__(self) -> "Lookout":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.is_set():
            for folder in self._folders:
                self.seen |= {path.name for path in _files(folder)}
                try:
                    self.telling |= {str(path) for path in files_that_tell(folder, *WORDS)}
                except OSError:  # gone while it was looked at
                    continue
            time.sleep(0.02)


def _files(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        yield from (Path(where) / name for name in names)


def test_no_file_tells_of_a_patient_or_of_what_was_searched_for(
    chartdrop: CommandLine, tmp_path: Path, temporary: Path
) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    draw_scan(scans / FILE_NAME, PATIENT)
    places = {"TMPDIR": str(temporary), "HOME": str(temporary), "XDG_CACHE_HOME": str(temporary)}

    def run(*words: str | Path, code: int = 0) -> str:
        done = chartdrop.run(*words, **places)
        assert done.returncode == code, done.stderr
        return done.stdout

    with Lookout(chartdrop.data_dir, temporary) as lookout:
        run("watch", scans, "--until-idle")
        assert "page 1" in run("search", "quillabamba feather")
        assert "its name" not in run("search", "wimbledonsky")
        assert run("search", SOUGHT) == ""
        run("backup", "--out", temporary / "backup")
        run("key", "rotate")
        assert "Featherstone" in run("search", "featherstone", "--json")
        run("search", SOUGHT, "--data-dir", "/dev/null/nowhere", code=4)

    assert {"store.db", "store.db-wal", "key.json"} <= lookout.seen
    assert not lookout.telling
    assert not files_that_tell(tmp_path / "data", *WORDS)
    assert not files_that_tell(temporary, *WORDS)


def test_the_lookout_sees_what_an_unencrypted_store_would_tell(tmp_path: Path) -> None:
    with Lookout(tmp_path) as lookout:
        store = sqlite3.connect(tmp_path / "plain.db")
        store.execute("CREATE VIRTUAL TABLE pages USING fts5(text)")
        store.execute("INSERT INTO pages VALUES (?)", (PATIENT.lower(),))
        store.commit()
        time.sleep(0.2)
        store.close()
    assert lookout.telling
