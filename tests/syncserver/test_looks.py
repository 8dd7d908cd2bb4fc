"""Looks are written many at a time, and each before its answer; a key's calls are counted without a row to wait for."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import NoneType
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from syncserver.audit.verification import verify_all
from syncserver.events.looks import Looks
from syncserver.events.transaction import Act
from syncserver.identity.api_keys.tally import Tally
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import NOW


def look(organization_id: UUID) -> Act:
    return Act(organization_id, "operator", "document.viewed", str(uuid4()))


def subjects(server: Server) -> list[str]:
    listed = server.north.get("/api/v1/audit", params={"action": "document.viewed", "limit": 100}).json()
    return [entry["subject"] for entry in listed["items"]]


@contextmanager
def away(server: Server, table: str) -> Iterator[None]:
    """The table is not there meanwhile."""
    _execute(server, f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        _execute(server, f"ALTER TABLE away RENAME TO {table}")


def _execute(server: Server, statement: str) -> None:
    with server.parts.database.engine.begin() as connection:
        connection.execute(text(statement))


async def _all(looks: Looks, acts: list[Act]) -> list[BaseException | None]:
    """What became of each, all recorded at once."""
    return await asyncio.gather(*(looks.record(act) for act in acts), return_exceptions=True)


def test_looks_at_once_each_stand_in_the_log_once(server: Server) -> None:
    looks, organization_id = Looks(server.works.begin), server.owners.north.organization_id
    acts = [look(organization_id) for _ in range(60)]

    def record(some: list[Act]) -> None:
        asyncio.run(_all(looks, some))

    with ThreadPoolExecutor(3) as pool:  # event loops of their own: a process has one, tests have many
        list(pool.map(record, (acts[:20], acts[20:40], acts[40:])))

    assert sorted(subjects(server)) == sorted(act.subject for act in acts)
    with server.parts.database.reading() as session:
        assert not any(chain.fault for chain in verify_all(session, server.parts.keys))


def test_a_look_that_cannot_be_written_fails_alone(server: Server) -> None:
    looks, organization_id = Looks(server.works.begin), server.owners.north.organization_id
    good, bad = [look(organization_id) for _ in range(20)], look(uuid4())  # of an organization that is not there

    outcomes = asyncio.run(_all(looks, [*good[:10], bad, *good[10:]]))

    assert [type(outcome) for outcome in outcomes] == [NoneType] * 10 + [IntegrityError] + [NoneType] * 10
    assert sorted(subjects(server)) == sorted(act.subject for act in good)


def test_without_its_entry_a_look_shows_nothing(server: Server) -> None:
    desktop = server.desktop()
    job_id = desktop.read()
    desktop.push()
    with away(server, "audit_entries"):
        answer = server.north.get(f"/api/v1/jobs/{job_id}")

    assert answer.status_code >= 500
    assert "result" not in answer.json()


def test_calls_that_cannot_be_written_are_kept(server: Server) -> None:
    key = server.north.post("/api/v1/api-keys", data={"name": "counted"}).json()
    tally = Tally(server.parts.database)
    tally.count(UUID(key["id"]), NOW)
    with away(server, "api_keys"):
        tally.write()
        tally.count(UUID(key["id"]), NOW)

    tally.write()
    tally.write()

    shown = {item["id"]: item for item in server.north.get("/api/v1/api-keys").json()["items"]}[key["id"]]
    assert shown["calls"] == 2


@pytest.mark.parametrize("uses", [1, 7])
def test_what_was_counted_is_written_when_the_server_ends(server: Server, uses: int) -> None:
    key = server.north.post("/api/v1/api-keys", data={"name": "counted"}).json()
    tally = Tally(server.parts.database)
    tally.start()
    for _ in range(uses):
        tally.count(UUID(key["id"]), NOW)

    tally.stop()

    shown = {item["id"]: item for item in server.north.get("/api/v1/api-keys").json()["items"]}[key["id"]]
    assert shown["calls"] == uses
