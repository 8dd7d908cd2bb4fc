"""Backups: whole while work goes on, checked, opened elsewhere with a passphrase alone, and told apart afterwards."""

import os
import tarfile
import threading
from pathlib import Path
from uuid import UUID

import pytest

from desktop.errors import BackupFailed, StoreLocked
from desktop.settings import Settings
from desktop.vault import audit_log, blobs, documents, store
from desktop.vault.backup import back_up, check_backup, remove_stale_snapshots
from desktop.vault.connection import Vault, open_vault
from desktop.vault.erasure import delete_document
from desktop.vault.key_file import Passphrase
from desktop.vault.restore import restore
from tests.desktop.conftest import PASSPHRASE, PATIENT, fingerprint, nobody_answers, quick_settings
from tests.desktop.vault.test_erasure import keep

OWN = Passphrase(PASSPHRASE, lambda: None)


def ids(vault: Vault) -> set[UUID]:
    with vault.read() as connection:
        return {summary.id for summary in documents.listing(connection)}


def assert_every_file_opens(vault: Vault) -> None:
    with vault.read() as connection:
        for blob in blobs.stored(connection):
            assert vault.blobs.read(blob) == b"%PDF"


def test_a_backup_opens_on_another_machine_with_its_passphrase(vault: Vault, tmp_path: Path) -> None:
    kept = {keep(vault), keep(vault)}
    made = back_up(vault, OWN, tmp_path, "for the safe")
    later = keep(vault)

    elsewhere = quick_settings(tmp_path / "elsewhere" / "data", passphrase="for the safe")
    (tmp_path / "elsewhere").mkdir()
    restored = restore(made.path, elsewhere, nobody_answers)

    assert (made.files, made.damaged) == (2, ())
    assert (restored.documents, restored.missing, restored.chain_fault) == (2, 0, None)
    other = open_vault(elsewhere, nobody_answers)
    assert ids(other) == kept
    assert later not in kept
    assert_every_file_opens(other)
    with other.read() as there, vault.read() as here:
        assert store.epoch(there) == restored.epoch != store.epoch(here)
        assert audit_log.verify(there, other.chain) is None
        assert any("store.restored" in line for line in audit_log.lines(there))
        assert any("store.backed_up" in line for line in audit_log.lines(here))
    other.close()
    with pytest.raises(StoreLocked):
        open_vault(quick_settings(elsewhere.data_dir), nobody_answers)


def test_a_backup_tells_nothing_and_leaves_nothing_aside(vault: Vault, tmp_path: Path) -> None:
    keep(vault)
    before = {path.name for path in vault.folder.root.iterdir()}
    made = back_up(vault, OWN, tmp_path / "b", None)

    content = made.path.read_bytes()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        assert PATIENT.encode(encoding) not in content
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in vault.folder.root.iterdir()} == before
    assert not list(tmp_path.glob(".*"))


def test_a_backup_made_while_documents_come_and_go_is_consistent(
    vault: Vault, settings: Settings, tmp_path: Path
) -> None:
    stop, faults = threading.Event(), []

    def work() -> None:
        try:
            while not stop.is_set():
                one, two = keep(vault), keep(vault)
                delete_document(vault, one, audit_log.OPERATOR)
                assert two
        except BaseException as error:
            faults.append(error)
            raise

    worker = threading.Thread(target=work)
    worker.start()
    made = [back_up(vault, OWN, tmp_path / f"{number}.backup", None) for number in range(4)]
    stop.set()
    worker.join()

    assert not faults
    for number, one in enumerate(made):
        there = quick_settings(tmp_path / f"restored-{number}")
        restored = restore(one.path, there, nobody_answers)
        assert (restored.missing, restored.chain_fault, one.damaged) == (0, None, ())
        other = open_vault(there, nobody_answers)
        assert len(ids(other)) == restored.documents
        assert_every_file_opens(other)
        other.close()


def test_a_damaged_file_is_named_and_the_rest_is_backed_up(vault: Vault, tmp_path: Path) -> None:
    whole, damaged = keep(vault), keep(vault)
    with vault.read() as connection:
        blob = blobs.find(connection, damaged, "original")
    assert blob is not None
    path = vault.blobs.path(blob.id)
    path.write_bytes(b"overwritten")

    made = back_up(vault, OWN, tmp_path / "b", None)

    assert made.damaged == (path,)
    there = quick_settings(tmp_path / "restored")
    assert restore(made.path, there, nobody_answers).missing == 1
    other = open_vault(there, nobody_answers)
    assert ids(other) == {whole, damaged}
    other.close()


@pytest.mark.parametrize("place", range(12))
def test_a_backup_that_was_changed_anywhere_is_refused(vault: Vault, tmp_path: Path, place: int) -> None:
    keep(vault)
    made = back_up(vault, OWN, tmp_path / "b", None)
    content = bytearray(made.path.read_bytes())
    with tarfile.open(made.path) as archive:
        inside = [range(member.offset_data, member.offset_data + member.size) for member in archive]
    used = [offset for part in inside for offset in part]
    content[used[len(used) * place // 12]] ^= 1
    made.path.write_bytes(content)

    with pytest.raises(BackupFailed):
        restore(made.path, quick_settings(tmp_path / "restored"), nobody_answers)

    assert not (tmp_path / "restored").exists()


@pytest.mark.parametrize("length", [0, 700, 20_000])
def test_a_backup_that_was_cut_short_is_refused(vault: Vault, tmp_path: Path, length: int) -> None:
    keep(vault)
    made = back_up(vault, OWN, tmp_path / "b", None)
    made.path.write_bytes(made.path.read_bytes()[:length])

    with pytest.raises(BackupFailed, match="no whole backup"):
        check_backup(made.path)


def test_a_wrong_passphrase_restores_nothing(vault: Vault, tmp_path: Path) -> None:
    made = back_up(vault, OWN, tmp_path / "b", None)

    with pytest.raises(StoreLocked):
        restore(made.path, quick_settings(tmp_path / "new", passphrase="another"), nobody_answers)

    assert {path.name for path in tmp_path.iterdir()} == {"data", "b"}


def test_nothing_that_is_there_is_overwritten(vault: Vault, settings: Settings, tmp_path: Path) -> None:
    made = back_up(vault, OWN, tmp_path / "b", None)
    before = fingerprint(settings.data_dir)

    with pytest.raises(BackupFailed, match="not empty"):
        restore(made.path, settings, nobody_answers)
    with pytest.raises(BackupFailed, match="exists already"):
        back_up(vault, OWN, made.path, None)

    assert fingerprint(settings.data_dir) == before


def test_a_store_whose_key_is_in_a_keyring_needs_a_passphrase_for_its_backup(vault: Vault, tmp_path: Path) -> None:
    key_file = vault.folder.key_file
    key_file.write_text('{"version":1,"store_id":"x","kind":"keyring"}')

    with pytest.raises(StoreLocked, match="CHARTDROP_RECOVERY_PASSPHRASE"):
        back_up(vault, OWN, tmp_path / "b", None)

    assert not (tmp_path / "b").exists()


def test_a_place_that_cannot_be_written_is_named(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="could not be written"):
        back_up(vault, OWN, tmp_path / "missing" / "b", None)


def test_what_a_killed_backup_left_is_removed_later_and_no_running_ones(vault: Vault) -> None:
    old, fresh = (vault.folder.root / f".{name}.snapshot" for name in ("old", "fresh"))
    for path in (old, fresh):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))

    remove_stale_snapshots(vault.folder)

    assert (old.exists(), fresh.exists()) == (False, True)
    assert vault.folder.database.exists()
