"""Anybody may send what the OpenAPI document allows: no fault of ours, no answer that it does not announce."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.syncserver.conftest import Server
from tests.syncserver.people import joined, owner_of_north

pytestmark = pytest.mark.timeout(280)
EXAMPLES = int(os.environ.get("CHARTDROP_FUZZING_EXAMPLES", "3"))
"""Of each operation, for each of those who ask; the seed is fixed."""
EXPECTED = {
    "owner": {200, 201, 204, 404, 422},
    "member": {200, 201, 403, 404, 422},
    "key": {200, 201, 404, 422},
    "stranger": {200, 401, 422},
}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def client_of(server: Server, who: str) -> TestClient:
    clients = {
        "owner": lambda: owner_of_north(server).http,
        "member": lambda: joined(server, "member").http,
        "key": lambda: server.north,
        "stranger": lambda: server.http,
    }
    return clients[who]()


@pytest.fixture
def started(paying: Server) -> Iterator[Server]:
    """A server with an account at Stripe, without which billing answers 503 to all; what it does by itself, it does."""
    with paying.http:
        yield paying


def running(app: ASGIApp) -> ASGIApp:
    """`app`, which was started already."""

    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for moment in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{moment}.complete"})

    return ask


@pytest.mark.parametrize("who", ["owner", "member", "key", "stranger"])
def test_no_request_surprises_the_server(started: Server, who: str) -> None:
    server = started
    sent = client_of(server, who).headers
    credentials = {name: sent[name] for name in ("Authorization", "X-API-Key") if name in sent}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", running(server.http.app))
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    faults: list[str] = []
    answers: set[int] = set()

    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Case[Any]) -> None:
            try:
                answers.add(case.call_and_validate(headers=credentials, checks=CHECKS).status_code)
            except (AssertionError, FailureGroup) as error:  # gathered, so that one run tells of all
                faults.append(f"{case.method} {case.path}: {error}")

        ask()

    assert len(operations) >= 40
    assert EXPECTED[who] <= answers  # it came further than the door
    assert not faults, "\n\n".join(faults)
