"""Files that survive a power cut: written aside, flushed, renamed, and the folder flushed too."""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_CHUNK = 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class HashedContent:
    """A file's SHA-256 (hexadecimal), its size in bytes, and its bytes; None when there are more than are kept."""

    sha256: str
    size: int
    payload: bytes | None


def read_hashed(descriptor: int, limit: int) -> HashedContent:
    """What is left to read from `descriptor`: all of it hashed, kept up to `limit` bytes. Raises OSError."""
    digest, kept, size = hashlib.sha256(), bytearray(), 0
    while chunk := os.read(descriptor, _CHUNK):
        size += len(chunk)
        digest.update(chunk)
        if size <= limit:
            kept += chunk
    return HashedContent(digest.hexdigest(), size, bytes(kept) if size <= limit else None)


def make_private_folder(folder: Path) -> None:
    """`folder` is there and only its owner may enter it."""
    folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    folder.chmod(_PRIVATE_FOLDER)


def write_durably(path: Path, content: bytes) -> None:
    """`path` holds all of `content` and will after a power cut; before, it held what it held or was not there."""
    aside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        _write_flushed(aside, content)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_once_durably(path: Path, content: bytes) -> bool:
    """As `write_durably`, but what is there already stays: False then."""
    aside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        _write_flushed(aside, content)
        os.link(aside, path)
    except FileExistsError:
        return False
    except OSError:  # no hard links here (FAT): one process could overwrite another's only in this very moment
        if path.exists():
            return False
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def shown_name(path: Path) -> str:
    """The file's name as text that every file, database and terminal takes: bytes that are no UTF-8 are marked."""
    return shown_path(path.name)


def shown_path(path: Path | str) -> str:
    """The whole path as such text."""
    return os.fsencode(path).decode("utf-8", "replace")


def sync_folder(folder: Path) -> None:
    """The names in `folder` are on the disk, where the system can promise that (Windows and some shares cannot)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_flushed(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
