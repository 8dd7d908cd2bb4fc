"""What the operator sees: numbers over all organizations, and metrics that name nobody."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from syncserver.app import create_app
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import PATIENT
from tests.syncserver.people import at_work, operator, owner_of_north

pytestmark = pytest.mark.timeout(60)
HERE, ELSEWHERE = ("127.0.0.1", 1), ("192.0.2.1", 1)


def read_and_count(server: Server) -> str:
    desktop = server.desktop()
    document_id = str(desktop.read())
    desktop.fail()
    assert desktop.push().status_code == 200
    server.follow()
    return document_id


def test_the_operator_sees_the_whole_server_in_numbers(server: Server) -> None:
    read_and_count(server)
    root = operator(server)

    stats = root.http.get("/api/v1/admin/stats").json()

    assert (stats["organizations"], stats["users"], stats["devices"]) == (3, 3, 1)
    assert (stats["jobs"], stats["completed"], stats["failed"]) == (2, 1, 1)
    assert stats["pages"] >= 2
    assert stats["api_calls"] >= 1


def test_the_operator_sees_who_has_most_read(server: Server) -> None:
    read_and_count(server)
    root = operator(server)

    top = root.http.get("/api/v1/admin/top-users", params={"limit": 2}).json()["items"]

    assert len(top) == 2
    assert (top[0]["email"], top[0]["organization_name"]) == (server.owners.north.email, "North Clinic")
    assert top[0]["pages"] >= 2
    assert top[1]["pages"] == 0


def test_a_key_of_the_operators_may_read_but_change_nothing(server: Server) -> None:
    root = operator(server)
    south = at_work(server, server.owners.south.email)
    key = server.client(root.http.post("/api/v1/api-keys", data={"name": "dashboard"}).json()["key"])

    assert key.get("/api/v1/admin/stats").status_code == 200
    assert key.patch(f"/api/v1/admin/users/{south.id}", json={"is_active": False}).status_code == 403


def test_numbers_of_the_server_are_no_customers(server: Server) -> None:
    for client in (server.north, owner_of_north(server).http):
        for path in ("/api/v1/admin/stats", "/api/v1/admin/top-users"):
            assert client.get(path).json()["code"] == "not_allowed"


def scraped(server: Server, client: tuple[str, int], **headers: str) -> Any:
    return TestClient(server.http.app, client=client).get("/metrics", headers=headers)


def test_metrics_count_requests_by_route_and_name_nobody(server: Server) -> None:
    document_id = read_and_count(server)
    assert PATIENT in server.north.get(f"/api/v1/jobs/{document_id}").text
    server.http.get("/no/such/place")

    text = scraped(server, HERE).text

    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    answered = {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for sample in samples
        if sample.name == "chartdrop_requests_total"
    }
    assert answered["GET", "/api/v1/jobs/{job_id}", "200"] == 1
    assert answered["any", "unknown", "404"] == 1
    assert {"chartdrop_database_connections", "chartdrop_requests_under_way"} <= {sample.name for sample in samples}
    for secret in (
        document_id,
        PATIENT.split()[0],
        server.owners.north.email,
        str(server.owners.north.organization_id),
    ):
        assert secret not in text


def test_metrics_are_for_this_machine_or_for_a_token(server: Server) -> None:
    settings = server.settings().model_copy(update={"metrics_token": SecretStr("the token of the operator")})
    guarded = TestClient(create_app(replace(server.parts, settings=settings)), client=ELSEWHERE)

    assert scraped(server, ELSEWHERE).json()["code"] == "not_allowed"
    assert (
        scraped(server, HERE, **{"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    )  # through a proxy on this machine
    assert guarded.get("/metrics").status_code == 403
    assert guarded.get("/metrics", headers={"Authorization": "Bearer guess"}).status_code == 403
    assert guarded.get("/metrics", headers={"Authorization": "Bearer the token of the operator"}).status_code == 200
