"""The queue in the database: who holds a job, for how long, and that each ends once whatever dies in between."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from shared.documents import Reading
from syncserver.events.record import Event
from syncserver.processing import queue
from syncserver.processing.errors import ClaimLost
from syncserver.processing.models import Submission
from syncserver.processing.queue import Claim
from syncserver.processing.sweeper import Sweeper
from syncserver.processing.work import Works, work_once
from tests.syncserver.conftest import Server
from tests.syncserver.scripted import ScriptedReader, document, wait_until

pytestmark = pytest.mark.timeout(60)
READING = Reading("a.pdf", "", page_count=1)


class Bell:
    """Notes what it is rung for."""

    def __init__(self) -> None:
        self.rung: list[UUID] = []

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def check(self) -> None: ...

    def ring(self, job_ids: Sequence[UUID], *, again: bool = False) -> None:  # noqa: ARG002
        self.rung += job_ids


def sent(server: Server, content: bytes = b"", **told: str) -> UUID:
    content = content or document()
    answer = server.north.post("/api/v1/jobs", files={"file": ("a.pdf", content)}, data=told)
    assert answer.status_code == 202, answer.text
    return UUID(answer.json()["job_id"])


def claim(server: Server) -> Claim | None:
    works = server.works
    with works.begin() as transaction:
        return queue.claim(transaction, works.keys, works.settings)


def claimed(server: Server) -> Claim:
    found = claim(server)
    assert found is not None
    return found


def finish(server: Server, held: Claim) -> None:
    works = server.works
    with works.begin() as transaction:
        queue.finish(transaction, works.keys, works.settings, held, READING)


def job(server: Server, job_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = server.north.get(f"/api/v1/jobs/{job_id}").json()
    return found


def ends(server: Server, job_id: UUID) -> list[str]:
    """The events that told of the job's end."""
    with server.parts.database.reading() as session:
        told = [event for event in session.query(Event) if event.details.get("job_id") == str(job_id)]
    return [event.kind for event in told]


def test_the_most_urgent_is_read_first_then_the_oldest(server: Server) -> None:
    low, first, second, high = (sent(server, priority=wish) for wish in ("low", "normal", "5", "9"))

    assert [claimed(server).job_id for _ in range(4)] == [high, first, second, low]
    assert claim(server) is None


def test_no_two_hold_one_job(server: Server) -> None:
    ids = {sent(server) for _ in range(12)}

    with ThreadPoolExecutor(6) as pool:
        held = [found for found in pool.map(lambda _: claim(server), range(18)) if found]

    assert sorted(found.job_id for found in held) == sorted(ids)


def test_a_worker_that_comes_back_late_changes_nothing(server: Server) -> None:
    job_id = sent(server)
    late = claimed(server)
    server.clock.ahead += timedelta(seconds=61)
    Sweeper(server.works, Bell()).sweep()
    server.clock.ahead += timedelta(seconds=11)
    present = claimed(server)
    assert (present.job_id, present.fence) == (job_id, late.fence + 1)

    for act in (finish, renew, note):
        with pytest.raises(ClaimLost):
            act(server, late)
    finish(server, present)
    with pytest.raises(ClaimLost):
        finish(server, present)

    assert ends(server, job_id) == ["job.completed"]
    assert job(server, job_id)["attempts"] == 2


def renew(server: Server, held: Claim) -> None:
    with server.works.begin() as transaction:
        queue.renew(transaction, server.works.settings, held)


def note(server: Server, held: Claim) -> None:
    with server.works.begin() as transaction:
        queue.note_page(transaction, held, 1, 4)


def test_progress_is_told_by_page(server: Server) -> None:
    job_id = sent(server)
    held = claimed(server)
    assert (job(server, job_id)["status"], job(server, job_id)["progress"]) == ("processing", 0)

    note(server, held)

    assert (job(server, job_id)["progress"], job(server, job_id)["page_count"]) == (0.25, 4)


def test_a_worker_that_is_heard_of_keeps_its_job_until_the_hard_limit(server: Server) -> None:
    sent(server)
    held = claimed(server)
    sweeper = Sweeper(server.works, Bell())

    for _ in range(35):  # of 50 seconds: more than 25 minutes, less than 30
        server.clock.ahead += timedelta(seconds=50)
        renew(server, held)
        sweeper.sweep()
    server.clock.ahead += timedelta(seconds=51)

    renew(server, held)  # but no further than the limit
    sweeper.sweep()
    with pytest.raises(ClaimLost):
        renew(server, held)


def test_three_workers_that_die_fail_the_job_with_the_reason(server: Server) -> None:
    job_id, bell = sent(server), Bell()
    for attempt in (1, 2, 3):
        assert claimed(server).attempt == attempt
        server.clock.ahead += timedelta(minutes=2)
        Sweeper(server.works, bell).sweep()
        server.clock.ahead += timedelta(minutes=2)  # the back-off

    failed = job(server, job_id)
    assert (failed["status"], failed["attempts"], failed["error"]["code"]) == ("failed", 3, "reader_crashed")
    assert "tried 3 times" in failed["error"]["message"]
    assert ends(server, job_id) == ["job.failed"]
    assert claim(server) is None


def test_a_reader_that_breaks_gets_more_attempts_each_after_a_longer_wait(server: Server, tmp_path: Path) -> None:
    job_id = sent(server, document(errors=["reader_crashed", "reader_timed_out", None], tries=str(tmp_path / "tries")))
    waits = []

    while job(server, job_id)["status"] not in ("completed", "failed"):
        if server.work() == 0:
            server.clock.ahead += timedelta(seconds=5)
        else:
            waits.append(server.clock.ahead.total_seconds())

    assert job(server, job_id)["status"] == "completed"
    assert job(server, job_id)["attempts"] == 3
    assert waits == [0, 10, 70]


@pytest.mark.parametrize("error", ["file_encrypted", "too_many_pages", "template_unknown"])
def test_what_is_the_documents_fault_is_not_tried_again(server: Server, error: str) -> None:
    job_id = sent(server, document(error=error))

    assert server.work() == 1

    assert (job(server, job_id)["status"], job(server, job_id)["attempts"]) == ("failed", 1)


def test_what_waits_is_told_to_the_workers_again(server: Server) -> None:
    ids, bell = {sent(server) for _ in range(3)}, Bell()
    held = claimed(server)

    Sweeper(server.works, bell).sweep()

    assert set(bell.rung) == ids - {held.job_id}


def test_what_is_cancelled_or_deleted_while_it_is_read_is_left(server: Server) -> None:
    for method, path in (("POST", "/cancel"), ("DELETE", "")):
        job_id = sent(server, document(pages=2))
        held = claimed(server)
        assert server.north.request(method, f"/api/v1/jobs/{job_id}{path}").status_code in (200, 204)

        with pytest.raises(ClaimLost):
            finish(server, held)

        assert ends(server, job_id) == []


def test_a_reading_is_broken_off_when_its_job_is_cancelled(server: Server) -> None:
    works = with_lease(server, 0.3)
    job_id = sent(server, document(pages=1000, seconds=0.2))
    thread = Thread(target=work_once, args=(works, ScriptedReader()))
    thread.start()
    wait_until(lambda: job(server, job_id)["status"] == "processing")

    server.north.post(f"/api/v1/jobs/{job_id}/cancel")

    thread.join(10)
    assert not thread.is_alive()
    assert (job(server, job_id)["status"], ends(server, job_id)) == ("cancelled", [])


def with_lease(server: Server, seconds: float) -> Works:
    object.__setattr__(server.parts, "settings", server.parts.settings.model_copy(update={"lease_s": seconds}))
    return server.works


def test_a_worker_outlives_its_lease_by_its_heart(server: Server) -> None:
    works = with_lease(server, 2)
    job_id = sent(server, document(seconds=4.5))
    sweeper, done = Sweeper(works, Bell()), Flag()

    def sweep() -> None:
        while not done.wait(0.1):
            sweeper.sweep()

    broom = Thread(target=sweep)
    broom.start()
    work_once(works, ScriptedReader())
    done.set()
    broom.join()

    assert (job(server, job_id)["status"], job(server, job_id)["attempts"]) == ("completed", 1)


def test_a_worker_that_stops_gives_its_job_back_without_a_strike(server: Server) -> None:
    works = with_lease(server, 0.3)
    job_id = sent(server, document(pages=1000, seconds=0.2))
    reader = ScriptedReader()
    thread = Thread(target=work_once, args=(works, reader))
    thread.start()
    wait_until(lambda: job(server, job_id)["status"] == "processing")

    works.stopping.set()
    reader.cancel()
    thread.join(10)

    assert (job(server, job_id)["status"], job(server, job_id)["attempts"]) == ("pending", 0)
    assert claimed(server).attempt == 1


def test_an_original_that_is_gone_fails_the_job(server: Server) -> None:
    job_id = sent(server)
    (found,) = server.works.storage.list("")
    server.works.storage.delete(found.name)

    server.work()

    assert job(server, job_id)["error"]["code"] == "object_missing"


def test_originals_are_deleted_when_their_time_is_over(server: Server) -> None:
    read, waiting = sent(server), sent(server, priority="low")
    finish(server, claimed(server))
    cleaner = Sweeper(server.works, Bell())
    server.clock.ahead += timedelta(days=29)
    cleaner.clean()
    assert len(list(server.works.storage.list(""))) == 2
    server.clock.ahead += timedelta(days=2)
    cleaner.clean()

    assert [found.name.split("/")[-1] for found in server.works.storage.list("")] == [str(waiting)]
    assert job(server, read)["status"] == "completed"
    assert server.north.get(f"/api/v1/jobs/{read}/original").json()["code"] == "original_gone"


def test_an_upload_that_no_job_came_of_is_deleted_after_a_day(server: Server) -> None:
    kept = sent(server)
    lost = sent(server)
    with server.parts.database.writing() as session:
        session.execute(delete(Submission).where(Submission.job_id == lost))
    cleaner = Sweeper(server.works, Bell())

    cleaner.clean()
    assert len(list(server.works.storage.list(""))) == 2
    server.clock.ahead += timedelta(hours=25)
    cleaner.clean()

    assert [found.name.split("/")[-1] for found in server.works.storage.list("")] == [str(kept)]
