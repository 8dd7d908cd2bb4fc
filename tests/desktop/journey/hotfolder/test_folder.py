"""The watched folder with a real store; documents get their outcome here by hand, so that no reading is needed."""

import os
import shutil
import time
from pathlib import Path

import pytest

from desktop.errors import WatchRefused
from desktop.events import WatchTrouble
from desktop.settings import Settings
from desktop.vault import arrivals, documents
from desktop.vault.connection import Vault
from tests.desktop.journey.hotfolder.watching import Watched, wait_for


def test_a_file_stays_until_its_document_is_safe_and_then_lies_in_processed(watched: Watched) -> None:
    (watched.root / "scan.pdf").write_bytes(b"abc")
    wait_for(lambda: watched.taken() == 1)
    assert watched.listed() == {"scan.pdf"}
    assert not watched.folder.is_idle()

    watched.settle()

    assert watched.listed() == {"Processed/scan.pdf"}
    assert watched.folder.is_idle()
    assert [event.outcome for event in watched.settled()] == ["processed"]


def test_a_failed_file_lies_in_failed_with_the_reason_beside_it(watched: Watched) -> None:
    (watched.root / "scan.pdf").write_bytes(b"abc")
    wait_for(lambda: watched.taken() == 1)

    watched.settle(well=False)

    assert watched.listed() == {"Failed/scan.pdf", "Failed/scan.pdf.error.txt"}
    reason = (watched.root / "Failed" / "scan.pdf.error.txt").read_text()
    assert reason == "scan.pdf: The PDF is damaged. Scan it again.\n"


def test_a_second_copy_is_a_duplicate_at_once_and_a_later_one_too(watched: Watched) -> None:
    (watched.root / "scan.pdf").write_bytes(b"abc")
    wait_for(lambda: watched.taken() == 1)
    (watched.root / "copy.pdf").write_bytes(b"abc")
    wait_for(lambda: "Duplicates/copy.pdf" in watched.listed())
    watched.settle()
    (watched.root / "scan.pdf").write_bytes(b"abc")
    wait_for(watched.folder.is_idle)

    assert watched.listed() == {"Processed/scan.pdf", "Duplicates/copy.pdf", "Duplicates/scan.pdf"}
    assert watched.taken() == 1


def test_a_failed_file_dropped_again_is_tried_again(watched: Watched) -> None:
    (watched.root / "scan.pdf").write_bytes(b"abc")
    wait_for(lambda: watched.taken() == 1)
    watched.settle(well=False)
    shutil.copy(watched.root / "Failed" / "scan.pdf", watched.root / "scan.pdf")
    wait_for(lambda: len(watched.templates) == 2)

    wait_for(lambda: not _is_final(watched))
    watched.settle()

    assert "Processed/scan.pdf" in watched.listed()
    assert watched.taken() == 1


def _is_final(watched: Watched) -> bool:
    with watched.vault.read() as connection:
        return documents.listing(connection)[0].state != "waiting"


def test_the_folder_a_file_lies_in_chooses_the_template(watched: Watched) -> None:
    for folder in ("hospice_admission", "Maria", "Maria/Hospice_Admission"):
        (watched.root / folder).mkdir()
        (watched.root / folder / "scan.pdf").write_bytes(folder.encode())
        wait_for(lambda: (watched.root / folder / "scan.pdf") in _known(watched))  # noqa: B023

    assert watched.templates == ["hospice_admission", "auto", "hospice_admission"]


def _known(watched: Watched) -> set[Path]:
    with watched.vault.read() as connection:
        return {one.arrival.path for one in arrivals.unsettled(connection, watched.root)}


def test_links_and_pipes_are_refused_and_what_they_point_to_stays(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "secret.pdf").write_bytes(b"secret")
    (watched.root / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    os.mkfifo(watched.root / "pipe.pdf")
    wait_for(watched.folder.is_idle)

    assert {"Failed/link.pdf", "Failed/pipe.pdf", "Failed/link.pdf.error.txt"} <= watched.listed()
    assert (tmp_path / "secret.pdf").read_bytes() == b"secret"
    assert watched.taken() == 0


def test_unfinished_names_are_left_alone_until_they_are_renamed(watched: Watched) -> None:
    (watched.root / "scan.pdf.part").write_bytes(b"abc")
    (watched.root / ".hidden").mkdir()
    (watched.root / ".hidden" / "x.pdf").write_bytes(b"def")
    time.sleep(0.8)
    assert watched.taken() == 0
    assert watched.folder.is_idle()

    (watched.root / "scan.pdf.part").rename(watched.root / "scan.pdf")

    wait_for(lambda: watched.taken() == 1)


def test_a_file_is_taken_only_when_its_writer_let_go(watched: Watched) -> None:
    with (watched.root / "scan.pdf").open("wb") as scanner:
        scanner.write(b"first page, ")
        scanner.flush()
        time.sleep(0.8)
        assert watched.taken() == 0
        scanner.write(b"second page")
    wait_for(lambda: watched.taken() == 1)

    watched.settle()
    assert (watched.root / "Processed" / "scan.pdf").read_bytes() == b"first page, second page"


def test_a_name_that_is_no_text_is_taken_like_any_other(watched: Watched) -> None:
    odd = os.fsdecode(b"caf\xe9.pdf")
    (watched.root / odd).write_bytes(b"abc")
    wait_for(lambda: watched.taken() == 1)

    watched.settle()

    assert watched.listed() == {f"Processed/{odd}"}


def test_a_file_written_over_while_it_waits_is_a_document_of_its_own(watched: Watched) -> None:
    (watched.root / "scan.pdf").write_bytes(b"first")
    wait_for(lambda: watched.taken() == 1)
    (watched.root / "scan.pdf").write_bytes(b"second")
    wait_for(lambda: watched.taken() == 2)

    watched.settle()

    assert watched.listed() == {"Processed/scan.pdf"}
    assert (watched.root / "Processed" / "scan.pdf").read_bytes() == b"second"


def left_by_a_crash(vault: Vault, settings: Settings, scans: Path, *, well: bool = True) -> None:
    """The store holds the outcome of scan.pdf, and the process died before it moved the file."""
    before = Watched(vault, settings, scans)
    before.folder.start()
    (scans / "scan.pdf").write_bytes(b"abc")
    wait_for(lambda: before.taken() == 1)
    before.folder.stop()
    before.read(well=well)


def test_a_crash_between_commit_and_move_is_healed_at_the_next_start(
    vault: Vault, settings: Settings, scans: Path
) -> None:
    left_by_a_crash(vault, settings, scans, well=False)
    after = Watched(vault, settings, scans)

    after.folder.start()
    after.folder.stop()

    assert after.listed() == {"Failed/scan.pdf", "Failed/scan.pdf.error.txt"}
    assert after.taken() == 1
    assert after.templates == []


@pytest.mark.parametrize("moved", [False, True])
def test_a_crash_in_the_middle_of_a_move_is_healed_too(
    vault: Vault, settings: Settings, scans: Path, moved: bool
) -> None:
    left_by_a_crash(vault, settings, scans)
    destination = scans.resolve() / "Processed" / "scan.pdf"
    with vault.act() as connection:
        [one] = arrivals.unsettled(connection, scans.resolve())
        arrivals.set_destination(connection, one.arrival.id, destination)
    if moved:
        (scans / "scan.pdf").rename(destination)
    else:
        destination.touch()
    after = Watched(vault, settings, scans)

    after.folder.start()
    after.folder.stop()

    assert after.listed() == {"Processed/scan.pdf"}
    assert destination.read_bytes() == b"abc"
    assert after.folder.is_idle()


def test_a_real_second_copy_after_a_crash_goes_to_duplicates(vault: Vault, settings: Settings, scans: Path) -> None:
    left_by_a_crash(vault, settings, scans)
    (scans / "again.pdf").write_bytes(b"abc")
    after = Watched(vault, settings, scans)

    after.folder.start()
    wait_for(after.folder.is_idle)
    after.folder.stop()

    assert after.listed() == {"Processed/scan.pdf", "Duplicates/again.pdf"}


def test_a_file_that_cannot_be_moved_is_told_of_and_moved_later(watched: Watched) -> None:
    (watched.root / "scan.pdf").write_bytes(b"abc")
    wait_for(lambda: watched.taken() == 1)
    processed = watched.root / "Processed"
    processed.rmdir()
    processed.write_bytes(b"somebody's file where the folder was")
    watched.settle()
    assert [event for event in watched.events if isinstance(event, WatchTrouble)]
    assert (watched.root / "scan.pdf").exists()

    processed.unlink()

    wait_for(lambda: "Processed/scan.pdf" in watched.listed())


@pytest.mark.parametrize("name", ["Processed", "Failed", "Duplicates"])
def test_the_places_of_another_watched_folder_are_not_watched(watched: Watched, name: str) -> None:
    with pytest.raises(WatchRefused, match="Watch"):
        Watched(watched.vault, Settings(), watched.root / name)


def test_the_store_is_never_taken_for_scans(vault: Vault, settings: Settings, tmp_path: Path) -> None:
    for root in (tmp_path, vault.folder.blobs):
        with pytest.raises(WatchRefused, match="data directory"):
            Watched(vault, settings, root)


def test_a_file_is_no_folder_to_watch(vault: Vault, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(WatchRefused, match="not a folder"):
        Watched(vault, settings, tmp_path / "file")
