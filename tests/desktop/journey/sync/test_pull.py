"""What rounds fetch: from the real server, and from doors that say what the golden vectors say."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from desktop.errors import ServerRefused
from desktop.journey.sync.enrol import enrol, forget
from desktop.journey.sync.push import Courier, Round
from desktop.vault import device, feed, outbox
from desktop.vault.connection import Vault
from shared.crypto.signing import new_signing_key, verifying_key
from shared.wire.v1.devices import Enrolment
from shared.wire.v1.lease import sign_lease
from shared.wire.v1.pull import PullAnswer
from tests.desktop.journey.sync.doors import Door
from tests.desktop.journey.sync.test_push import PASSWORD, owner_of_a_new_organization

VECTORS = Path(__file__).parents[3] / "vectors" / "wire"
KEY = bytes(range(32))
WOUNDS = 'name = "{name}"\nversion = {version}\ntitle = "Wound round"\nheadings = ["wound round"]\nuse = ["mrn"]\n'
V1 = "/api/v1"


def vector(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def administrator(url: str, email: str) -> httpx.Client:
    client = httpx.Client(base_url=url)
    token = client.post(f"{V1}/login", data={"username": email, "password": PASSWORD}).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def publish(admin: httpx.Client, name: str, version: int = 1) -> None:
    path = f"{V1}/templates" if version == 1 else f"{V1}/templates/{name}/versions"
    assert admin.post(path, json={"source": WOUNDS.format(name=name, version=version)}).status_code == 201
    assert admin.post(f"{V1}/templates/{name}/publish", json={}).status_code == 200


def held(vault: Vault) -> dict[str, int]:
    """The fetched templates' versions, by name."""
    with vault.read() as connection:
        rows = connection.execute(text("SELECT name, version FROM organization_templates")).all()
    return {row.name: row.version for row in rows}


def told(vault: Vault) -> feed.Fetched:
    with vault.read() as connection:
        return feed.fetched(connection)


def acts(vault: Vault) -> list[str]:
    """What the audit chain says of templates."""
    with vault.read() as connection:
        entries = [json.loads(entry) for entry in connection.execute(text("SELECT entry FROM audit_entries")).scalars()]
    found = [entry.get("entry", entry) for entry in entries]
    return [f"{one['action']} {one['subject']}" for one in found if one["action"].startswith("template.")]


def well(done: Round) -> int:
    """How much a round fetched that left nothing to do."""
    assert (done.fault, done.waiting) == (None, 0)
    return done.fetched


@pytest.fixture
def at_the_server(vault: Vault, server_url: str, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """The administrator of the organization that this device was enrolled with."""
    email = f"{abs(hash(request.node.name))}@example.com"
    enrol(vault, server_url, owner_of_a_new_organization(server_url, email), allow_insecure=False)
    admin = administrator(server_url, email)
    yield admin
    admin.close()


def test_a_round_fetches_what_is_published_once_and_takes_away_what_is_deleted(
    vault: Vault, at_the_server: httpx.Client
) -> None:
    courier = Courier(vault)
    publish(at_the_server, "wound_round")
    publish(at_the_server, "night_round")

    assert well(courier.round()) == 4  # two templates, what this device is called, and who the owner is
    assert held(vault) == {"wound_round": 1, "night_round": 1}
    assert well(courier.round()) == 0
    publish(at_the_server, "wound_round", version=2)
    at_the_server.delete(f"{V1}/templates/night_round")
    assert well(courier.round()) == 2
    assert held(vault) == {"wound_round": 2}
    assert acts(vault) == [
        "template.fetched wound_round",
        "template.fetched night_round",
        "template.fetched wound_round",
        "template.withdrawn night_round",
    ]


def test_the_device_hears_its_name_and_what_the_organization_may_use(vault: Vault, at_the_server: httpx.Client) -> None:
    courier = Courier(vault)
    courier.round()
    assert told(vault).terms is not None
    at_the_server.patch(f"{V1}/devices/{vault.device_id}", json={"name": "Front desk"})
    courier.round()

    now = told(vault)
    assert now.device_name == "Front desk"
    assert now.terms is not None
    assert (now.terms.tier, now.terms.included_pages, now.terms.device_id) == ("trial", 100, vault.device_id)
    at_the_server.delete(f"{V1}/devices/{vault.device_id}")
    refused = Courier(vault).round().fault
    assert isinstance(refused, ServerRefused)
    assert refused.problem_code == "device_revoked"


def test_what_was_fetched_belongs_to_the_server_and_goes_with_it(vault: Vault, at_the_server: httpx.Client) -> None:
    publish(at_the_server, "wound_round")
    Courier(vault).round()
    assert held(vault)

    forget(vault)

    assert (held(vault), told(vault)) == ({}, feed.Fetched(None, None, 0))


def test_two_that_fetch_at_once_take_each_change_once(vault: Vault, at_the_server: httpx.Client) -> None:
    for number in range(5):
        publish(at_the_server, f"round_{number}")
    couriers = [Courier(vault), Courier(vault)]
    rounds: list[Round] = []
    threads = [threading.Thread(target=lambda one=one: rounds.append(one.round())) for one in couriers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [done.fault for done in rounds] == [None, None]
    assert len(held(vault)) == 5
    assert len(acts(vault)) == 5


def _level(seq: int, epoch: UUID | None = None) -> Any:
    """Nothing new behind `seq`."""
    cursor = vector("pull_answer")["cursor"] | {"seq": seq}
    return vector("pull_answer_empty") | {"cursor": cursor | ({"epoch": str(epoch)} if epoch else {})}


class Script:
    """A door that lets every device in, and answers pulls with what was laid down, one after the other."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[Any] = []

    @contextmanager
    def serving(self) -> Iterator[str]:
        door = Door()
        door.answers["/sync/pull"] = self._next
        with door.serving():
            yield door.url

    def _next(self, asked: Any) -> tuple[int, Any]:
        self.asked.append(asked)
        return self.answers.pop(0)


@pytest.fixture
def script(vault: Vault) -> Iterator[Script]:
    """A door that this device is enrolled with, as the device and organization of the vectors are not."""
    one = Script()
    with one.serving() as url:
        nowhere = Enrolment(
            device_id=vault.device_id,
            organization_id=UUID(int=1),
            organization_name="A clinic",
            audit_key=verifying_key(KEY).hex(),
        )
        with vault.act() as connection:
            device.set_link(connection, url, nowhere, vault.clock())
            link = device.link(connection)
            assert link is not None
            # Nothing waits: a device with something to send would fetch once more, before it sends.
            device.note_accepted(connection, link, outbox.last_sequence(connection))
        yield one


def changes_for(vault: Vault) -> Any:
    """The answer of the vectors, with a lease for this device."""
    answer = vector("pull_answer")
    terms = PullAnswer.model_validate(answer).lease
    assert terms is not None
    mine = terms.read().model_copy(update={"device_id": vault.device_id, "organization_id": UUID(int=1)})
    return answer | {"lease": sign_lease(KEY, mine).model_dump(mode="json")}


def test_the_golden_answer_is_understood(vault: Vault, script: Script) -> None:
    script.answers = [(200, changes_for(vault))]

    assert Courier(vault).round().fault is None
    assert script.asked == [vector("pull_request_first")]
    assert held(vault) == {"wound_round": 2}
    terms = told(vault).terms
    assert terms is not None
    assert (terms.used_pages, terms.until.day) == (37, 19)


def test_what_a_newer_server_says_is_skipped_and_the_cursor_goes_on_behind_it(vault: Vault, script: Script) -> None:
    script.answers = [(200, changes_for(vault)), (200, vector("pull_answer_newer_server")), (200, _level(14))]
    courier = Courier(vault)
    courier.round()
    done = courier.round()
    courier.round()

    assert (done.fault, done.fetched) == (None, 1)
    assert held(vault) == {"wound_round": 2, "night_round": 1}
    assert script.asked[2]["cursor"]["seq"] == 14


def test_a_version_that_knows_more_kinds_begins_anew(vault: Vault, script: Script) -> None:
    script.answers = [(200, changes_for(vault)), (200, changes_for(vault))]
    Courier(vault).round()
    with vault.act() as connection:
        connection.execute(text("UPDATE feed SET kinds = 'template'"))  # as a version wrote it that knew no others
    done = Courier(vault).round()

    assert script.asked[1]["cursor"] is None
    assert (done.fault, held(vault)) == (None, {"wound_round": 2})
    assert acts(vault) == ["template.fetched wound_round"]  # of the same revision, so it is not taken again


def test_after_a_restore_the_device_begins_anew_and_gives_up_what_that_server_never_knew(
    vault: Vault, script: Script
) -> None:
    anew = vector("pull_answer_newer_server")
    anew["cursor"] = {"epoch": str(UUID(int=9)), "seq": 14}
    problem = (409, vector("pull_problem_resync_required"))
    script.answers = [(200, changes_for(vault)), problem, (200, anew | {"more": True}), (200, _level(15, UUID(int=9)))]
    courier = Courier(vault)
    courier.round()
    done = courier.round()

    assert done.fault is None
    assert [asked["cursor"] and asked["cursor"]["seq"] for asked in script.asked] == [None, 9, None, 14]
    assert held(vault) == {"night_round": 1}
    assert acts(vault)[-1] == "template.withdrawn wound_round"


def test_a_server_that_wants_a_resync_again_and_again_is_at_fault(vault: Vault, script: Script) -> None:
    script.answers = [(409, vector("pull_problem_resync_required"))] * 2
    fault = Courier(vault).round().fault

    assert isinstance(fault, ServerRefused)
    assert fault.problem_code == "resync_required"


def test_an_older_server_has_nothing_to_fetch_and_a_round_is_well_nevertheless(vault: Vault, script: Script) -> None:
    script.answers = [(404, {"title": "Not Found", "status": 404}), (405, {})]

    assert [Courier(vault).round().fault, Courier(vault).round().fault] == [None, None]


def test_a_server_that_says_there_is_more_and_stays_where_it_is_is_refused(vault: Vault, script: Script) -> None:
    script.answers = [(200, vector("pull_answer_empty") | {"more": True})]
    fault = Courier(vault).round().fault

    assert isinstance(fault, ServerRefused)
    assert "circles" in fault.message


def test_a_lease_that_is_not_this_devices_own_is_refused_and_the_changes_are_kept(vault: Vault, script: Script) -> None:
    own = changes_for(vault)
    terms = PullAnswer.model_validate(own).lease
    assert terms is not None
    for number, wrong in enumerate(
        (
            vector("pull_answer")["lease"],  # for another device
            sign_lease(new_signing_key(), terms.read()).model_dump(mode="json"),
            own["lease"] | {"signature": "ab" * 64},
            own["lease"] | {"terms": "{}"},
        )
    ):
        script.answers = [(200, own | {"lease": wrong})]
        with vault.act() as connection:
            feed.clear(connection)
        fault = Courier(vault).round().fault

        assert isinstance(fault, ServerRefused), number
        assert fault.problem_code == "lease_wrong"
        assert told(vault).terms is None
        assert held(vault) == {"wound_round": 2}


def test_a_lease_is_asked_for_once_a_day(vault: Vault, script: Script) -> None:
    fresh = changes_for(vault)
    lease = PullAnswer.model_validate(fresh).lease
    assert lease is not None
    now = lease.read().model_copy(update={"at": vault.clock()})
    script.answers = [
        (200, fresh),  # given in March
        (200, _level(9) | {"lease": sign_lease(KEY, now).model_dump(mode="json")}),
        (200, _level(9)),
    ]
    for _ in range(3):
        assert Courier(vault).round().fault is None

    assert [asked["lease"] for asked in script.asked] == [True, True, False]


def test_what_was_read_for_another_server_is_not_taken_over(vault: Vault, script: Script) -> None:
    """The device is given another server, by another process, while the first one answers."""
    script.answers = [(200, changes_for(vault))]
    later = Enrolment(device_id=vault.device_id, organization_id=UUID(int=2), organization_name="Another clinic")

    asked = script.asked

    class Watching(list[Any]):
        def append(self, one: Any) -> None:
            with vault.act() as connection:
                device.set_link(connection, "http://127.0.0.1:1", later, vault.clock())
            asked.append(one)

    script.asked = Watching()
    Courier(vault).round()

    assert (len(asked), held(vault)) == (1, {})
