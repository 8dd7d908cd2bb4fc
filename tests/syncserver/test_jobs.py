"""Jobs: lists by cursor and filter, the numbers, usage."""

import json
import threading
import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from shared.wire.v1.sync import UsageCounted
from syncserver.documents.schemas import JobDetail
from syncserver.kit.paging import encode_cursor
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import admission

pytestmark = pytest.mark.timeout(60)


def test_jobs_come_in_pages_the_last_first_and_none_twice(server: Server) -> None:
    desktop = server.desktop()
    ids = [str(desktop.read()) for _ in range(5)]
    for row in range(0, 15, 3):
        desktop.push(desktop.outbox[row : row + 3])

    seen, cursor = [], None
    for _ in range(3):
        page = server.north.get("/api/v1/jobs", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [job["job_id"] for job in page["items"]]
        cursor = page["next_cursor"]
        desktop.read()  # what is added meanwhile moves no page
        desktop.push()

    assert seen == ids[::-1]
    assert cursor is None


def test_jobs_synced_at_one_moment_are_all_listed(server: Server) -> None:
    desktop = server.desktop()
    ids = {str(desktop.read()) for _ in range(4)}
    desktop.push()

    first = server.north.get("/api/v1/jobs", params={"limit": 3}).json()
    second = server.north.get("/api/v1/jobs", params={"limit": 3, "cursor": first["next_cursor"]}).json()

    assert {job["job_id"] for job in first["items"] + second["items"]} == ids


def test_a_listed_job_carries_what_the_contract_says(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.push()

    job = server.north.get("/api/v1/jobs").json()["items"][0]

    assert job["job_id"] == str(document_id)
    assert (job["status"], job["progress"], job["origin"]) == ("completed", 1.0, "desktop")
    assert (job["device_id"], job["page_count"], job["document_type"]) == (str(desktop.id), 2, "hospice_admission")
    assert job["started_at"] < job["finished_at"] == job["created_at"] == "2026-03-01T09:30:00Z"


def test_filters_narrow_the_list(server: Server) -> None:
    desktop = server.desktop()
    done, failed = desktop.read(), desktop.fail()
    desktop.push()
    between = server.clock().isoformat()
    desktop.read(done)  # read again: changed since
    desktop.push()

    def listed(**wanted: str) -> set[str]:
        return {job["job_id"] for job in server.north.get("/api/v1/jobs", params=wanted).json()["items"]}

    assert listed(status="completed") == {str(done)}
    assert listed(status="failed") == {str(failed)}
    assert listed(document_type="hospice_admission") == {str(done)}
    assert listed(origin="desktop") == {str(done), str(failed)}
    assert listed(origin="api") == set()
    assert listed(since=between) == {str(done)}


@pytest.mark.parametrize(
    "wanted",
    [
        {"limit": "101"},
        {"limit": "0"},
        {"status": "lost"},
        {"since": "soon"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"since": "9999-12-31T23:59:59-14:00"},
        {"cursor": "!"},
        {"cursor": "W10="},
        {"cursor": encode_cursor("0001-01-01T00:00:00+14:00", UUID(int=0))},
    ],
)
def test_a_query_that_is_none_is_refused(server: Server, wanted: dict[str, str]) -> None:
    answer = server.north.get("/api/v1/jobs", params=wanted)

    assert answer.status_code == 422
    assert next(iter(wanted)) in answer.json()["detail"].lower()


def test_what_is_asked_for_most_takes_few_statements(server: Server) -> None:
    desktop = server.desktop()
    job_id = desktop.read()
    desktop.push()
    said: list[str] = []
    engines = server.parts.database.engines()

    def note(*of: object) -> None:
        if threading.current_thread().name.startswith("asyncio"):  # what is delivered meanwhile is no request's
            said.append(str(of[2]))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        assert server.north.get(f"/api/v1/jobs/{job_id}").status_code == 200
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)

    asked = [statement for statement in said if not statement.startswith("BEGIN")]
    assert len(asked) == 5, asked  # who it is, the job, its look: the log's head, the entry, the head moved on
    assert len(said) <= 8  # SQLite begins in each of the three, PostgreSQL in two


def test_an_unknown_job_is_not_found(server: Server) -> None:
    assert server.north.get(f"/api/v1/jobs/{uuid4()}").status_code == 404
    assert server.north.get("/api/v1/jobs/one").status_code == 422


def test_the_numbers_are_those_of_all_jobs(server: Server) -> None:
    assert server.north.get("/api/v1/stats").json()["average_confidence"] is None
    desktop = server.desktop()
    desktop.read(reading=admission(pages=2, confidence=0.8))
    desktop.read(reading=admission(pages=3, confidence=0.9))
    desktop.fail()
    desktop.push()

    assert server.north.get("/api/v1/stats").json() == {
        "total_jobs": 3,
        "completed": 2,
        "failed": 1,
        "pages": 5,
        "average_confidence": 0.85,
    }


def pages_used(server: Server, at_least: int) -> int:
    """The pages of this period, once the effect has followed the push."""
    deadline = time.monotonic() + 5
    pages = -1
    while pages < at_least and time.monotonic() < deadline:
        pages = server.north.get("/api/v1/me").json()["usage"]["pages"]
        time.sleep(0.01)
    return pages


def test_pages_are_counted_once_for_a_document_and_attempt(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read(reading=admission(pages=2))
    desktop.write(UsageCounted(document_id=document_id, attempt=1, pages=2))
    desktop.read(document_id, admission(pages=3))
    desktop.push()
    desktop.push()

    assert pages_used(server, at_least=5) == 5


def test_prices_are_open_to_everybody(server: Server) -> None:
    tiers = {tier["id"]: tier for tier in server.http.get("/api/v1/pricing").json()["tiers"]}

    assert list(tiers) == ["starter", "professional", "enterprise"]
    assert (tiers["professional"]["amount"], tiers["professional"]["currency"]) == (800000, "usd")


def test_a_job_is_answered_in_the_shape_that_the_api_describes(server: Server) -> None:
    desktop = server.desktop()
    read, failed = desktop.read(), desktop.fail()
    desktop.push()

    for job_id in (read, failed):
        answer = server.north.get(f"/api/v1/jobs/{job_id}")
        assert answer.headers["content-type"] == "application/json"
        assert json.loads(JobDetail.model_validate_json(answer.content).model_dump_json()) == answer.json()
