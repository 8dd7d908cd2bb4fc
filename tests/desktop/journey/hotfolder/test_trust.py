import fcntl
import os
import socket
from pathlib import Path

import pytest

from desktop.errors import FileRefused
from desktop.journey.hotfolder.trust import StillBusy, read_whole

LIMIT = 1000


def test_a_plain_file_is_read_and_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"abc")

    whole = read_whole(tmp_path, tmp_path / "scan.pdf", LIMIT)

    assert whole.payload == b"abc"
    assert whole.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert whole.seen.size == 3


def test_more_than_the_limit_is_hashed_and_not_kept(tmp_path: Path) -> None:
    (tmp_path / "large.pdf").write_bytes(bytes(LIMIT + 1))

    whole = read_whole(tmp_path, tmp_path / "large.pdf", LIMIT)

    assert whole.payload is None
    assert whole.seen.size == LIMIT + 1
    assert len(whole.sha256) == 64


def test_links_are_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.pdf").write_bytes(b"secret")
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "file.pdf").symlink_to(secret / "key.pdf")
    (folder / "sub").symlink_to(secret)

    for path in (folder / "file.pdf", folder / "sub" / "key.pdf"):
        with pytest.raises(FileRefused, match="link"):
            read_whole(folder, path, LIMIT)


def test_a_file_with_a_second_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"abc")
    os.link(tmp_path / "a.pdf", tmp_path / "b.pdf")

    with pytest.raises(FileRefused, match="hard link"):
        read_whole(tmp_path, tmp_path / "b.pdf", LIMIT)


def test_pipes_and_sockets_are_refused_without_waiting_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    monkeypatch.chdir(tmp_path)  # a socket's path may have 107 bytes only
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.pdf")

        for name in ("pipe.pdf", "socket.pdf"):
            with pytest.raises(FileRefused, match="pipe, a socket or a device"):
                read_whole(tmp_path, tmp_path / name, LIMIT)


def test_a_file_that_somebody_locked_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"abc")
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(StillBusy):
            read_whole(tmp_path, path, LIMIT)

    assert read_whole(tmp_path, path, LIMIT).payload == b"abc"


def test_a_file_that_somebody_has_open_to_write_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    with path.open("wb") as scanner:
        scanner.write(b"first page")
        scanner.flush()
        with pytest.raises(StillBusy):
            read_whole(tmp_path, path, LIMIT)

    assert read_whole(tmp_path, path, LIMIT).payload == b"first page"


def test_a_file_that_went_away_is_simply_gone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_whole(tmp_path, tmp_path / "gone.pdf", LIMIT)
