"""Objects as files: written aside, flushed to the disk, renamed into their place."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from syncserver.kit.storage.port import PIECE_BYTES, StorageUnavailable, StoredObject, checked_name, missing

_DRAFTS = ".drafts"  # no object's name begins like this
_LEFT_AFTER_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class FileStorage:
    """Below `folder`, readable for this user alone."""

    folder: Path

    def put(self, name: str, source: BinaryIO) -> None:
        """As the port says."""
        path = self._path(name)
        with _answering():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._drafts() / secrets.token_hex(8)
            try:
                _write(draft, source)
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
            _flush_folder(path.parent)

    def get(self, name: str) -> Iterator[bytes]:
        """As the port says."""
        try:
            with _answering():
                file = self._path(name).open("rb")
        except FileNotFoundError as error:
            raise missing() from error
        return _pieces(file)

    def stat(self, name: str) -> StoredObject:
        """As the port says."""
        try:
            with _answering():
                return _stored(name, self._path(name))
        except FileNotFoundError as error:
            raise missing() from error

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """As the port says."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        names = sorted(path.relative_to(self.folder).as_posix() for path in files)
        for name in names:
            if name.startswith(prefix) and not name.startswith(_DRAFTS):
                try:
                    yield _stored(name, self.folder / name)
                except FileNotFoundError:  # deleted meanwhile
                    continue

    def delete(self, name: str) -> None:
        """As the port says."""
        with _answering():
            self._path(name).unlink(missing_ok=True)

    def check(self) -> None:
        """As the port says."""
        with _answering():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder) as file:
                file.write(b"chartdrop")
                file.flush()

    def _drafts(self) -> Path:
        """The folder of what is being written; what a crash left there is gone after a day."""
        folder = self.folder / _DRAFTS
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for draft in folder.iterdir():
            with suppress(FileNotFoundError):  # finished, or swept by another thread
                if time.time() - draft.stat().st_mtime > _LEFT_AFTER_S:
                    draft.unlink()
        return folder

    def _path(self, name: str) -> Path:
        return self.folder / checked_name(name)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageUnavailable(f"The storage cannot be used: {error.strerror}. Is the disk full?") from error


def _write(path: Path, source: BinaryIO) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(source, file, PIECE_BYTES)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """A rename is on the disk only once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _stored(name: str, path: Path) -> StoredObject:
    known = path.stat()
    return StoredObject(name, known.st_size, datetime.fromtimestamp(known.st_mtime, UTC))
