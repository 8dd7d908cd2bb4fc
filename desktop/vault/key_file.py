"""`key.json`: how the store's master key is kept. In the clear, and no help without the passphrase or the keyring."""

import os
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, Literal, Self
from uuid import uuid4

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError, model_validator

from desktop.errors import StoreDamaged, StoreError, StoreLocked
from desktop.vault.destruction import check_not_destroyed
from desktop.vault.files import write_durably, write_once_durably
from desktop.vault.folder import DataFolder
from desktop.vault.keyring_door import recall, remember
from shared.crypto import keys
from shared.crypto.aead import SealBroken, seal, unseal
from shared.crypto.keys import PassphraseCost, key_from_passphrase, new_salt

AskPassphrase = Callable[[], str | None]
PageHmac = Literal["SHA256", "SHA512"]
"""With which hash SQLCipher authenticates each page of the database."""

_NO_PASSPHRASE = "No passphrase was given: set CHARTDROP_PASSPHRASE, or answer when asked."


class Passphrase:
    """What is `given`, or else the answer of somebody who is asked, once and only when it is needed."""

    def __init__(self, given: str | None, ask: AskPassphrase) -> None:
        self._given, self._ask = given, ask

    def text(self) -> str:
        """The passphrase, normalised. Raises StoreLocked when there is none."""
        if self._given is None:
            self._given = self._ask()
        return normal_passphrase(self._given)


class KeySlot(BaseModel):
    """One master key: in the keyring under `name` (none: the store's id), or wrapped under a passphrase.

    `salt`, cost and `wrapped_key` are there for kind "passphrase" alone."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["keyring", "passphrase"]
    name: str = ""
    salt: Base64Bytes = b""
    # Bounds keep a doctored file from asking for all the memory there is.
    passes: Annotated[int, Field(ge=1, le=100)] = 3
    memory_kib: Annotated[int, Field(ge=8, le=4 * 1024 * 1024)] = 64 * 1024
    lanes: Annotated[int, Field(ge=1, le=64)] = 4
    wrapped_key: Base64Bytes = b""

    @property
    def cost(self) -> PassphraseCost:
        return PassphraseCost(self.passes, self.memory_kib, self.lanes)


class KeyFile(KeySlot):
    """The whole file. `older` is the key that a rotation is replacing: until it ends, either may be the one needed.

    The database keeps the `page_hmac` that it was made with, whatever becomes of its key."""

    version: Literal[1] = 1
    store_id: str
    page_hmac: PageHmac = "SHA512"  # of the stores whose file does not say
    older: KeySlot | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for slot in (self, self.older):
            if slot and slot.kind == "passphrase" and (len(slot.salt) < 16 or slot.memory_kib < 8 * slot.lanes):
                raise ValueError("what the passphrase is stretched with is not there")  # Argon2 would refuse it
        return self

    @property
    def slot(self) -> KeySlot:
        """Its own key, without the older one."""
        return KeySlot.model_construct(**_members(self))

    def keyring_name(self, slot: KeySlot) -> str:
        """What the keyring knows the key of `slot` by."""
        return slot.name or self.store_id

    def with_slot(self, slot: KeySlot, older: KeySlot | None = None) -> "KeyFile":
        """The same store's file with these keys."""
        return KeyFile.model_construct(**_members(slot), store_id=self.store_id, page_hmac=self.page_hmac, older=older)


def read_key_file(folder: DataFolder) -> KeyFile | None:
    """None where there is no store yet. Raises StoreDestroyed where the keys were destroyed on purpose.

    Raises StoreDamaged when the file, or it alone, is missing or unreadable."""
    check_not_destroyed(folder)
    try:
        return parse_key_file(folder.key_file.read_bytes())
    except FileNotFoundError:
        if folder.database.exists():
            raise StoreDamaged(f"{folder.key_file} is missing, and without it the store does not open.") from None
        return None
    except (OSError, ValidationError) as error:
        raise StoreDamaged(f"{folder.key_file} cannot be read; restore it from a backup.") from error


def parse_key_file(content: bytes) -> KeyFile:
    """Raises ValidationError."""
    return KeyFile.model_validate_json(content)


def key_file_json(key_file: KeyFile) -> bytes:
    """The file's content."""
    return key_file.model_dump_json(round_trip=True, exclude_none=True).encode()


def write_first_key_file(folder: DataFolder, key_file: KeyFile) -> bool:
    """The file is there, for good; False when another one was there first."""
    return write_once_durably(folder.key_file, key_file_json(key_file))


def replace_key_file(folder: DataFolder, key_file: KeyFile) -> None:
    """The file is the new one, or, should the power fail, the one before. Raises StoreError, nothing changed then."""
    try:
        write_durably(folder.key_file, key_file_json(key_file))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise StoreError(f"{folder.key_file} cannot be written ({reason}). Nothing was changed.") from error


def first_key_file(store_id: str, slot: KeySlot) -> KeyFile:
    """The file of a new store. SHA-256 costs an insert less than SQLCipher's own choice, SHA-512, does."""
    return KeyFile.model_construct(**_members(slot), store_id=store_id, page_hmac="SHA256")


def _members(slot: KeySlot) -> dict[str, Any]:
    """For model_construct alone: Base64Bytes validates from text, and these are bytes already."""
    return {name: getattr(slot, name) for name in KeySlot.model_fields}


def in_keyring(master: bytes) -> KeySlot | None:
    """`master` is in the keyring, under a name of its own; None where there is no keyring to use."""
    name = str(uuid4())
    return KeySlot(kind="keyring", name=name) if remember(name, master) else None


def wrapped(store_id: str, master: bytes, passphrase: str) -> KeySlot:
    """`master` under `passphrase` and a fresh salt."""
    cost, salt = keys.COST_OF_NEW, new_salt()
    sealed = seal(key_from_passphrase(passphrase, salt, cost), master, _context(store_id))
    stretched = {"passes": cost.passes, "memory_kib": cost.memory_kib, "lanes": cost.lanes}
    return KeySlot(kind="passphrase").model_copy(update=stretched | {"salt": salt, "wrapped_key": sealed})


def open_slot(key_file: KeyFile, slot: KeySlot, passphrase: Passphrase) -> bytes:
    """The master key. Raises StoreLocked, with nothing touched."""
    if slot.kind == "keyring":
        key = recall(key_file.keyring_name(slot))
        if key is None:
            raise StoreLocked("The system's keyring is locked or no longer holds this store's key. Unlock it first.")
        return key
    wrapping = key_from_passphrase(passphrase.text(), slot.salt, slot.cost)
    try:
        return unseal(wrapping, slot.wrapped_key, _context(key_file.store_id))
    except SealBroken as error:
        raise StoreLocked("The passphrase is wrong. Nothing was changed.") from error


def normal_passphrase(given: str | None) -> str:
    """The same word typed on another keyboard is the same (RFC 8265, section 4.2). Raises StoreLocked for none."""
    if not given:
        raise StoreLocked(_NO_PASSPHRASE)
    normal = unicodedata.normalize("NFC", given)
    with suppress(UnicodeEncodeError):
        normal.encode()
        return normal
    raise StoreLocked("The passphrase holds bytes that are no text.")


def _context(store_id: str) -> bytes:
    return f"chartdrop master key v1|{store_id}".encode()
