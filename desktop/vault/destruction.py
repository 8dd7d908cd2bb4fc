"""Destroying a store's keys: what is encrypted stays, and nobody opens it any more.

A file that says so is written first, so that destruction which a power cut interrupted is ended by whoever comes next.
What lay in the key file is overwritten before it goes; a disk that writes elsewhere instead (flash, a copying file
system) may keep it until it needs the space, where it is still wrapped under the passphrase.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from desktop.errors import StoreDestroyed
from desktop.vault.files import sync_folder, write_durably
from desktop.vault.folder import DataFolder
from desktop.vault.keyring_door import forget
from desktop.vault.revocation import NOTHING_OPENS
from shared.clock import to_rfc3339


def destroy_keys(folder: DataFolder, organization: str, at: datetime) -> None:
    """Nothing opens the store any more. Raises OSError where the disk does not take it; done again, it goes on."""
    if not folder.destroyed.exists():
        told = {"organization": organization, "at": to_rfc3339(at)}
        write_durably(folder.destroyed, json.dumps(told).encode())
    _destroy(folder)


def check_not_destroyed(folder: DataFolder) -> None:
    """Raises StoreDestroyed where the keys were destroyed; what was left of that is done."""
    if folder.destroyed.exists():
        with suppress(OSError):  # a read-only disk: the sentence is true of what this program does
            _destroy(folder)
        raise StoreDestroyed(_sentence(folder))


def _destroy(folder: DataFolder) -> None:
    for name in _keyring_names(folder.key_file):
        forget(name)
    for path in (folder.key_file, *folder.root.glob(".*.part")):  # those a crash left behind while writing it
        with suppress(FileNotFoundError):
            _overwrite(path)
            path.unlink()
    sync_folder(folder.root)


def _keyring_names(key_file: Path) -> Iterator[str]:
    """What the keyring knows the keys of `key_file` by."""
    try:
        content = json.loads(key_file.read_bytes())
        for slot in (content, content.get("older") or {}):
            if slot.get("kind") == "keyring":
                yield slot.get("name") or content["store_id"]
    except (OSError, ValueError, LookupError, AttributeError):
        return


def _overwrite(path: Path) -> None:
    with path.open("r+b") as key_file:
        key_file.write(os.urandom(path.stat().st_size))
        key_file.flush()
        os.fsync(key_file.fileno())


def _sentence(folder: DataFolder) -> str:
    try:
        told = json.loads(folder.destroyed.read_bytes())
        who, when = told["organization"], f" on {told['at'][:10]}"
    except (OSError, ValueError, LookupError, TypeError):
        who, when = "The organization", ""
    return f"{who} revoked this device and had it destroy the keys of {folder.root}{when}. {NOTHING_OPENS}"
