"""A store that is restored from a backup and goes on: over the real server, as people meet it."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from desktop.journey.review.decisions import Word, correct
from desktop.journey.sync.enrol import SignIn, enrol
from desktop.journey.sync.push import Courier, Round
from desktop.vault import ancestry, audit_log, corrections, feed
from desktop.vault.backup import back_up
from desktop.vault.connection import Vault, open_vault
from desktop.vault.key_file import Passphrase
from desktop.vault.restore import restore
from shared.audit.verify_export import Known, verify_export
from tests.desktop.conftest import PASSPHRASE, nobody_answers, quick_settings
from tests.desktop.journey.review.test_decisions import NAME, kept
from tests.desktop.journey.sync.test_corrections import DANA, RAVI
from tests.desktop.journey.sync.test_pull import administrator
from tests.desktop.journey.sync.test_push import PASSWORD, owner_of_a_new_organization

EMAIL = "restored-{}@example.com"


@pytest.fixture
def email(server_url: str, tmp_path: Path) -> str:
    address = EMAIL.format(tmp_path.name)
    owner_of_a_new_organization(server_url, address)
    return address


@pytest.fixture
def admin(server_url: str, email: str) -> Iterator[httpx.Client]:
    client = administrator(server_url, email)
    yield client
    client.close()


@pytest.fixture
def restored(vault: Vault, tmp_path: Path, server_url: str, email: str) -> Iterator[Vault]:
    """The store as it was before Dana's last correction, which the server knows of; Ravi made one since."""
    enrol(vault, server_url, SignIn(email, PASSWORD), allow_insecure=False)
    document_id = kept(vault)
    assert Courier(vault).round().fault is None
    backup = back_up(vault, Passphrase(PASSPHRASE, nobody_answers), tmp_path, None)
    correct(vault, document_id, Word(NAME, "Featherstone"), DANA)
    assert Courier(vault).round().fault is None
    settings = quick_settings(tmp_path / "again")
    restore(backup.path, settings, nobody_answers)
    again = open_vault(settings, nobody_answers)
    correct(again, document_id, Word(NAME, "Fetherstone"), RAVI)
    yield again
    again.close()


def synced(vault: Vault) -> Round:
    done = Courier(vault).round()
    assert (done.fault, done.waiting) == (None, 0)
    return done


def said(vault: Vault) -> dict[str, tuple[str, UUID]]:
    with vault.read() as connection:
        found = [one for conflict in corrections.open_conflicts(connection) for one in conflict.standing.heads]
    return {one.person: (str(one.value), one.device_id) for one in found}


def test_a_restored_store_goes_on_as_another_device_in_one_round_and_says_so(
    vault: Vault, restored: Vault, admin: httpx.Client
) -> None:
    done = synced(restored)

    assert done.note is not None
    assert "nothing was lost" in done.note
    assert done.news.note == done.note
    assert restored.device_id != vault.device_id
    ravi, dana = ("Fetherstone", restored.device_id), ("Featherstone", vault.device_id)
    assert said(restored) == {"Ravi": ravi, "Dana Ortiz": dana}
    mine, before = admin.get("/api/v1/devices").json()["items"]
    assert (mine["id"], mine["predecessor_id"]) == (str(restored.device_id), before["id"])
    assert admin.get("/api/v1/me").json()["usage"]["pages"] == 1
    assert synced(restored).note is None
    with restored.read() as connection:
        assert audit_log.countersigned_through(connection) == audit_log.length(connection)
        assert audit_log.verify(connection, restored.chain) is None
        terms = feed.terms(connection)
    assert terms is not None
    assert terms.device_id == restored.device_id


def test_the_machine_that_it_was_copied_from_lives_on(vault: Vault, restored: Vault) -> None:
    synced(restored)

    done = synced(vault)

    assert done.note is None
    assert set(said(vault)) == {"Dana Ortiz", "Ravi"}


def test_another_program_at_the_same_store_goes_on_with_it(restored: Vault) -> None:
    other = open_vault(quick_settings(restored.folder.root), nobody_answers)
    courier = Courier(other)
    before = other.device_id
    synced(restored)

    with other.act() as connection:
        audit_log.record(connection, other.chain, audit_log.Act("operator", "store.looked_at", "x"))
    done = courier.round()

    assert (done.fault, done.waiting) == (None, 0)
    assert other.device_id == restored.device_id != before
    with other.read() as connection:
        assert audit_log.verify(connection, other.chain) is None
        assert len(ancestry.held(connection)) == 1
    other.close()


def test_a_chain_with_two_identities_is_checked_by_the_program_that_shares_no_code(restored: Vault) -> None:
    synced(restored)
    with restored.act() as connection:
        audit_log.record_export(connection, restored.chain, "operator")
    with restored.read() as connection:
        lines = list(audit_log.lines(connection))

    verdict = verify_export(lines)

    assert (verdict.fault, verdict.countersigned) == (None, len(lines) - 1)
    assert verify_export(lines, Known(device_key=verdict.device_key)).fault is None
    [forked] = [place for place, line in enumerate(lines) if '"action":"device.forked"' in line]
    assert json.loads(lines[forked])["subject"] == json.loads(lines[0])["chain"]
    for place in range(len(lines)):
        assert verify_export(lines[:place] + lines[place + 1 :]).fault, place
    other_key = lines[forked].replace(json.loads(lines[forked])["details"]["predecessor_key"], "ab" * 32)
    assert verify_export([*lines[:forked], other_key, *lines[forked + 1 :]]).fault


def test_an_entry_that_was_changed_before_the_fork_is_found(restored: Vault) -> None:
    synced(restored)
    with restored.act() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entries_no_update")
        connection.exec_driver_sql("UPDATE audit_entries SET entry = replace(entry, 'store.', 'x.') WHERE sequence = 1")

    with restored.read() as connection:
        fault = audit_log.verify(connection, restored.chain)

    assert fault is not None
    assert fault.position == 1
