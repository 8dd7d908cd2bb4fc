"""`chartdrop watch` as people run it: ended by Ctrl-C, by the power, and by itself."""

import json
import signal
import time
from pathlib import Path

import pytest

from tests.desktop.conftest import CommandLine, draw_scan, files_that_tell

PATIENTS = ("Ottoline Quackenbush", "Ferdinand Zzyzx", "Wilhelmina Vanderplonk")


def drop(scans: Path) -> set[str]:
    scans.mkdir()
    for number, patient in enumerate(PATIENTS):
        draw_scan(scans / f"{patient} {number}.png", patient)
    (scans / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
    return {path.name for path in scans.iterdir()}


def places_of(scans: Path) -> dict[str, list[str]]:
    """Every file's place or places, the reasons left out."""
    found: dict[str, list[str]] = {}
    for path in scans.rglob("*"):
        if path.is_file() and not path.name.endswith(".error.txt"):
            found.setdefault(path.name, []).append(path.parent.name)
    return found


def test_whenever_the_power_fails_every_file_ends_in_one_place_and_is_one_document(
    chartdrop: CommandLine, tmp_path: Path
) -> None:
    scans = tmp_path / "scans"
    names = drop(scans)
    for wait_for_a_line in (False, True):
        watch = chartdrop.start("watch", scans, "--json")
        assert watch.stdout is not None
        if wait_for_a_line:
            assert json.loads(watch.stdout.readline())["outcome"]
        else:
            time.sleep(2.0)  # somewhere in the middle of the first document
        watch.kill()
        watch.communicate()

    done = chartdrop.run("watch", scans, "--until-idle", "--json")
    documents = [json.loads(line) for line in chartdrop.run("documents", "--json").stdout.splitlines()]

    assert done.returncode in (0, 3), done.stderr
    assert places_of(scans) == {name: ["Failed" if name == "torn.pdf" else "Processed"] for name in names}
    assert sorted(document["file_name"] for document in documents) == sorted(names)
    assert {document["state"] for document in documents} == {"done", "failed"}
    assert chartdrop.run("audit", "verify").returncode == 0
    words = [word for patient in PATIENTS for word in patient.split()]
    assert not files_that_tell(chartdrop.data_dir, *words)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_asked_to(chartdrop: CommandLine, tmp_path: Path, ending: signal.Signals) -> None:
    watch = chartdrop.start("watch", tmp_path / "scans")
    assert watch.stderr is not None
    assert watch.stderr.readline().startswith("watching ")

    watch.send_signal(ending)
    _, stderr = watch.communicate(timeout=30)

    assert watch.returncode == 130
    assert stderr.strip() == ""


def test_until_idle_says_what_became_of_each_file(chartdrop: CommandLine, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    (scans / "notes.txt").write_text("no document")
    (scans / "empty.pdf").touch()

    done = chartdrop.run("watch", scans, "--until-idle", "--json")

    assert done.returncode == 3
    told = {line["file_name"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert set(told) == {"notes.txt", "empty.pdf"}
    notes = told["notes.txt"]
    assert (notes["outcome"], notes["error"]["code"]) == ("failed", "file_type_unsupported")
    assert notes["moved_to"] == str(scans.resolve() / "Failed" / "notes.txt")
    assert notes["document_id"]
    assert len(notes["sha256"]) == 64
    assert (scans / "Failed" / "empty.pdf.error.txt").read_text().startswith("empty.pdf: The file is empty.")
