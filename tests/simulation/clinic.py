"""The parts of a simulated clinic: one real server, and machines with real stores, each with a clock of its own.

All of it runs in one thread. The clinic is made once, and for each schedule its files are put back to what they were
then; what was compiled (routes, statements) stays, so that a schedule takes a fraction of a second.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Connection, event

from desktop.journey.sync.push import Courier
from desktop.settings import Settings
from desktop.vault import audit_log, device, store
from desktop.vault.connection import Vault, open_vault
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import KeySlot, first_key_file, write_first_key_file
from shared.crypto.aead import seal
from shared.crypto.keys import key_from_passphrase, new_key, new_salt
from shared.crypto.signing import verifying_key
from shared.wire.v1.devices import Enrolment
from syncserver.app import Parts, create_app
from syncserver.audit.service import AuditWriter
from syncserver.changes import service as changes
from syncserver.events.relay import Relay
from syncserver.events.transaction import beginner
from syncserver.kit.database import EMBEDDED_FILE, Database, open_database
from syncserver.kit.secret import ServerKeys, load_keys
from syncserver.migrations.run import upgrade
from syncserver.settings import Settings as ServerSettings
from syncserver.usage.service import count_pages
from tests.simulation.wire import InProcess

URL = "http://localhost:8000"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PASSPHRASE, _SECRET = "simulated", "0123456789abcdef-of-the-simulation-01234"
_PASSWORD = "a horse in the waiting room"


class Crash(BaseException):
    """The power went."""


@dataclass
class Time:
    """The true time, which only the schedule moves on."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class SimulatedServer:
    """A server over its database file; what it keeps in memory is lost whenever it is opened anew."""

    place: Path
    time: Time
    keys: ServerKeys = field(init=False)
    database: Database = field(init=False)
    app: FastAPI = field(init=False)
    fails_in: int | None = None
    """After how many commits from now one fails, with all of its transaction."""

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """It serves what its database holds."""
        settings = ServerSettings(data_dir=self.place, secret_key=SecretStr(_SECRET), workers=0)
        self.keys = load_keys(settings)
        self.database = open_database(settings, self.keys)
        event.listen(self.database.engine, "commit", self._maybe_fail)
        self.app = create_app(Parts(settings, self.keys, self.database, self.time))

    def reopen(self) -> None:
        """As after a restart."""
        self.database.close()
        self.open()

    def reset(self) -> None:
        """Its files were put back."""
        self.fails_in = None
        self.database.close()

    def deliver(self, most: int = 1_000_000) -> None:
        """So many events have had their effects."""
        relay = Relay(self.database, self.time, {}, many={"pages.read": [count_pages]})
        while most and relay.deliver_next():
            most -= 1

    def back_up(self) -> Path:
        """A copy of the database as it is."""
        self.database.close()
        copy = self.place / f"{uuid4().hex}.backup"
        shutil.copy(self.place / EMBEDDED_FILE, copy)
        return copy

    def restore(self, backup: Path) -> None:
        """The database is the copy, and its feeds begin another life, as `chartdrop-server restore` has it."""
        self.database.close()
        for journal in ("-wal", "-shm"):
            (self.place / f"{EMBEDDED_FILE}{journal}").unlink(missing_ok=True)
        shutil.copy(backup, self.place / EMBEDDED_FILE)
        begin = beginner(self.database, self.time, AuditWriter(self.keys), lambda: None)
        with self.database.reading() as session:
            organizations = changes.organizations(session)
        for organization_id in organizations:
            with begin() as transaction:
                changes.begin_epoch(transaction, organization_id)

    def _maybe_fail(self, _: Connection) -> None:
        if self.fails_in is not None:
            self.fails_in -= 1
            if self.fails_in < 0:
                self.fails_in = None
                raise OSError("the simulated disk is gone")


@dataclass
class Machine:
    """A desktop: its store, its clock (`ahead` of the true time), and what its program has in memory."""

    place: Path
    time: Time
    wire: httpx.BaseTransport
    ahead: timedelta = timedelta()
    crashes_in: int | None = None
    """After how many steps of the store or the wire from now the power goes."""
    vault: Vault = field(init=False)
    courier: Courier = field(init=False)
    enrolled_as: str = field(init=False)

    def __post_init__(self) -> None:
        self.open()
        self.enrolled_as = self.vault.chain.device_id

    def clock(self) -> datetime:
        return self.time.now + self.ahead

    def open(self) -> None:
        """The program runs."""
        settings = Settings.model_validate({"data_dir": self.place, "passphrase": PASSPHRASE})
        self.vault = open_vault(settings, lambda: None, self.clock)
        for moment in ("begin", "commit"):
            event.listen(self.vault.engine, moment, self.step)
        self.start()

    def start(self) -> None:
        """The program is as it is when it was just started; what it had not committed is gone."""
        self.vault.close()
        self.crashes_in = None
        self.courier = Courier(self.vault, transport=self.wire)

    def reopen(self) -> None:
        """The store is opened as `chartdrop` does it."""
        self.vault.close()
        self.open()

    def back_up(self) -> Path:
        """A copy of the store as it is."""
        self.vault.close()
        copy = self.place.with_name(f"{uuid4().hex}.backup")
        shutil.copytree(self.place, copy)
        return copy

    def restore(self, backup: Path) -> None:
        """The store is the copy, in another life of it, as `chartdrop restore` has it."""
        self.vault.close()
        shutil.rmtree(self.place)
        shutil.copytree(backup, self.place)
        self.open()
        with self.vault.act() as connection:
            store.begin_epoch(connection, self.clock())
            act = audit_log.Act(audit_log.OPERATOR, "store.restored", str(self.vault.device_id))
            audit_log.record(connection, self.vault.chain, act)

    def reset(self, wire: httpx.BaseTransport) -> None:
        """Its files were put back, and it has another wire."""
        self.wire, self.ahead = wire, timedelta()
        if self.vault.chain.device_id == self.enrolled_as:
            self.start()
        else:  # its store goes on under another identity in the last schedule
            self.reopen()

    def step(self, _: object = None) -> None:
        """The power may go here: before a transaction, before its commit, before a request and after its answer."""
        if self.crashes_in is not None:
            self.crashes_in -= 1
            if self.crashes_in < 0:
                self.crashes_in = None
                raise Crash

    def survive(self, act: Callable[[], object]) -> None:
        """`act` is done, or the power went meanwhile and the program runs anew."""
        try:
            act()
        except Crash:
            self.start()
        finally:
            self.crashes_in = None


@dataclass
class Clinic:
    """A server with an organization, and machines that are enrolled with it."""

    place: Path
    time: Time
    server: SimulatedServer
    machines: list[Machine]
    organization_id: UUID
    api_key: str

    def keep(self) -> None:
        """This is what `reset` goes back to."""
        self.close()
        shutil.copytree(self.place / "now", self.place / "kept")

    def reset(self, wires: Sequence[httpx.BaseTransport]) -> None:
        """All is as it was when it was kept, and the machines have these wires."""
        self.close()
        shutil.rmtree(self.place / "now")
        shutil.copytree(self.place / "kept", self.place / "now")
        self.time.now = NOON
        self.server.reset()
        for machine, wire in zip(self.machines, wires, strict=True):
            machine.reset(wire)

    def close(self) -> None:
        """No file is open."""
        self.server.database.close()
        for machine in self.machines:
            machine.vault.close()


def found_clinic(place: Path, count: int) -> Clinic:
    """A clinic with `count` machines, kept."""
    time, now = Time(), place / "now"
    (now / "server").mkdir(parents=True)
    _migrate(now / "server")
    server = SimulatedServer(now / "server", time)
    wire = InProcess(lambda: server.app)
    with httpx.Client(base_url=URL, transport=wire) as http:
        account = {"email": "o@example.com", "password": _PASSWORD, "full_name": "O", "organization_name": "Clinic"}
        organization_id = UUID(http.post("/api/v1/register", json=account).json()["organization_id"])
        signed_in = http.post("/api/v1/login", data={"username": "o@example.com", "password": _PASSWORD}).json()
        http.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        api_key = http.post("/api/v1/api-keys", data={"name": "simulation"}).json()["key"]
        _join(http)
        machines = [Machine(data_dir_with_key(now / f"machine-{number}"), time, wire) for number in range(count)]
        for machine in machines:
            _enrol(machine, http)
    clinic = Clinic(place, time, server, machines, organization_id, api_key)
    clinic.keep()
    return clinic


def _migrate(place: Path) -> None:
    settings = ServerSettings(data_dir=place, secret_key=SecretStr(_SECRET))
    database = open_database(settings, load_keys(settings))
    upgrade(database)
    database.close()


def data_dir_with_key(place: Path) -> Path:
    """A data directory whose passphrase is stretched next to nothing."""
    folder, store_id = DataFolder(place), str(uuid4())
    folder.make()
    bare, salt = KeySlot(kind="passphrase", passes=1, memory_kib=8, lanes=1), new_salt()
    wrapping = key_from_passphrase(PASSPHRASE, salt, bare.cost)
    wrapped = seal(wrapping, new_key(), f"chartdrop master key v1|{store_id}".encode())
    slot = bare.model_copy(update={"salt": salt, "wrapped_key": wrapped})
    assert write_first_key_file(folder, first_key_file(store_id, slot))
    return place


def _join(http: httpx.Client) -> None:
    """Two more people belong to the organization."""
    for number in (1, 2):
        invited = http.post("/api/v1/invitations", json={"email": f"p{number}@example.com", "role": "member"}).json()
        acceptance = {"token": invited["token"], "full_name": f"Person {number}", "password": _PASSWORD}
        assert http.post("/api/v1/invitations/accept", json=acceptance).status_code == 201


def _enrol(machine: Machine, http: httpx.Client) -> None:
    request = {
        "code": http.post("/api/v1/devices/enrolment-codes").json()["code"],
        "device_id": str(machine.vault.device_id),
        "name": machine.place.name,
        "public_key": verifying_key(machine.vault.chain.signing_key).hex(),
    }
    answer = http.post("/api/v1/devices", json=request)
    with machine.vault.act() as connection:
        device.set_link(connection, URL, Enrolment.model_validate_json(answer.content), machine.clock())
