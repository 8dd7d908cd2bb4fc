"""Servers that several parts of the suite share: started when first asked for, once a session."""

import os
import sys
from collections.abc import Iterator

import pytest

from tests.servers import RedisServer, S3Server, redis_server, s3_server

# Each of some hundred processes would compile thousands of modules anew where the shell says that none are kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


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
