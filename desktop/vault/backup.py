"""Backups: one file that holds the whole store, encrypted as it is, taken while work goes on.

A backup is a tar archive: `key.json` (always under a passphrase, since a keyring stays on its machine), `store.db` as
it was at one moment, every sealed file that it knows, and last `manifest.json` with the SHA-256 of each. Nothing in it
is in the clear but ids, sizes and times.
"""

import hashlib
import io
import os
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, cast
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from desktop.errors import BackupFailed, StoreDamaged, StoreLocked
from desktop.vault import audit_log, blobs
from desktop.vault.blobs import Blob
from desktop.vault.connection import Vault, copy_database, damaged_pages, open_engine
from desktop.vault.files import sync_folder
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import (
    KeyFile,
    Passphrase,
    key_file_json,
    normal_passphrase,
    open_slot,
    read_key_file,
    wrapped,
)
from shared.clock import to_rfc3339

if TYPE_CHECKING:
    from io import BufferedReader

KEY_FILE, DATABASE, BLOBS, MANIFEST = "key.json", "store.db", "blobs", "manifest.json"
_ENDING = ".chartdrop-backup"
_SNAPSHOT = ".snapshot"
_STALE_SECONDS = 24 * 3600  # far longer than a backup takes
_TRIES = 5  # of a snapshot, where documents are deleted or read again at the same moment


class Manifest(BaseModel):
    """`manifest.json`: the SHA-256 of every member that belongs to the backup."""

    model_config = ConfigDict(frozen=True)

    version: Literal[1] = 1
    made_at: str
    members: dict[str, str]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written and read back: `files` sealed files and `size` bytes.

    `damaged` are sealed files of the store that could not be read: the backup holds everything else."""

    path: Path
    files: int
    size: int
    damaged: tuple[Path, ...]


def back_up(
    vault: Vault,
    passphrase: Passphrase,
    out: Path,
    recovery_passphrase: str | None,
    actor: str = audit_log.OPERATOR,
) -> BackedUp:
    """The store as it is now lies in `out` (in a new file there, where that is a folder), and was checked there.

    Without a `recovery_passphrase` it opens with the store's own `passphrase`, which is needed only where there is
    another. Raises StoreLocked where the key is in a keyring and there is none, BackupFailed."""
    key_file = _portable_key_file(vault.folder, passphrase, recovery_passphrase)
    target = out / f"chartdrop-{vault.clock():%Y%m%d-%H%M%S}{_ENDING}" if out.is_dir() else out
    if target.exists():
        raise BackupFailed(f"{target} exists already. Nothing was written; choose another name.")
    aside = target.with_name(f".{uuid4().hex}.part")
    try:
        with aside.open("xb") as file:
            aside.chmod(0o600)
            damaged = _Writing(vault, file).write(key_file)
        members = check_backup(aside).members
        aside.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise BackupFailed(f"{target} could not be written ({error.strerror}). The store is as it was.") from error
    finally:
        aside.unlink(missing_ok=True)
    with vault.act() as connection:
        act = audit_log.Act(actor, "store.backed_up", str(vault.device_id), {"damaged": len(damaged)})
        audit_log.record(connection, vault.chain, act)
    files = sum(name.startswith(BLOBS) for name in members)
    return BackedUp(target, files, target.stat().st_size, damaged)


def check_backup(path: Path) -> Manifest:
    """Every member that the manifest names is whole. Raises BackupFailed, OSError."""
    try:
        with tarfile.open(path) as archive:
            found = {member.name: _digest(archive, member) for member in archive if member.name != MANIFEST}
            manifest = Manifest.model_validate_json(_member(archive, MANIFEST).read())
    except (tarfile.TarError, KeyError, ValueError, EOFError) as error:
        raise BackupFailed(f"{path} is no whole backup of Chartdrop. Keep it, and use another.") from error
    wrong = [name for name, digest in manifest.members.items() if found.get(name) != digest]
    if wrong:
        raise BackupFailed(f"{path}: {wrong[0]} is missing or was changed ({len(wrong)} parts in all). Use another.")
    return manifest


def remove_stale_snapshots(folder: DataFolder) -> None:
    """Copies of the database that a killed backup left behind are gone: they hold what was deleted since."""
    before = time.time() - _STALE_SECONDS
    for path in folder.root.glob(f".*{_SNAPSHOT}*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


class _Writing:
    """One archive being written; it keeps the digests for its manifest."""

    def __init__(self, vault: Vault, file: IO[bytes]) -> None:
        self._vault, self._file = vault, file
        self._archive = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by write
        self._members: dict[str, str] = {}
        self._damaged: dict[str, Path] = {}

    def write(self, key_file: KeyFile) -> tuple[Path, ...]:
        """The archive is whole and on the disk; sealed files that could not be read."""
        with self._archive:
            self._add(KEY_FILE, key_file_json(key_file))
            with self._vault.read() as connection:
                before = blobs.stored(connection)
            self._add_blobs(before)  # most of the work, before the snapshot: what is deleted meanwhile is left out
            needed = self._add_snapshot()
            wanted = {name: digest for name, digest in self._members.items() if name in needed}
            manifest = Manifest(made_at=to_rfc3339(self._vault.clock()), members=wanted)
            self._add(MANIFEST, manifest.model_dump_json().encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        return tuple(path for name, path in self._damaged.items() if name in needed)

    def _add_snapshot(self) -> set[str]:
        """The database at one moment, and the sealed files of that moment; which members belong to it."""
        for _ in range(_TRIES):
            with _snapshot(self._vault) as (place, known):
                if self._add_blobs(known):
                    self._add_file(DATABASE, place)
                    return {KEY_FILE, DATABASE, *map(self._name_of, known)}
        raise BackupFailed("Documents were deleted again and again while the backup was made. Try again in a while.")

    def _add_blobs(self, known: tuple[Blob, ...]) -> bool:
        """Whether all of them are in the archive, or damaged; not where one was deleted just now."""
        complete = True
        for blob in known:
            name = self._name_of(blob)
            if name in self._members or name in self._damaged:
                continue
            try:
                self._add(name, self._vault.blobs.read_sealed(blob))
            except StoreDamaged:
                if self._is_gone(blob):
                    complete = False
                else:
                    self._damaged[name] = self._vault.blobs.path(blob.id)
        return complete

    def _name_of(self, blob: Blob) -> str:
        """Files lie in the archive as they do in the store."""
        return self._vault.blobs.path(blob.id).relative_to(self._vault.folder.root).as_posix()

    def _is_gone(self, blob: Blob) -> bool:
        with self._vault.read() as connection:
            return blob.id not in blobs.known(connection)

    def _add(self, name: str, content: bytes) -> None:
        member = _member_info(name, len(content))
        self._archive.addfile(member, io.BytesIO(content))
        self._members[name] = hashlib.sha256(content).hexdigest()

    def _add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as source:
            self._members[name] = hashlib.file_digest(source, "sha256").hexdigest()
            source.seek(0)
            self._archive.addfile(_member_info(name, path.stat().st_size), source)


@contextmanager
def _snapshot(vault: Vault) -> Iterator[tuple[Path, tuple[Blob, ...]]]:
    """A copy of the database under the same key, checked page by page, and the sealed files that it knows."""
    place = vault.folder.root / f".{uuid4().hex}{_SNAPSHOT}"
    engine = None
    try:
        copy_database(vault.engine, vault.key, place)
        place.chmod(0o600)
        engine = open_engine(place, vault.key)
        with engine.connect() as copy:
            if damaged_pages(copy):
                raise StoreDamaged(f"{vault.folder.database} is damaged. Keep it; no backup was made.")
            known = blobs.stored(copy)
        engine.dispose()
        yield place, known
    finally:
        if engine is not None:
            engine.dispose()
        for ending in ("", "-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)


def _portable_key_file(folder: DataFolder, passphrase: Passphrase, recovery_passphrase: str | None) -> KeyFile:
    key_file = read_key_file(folder)
    if key_file is None:
        raise BackupFailed(f"There is no store in {folder.root}.")
    if key_file.older:
        raise BackupFailed("A rotation of the key was interrupted. Let it end first: chartdrop key rotate")
    if key_file.kind == "passphrase" and recovery_passphrase is None:
        return key_file
    if recovery_passphrase is None:
        raise StoreLocked(
            "The store's key lies in this machine's keyring, and no other machine could open the backup. "
            "Give it a passphrase: set CHARTDROP_RECOVERY_PASSPHRASE, or answer when asked."
        )
    master = open_slot(key_file, key_file, passphrase)
    slot = wrapped(key_file.store_id, master, normal_passphrase(recovery_passphrase))
    return key_file.with_slot(slot)


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    source = archive.extractfile(name)
    if source is None:
        raise KeyError(name)
    return source


def _digest(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    source = archive.extractfile(member)
    return hashlib.file_digest(cast("BufferedReader", source), "sha256").hexdigest() if source else ""


def _member_info(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(time.time())
    return member
