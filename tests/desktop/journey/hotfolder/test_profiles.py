"""What a folder's profile says is done with its files: nothing more, nothing less, also after a crash."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.journey.hotfolder.notices import Notices
from desktop.settings import Settings
from desktop.vault import arrivals, blobs
from desktop.vault.connection import Vault
from desktop.vault.watched import Profile
from tests.desktop.journey.hotfolder.watching import Watched, wait_for

KEPT, DELETED = Profile(originals="kept"), Profile(originals="deleted")
Watch = Callable[[Profile], "Watched"]


@contextmanager
def watching(vault: Vault, settings: Settings, scans: Path, profile: Profile) -> Iterator[Watched]:
    watched = Watched(vault, settings, scans, profile)
    watched.folder.start()
    try:
        yield watched
    finally:
        watched.folder.stop()


def test_its_template_and_unit_go_with_every_document_and_a_sub_folder_still_chooses(
    vault: Vault, settings: Settings, scans: Path
) -> None:
    (scans / "hospice_admission").mkdir()
    (scans / "hospice_admission" / "a.pdf").write_bytes(b"a")
    (scans / "b.pdf").write_bytes(b"b")

    with watching(vault, settings, scans, Profile("lab_report", "Ward 3")) as watched:
        wait_for(lambda: watched.taken() == 2)

    assert {(one.file_name, one.template, one.unit) for one in watched.documents()} == {
        ("a.pdf", "hospice_admission", "Ward 3"),
        ("b.pdf", "lab_report", "Ward 3"),
    }


def test_kept_originals_stay_untouched_and_are_taken_once_also_after_a_restart(
    vault: Vault, settings: Settings, scans: Path
) -> None:
    for name, content in (("good.pdf", b"good"), ("copy.pdf", b"good"), ("empty.pdf", b"")):
        (scans / name).write_bytes(content)
    for _ in range(2):
        with watching(vault, settings, scans, KEPT) as watched:
            wait_for(lambda: len(watched.documents()) == 2)
            watched.settle()
            wait_for(watched.folder.is_idle)
        assert watched.listed() == {"good.pdf", "copy.pdf", "empty.pdf"}
        assert not (scans / "Processed").exists()

    assert watched.templates == []  # the second time there was nothing to take
    with vault.read() as connection:
        assert len(arrivals.kept(connection, watched.root)) == 3


def test_a_kept_original_that_is_written_over_is_a_document_of_its_own(
    vault: Vault, settings: Settings, scans: Path
) -> None:
    (scans / "scan.pdf").write_bytes(b"first")
    with watching(vault, settings, scans, KEPT) as watched:
        wait_for(lambda: watched.taken() == 1)
        watched.settle()
        (scans / "scan.pdf").write_bytes(b"second")
        wait_for(lambda: watched.taken() == 2)


def test_originals_are_deleted_once_the_encrypted_copy_was_read_back_and_bad_ones_are_not(
    vault: Vault, settings: Settings, scans: Path
) -> None:
    for name, content in (("good.pdf", b"good"), ("copy.pdf", b"good"), ("empty.pdf", b"")):
        (scans / name).write_bytes(content)

    with watching(vault, settings, scans, DELETED) as watched:
        wait_for(lambda: watched.taken() == 2)
        watched.settle()
        wait_for(watched.folder.is_idle)

    assert watched.listed() == {"Failed/empty.pdf", "Failed/empty.pdf.error.txt"}
    assert {(event.file_name, event.outcome, event.moved_to is None) for event in watched.settled()} >= {
        ("empty.pdf", "failed", False)
    }
    document = next(one for one in watched.documents() if one.state == "done")
    with vault.read() as connection:
        original = blobs.find(connection, document.id, "original")
    assert original is not None
    assert vault.blobs.read(original) == b"good"


def test_an_original_whose_copy_cannot_be_read_back_is_moved_and_that_is_told(
    vault: Vault, settings: Settings, scans: Path
) -> None:
    (scans / "scan.pdf").write_bytes(b"good")
    with watching(vault, settings, scans, DELETED) as watched:
        wait_for(lambda: watched.taken() == 1)
        with vault.read() as connection:
            original = blobs.find(connection, watched.documents()[0].id, "original")
        assert original is not None
        vault.blobs.path(original.id).write_bytes(b"torn")
        watched.settle()

    assert watched.listed() == {"Processed/scan.pdf"}
    assert any("is not deleted" in message for message in watched.troubles())


def deletion_under_way(vault: Vault, settings: Settings, scans: Path) -> tuple[Path, Path, arrivals.Arrival]:
    """A scan that was read, the place where its deletion will have it, noted already, and how it arrived."""
    scan = scans / "scan.pdf"
    scan.write_bytes(b"good")
    with watching(vault, settings, scans, DELETED) as watched:
        wait_for(lambda: watched.taken() == 1)
    watched.read()
    with vault.act() as connection:
        [one] = arrivals.unsettled(connection, watched.root)
        claimed = watched.root / f".chartdrop-deleted-{one.arrival.id}"
        arrivals.set_destination(connection, one.arrival.id, claimed)
    return scan, claimed, one.arrival


@pytest.mark.parametrize("step", ["claimed", "nothing moved", "gone"])
def test_a_deletion_that_a_crash_cut_in_two_is_ended(vault: Vault, settings: Settings, scans: Path, step: str) -> None:
    scan, claimed, _ = deletion_under_way(vault, settings, scans)
    if step == "claimed":
        scan.rename(claimed)
    if step == "gone":
        scan.unlink()

    with watching(vault, settings, scans, DELETED) as after:
        wait_for(after.folder.is_idle)

    assert after.listed() == set()
    assert after.taken() == 1


def test_what_came_over_the_original_while_it_was_being_deleted_is_dropped_again(
    vault: Vault, settings: Settings, scans: Path
) -> None:
    scan, claimed, arrival = deletion_under_way(vault, settings, scans)
    scan.unlink()
    claimed.write_bytes(b"another one")

    with watching(vault, settings, scans, DELETED) as after:
        wait_for(lambda: after.taken() == 2)

    assert {one.sha256 for one in after.documents()} >= {arrival.sha256}
    assert scan.read_bytes() == b"another one"


def test_a_read_only_folder_whose_originals_are_kept_is_read_all_the_same(
    vault: Vault, settings: Settings, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scans / "scan.pdf").write_bytes(b"good")
    before = {path: path.stat().st_mtime_ns for path in (scans, scans / "scan.pdf")}

    def refuse(_: Notices) -> None:
        """Root may write anywhere; what a read-only share refuses is the probe alone, and that is not sent."""

    monkeypatch.setattr(Notices, "_send_probe", refuse)
    with watching(vault, settings, scans, KEPT) as watched:
        wait_for(lambda: watched.taken() == 1)
        watched.settle()
        wait_for(watched.folder.is_idle)

    assert {path: path.stat().st_mtime_ns for path in before} == before
