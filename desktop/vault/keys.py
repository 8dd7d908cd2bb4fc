"""The store's keys: one random master key, kept in the keyring or under a passphrase, and what is derived from it."""

from dataclasses import dataclass
from uuid import uuid4

from desktop.errors import StoreDamaged, StoreLocked
from desktop.settings import Settings
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import (
    AskPassphrase,
    KeyFile,
    KeySlot,
    PageHmac,
    Passphrase,
    first_key_file,
    in_keyring,
    open_slot,
    read_key_file,
    wrapped,
    write_first_key_file,
)
from shared.crypto.keys import derive_key, new_key

_DATABASE = "chartdrop store v1"
_BLOBS = "chartdrop blobs v1"


@dataclass(frozen=True, slots=True)
class DatabaseKey:
    """What opens the database: 32 bytes, and how its pages are authenticated."""

    secret: bytes
    page_hmac: PageHmac


@dataclass(frozen=True, slots=True)
class StoreKeys:
    """The key of the database, and 32 bytes for wrapping the keys of the blobs.

    `older` are those that a rotation which was interrupted may have left in use."""

    database: DatabaseKey
    blobs: bytes
    older: "StoreKeys | None" = None


def unlock(folder: DataFolder, settings: Settings, ask_passphrase: AskPassphrase) -> StoreKeys:
    """The keys of the store in `folder`; new ones where there is no store.

    Raises StoreLocked when a passphrase is wrong or missing or the keyring has no key: nothing was touched then.
    Raises StoreDamaged when the key file is."""
    key_file, passphrase = read_key_file(folder), given_passphrase(settings, ask_passphrase)
    return store_keys(key_file, passphrase) if key_file else _first_keys(folder, settings, passphrase)


def store_keys(key_file: KeyFile, passphrase: Passphrase) -> StoreKeys:
    """What `key_file` opens. Raises StoreLocked."""
    master = open_slot(key_file, key_file, passphrase)
    older = _derived(open_slot(key_file, key_file.older, passphrase), key_file) if key_file.older else None
    return _derived(master, key_file, older)


def _derived(master: bytes, key_file: KeyFile, older: StoreKeys | None = None) -> StoreKeys:
    """The keys for their purposes."""
    database = DatabaseKey(derive_key(master, _DATABASE), key_file.page_hmac)
    return StoreKeys(database, derive_key(master, _BLOBS), older)


def given_passphrase(settings: Settings, ask_passphrase: AskPassphrase) -> Passphrase:
    """What the settings say, or who is asked."""
    return Passphrase(settings.passphrase.get_secret_value() if settings.passphrase else None, ask_passphrase)


def _first_keys(folder: DataFolder, settings: Settings, passphrase: Passphrase) -> StoreKeys:
    store_id, master = str(uuid4()), new_key()
    slot = _first_slot(store_id, master, settings, passphrase)
    folder.make()
    key_file = first_key_file(store_id, slot)
    if write_first_key_file(folder, key_file):
        return _derived(master, key_file)
    # Another process made the store in the meantime: its key counts.
    there = read_key_file(folder)
    if there is None:
        raise StoreDamaged(f"{folder.key_file} came and went while the store was being made.")
    return store_keys(there, passphrase)


def _first_slot(store_id: str, master: bytes, settings: Settings, passphrase: Passphrase) -> KeySlot:
    """A passphrase that somebody chose is never passed over for a keyring that they did not ask for."""
    wants_keyring = settings.key_storage == "keyring" or (
        settings.key_storage == "auto" and settings.passphrase is None
    )
    slot = in_keyring(master) if wants_keyring else None
    if slot is None and settings.key_storage == "keyring":
        raise StoreLocked("The system's keyring cannot be used, and CHARTDROP_KEY_STORAGE asks for it.")
    return slot or wrapped(store_id, master, passphrase.text())
