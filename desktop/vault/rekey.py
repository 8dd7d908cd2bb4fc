"""Another key for the store: a new master key for everything, or another lock around the one there is.

A rotation can be broken off at any moment: both keys stand in the key file from before the first byte changes until
the new one was seen to open everything, and whoever opens the store meanwhile tries both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import DatabaseError

from desktop.errors import StoreBusy, StoreDamaged, StoreError
from desktop.settings import Settings
from desktop.vault import audit_log, device
from desktop.vault.blobs import stored
from desktop.vault.connection import (
    blob_folder,
    damaged_pages,
    execute_bare,
    key_that_opens,
    open_engine,
    open_vault,
)
from desktop.vault.folder import DataFolder, sole_worker
from desktop.vault.key_file import (
    AskPassphrase,
    KeyFile,
    KeySlot,
    Passphrase,
    in_keyring,
    normal_passphrase,
    open_slot,
    read_key_file,
    replace_key_file,
    wrapped,
)
from desktop.vault.keyring_door import forget
from desktop.vault.keys import StoreKeys, given_passphrase, store_keys
from desktop.vault.schema import blobs
from shared.clock import system_clock
from shared.crypto.keys import new_key

_HELD = "Another Chartdrop has this store open. Nothing was changed; close it, then try again."


def is_rotation_pending(folder: DataFolder) -> bool:
    """Whether a rotation was interrupted; `rotate` goes on with it. Raises StoreDamaged."""
    key_file = read_key_file(folder)
    return key_file is not None and key_file.older is not None


def rotate(settings: Settings, ask_passphrase: AskPassphrase) -> None:
    """The database and every blob are under a new master key, and the one before opens nothing any more.

    Raises StoreBusy when anybody has the store open, StoreLocked, StoreDamaged."""
    folder, passphrase = DataFolder(settings.data_dir), given_passphrase(settings, ask_passphrase)
    keys = store_keys(_key_file(folder), passphrase)
    with sole_worker(folder, "chartdrop key rotate"), _alone(folder, keys) as engine:
        key_file = _with_new_key(folder, passphrase)
        keys = store_keys(key_file, passphrase)
        _rewrap(engine, folder, keys)
        _rekey(engine, keys)
    _verify(folder, keys)
    replace_key_file(folder, key_file.with_slot(key_file.slot))
    _forget(key_file, key_file.older)


def change_lock(
    settings: Settings, ask_passphrase: AskPassphrase, to: Literal["keyring", "passphrase"], new_passphrase: str | None
) -> None:
    """The same master key lies in the keyring, or under the `new_passphrase`, and no longer where it was.

    Raises StoreLocked, StoreError for a keyring of no use; nothing was changed then."""
    folder, passphrase = DataFolder(settings.data_dir), given_passphrase(settings, ask_passphrase)
    before = _key_file(folder)
    if before.older:
        raise StoreError("A rotation of the key was interrupted. Let it end first: chartdrop key rotate")
    master = open_slot(before, before, passphrase)
    vault = open_vault(settings, passphrase.text)
    try:
        slot = _new_slot(before.store_id, master, to, new_passphrase)
        with vault.act() as connection:
            act = audit_log.Act(audit_log.OPERATOR, "key.lock_changed", str(vault.device_id), {"to": to})
            audit_log.record(connection, vault.chain, act)
            replace_key_file(folder, before.with_slot(slot))
    finally:
        vault.close()
    _forget(before, before)


def _key_file(folder: DataFolder) -> KeyFile:
    key_file = read_key_file(folder)
    if key_file is None:
        raise StoreError(f"There is no store in {folder.root}.")
    return key_file


def _new_slot(store_id: str, master: bytes, to: Literal["keyring", "passphrase"], new: str | None) -> KeySlot:
    if to == "passphrase":
        return wrapped(store_id, master, normal_passphrase(new))
    slot = in_keyring(master)
    if slot is None:
        raise StoreError("The system's keyring cannot be used. Nothing was changed.")
    return slot


def _with_new_key(folder: DataFolder, passphrase: Passphrase) -> KeyFile:
    """The key file with a new key and the older one; the one there is where it has both already."""
    before = _key_file(folder)
    if before.older:
        return before
    slot = _new_slot(before.store_id, new_key(), before.kind, passphrase.text() if before.salt else None)
    both = before.with_slot(slot, before.slot)
    replace_key_file(folder, both)
    return both


@contextmanager
def _alone(folder: DataFolder, keys: StoreKeys) -> Iterator[Engine]:
    """Inside, no other connection to the database is open, and none can be opened."""
    engine = open_engine(folder.database, key_that_opens(folder.database, keys), exclusive=True)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            device.chain(connection, system_clock)
        yield engine
    except DatabaseError as error:
        if "locked" in str(error.orig):
            raise StoreBusy(_HELD) from error
        raise StoreDamaged(
            f"{folder.database} could not be given another key. Both keys are kept; try again."
        ) from error
    finally:
        engine.dispose()


def _rewrap(engine: Engine, folder: DataFolder, keys: StoreKeys) -> None:
    """The key of every blob is under the new key, in one transaction with the audit entry that says so."""
    sealed = blob_folder(folder, keys)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for blob in stored(connection):
            fresh = sealed.wrapped_anew(blob)
            connection.execute(update(blobs).where(blobs.c.id == str(blob.id)).values(wrapped_key=fresh))
        _record_rotation(connection)


def _record_rotation(connection: Connection) -> None:
    chain = device.chain(connection, system_clock)
    if chain is not None:
        audit_log.record(connection, chain, audit_log.Act(audit_log.OPERATOR, "key.rotated", chain.device_id))


def _rekey(engine: Engine, keys: StoreKeys) -> None:
    """The write-ahead log is folded in first, so that what is re-keyed is one file, and again when it is done."""
    execute_bare(engine, "PRAGMA wal_checkpoint(TRUNCATE)")
    # Under its new key already where a rotation was interrupted late: then this changes the key into itself.
    execute_bare(engine, f"PRAGMA rekey = \"x'{keys.database.secret.hex()}'\"")
    execute_bare(engine, "PRAGMA wal_checkpoint(TRUNCATE)")


def _verify(folder: DataFolder, keys: StoreKeys) -> None:
    """Every page of the database opens with the new key alone. Raises StoreDamaged; both keys are still kept then."""
    engine = open_engine(folder.database, keys.database)
    try:
        with engine.connect() as connection:
            wrong = damaged_pages(connection)
            connection.execute(select(blobs.c.id).limit(1)).first()
    except DatabaseError as error:
        raise StoreDamaged(f"{folder.database} does not open with its new key; the older one is kept.") from error
    finally:
        engine.dispose()
    if wrong:
        raise StoreDamaged(f"{wrong} pages of {folder.database} do not open with its new key. Both are kept.")


def _forget(key_file: KeyFile, slot: KeySlot | None) -> None:
    if slot is not None and slot.kind == "keyring":
        forget(key_file.keyring_name(slot))
