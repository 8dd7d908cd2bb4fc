"""The store's keys: one random master key, kept in the keyring or under a passphrase, and what is derived from it.

A small file in the clear says which way, with salt, cost and the wrapped key; it helps nobody without the passphrase.
"""

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from desktop.errors import StoreDamaged, StoreLocked
from desktop.settings import Settings
from desktop.vault.files import write_once_durably
from desktop.vault.folder import DataFolder
from desktop.vault.keyring_door import recall, remember
from shared.crypto.aead import SealBroken, seal, unseal
from shared.crypto.keys import PassphraseCost, derive_key, key_from_passphrase, new_key, new_salt

AskPassphrase = Callable[[], str | None]

_DATABASE = "chartdrop store v1"
_BLOBS = "chartdrop blobs v1"
_NO_PASSPHRASE = "No passphrase was given: set CHARTDROP_PASSPHRASE, or answer when asked."


@dataclass(frozen=True, slots=True)
class StoreKeys:
    """32 bytes each: for the database, and for wrapping the keys of the blobs."""

    database: bytes
    blobs: bytes


class KeyFile(BaseModel):
    """`key.json`. `salt`, cost and `wrapped_key` are there for kind "passphrase" alone."""

    model_config = ConfigDict(frozen=True)

    version: Literal[1] = 1
    store_id: str
    kind: Literal["keyring", "passphrase"]
    salt: Base64Bytes = b""
    # Bounds keep a doctored file from asking for all the memory there is.
    passes: Annotated[int, Field(ge=1, le=100)] = 3
    memory_kib: Annotated[int, Field(ge=8, le=4 * 1024 * 1024)] = 64 * 1024
    lanes: Annotated[int, Field(ge=1, le=64)] = 4
    wrapped_key: Base64Bytes = b""

    @property
    def cost(self) -> PassphraseCost:
        return PassphraseCost(self.passes, self.memory_kib, self.lanes)

    @property
    def context(self) -> bytes:
        return f"chartdrop master key v1|{self.store_id}".encode()


def read_key_file(folder: DataFolder) -> KeyFile | None:
    """None where there is no store yet. Raises StoreDamaged when the file, or it alone, is missing or unreadable."""
    try:
        return KeyFile.model_validate_json(folder.key_file.read_bytes())
    except FileNotFoundError:
        if folder.database.exists():
            raise StoreDamaged(f"{folder.key_file} is missing, and without it the store does not open.") from None
        return None
    except (OSError, ValidationError) as error:
        raise StoreDamaged(f"{folder.key_file} cannot be read; restore it from a backup.") from error


def unlock(folder: DataFolder, settings: Settings, ask_passphrase: AskPassphrase) -> StoreKeys:
    """The keys of the store in `folder`; new ones where there is no store.

    Raises StoreLocked when a passphrase is wrong or missing or the keyring has no key: nothing was touched then.
    Raises StoreDamaged when the key file is."""
    key_file = read_key_file(folder)
    master = _master_key(key_file, settings, ask_passphrase) if key_file else None
    if master is None:
        master = _new_master_key(folder, settings, ask_passphrase)
    return StoreKeys(derive_key(master, _DATABASE), derive_key(master, _BLOBS))


def _master_key(key_file: KeyFile, settings: Settings, ask_passphrase: AskPassphrase) -> bytes:
    if key_file.kind == "keyring":
        key = recall(key_file.store_id)
        if key is None:
            raise StoreLocked("The system's keyring is locked or no longer holds this store's key. Unlock it first.")
        return key
    passphrase = _passphrase(settings, ask_passphrase)
    wrapping = key_from_passphrase(passphrase, key_file.salt, key_file.cost)
    try:
        return unseal(wrapping, key_file.wrapped_key, key_file.context)
    except SealBroken as error:
        raise StoreLocked("The passphrase is wrong. Nothing was changed.") from error


def _new_master_key(folder: DataFolder, settings: Settings, ask_passphrase: AskPassphrase) -> bytes:
    store_id, master = str(uuid4()), new_key()
    if _wants_keyring(settings) and remember(store_id, master):
        key_file = KeyFile(store_id=store_id, kind="keyring")
    elif settings.key_storage == "keyring":
        raise StoreLocked("The system's keyring cannot be used, and CHARTDROP_KEY_STORAGE asks for it.")
    else:
        key_file = _wrapped(store_id, master, _passphrase(settings, ask_passphrase))
    folder.make()
    if write_once_durably(folder.key_file, key_file.model_dump_json(round_trip=True).encode()):
        return master
    # Another process made the store in the meantime: its key counts.
    there = read_key_file(folder)
    if there is None:
        raise StoreDamaged(f"{folder.key_file} came and went while the store was being made.")
    return _master_key(there, settings, ask_passphrase)


def _wants_keyring(settings: Settings) -> bool:
    """A passphrase that somebody chose is never passed over for a keyring that they did not ask for."""
    return settings.key_storage == "keyring" or (settings.key_storage == "auto" and settings.passphrase is None)


def _wrapped(store_id: str, master: bytes, passphrase: str) -> KeyFile:
    bare = KeyFile(store_id=store_id, kind="passphrase")
    salt = new_salt()
    wrapping = key_from_passphrase(passphrase, salt, bare.cost)
    # model_copy, since Base64Bytes validates from text and these are already bytes.
    return bare.model_copy(update={"salt": salt, "wrapped_key": seal(wrapping, master, bare.context)})


def _passphrase(settings: Settings, ask_passphrase: AskPassphrase) -> str:
    given = settings.passphrase.get_secret_value() if settings.passphrase else ask_passphrase()
    if not given:
        raise StoreLocked(_NO_PASSPHRASE)
    normal = unicodedata.normalize("NFC", given)  # the same word typed on another keyboard (RFC 8265, section 4.2)
    with suppress(UnicodeEncodeError):
        normal.encode()
        return normal
    raise StoreLocked("The passphrase holds bytes that are no text.")
