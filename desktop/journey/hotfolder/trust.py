"""Which files of a watched folder are taken at all: regular, with one name, really below the folder, and whole."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from desktop.errors import FileRefused
from desktop.vault.arrivals import SeenFile
from desktop.vault.files import read_hashed, shown_name

# Windows has neither; there a link is told by its attributes alone.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0) | _NO_FOLLOW


class StillBusy(Exception):
    """Somebody writes to the file or holds it locked: look again later."""


@dataclass(frozen=True, slots=True)
class WholeFile:
    """A file that was read from its first to its last byte while nobody changed it.

    `payload` is None when it has more bytes than are kept."""

    seen: SeenFile
    sha256: str
    payload: bytes | None


def read_whole(folder: Path, path: Path, limit: int) -> WholeFile:
    """The file at `path` below `folder`; more than `limit` bytes are hashed, not kept.

    Raises FileRefused for what is never taken (links, pipes, devices, other people's secrets), StillBusy for what is
    being written, FileNotFoundError for what is gone."""
    with _opened(folder, path) as descriptor:
        before = os.fstat(descriptor)
        _refuse_special(path, before)
        _refuse_busy(descriptor)
        content = read_hashed(descriptor, limit)
        after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise StillBusy
    return WholeFile(SeenFile(folder, path, after.st_size, after.st_mtime_ns), content.sha256, content.payload)


@contextmanager
def _opened(folder: Path, path: Path) -> Iterator[int]:
    """`path` opened folder by folder, so that no link on the way leads elsewhere."""
    held: list[int] = []
    # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
    flags = os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if os.open in os.supports_dir_fd:
            held.append(os.open(folder, _FOLDER))
            for part in path.relative_to(folder).parts[:-1]:
                held.append(os.open(part, _FOLDER, dir_fd=held[-1]))
            held.append(os.open(path.name, flags, dir_fd=held[-1]))
        else:
            if path.is_symlink() or path.resolve().parent != path.parent.resolve():
                raise _no_link(path)
            held.append(os.open(path, flags))
        yield held[-1]
    except OSError as error:
        raise _judged(path, error) from error
    finally:
        for descriptor in reversed(held):
            os.close(descriptor)


def _judged(path: Path, error: OSError) -> Exception:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return _no_link(path)
    if error.errno == errno.ENXIO:  # a socket
        return _no_regular_file(path)
    if isinstance(error, PermissionError):
        if sys.platform == "win32":  # there it means that somebody has it open
            return StillBusy()
        return FileRefused(
            f"{shown_name(path)}: The file may not be read. Give Chartdrop the right to, and drop it again."
        )
    return error


def _refuse_special(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _no_regular_file(path)
    if status.st_nlink > 1:
        raise FileRefused(f"{shown_name(path)}: The file has a second name elsewhere (a hard link). Drop a copy of it.")


def _no_link(path: Path) -> FileRefused:
    return FileRefused(f"{shown_name(path)}: This is a link to another place. Drop the document itself.")


def _no_regular_file(path: Path) -> FileRefused:
    return FileRefused(
        f"{shown_name(path)}: This is no document but a pipe, a socket or a device. Drop the document itself."
    )


def _refuse_busy(descriptor: int) -> None:
    """Raises StillBusy when another process holds a lock on the file or, where Linux can tell, has it open to write."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            raise StillBusy from error
    if sys.platform == "linux":
        _refuse_open_for_writing(descriptor)


def _refuse_open_for_writing(descriptor: int) -> None:
    """A read lease is granted only while nobody has the file open for writing (fcntl(2), F_SETLEASE)."""
    import fcntl

    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        if error.errno == errno.EAGAIN:
            raise StillBusy from error
        return  # not ours, or a share that knows no leases: size and time must do
    with suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
