"""Webhooks while serving processes are killed, the event relay and the senders in them: nothing is lost, nobody waits
for an endpoint that fails.
"""

import json
import random
import statistics
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from shared.clock import system_clock
from shared.ids import new_id
from syncserver.app import create_app
from syncserver.events.record import announce
from syncserver.kit.database import Database
from syncserver.settings import Settings
from syncserver.webhooks.models import WebhookDelivery
from tests.syncserver.conftest import MovingClock, Owner, Owners, parts_of
from tests.syncserver.receiver import Received, Reply, receiving
from tests.syncserver.worker_process import ServerProcess

EVENT = "job.completed"


@dataclass
class Told:
    """What one organization was told, and how long after it had happened."""

    organization_id: UUID
    fails: float = 0
    chance: random.Random = field(default_factory=lambda: random.Random(8))  # noqa: S311 - no secret
    happened: dict[str, float] = field(default_factory=dict)
    arrived: dict[str, float] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    calls: int = 0

    def happen(self, database: Database, number: int = 1) -> None:
        """So many events are committed."""
        jobs = [str(new_id()) for _ in range(number)]
        with database.writing() as session:
            for job in jobs:
                announce(session, self.organization_id, EVENT, {"job_id": job}, system_clock())
        self.happened |= dict.fromkeys(jobs, time.monotonic())

    def answer(self, received: Received) -> Reply:
        """Failing as often as it is to."""
        job = json.loads(received.body)["data"]["job_id"]
        self.calls += 1
        self.ids[job].add(received.id)
        if self.chance.random() < self.fails:
            return Reply(500)
        self.arrived.setdefault(job, received.at)
        return Reply(204)

    def is_complete(self) -> bool:
        return self.arrived.keys() >= self.happened.keys()

    def p95(self) -> float:
        """Seconds from the commit of what happened to its arrival."""
        delays = [self.arrived[job] - at for job, at in self.happened.items()]
        return statistics.quantiles(delays, n=20)[-1]


@dataclass(frozen=True)
class Load:
    """So many messages, so many a second, to an endpoint that fails half the time; before it, `alone_s` without it.

    As long as something happens, a server is killed every so many seconds.
    """

    number: int
    rate: int
    kill_every_s: float
    alone_s: float


class Killed:
    """Processes serve, one of which is killed and started again every so often: of two on PostgreSQL, of one else."""

    def __init__(self, settings: Settings, place: Path, every_s: float) -> None:
        self._settings, self._place, self._every_s = settings, place, every_s
        self._running = [ServerProcess(settings, place) for _ in range(1 if settings.embedded else 2)]
        self._enough, self.kills = threading.Event(), 0
        self._killer = threading.Thread(target=self._kill)

    def __enter__(self) -> "Killed":
        self._killer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave_alone()
        for process in self._running:
            process.close()

    def leave_alone(self) -> None:
        """None is killed any more."""
        self._enough.set()
        self._killer.join()

    def _kill(self) -> None:
        while not self._enough.wait(self._every_s):
            self._running.pop(0).close()
            self._running.append(ServerProcess(self._settings, self._place))
            self.kills += 1


def registered(settings: Settings, owner: Owner, url: str) -> None:
    """The owner's organization is told at `url`."""
    parts = parts_of(settings, MovingClock())
    http = TestClient(create_app(parts), headers={"X-API-Key": owner.api_key})
    assert http.post("/api/v1/webhooks", json={"url": url, "events": [EVENT]}).status_code == 201
    parts.database.close()


def undelivered(database: Database) -> int:
    with database.reading() as session:
        left = select(func.count()).select_from(WebhookDelivery).where(WebhookDelivery.state != "delivered")
        return session.scalar(left) or 0


def wait_for(told: Told, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not told.is_complete():
        missing = len(told.happened.keys() - told.arrived.keys())
        assert time.monotonic() < end, f"{missing} of {len(told.happened)} did not arrive"
        time.sleep(0.1)


def wait_until_written(database: Database) -> None:
    """Nothing is to be sent any more. What arrived while its sender was killed comes once more."""
    end = time.monotonic() + 120
    while undelivered(database):
        assert time.monotonic() < end
        time.sleep(0.2)


def assert_each_came_under_one_id(told: Told) -> None:
    assert told.arrived.keys() == told.happened.keys()
    assert {len(ids) for ids in told.ids.values()} == {1}
    assert len(set.union(*told.ids.values())) == len(told.happened)


@pytest.fixture
def failing_half(settings: Settings) -> Settings:
    """What takes hours in life takes a second here."""
    return settings.model_copy(
        update={
            "webhook_allowed_networks": (ip_network("127.0.0.0/8"),),
            "webhook_retries_s": (0.5,) * 60,
            "lease_s": 5.0,
            "workers": 0,
        }
    )


def run(settings: Settings, owners: Owners, place: Path, load: Load) -> float:
    """Everything arrived, under one id. Prints the figures; how many times later another's endpoint was told (p95)."""
    database = parts_of(settings, MovingClock()).database
    noisy, calm = Told(owners.north.organization_id, fails=0.5), Told(owners.south.organization_id)
    alone = Told(owners.south.organization_id)
    with receiving() as failing, receiving() as other:
        failing.answer, other.answer = noisy.answer, alone.answer
        registered(settings, owners.north, failing.url)
        registered(settings, owners.south, other.url)
        with Killed(settings, place, load.kill_every_s) as servers:
            happen(database, alone, load.alone_s)
            wait_for(alone, 120)
            other.answer, begun = calm.answer, time.monotonic()
            happen(database, calm, load.number / load.rate, noisy, load.rate)
            servers.leave_alone()
            for told in (calm, noisy):
                wait_for(told, 300)
            took = time.monotonic() - begun
            wait_until_written(database)
    database.close()
    for told in (alone, calm, noisy):
        assert_each_came_under_one_id(told)
    ratio = calm.p95() / alone.p95()
    print(
        f"\n{len(noisy.happened)} webhooks in {took:.0f} s, {noisy.calls} calls, {servers.kills} servers killed; p95 "
        f"of another's: {alone.p95():.2f} s alone ({len(alone.happened)} messages), {calm.p95():.2f} s beside it "
        f"({len(calm.happened)}), ratio {ratio:.2f}"
    )
    return ratio


def happen(database: Database, calm: Told, seconds: float, noisy: Told | None = None, rate: int = 0) -> None:
    """Five times a second something happens to the calm one, and its fifth of `rate` to the noisy one."""
    begun = time.monotonic()
    for step in range(round(seconds * 5)):
        calm.happen(database)
        if noisy:
            noisy.happen(database, rate // 5)
        time.sleep(max(0, begun + (step + 1) / 5 - time.monotonic()))


@pytest.mark.timeout(180)
def test_nothing_is_lost_while_servers_are_killed(failing_half: Settings, owners: Owners, tmp_path: Path) -> None:
    run(failing_half, owners, tmp_path, Load(120, 30, kill_every_s=1.5, alone_s=2))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_ten_thousand_webhooks_while_servers_are_killed(failing_half: Settings, owners: Owners, tmp_path: Path) -> None:
    ratio = run(failing_half, owners, tmp_path, Load(10_000, 20, kill_every_s=10, alone_s=120))

    assert ratio < 2
