"""A byte of the store that is not what was written: all of it can be read even so, or it is refused and left alone."""

import hashlib
import random
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from desktop.errors import StoreError
from desktop.journey.intake.keep import keep_reading
from desktop.vault import audit_log, blobs
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import PageImage
from desktop.vault.key_file import open_slot, read_key_file, replace_key_file
from desktop.vault.keys import given_passphrase
from shared.crypto.aead import seal
from shared.crypto.keys import key_from_passphrase
from shared.documents import Page, Reading, TextLine
from tests.desktop.conftest import PASSPHRASE, PATIENT, quick_settings
from tests.desktop.journey.intake.test_accept import incoming

PAGE_BYTES = 4096
DATABASE, LOG, KEY_FILE = "store.db", "store.db-wal", "key.json"
REFUSALS = ("store_damaged", "store_locked")
IGNORED = ("store.db-shm", "chartdrop.log")
"""An index of the log, which is made anew whenever nobody has the store open; and the log of the program."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Which byte of which file is changed, and by which bits."""

    file: str
    offset: int
    bits: int


@dataclass(frozen=True, slots=True)
class Store:
    """A store, with hashes of all that it holds and of what it held before its last transaction, which begins at the
    byte `last_begins` of the log."""

    place: Path
    whole: str
    before_last: str
    last_begins: int


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    """Two copies of one store: as it is left when it was closed, and as a power cut leaves it, with its log."""
    place = tmp_path_factory.mktemp("stores")
    vault = open_vault(quick_settings(place / "closed"), lambda: None)
    make_quick_to_open(vault)
    for number in range(6):
        if number == 3:
            vault.fold_log()
        if number == 5:
            shutil.copytree(place / "closed", place / "before")
        take_in(vault, f"{PATIENT} {number}")
    shutil.copytree(place / "closed", place / "cut")
    vault.close()
    begins = (place / "before" / LOG).stat().st_size
    whole, before_last = everything(place / "closed"), everything(place / "before")
    return {state: Store(place / state, whole, before_last, begins) for state in ("closed", "cut")}


def make_quick_to_open(vault: Vault) -> None:
    """The master key is wrapped at no cost: it is opened by the hundred here."""
    key_file = read_key_file(vault.folder)
    assert key_file is not None
    master = open_slot(key_file, key_file, given_passphrase(quick_settings(vault.folder.root), lambda: None))
    cheap = key_file.slot.model_copy(update={"passes": 1, "memory_kib": 8, "lanes": 1})
    wrapping = key_from_passphrase(PASSPHRASE, cheap.salt, cheap.cost)
    context = f"chartdrop master key v1|{key_file.store_id}".encode()
    slot = cheap.model_copy(update={"wrapped_key": seal(wrapping, master, context)})
    replace_key_file(vault.folder, key_file.with_slot(slot))


def take_in(vault: Vault, words: str) -> None:
    """A document of one page, with its original and its picture."""
    line = TextLine(words, 0.98, ((0, 0), (90, 0), (90, 20), (0, 20)))
    file = incoming(words.encode() * 9, f"{words}.pdf")
    reading = Reading(file.file_name, file.sha256, 1, pages=(Page(1, 90, 20, 200, 0, 0.0, (line,) * 40),))
    keep_reading(vault, file, reading, [PageImage(words.encode() * 20, "image/png")])


def everything(data_dir: Path) -> str:
    """A hash of all that the store holds. Raises StoreError."""
    vault = open_vault(quick_settings(data_dir), lambda: None)
    found = hashlib.sha256()
    try:
        with vault.read() as connection:
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
            for name in names.scalars().all():
                for row in connection.execute(text(f'SELECT * FROM "{name}"')):  # noqa: S608 - names of our tables
                    found.update(repr(tuple(row)).encode())
            for blob in blobs.stored(connection):
                found.update(vault.blobs.read(blob))
            found.update(repr(audit_log.verify(connection, vault.chain)).encode())
    finally:
        vault.close()
    return found.hexdigest()


def contents(data_dir: Path) -> dict[str, bytes]:
    files = [path for path in data_dir.rglob("*") if path.is_file() and path.name not in IGNORED]
    return {str(path.relative_to(data_dir)): path.read_bytes() for path in files}


def damages(store: Store, chance: random.Random, per_page: float) -> list[Damage]:
    """Bytes of every file: so many a page on average, and one at least of each file."""
    found = []
    for name, content in contents(store.place).items():
        wanted = max(1, round(per_page * len(content) / PAGE_BYTES))
        offsets = chance.sample(range(len(content)), min(wanted, len(content)))
        found += [Damage(name, offset, chance.randrange(1, 256)) for offset in offsets]
    return found


def outcome_of(damage: Damage, store: Store, place: Path) -> str:
    """What a copy of the store with this damage says: "whole", or the code of its refusal."""
    shutil.copytree(store.place, place)
    damaged = bytearray((place / damage.file).read_bytes())
    damaged[damage.offset] ^= damage.bits
    (place / damage.file).write_bytes(damaged)
    before = contents(place)
    try:
        held = everything(place)
        outcome = "whole" if held == store.whole else "without the last" if held == store.before_last else "other"
    except StoreError as refusal:
        left = contents(place)
        touched = [name for name in concerned(damage) if left.get(name, b"") != before.get(name, b"")]
        outcome = f"touched: {touched}" if touched else refusal.code
    shutil.rmtree(place)
    return outcome


def concerned(damage: Damage) -> tuple[str, ...]:
    """The files that a damaged one must be rescued with: a database and its log are one."""
    return (DATABASE, LOG) if damage.file in (DATABASE, LOG) else (damage.file,)


def outcomes(store: Store, place: Path, found: Iterable[Damage]) -> Counter[tuple[str, str]]:
    """How often each outcome was that of each file."""
    tally: Counter[tuple[str, str]] = Counter()
    for damage in found:
        outcome = outcome_of(damage, store, place / "damaged")
        assert outcome in ("whole", *REFUSALS) or is_last_commit(damage, store, outcome), (damage, outcome)
        tally[Path(damage.file).parts[0], outcome] += 1
    print(f"{tally.total()} damages of the {store.place.name} store:", dict(tally))
    return tally


def is_last_commit(damage: Damage, store: Store, outcome: str) -> bool:
    """A last transaction that is not whole is one that a power cut ended, as far as anybody can tell."""
    return outcome == "without the last" and damage.file == LOG and damage.offset >= store.last_begins


@pytest.mark.parametrize("state", ["closed", "cut"])
def test_a_changed_byte_harms_nothing_or_is_refused_and_left_for_rescue(
    stores: dict[str, Store], state: str, tmp_path: Path
) -> None:
    found = damages(stores[state], random.Random(5), per_page=0.5)  # noqa: S311 - repeatable on purpose

    tally = outcomes(stores[state], tmp_path, found)

    assert tally[DATABASE, "store_damaged"] > 10
    assert tally["blobs", "store_damaged"] == 12
    assert tally[LOG, "store_damaged"] > (10 if state == "cut" else -1)


def test_no_byte_of_the_key_file_opens_another_store(stores: dict[str, Store], tmp_path: Path) -> None:
    length = (stores["closed"].place / KEY_FILE).stat().st_size

    tally = outcomes(stores["closed"], tmp_path, [Damage(KEY_FILE, offset, 1) for offset in range(0, length, 2)])

    assert tally[KEY_FILE, "store_damaged"] > 10
    assert tally[KEY_FILE, "store_locked"] > 10


@pytest.mark.soak
@pytest.mark.parametrize("state", ["closed", "cut"])
def test_nor_does_any_of_thousands(stores: dict[str, Store], state: str, tmp_path: Path) -> None:
    outcomes(stores[state], tmp_path, damages(stores[state], random.Random(), per_page=8))  # noqa: S311
