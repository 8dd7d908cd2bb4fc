"""Backups of an embedded server: one file, taken while it serves, opened by the server's secret alone.

A tar archive: `server.db` as it was at one moment, encrypted as it is; every stored object, sealed as it is; last
`manifest.json` with the SHA-256 of each. The secret is not in it. PostgreSQL and S3 have tools of their own.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from syncserver.kit.database import EMBEDDED_FILE, Database
from syncserver.kit.errors import ServerError

_OBJECTS = "objects"
_MANIFEST = "manifest.json"


class BackupFailed(ServerError):
    """The backup could not be made, or does not open."""

    code = "backup_failed"


def back_up(database: Database, data_dir: Path, out: Path) -> int:
    """`out` holds the whole server; how many objects that were. Raises BackupFailed; then `out` is as it was."""
    draft = out.with_name(f".{out.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=data_dir, prefix=".backup-") as place:
            copy = Path(place) / EMBEDDED_FILE
            _copy(database, copy)
            with _new_file(draft) as file, tarfile.open(fileobj=file, mode="w") as archive:
                # After the database: an object is stored before the row that tells of it.
                digests = _add_all(archive, copy, data_dir / _OBJECTS)
                _add_manifest(archive, digests)
            _flush(draft)
        draft.replace(out)
    except OSError as error:
        raise BackupFailed(f"The backup {out} cannot be written: {error.strerror}. What was there stays.") from error
    finally:
        draft.unlink(missing_ok=True)
    return len(digests) - 1


def restore(backup: Path, data_dir: Path) -> None:
    """`data_dir`, where no server is yet, holds what `backup` held. Raises BackupFailed; then no server is there."""
    if (data_dir / EMBEDDED_FILE).exists() or (data_dir / _OBJECTS).exists():
        raise BackupFailed(f"There is a server in {data_dir}. Restore into another directory.")
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=".restore-") as name:
        place = Path(name)
        try:
            with tarfile.open(backup) as archive:
                archive.extractall(place, filter="data")  # no path leads out of it
            _verify(place)
        except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
            raise BackupFailed(f"{backup} is no backup of a server, or is damaged.") from error
        except OSError as error:
            raise BackupFailed(f"{backup} cannot be restored into {data_dir}: {error.strerror}.") from error
        if (place / _OBJECTS).exists():
            (place / _OBJECTS).replace(data_dir / _OBJECTS)
        (place / EMBEDDED_FILE).replace(data_dir / EMBEDDED_FILE)  # last: without it, there is no server


def _copy(database: Database, copy: Path) -> None:
    with closing(database.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", (str(copy),))  # under the same key


def _add_all(archive: tarfile.TarFile, copy: Path, objects: Path) -> dict[str, str]:
    found = {EMBEDDED_FILE: copy}
    for path in sorted(objects.rglob("*")):
        place = PurePosixPath(_OBJECTS, *path.relative_to(objects).parts)
        if path.is_file() and not any(part.startswith(".") for part in place.parts):  # drafts
            found[str(place)] = path
    digests: dict[str, str] = {}
    for name, path in found.items():
        try:
            content = path.open("rb")
        except FileNotFoundError:  # deleted meanwhile
            continue
        with content:
            digests[name] = hashlib.file_digest(content, "sha256").hexdigest()
            content.seek(0)
            archive.addfile(archive.gettarinfo(arcname=name, fileobj=content), content)
    return digests


def _add_manifest(archive: tarfile.TarFile, digests: dict[str, str]) -> None:
    text = json.dumps(digests).encode()
    entry = tarfile.TarInfo(_MANIFEST)
    entry.size = len(text)
    archive.addfile(entry, io.BytesIO(text))


def _verify(place: Path) -> None:
    """Raises ValueError unless every file is there, as it was, and no other."""
    digests = json.loads((place / _MANIFEST).read_text())
    (place / _MANIFEST).unlink()
    held = {path.relative_to(place).as_posix(): path for path in place.rglob("*") if path.is_file()}
    if EMBEDDED_FILE not in held or set(held) != set(digests):
        raise ValueError("files are missing, or too many")
    for name, path in held.items():
        with path.open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != digests[name]:
                raise ValueError(f"{name} was changed")


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _new_file(path: Path) -> BinaryIO:
    """For this user alone."""
    path.unlink(missing_ok=True)  # of a backup that was broken off
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
