"""Sync over real sockets, on both databases, while the server and desktops are killed again and again: in the end all
agree, nothing is lost, nothing is there twice, usage is exact."""

import os
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from desktop.journey.sync.enrol import enrol
from desktop.journey.sync.push import Courier
from desktop.vault.connection import Vault
from shared.clock import system_clock
from shared.wire.v1.sync import Payload
from syncserver.app import create_app
from syncserver.effects import effects_of_many
from syncserver.events.relay import Relay
from syncserver.kit.database import Database
from syncserver.kit.secret import ServerKeys
from syncserver.settings import Settings
from tests.forking import chartdrop_server, end
from tests.simulation.checks import check
from tests.simulation.clinic import data_dir_with_key
from tests.syncserver.conftest import MovingClock, Owner, Owners, parts_of
from tests.syncserver.desktop_process import Desktop
from tests.syncserver.scripted import wait_until
from tests.syncserver.worker_process import environment

MACHINES = 3


class Server:
    """`chartdrop-server serve`, always at the same address."""

    def __init__(self, settings: Settings, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url, self._settings, self._log = f"http://127.0.0.1:{self._port}", settings, log
        self._process = self._start()

    def restart(self) -> None:
        """Killed, as a power cut would, and started."""
        self.kill()
        self._process = self._start()

    def kill(self) -> None:
        end(self._process)

    def wait(self) -> None:
        """It answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/health").status_code:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError(self._log.read_text()[-2000:])

    def _start(self) -> ForkServerProcess:
        words = ("serve", "--port", str(self._port))
        return chartdrop_server(*words, env=environment(self._settings), out=self._log, err=self._log)


@dataclass(frozen=True)
class AtRest:
    """The server, in this process."""

    app: FastAPI
    database: Database
    keys: ServerKeys


@dataclass(frozen=True)
class Machine:
    place: Path
    vault: Vault


@dataclass(frozen=True)
class Rested:
    """What `check` looks at."""

    server: AtRest
    machines: Sequence[Machine]
    organization_id: UUID
    api_key: str
    taken: set[UUID]
    made: set[UUID]
    gone: Mapping[UUID, Payload] = field(default_factory=dict)
    loses: str = "nothing"


@dataclass
class Tally:
    """How often somebody pulled the plug."""

    servers: int = 0
    desktops: int = 0


def enrolled(server: Server, owner: Owner, place: Path) -> list[Desktop]:
    with httpx.Client(base_url=server.url, headers={"X-API-Key": owner.api_key}, timeout=30) as http:
        desktops = [Desktop(data_dir_with_key(place / f"machine-{number}")) for number in range(MACHINES)]
        for desktop in desktops:
            code = http.post("/api/v1/devices/enrolment-codes").json()["code"]
            vault = desktop.vault()
            enrol(vault, server.url, code, allow_insecure=False)
            vault.close()
    return desktops


def pull_plugs(server: Server, desktops: list[Desktop], seconds: float, chance: Random) -> Tally:
    """Everybody works for so long; a desktop is killed twice a second, the server every three seconds."""
    working: dict[int, ForkServerProcess] = {n: one.start(chance.randrange(2**32)) for n, one in enumerate(desktops)}
    wait_until(lambda: all(one.told("document") for one in desktops))
    tally, until, next_server = Tally(), time.monotonic() + seconds, time.monotonic() + 3
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.2, 0.8))
        number = chance.randrange(len(desktops))
        assert working[number].exitcode is None, "a desktop ended by itself"
        end(working[number])
        working[number] = desktops[number].start(chance.randrange(2**32))
        tally.desktops += 1
        if time.monotonic() > next_server:
            server.restart()
            tally.servers, next_server = tally.servers + 1, time.monotonic() + 3
    for process in working.values():
        end(process)
    return tally


def come_home(vaults: list[Vault]) -> None:
    """Rounds until nobody has anything new."""
    couriers = [Courier(vault) for vault in vaults]
    for _ in range(10):
        done = [courier.round() for courier in couriers]
        assert [one.fault for one in done] == [None] * len(done)
        if all((one.sent, one.waiting, one.fetched) == (0, 0, 0) for one in done):
            return
    raise AssertionError(f"never at rest: {done}")


@contextmanager
def opened(desktops: list[Desktop]) -> Iterator[list[Vault]]:
    vaults = [desktop.vault() for desktop in desktops]
    yield vaults
    for vault in vaults:
        vault.close()


def run(settings: Settings, owner: Owner, place: Path, seconds: float, seed: int) -> None:
    server = Server(settings, place / "server.log")
    server.wait()
    desktops = enrolled(server, owner, place)
    tally = pull_plugs(server, desktops, seconds, Random(seed))  # noqa: S311 - to be repeated, not to be kept secret
    server.wait()
    with opened(desktops) as vaults:
        come_home(vaults)
        server.kill()
        parts = parts_of(settings, MovingClock())
        relay = Relay(parts.database, system_clock, {}, many=effects_of_many(parts.keys))
        while relay.deliver_next():
            pass
        documents = set.union(*(desktop.told("document") for desktop in desktops))
        said = set.union(*(desktop.told("correction") for desktop in desktops))
        machines = [Machine(desktop.place, vault) for desktop, vault in zip(desktops, vaults, strict=True)]
        at_rest = AtRest(create_app(parts), parts.database, parts.keys)
        check(Rested(at_rest, machines, owner.organization_id, owner.api_key, documents, said))
        parts.database.close()
    print(
        f"\n{tally.servers} servers and {tally.desktops} desktops killed in {seconds:.0f} s: {len(documents)} documents"
        f" and {len(said)} corrections kept, 0 lost, 0 doubled, usage exact"
    )
    assert tally.servers
    assert len(said) > MACHINES


@pytest.mark.timeout(300)
def test_all_agree_after_servers_and_desktops_were_killed(settings: Settings, owners: Owners, tmp_path: Path) -> None:
    run(settings, owners.north, tmp_path, seconds=8, seed=7)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_all_agree_after_servers_and_desktops_were_killed_for_a_long_time(
    settings: Settings, owners: Owners, tmp_path: Path
) -> None:
    run(settings, owners.north, tmp_path, float(os.environ.get("CHARTDROP_KILL_SECONDS", "600")), seed=8)
