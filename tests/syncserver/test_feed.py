"""What devices pull: changes in order, each once, within bounds, and what the organization is entitled to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, select, text

from shared.wire.v1.pull import MAX_CHANGES, MAX_PULL_BYTES, PullAnswer
from syncserver.changes import service as changes
from syncserver.changes.models import Change
from syncserver.changes.service import Entity
from syncserver.events.relay import Relay
from syncserver.kit.database import Database
from syncserver.kit.tenancy import SERVER_ROLE, only
from syncserver.usage.service import count_pages
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import Desktop, Json
from tests.syncserver.people import at_work, joined, owner_of_north
from tests.syncserver.test_templates import ROUTE, created, published, refused, written

pytestmark = pytest.mark.timeout(60)
VECTORS = Path(__file__).parents[1] / "vectors" / "wire"


def pulled(desktop: Desktop, cursor: Json = None, **more: Json) -> Json:
    answer = desktop.pull(cursor, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(answer: Json, entity: str) -> list[tuple[str, str, Any]]:
    """Id, op and payload of the changes of this kind."""
    return [(one["entity_id"], one["op"], one["payload"]) for one in answer["changes"] if one["entity"] == entity]


def put(server: Server, *entities: str, size: int = 1) -> None:
    """Changes of a kind that nobody has, in North Clinic's feed."""
    north = server.owners.north.organization_id
    with server.parts.database.writing(only(north)) as session:
        for one in entities:
            changes.put(session, Entity(north, "note", one), {"text": "x" * size}, server.clock())


def count_pages_now(server: Server) -> None:
    relay = Relay(server.parts.database, server.clock, {}, many={"pages.read": [count_pages]})
    while relay.deliver_next():
        pass


def test_a_device_learns_what_is_published_and_then_what_changed_alone(server: Server) -> None:
    created(server.north)
    created(server.north, "intake_sheet", short="sheet")
    published(server.north)
    desktop = server.desktop()

    first = pulled(desktop)
    assert told(first, "template") == [
        ("wound_round", "put", {"version": 1, "format": "toml", "source": written()["source"]})
    ]
    assert first["more"] is False

    assert pulled(desktop, first["cursor"])["changes"] == []
    server.north.post(f"{ROUTE}/wound_round/versions", json=written(version=2))
    assert pulled(desktop, first["cursor"])["changes"] == []  # nothing is read by it yet
    published(server.north)
    second = pulled(desktop, first["cursor"])
    [(name, op, payload)] = told(second, "template")
    assert (name, op, payload["version"]) == ("wound_round", "put", 2)
    assert second["changes"][0]["revision"] == 2
    assert second["cursor"]["seq"] == second["changes"][0]["seq"] > first["cursor"]["seq"]


def test_what_is_deleted_stays_as_a_tombstone_and_what_never_was_published_leaves_none(server: Server) -> None:
    created(server.north)
    created(server.north, "intake_sheet", short="sheet")
    published(server.north)
    desktop = server.desktop()
    before = pulled(desktop)["cursor"]
    for name in ("wound_round", "intake_sheet"):
        assert server.north.delete(f"{ROUTE}/{name}").status_code == 204

    assert told(pulled(desktop, before), "template") == [("wound_round", "delete", None)]
    assert told(pulled(desktop), "template") == [("wound_round", "delete", None)]

    created(server.north, "wound_round_again", short="again")
    server.north.post(ROUTE, json=written(version=2))
    published(server.north)
    [(_, op, payload)] = told(pulled(desktop), "template")
    assert (op, payload["version"]) == ("put", 2)


def test_devices_hear_who_belongs_to_the_organization_and_of_every_change_of_that(server: Server) -> None:
    desktop = server.desktop()
    member = joined(server, "member")
    first = pulled(desktop)
    [owner, _] = told(first, "person")
    assert told(first, "person")[1] == (
        member.id,
        "put",
        {"name": "Nora Newcomer", "role": "member", "is_active": True},
    )
    assert owner[2]["role"] == "owner"

    who = owner_of_north(server).http
    who.patch(f"/api/v1/users/{member.id}", json={"role": "read_only"})
    second = pulled(desktop, first["cursor"])
    assert [payload["role"] for _, _, payload in told(second, "person")] == ["read_only"]
    who.patch(f"/api/v1/users/{member.id}", json={"is_active": False})
    third = pulled(desktop, second["cursor"])
    assert [payload["is_active"] for _, _, payload in told(third, "person")] == [False]
    assert len(told(pulled(desktop), "person")) == 2
    who.patch(f"/api/v1/users/{member.id}", json={"is_active": False})
    assert pulled(desktop, third["cursor"])["changes"] == []


def test_devices_hear_of_each_others_names_and_revocations_and_a_revoked_one_of_nothing(server: Server) -> None:
    desktop, other = server.desktop(), server.desktop()
    cursor, token = pulled(desktop)["cursor"], other.token()
    path = f"/api/v1/devices/{other.id}"
    assert server.north.patch(path, json={"name": " Ward 3 "}).json()["name"] == "Ward 3"
    assert server.north.patch(path, json={"name": "Ward 3"}).status_code == 200  # is called so already

    heard = pulled(desktop, cursor)
    assert told(heard, "device") == [(str(other.id), "put", {"name": "Ward 3", "is_revoked": False})]
    assert server.north.delete(path).status_code == 204
    assert told(pulled(desktop, heard["cursor"]), "device") == [
        (str(other.id), "put", {"name": "Ward 3", "is_revoked": True})
    ]
    refused(other.pull(token=token), 403, "device_revoked")


def test_a_device_is_renamed_by_owners_and_admins_of_its_organization_alone(server: Server) -> None:
    desktop = server.desktop()
    path, name = f"/api/v1/devices/{desktop.id}", {"name": "Ward 3"}

    assert server.south.patch(path, json=name).status_code == 404
    assert joined(server, "member").http.patch(path, json=name).status_code == 403
    assert server.north.patch(path, json={"name": " "}).status_code == 422
    assert server.north.get("/api/v1/devices").json()["items"][0]["name"] == "Front desk"


def test_the_lease_says_what_was_used_under_the_key_that_the_device_was_given(server: Server) -> None:
    desktop = Desktop(server.http)
    enrolment = desktop.enrol(server.north.post("/api/v1/devices/enrolment-codes").json()["code"]).json()
    began = pulled(desktop)
    assert began["lease"] is None

    asked = PullAnswer.model_validate(pulled(desktop, began["cursor"], lease=True)).lease
    assert asked is not None
    assert (asked.is_genuine(), asked.server_key) == (True, enrolment["audit_key"])
    terms = asked.read()
    assert (terms.device_id, str(terms.organization_id)) == (desktop.id, enrolment["organization_id"])
    assert (terms.tier, terms.included_pages, terms.used_pages) == ("trial", 100, 0)
    assert terms.until - terms.at == timedelta(days=14)
    assert abs(terms.at - server.clock()) < timedelta(minutes=1)

    desktop.read()
    assert desktop.push().status_code == 200
    count_pages_now(server)
    after_reading = PullAnswer.model_validate(pulled(desktop, began["cursor"]))
    assert [change.entity for change in after_reading.changes] == ["entitlement"]
    assert after_reading.lease is not None
    assert after_reading.lease.read().used_pages == 2


def test_a_long_feed_comes_in_pages_without_a_gap(server: Server) -> None:
    desktop = server.desktop()
    put(server, *(f"note {number:03}" for number in range(MAX_CHANGES + 20)))

    pages: list[Json] = []
    cursor: Json = None
    while not pages or pages[-1]["more"]:
        pages.append(pulled(desktop, cursor))
        cursor = pages[-1]["cursor"]

    assert [len(page["changes"]) for page in pages] == [MAX_CHANGES, 22]  # the owner and the device, too
    assert [one["seq"] for page in pages for one in page["changes"]] == list(range(1, MAX_CHANGES + 23))


def test_a_page_is_bounded_in_bytes_and_one_larger_change_travels_alone(server: Server) -> None:
    desktop = server.desktop()
    start = pulled(desktop)["cursor"]
    put(server, "a", "b", size=MAX_PULL_BYTES // 2)
    put(server, "c", size=MAX_PULL_BYTES + 1)
    put(server, "d")

    seen, cursor = [], start
    for _ in range(4):
        page = pulled(desktop, cursor)
        seen.append("".join(one["entity_id"] for one in page["changes"]))
        cursor = page["cursor"]

    assert seen == ["a", "b", "c", "d"]


def test_no_organization_hears_of_another(server: Server) -> None:
    created(server.north)
    published(server.north)
    south = server.desktop(server.south)

    found = pulled(south)
    assert [one["entity"] for one in found["changes"]] == ["person", "device"]
    assert told(found, "device")[0][0] == str(south.id)
    assert told(found, "person")[0][0] == at_work(server, server.owners.south.email).id


def test_a_cursor_of_another_life_of_the_feed_is_refused_and_so_is_one_beyond_its_end(server: Server) -> None:
    desktop = server.desktop()
    cursor = pulled(desktop)["cursor"]

    refused(desktop.pull({"epoch": str(uuid4()), "seq": 1}), 409, "resync_required", "begin anew")
    refused(desktop.pull(cursor | {"seq": cursor["seq"] + 1}), 409, "resync_required")
    with server.parts.database.writing() as session:
        session.execute(text("DELETE FROM changes"))
        session.execute(text("DELETE FROM feeds"))
    refused(desktop.pull(cursor), 409, "resync_required")
    assert pulled(desktop) == json.loads((VECTORS / "pull_answer_empty.json").read_text())


def test_requests_of_the_vectors_are_understood_also_those_of_a_newer_device(server: Server) -> None:
    created(server.north)
    published(server.north)
    desktop = server.desktop()
    golden = json.loads((VECTORS / "pull_answer.json").read_text())
    for name in ("pull_request_first", "pull_request_newer_device"):
        asked = json.loads((VECTORS / f"{name}.json").read_text())
        answer = pulled(desktop, asked.pop("cursor"), **asked)

        assert answer["protocol"] == 1
        assert answer.keys() == golden.keys()
        assert {frozenset(one) for one in answer["changes"]} == {frozenset(one) for one in golden["changes"]}
        for kind in ("template", "device"):
            assert told(answer, kind)[0][2].keys() == told(golden, kind)[0][2].keys()
        assert (answer["lease"] is not None) == asked["lease"]
    stale = json.loads((VECTORS / "pull_request_next.json").read_text())
    problem = json.loads((VECTORS / "pull_problem_resync_required.json").read_text())
    assert desktop.pull(stale["cursor"]).json().items() >= problem.items()


_OF_PULLS = {"devices", "feeds", "changes", "organizations", "pages_read", "schema_templates"}


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the tables that a pull can read, meanwhile; other threads of the server ask of others."""
    seen: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if set(statement.split()) & _OF_PULLS:
            seen.append(statement)

    for engine in database.engines():
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in database.engines():
            event.remove(engine, "before_cursor_execute", note)


def test_a_pull_with_nothing_new_reads_one_row_by_its_key(server: Server) -> None:
    desktop = server.desktop()
    cursor, token = pulled(desktop)["cursor"], desktop.token()

    with statements(server.parts.database) as seen:
        assert desktop.pull(cursor, token).json()["changes"] == []

    tables = [statement.split("FROM ")[1].split()[0] for statement in seen]
    assert tables == ["devices", "feeds"]  # the first: whether the device was revoked
    assert "WHERE feeds.organization_id = " in seen[1].replace("\n", "")


def test_what_follows_a_cursor_is_found_by_an_index(server: Server) -> None:
    north = server.owners.north.organization_id
    put(server, *map(str, range(1000)))

    with server.parts.database.writing() as session:
        if not server.settings().embedded:
            session.execute(text("SET LOCAL ROLE NONE"))
            session.execute(text("ANALYZE changes"))
            session.execute(text(f"SET LOCAL ROLE {SERVER_ROLE}"))
        how = "EXPLAIN QUERY PLAN" if server.settings().embedded else "EXPLAIN"
        behind = select(Change).where(Change.organization_id == north, Change.seq > 990).order_by(Change.seq).limit(5)
        asked = behind.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = " ".join(str(row) for row in session.execute(text(f"{how} {asked}")))

    assert "ix_changes_seq" in plan
