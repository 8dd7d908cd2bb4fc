"""How files are noticed, and that a folder which is not there is waited for."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.journey.hotfolder.presence import Presence, is_on_network
from desktop.settings import Settings
from desktop.vault.connection import Vault
from tests.desktop.conftest import quick_settings
from tests.desktop.journey.hotfolder.watching import Watched, wait_for

SLOW = {"settle_seconds": 0.2, "sweep_seconds": 3600.0}


@pytest.fixture
def remembered(vault: Vault, settings: Settings, scans: Path) -> Iterator[Watched]:
    """A folder of the list, which is waited for."""
    watched = Watched(vault, settings, scans.resolve(), patient=True)
    watched.folder.start()
    yield watched
    watched.folder.stop()


def test_the_probe_is_noticed_on_a_local_disk_and_leaves_nothing_behind(watched: Watched) -> None:
    wait_for(lambda: watched.folder.state.mode == "native")

    assert watched.listed() == set()


def test_a_probe_that_the_power_left_behind_is_cleared_away(vault: Vault, scans: Path, tmp_path: Path) -> None:
    left, somebodys = scans / ".chartdrop-probe-0123456789abcdef.tmp", scans / ".chartdrop-probe-notes.tmp"
    left.touch()
    somebodys.write_bytes(b"not ours")
    watched = Watched(vault, quick_settings(tmp_path / "unused", **SLOW), scans)
    watched.folder.start()
    wait_for(lambda: watched.folder.state.mode == "native")

    assert not left.exists()
    assert somebodys.exists()
    watched.folder.stop()


def test_notices_alone_bring_a_file_in_between_two_sweeps(vault: Vault, scans: Path, tmp_path: Path) -> None:
    watched = Watched(vault, quick_settings(tmp_path / "unused", **SLOW), scans)
    watched.folder.start()
    wait_for(lambda: watched.folder.state.mode == "native")

    (scans / "scan.pdf").write_bytes(b"abc")

    wait_for(lambda: watched.taken() == 1)
    watched.folder.stop()


def test_where_the_probe_is_not_noticed_polling_is_as_quick_as_the_settle_time(
    vault: Vault, scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share: notices can be asked for, and none ever comes."""
    monkeypatch.setattr("watchdog.observers.Observer.schedule", lambda *_, **__: None)
    watched = Watched(vault, quick_settings(tmp_path / "unused", **SLOW), scans)
    watched.folder.start()
    time.sleep(0.5)

    (scans / "scan.pdf").write_bytes(b"abc")

    wait_for(lambda: watched.taken() == 1)
    assert watched.folder.state.mode == "polling"
    watched.folder.stop()


def test_files_are_taken_in_order_of_arrival_in_whatever_order_they_were_found(
    vault: Vault, scans: Path, tmp_path: Path
) -> None:
    watched = Watched(vault, quick_settings(tmp_path / "unused", **SLOW), scans)
    dropped = [scans / f"{name}.pdf" for name in "cab"]
    for path in dropped:
        path.write_bytes(path.name.encode())
        time.sleep(0.02)
    for path in reversed(dropped):
        watched.folder._watcher._notice(path)  # what an unlucky listing comes to

    watched.folder.start()
    wait_for(lambda: watched.taken() == 3)
    watched.folder.stop()

    assert [one.file_name for one in reversed(watched.documents())] == [path.name for path in dropped]


def test_a_local_folder_is_not_on_the_network(tmp_path: Path) -> None:
    assert not is_on_network(tmp_path)


@pytest.mark.parametrize(("kind", "polled"), [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("ext4", False)])
def test_shares_are_told_by_what_is_mounted_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, polled: bool
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        f"22 1 0:1 / / rw - ext4 /dev/a rw\n23 22 0:2 / /mnt/the\\040share rw shared:1 - {kind} nas:/s rw\n"
    )
    monkeypatch.setattr("desktop.journey.hotfolder.presence._MOUNTS", mounts)

    assert is_on_network(Path("/mnt/the share/scans")) is polled
    assert not is_on_network(Path("/mnt"))


def test_a_folder_that_vanished_is_told_of_and_watched_again_once_it_is_back(
    remembered: Watched, scans: Path, tmp_path: Path
) -> None:
    (scans / "scan.pdf").write_bytes(b"abc")
    wait_for(lambda: remembered.taken() == 1)
    scans.rename(tmp_path / "elsewhere")
    wait_for(lambda: bool(remembered.folder.state.troubles))
    remembered.read()
    remembered.folder.settle()
    assert remembered.settled() == []
    assert not remembered.folder.is_idle()

    (tmp_path / "elsewhere").rename(scans)

    wait_for(lambda: "Processed/scan.pdf" in remembered.listed())
    wait_for(lambda: remembered.folder.state.troubles == ())
    assert any("can be reached again" in message for message in remembered.troubles())
    (scans / "next.pdf").write_bytes(b"next")
    wait_for(lambda: remembered.taken() == 2)
    wait_for(lambda: remembered.folder.state.mode == "native")


def test_the_empty_mount_point_of_a_share_that_is_gone_is_not_taken_for_the_share(
    remembered: Watched, scans: Path, tmp_path: Path
) -> None:
    (scans / "scan.pdf").write_bytes(b"abc")
    wait_for(lambda: remembered.taken() == 1)
    scans.rename(tmp_path / "elsewhere")
    scans.mkdir()
    wait_for(lambda: any("connected" in message for message in remembered.folder.state.troubles))
    remembered.read()
    remembered.folder.settle()

    assert list(scans.iterdir()) == []
    assert remembered.settled() == []

    scans.rmdir()
    (tmp_path / "elsewhere").rename(scans)

    wait_for(lambda: remembered.listed() == {"Processed/scan.pdf"})


def test_a_folder_of_the_list_that_is_not_there_at_the_start_is_waited_for(
    vault: Vault, settings: Settings, tmp_path: Path
) -> None:
    late = tmp_path / "late"
    watched = Watched(vault, settings, late, patient=True)
    watched.folder.start()
    wait_for(lambda: bool(watched.folder.state.troubles))
    assert not late.exists()

    late.mkdir()
    (late / "scan.pdf").write_bytes(b"abc")

    wait_for(lambda: watched.taken() == 1)
    watched.folder.stop()


def test_a_folder_that_was_put_in_place_of_another_is_another(tmp_path: Path) -> None:
    root = tmp_path / "scans"
    root.mkdir()
    (root / "a").touch()
    presence = Presence(root)
    assert not presence.arrive(expected=True)
    assert not presence.arrive(expected=True)

    root.rename(tmp_path / "old")
    shutil.copytree(tmp_path / "old", root)

    assert presence.arrive(expected=True)


def test_a_locked_file_waits_and_is_taken_when_it_is_let_go(watched: Watched) -> None:
    import fcntl

    scan = watched.root / "scan.pdf"
    with scan.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.write(b"abc")
        other.flush()
        time.sleep(1.0)
        assert watched.taken() == 0
        assert scan.exists()

    wait_for(lambda: watched.taken() == 1)


@pytest.mark.parametrize(
    "name",
    [
        "診断書 ١٢٣.pdf",
        "a'; DROP TABLE documents;--.pdf",
        "-rf.pdf",
        "x" * 251 + ".pdf",
        "new\nline.pdf",
        "…\u202e.pdf",
    ],
)
def test_names_in_any_script_or_length_are_names_and_nothing_else(watched: Watched, name: str) -> None:
    (watched.root / name).write_bytes(b"abc")
    wait_for(lambda: watched.taken() == 1)

    watched.settle()

    [moved] = (watched.root / "Processed").iterdir()
    assert moved.read_bytes() == b"abc"
    assert moved.name[:230] == name[:230]


def test_a_device_is_refused_and_never_opened(watched: Watched) -> None:
    try:
        os.mknod(watched.root / "null.pdf", 0o600 | 0o020000, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root makes devices")

    wait_for(lambda: "Failed/null.pdf" in watched.listed())
    assert watched.taken() == 0
