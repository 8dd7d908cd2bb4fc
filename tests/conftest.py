"""What all tests share: they are frugal, and what is slow to start is started when first asked for, once a session."""

import os
import sys
from collections.abc import Iterator

import pytest

from shared.crypto.keys import PassphraseCost
from shared.reading.settings import ReadingSettings
from shared.reading.worker import ReadingProcess
from tests.frugal import be_frugal, hash_at_full_cost
from tests.servers import RedisServer, S3Server, redis_server, s3_server

# Each of some hundred processes would compile thousands of modules anew where the shell says that none are kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session", autouse=True)
def frugal() -> Iterator[None]:
    """New passphrases, PINs and passwords cost next to nothing, and reading takes one thread."""
    with pytest.MonkeyPatch.context() as patch:
        be_frugal(patch)
        yield


@pytest.fixture
def full_hashing(monkeypatch: pytest.MonkeyPatch) -> PassphraseCost:
    """New passphrases, PINs and passwords cost what they cost in the product, which is returned."""
    return hash_at_full_cost(monkeypatch)


@pytest.fixture(scope="session")
def reader() -> Iterator[ReadingProcess]:
    """One warm reading process, for all tests that need none of their own."""
    with ReadingProcess(ReadingSettings(threads=1)) as process:
        process.warm_up()
        yield process


@pytest.fixture(scope="session")
def s3_service() -> Iterator[S3Server]:
    """An S3 server of our own."""
    with s3_server() as server:
        yield server


@pytest.fixture(scope="session")
def redis_service() -> Iterator[RedisServer]:
    """A Redis server of our own."""
    with redis_server() as server:
        yield server
