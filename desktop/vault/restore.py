"""A store from a backup, on this machine or another: checked in a folder aside, then put in place whole."""

import re
import shutil
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from desktop.errors import BackupFailed, StoreDamaged
from desktop.settings import Settings
from desktop.vault import audit_log, blobs, documents, store
from desktop.vault.backup import BLOBS, DATABASE, KEY_FILE, check_backup
from desktop.vault.connection import Vault, damaged_pages, open_vault
from desktop.vault.files import make_private_folder, sync_folder
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import AskPassphrase
from shared.audit import ChainFault

_MEMBER = re.compile(rf"{KEY_FILE}|{DATABASE}|{BLOBS}/[0-9a-f]{{2}}/[0-9a-f]{{32}}")


@dataclass(frozen=True, slots=True)
class Restored:
    """A store that was restored: how many `documents`, how many of their files the backup did not have (`missing`),
    and the first fault of the audit chain as it was backed up. `epoch` tells this life of the store from the last.
    """

    documents: int
    missing: int
    chain_fault: ChainFault | None
    epoch: UUID


def restore(source: Path, settings: Settings, ask_passphrase: AskPassphrase) -> Restored:
    """The store of the backup `source` is in the settings' data directory, which must be new or empty.

    Raises BackupFailed, StoreLocked for a wrong passphrase; the data directory is as it was then."""
    root = settings.data_dir
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise BackupFailed(f"{root} is not empty. Nothing was restored; name a new data directory.")
    aside = root.with_name(f".{root.name}.{uuid4().hex}.part")
    try:
        _unpack(source, DataFolder(aside))
        restored = _check_and_mark(settings.model_copy(update={"data_dir": aside}), ask_passphrase)
        _put_in_place(aside, root)
    except OSError as error:
        raise BackupFailed(f"The backup could not be restored to {root} ({error.strerror}).") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return restored


def _unpack(source: Path, folder: DataFolder) -> None:
    members = check_backup(source).members
    if not {KEY_FILE, DATABASE} <= members.keys() or not all(map(_MEMBER.fullmatch, members)):
        raise BackupFailed(f"{source} is no backup of Chartdrop.")
    folder.make()
    with tarfile.open(source) as archive:
        for name in members:
            target = folder.root / name
            make_private_folder(target.parent)
            member = archive.extractfile(name)
            if member is not None:
                with target.open("xb") as file:
                    target.chmod(0o600)
                    shutil.copyfileobj(member, file)


def _check_and_mark(settings: Settings, ask_passphrase: AskPassphrase) -> Restored:
    try:
        vault = open_vault(settings, ask_passphrase)
    except StoreDamaged as error:
        raise BackupFailed("The backup does not open with its own key: it is damaged. Use another.") from error
    try:
        return _marked(vault)
    finally:
        vault.close()


def _marked(vault: Vault) -> Restored:
    """The store begins another life, with an audit entry that says so."""
    with vault.act() as connection:
        if damaged_pages(connection):
            raise BackupFailed("The backup's database is damaged. Use another.")
        fault = audit_log.verify(connection, vault.chain)
        missing = sum(not vault.blobs.path(blob.id).exists() for blob in blobs.stored(connection))
        epoch = store.begin_epoch(connection, vault.clock())
        details: dict[str, str | int | bool] = {"epoch": str(epoch), "missing": missing}
        act = audit_log.Act(audit_log.OPERATOR, "store.restored", str(vault.device_id), details)
        audit_log.record(connection, vault.chain, act)
        return Restored(documents.count(connection), missing, fault, epoch)


def _put_in_place(aside: Path, root: Path) -> None:
    for path in (*aside.rglob("*"), aside):
        if path.is_dir():
            sync_folder(path)
    with suppress(FileNotFoundError):
        root.rmdir()
    aside.rename(root)
    sync_folder(root.parent)
