"""The audit log: every act stands in it, nobody can change it, and who goes past the database's guard is found out."""

from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from syncserver.audit.verification import verify_all
from syncserver.kit.paging import encode_cursor
from tests.syncserver.conftest import Server

pytestmark = pytest.mark.timeout(60)


def actions(server: Server, **wanted: str) -> list[str]:
    items = server.north.get("/api/v1/audit", params=wanted | {"limit": "100"}).json()["items"]
    return [item["action"] for item in items][::-1]


def faults(server: Server) -> list[str]:
    with server.parts.database.reading() as session:
        return [chain.fault.reason for chain in verify_all(session, server.parts.keys) if chain.fault]


def past_the_guard(connection: Connection, statement: str) -> None:
    """Runs `statement` as somebody who owns the database and knows what he does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(statement))
        connection.execute(text("SET session_replication_role = origin"))
        return
    for act in ("UPDATE", "DELETE"):
        connection.execute(text(f"DROP TRIGGER audit_entries_refuse_{act}"))
    connection.execute(text(statement))


def test_every_act_of_the_organization_stands_in_its_chain(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.push()
    server.north.get(f"/api/v1/jobs/{document_id}")
    server.north.delete(f"/api/v1/devices/{desktop.id}")

    assert actions(server, chain=str(server.owners.north.organization_id)) == [
        "organization.registered",
        "session.started",
        "api-key.created",
        "enrolment-code.issued",
        "device.enrolled",
        "device.synced",
        "document.viewed",
        "device.revoked",
    ]


def test_a_refused_sign_in_stands_in_it_too(server: Server) -> None:
    server.http.post("/api/v1/login", data={"username": server.owners.north.email, "password": "wrong"})

    assert actions(server)[-1] == "session.refused"


def test_a_refused_act_leaves_no_entry(server: Server) -> None:
    before = actions(server)
    desktop = server.desktop()
    desktop.read()
    desktop.push(desktop.outbox[1:])

    assert actions(server) == [*before, "enrolment-code.issued", "device.enrolled"]


def test_a_devices_chain_is_held_as_it_was_signed(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    desktop.read()
    desktop.push()

    items = server.north.get("/api/v1/audit", params={"chain": str(desktop.id)}).json()["items"]

    assert [item["sequence"] for item in items] == [2, 1]
    assert desktop.last_entry
    assert (items[0]["digest"], items[0]["signature"]) == (desktop.last_entry.digest, desktop.last_entry.signature)
    assert items[0]["previous"] == items[1]["digest"]


def test_the_log_comes_in_pages_in_order(server: Server) -> None:
    desktop = server.desktop()
    for _ in range(7):
        desktop.audit("device.started", str(desktop.id))
    desktop.push()

    seen: list[int] = []
    query: dict[str, str] = {"chain": str(desktop.id), "limit": "3"}
    for _ in range(3):
        page = server.north.get("/api/v1/audit", params=query).json()
        seen += [item["sequence"] for item in page["items"]]
        query["cursor"] = page["next_cursor"]

    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    "wanted",
    [
        {"since": "0001-01-01T00:00:00+14:00"},
        {"cursor": encode_cursor("0001-01-01T00:00:00+14:00", UUID(int=0), 1)},
        {"cursor": encode_cursor("2026-01-01T00:00:00Z", UUID(int=0), 2**63)},
        {"cursor": encode_cursor("2026-01-01T00:00:00Z", UUID(int=0), 0)},
    ],
)
def test_a_place_that_no_log_has_is_refused(server: Server, wanted: dict[str, str]) -> None:
    assert server.north.get("/api/v1/audit", params=wanted).status_code == 422


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'nobody'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_an_entry(server: Server, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), server.parts.database.engine.begin() as owner:
        owner.execute(text(statement))

    assert faults(server) == []


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE audit_entries SET actor = 'nobody' WHERE sequence = 2", "was changed after it was written"),
        ("DELETE FROM audit_entries WHERE sequence = 2", "stands where 2 belongs"),
        ("DELETE FROM audit_entries WHERE sequence = 3", "3 entries were written"),
        ("UPDATE audit_entries SET signature = 'zz' WHERE sequence = 3", "the signature is not the device's"),
    ],
)
def test_who_goes_past_the_guard_is_found_out(server: Server, statement: str, reason: str) -> None:
    assert faults(server) == []

    with server.parts.database.engine.begin() as owner:
        past_the_guard(owner, statement)

    found = faults(server)
    assert len(found) == 2  # both organizations have such an entry
    assert all(reason in fault for fault in found)
