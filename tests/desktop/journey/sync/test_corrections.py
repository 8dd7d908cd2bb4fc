"""What people say of one paper on two machines, over the real server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from desktop.journey.review.decisions import Reviewer, Word, correct, settle
from desktop.journey.sync.enrol import SignIn, enrol, forget
from desktop.journey.sync.push import Courier
from desktop.vault import audit_log, corrections, documents
from desktop.vault.connection import Vault, open_vault
from desktop.vault.erasure import delete_document
from shared.documents.corrections import Correction
from tests.desktop.conftest import nobody_answers, quick_settings
from tests.desktop.journey.review.test_decisions import NAME, kept, open_ones, shown, to_review
from tests.desktop.journey.sync.test_pull import administrator
from tests.desktop.journey.sync.test_push import PASSWORD, owner_of_a_new_organization

DANA, RAVI = Reviewer("person:1", "Dana Ortiz"), Reviewer("person:2", "Ravi")


class Ward:
    """A machine of the clinic; `heard` are the documents that changed by what others said."""

    def __init__(self, vault: Vault) -> None:
        self.vault, self.heard = vault, list[UUID]()
        self._courier = Courier(vault, self.heard.append)

    def sync(self) -> int:
        done = self._courier.round()
        assert (done.fault, done.waiting) == (None, 0)
        return done.fetched

    def name(self, document_id: UUID) -> Any:
        value = shown(self.vault, document_id).fields["patient_name"]
        return value and value.value

    def corrections(self, document_id: UUID) -> set[Correction]:
        with self.vault.read() as connection:
            return set(corrections.of_document(connection, document_id))

    def acts(self, action: str) -> list[dict[str, Any]]:
        with self.vault.read() as connection:
            lines = [json.loads(line) for line in audit_log.lines(connection)]
        return [one for one in (line.get("entry", line) for line in lines) if one["action"] == action]


@contextmanager
def ward(place: Path, url: str, email: str) -> Iterator[Ward]:
    vault = open_vault(quick_settings(place), nobody_answers)
    enrol(vault, url, SignIn(email, PASSWORD), allow_insecure=False)
    yield Ward(vault)
    vault.close()


@pytest.fixture
def email(server_url: str) -> str:
    address = f"{uuid4().hex}@example.com"
    owner_of_a_new_organization(server_url, address)
    return address


@pytest.fixture
def north(tmp_path: Path, server_url: str, email: str) -> Iterator[Ward]:
    with ward(tmp_path / "north", server_url, email) as one:
        yield one


@pytest.fixture
def south(tmp_path: Path, server_url: str, email: str) -> Iterator[Ward]:
    with ward(tmp_path / "south", server_url, email) as one:
        yield one


@pytest.fixture
def admin(server_url: str, email: str) -> Iterator[httpx.Client]:
    client = administrator(server_url, email)
    yield client
    client.close()


def test_what_is_said_on_one_machine_is_shown_on_the_other_and_at_the_server(
    north: Ward, south: Ward, admin: httpx.Client
) -> None:
    here, there = kept(north.vault), kept(south.vault)
    correct(north.vault, here, Word(NAME, "Featherstone"), DANA)
    north.sync()

    south.sync()

    assert south.name(there) == "Featherstone"
    assert south.heard == [there]
    [entry] = south.acts("correction.fetched")
    assert (entry["actor"], entry["subject"]) == ("device", str(there))
    assert entry["details"] == {"field": "fields.patient_name", "device": north.vault.chain.device_id}
    south.sync()
    assert len(south.acts("correction.fetched")) == 1
    for document_id in (here, there):
        job = admin.get(f"/api/v1/jobs/{document_id}").json()
        assert job["result"]["fields"]["patient_name"]["value"] == "Featherstone"
    north.sync()
    assert north.corrections(here) == south.corrections(there)  # when the server took it is known to both


def test_two_who_knew_nothing_of_each_other_are_both_kept_on_both_until_one_settles_it(
    north: Ward, south: Ward
) -> None:
    here, there = kept(north.vault), kept(south.vault)
    mine = correct(north.vault, here, Word(NAME, "Featherstone"), DANA)
    correct(south.vault, there, Word(NAME, "Feather-Stone"), RAVI)
    for one in (north, south, north):
        one.sync()

    assert north.name(here) == south.name(there) == "Feather-Stone"
    assert open_ones(north.vault) == open_ones(south.vault)
    assert open_ones(north.vault) == [("fields.patient_name", ["Feather-Stone", "Featherstone"])]
    assert to_review(north.vault, here) == to_review(south.vault, there) == 2

    settle(south.vault, there, NAME, mine.id, RAVI)
    for one in (south, north):
        one.sync()

    assert north.name(here) == south.name(there) == "Featherstone"
    assert open_ones(north.vault) == open_ones(south.vault) == []
    assert north.corrections(here) == south.corrections(there)


def test_who_takes_the_paper_in_later_learns_what_was_said_of_it_before(north: Ward, south: Ward) -> None:
    here = kept(north.vault)
    correct(north.vault, here, Word(NAME, "Featherstone"), DANA)
    north.sync()
    south.sync()
    assert south.heard == []

    there = kept(south.vault)
    south.sync()

    assert south.name(there) == "Featherstone"


def test_a_paper_that_was_deleted_and_comes_again_has_what_was_said_of_it(north: Ward) -> None:
    here = kept(north.vault)
    correct(north.vault, here, Word(NAME, "Featherstone"), DANA)
    north.sync()
    delete_document(north.vault, here, audit_log.OPERATOR)
    north.sync()

    again = kept(north.vault)
    north.sync()

    assert north.name(again) == "Featherstone"


def test_what_was_said_before_there_was_a_server_goes_there_and_stays_when_it_is_given_up(
    north: Ward, south: Ward, server_url: str, email: str
) -> None:
    here, there = kept(north.vault), kept(south.vault)
    forget(north.vault)
    correct(north.vault, here, Word(NAME, "Featherstone"), DANA)
    enrol(north.vault, server_url, SignIn(email, PASSWORD), allow_insecure=False)
    north.sync()
    south.sync()
    forget(south.vault)

    assert south.name(there) == "Featherstone"
    with north.vault.read() as connection:
        assert documents.get(connection, here).synced
