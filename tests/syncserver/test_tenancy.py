"""What keeps clinics apart: a stranger gets 401 everywhere, another organization's owner 404."""

from collections.abc import Mapping

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from tests.syncserver.conftest import Server
from tests.syncserver.people import at_work, invitation, owner_of_north
from tests.syncserver.scripted import document
from tests.syncserver.test_templates import written

pytestmark = pytest.mark.timeout(60)
OPEN = {
    "/",
    "/health",
    "/api/docs",
    "/api/redoc",
    "/api/docs-assets/{name}",
    "/api/v1/register",
    "/api/v1/login",
    "/api/v1/refresh",
    "/api/v1/logout",
    "/api/v1/pricing",
    "/api/v1/password/forgotten",
    "/api/v1/password/reset",
    "/api/v1/invitations/accept",
    "/api/v1/devices/challenge",
    "/api/v1/devices/token",
    "/api/v1/sync/succession",  # the earlier identity's signature is the credential
    "/api/v1/originals",  # the link is the credential
    "/api/v1/billing/stripe-webhook",  # Stripe's signature is
}


def closed_routes(server: Server) -> list[tuple[str, str]]:
    document = server.http.get("/api/openapi.json").json()
    routes = [(path, method.upper()) for path, methods in document["paths"].items() for method in methods]
    return [
        (path, method) for path, method in routes if path not in OPEN and (path, method) != ("/api/v1/devices", "POST")
    ]


def test_a_stranger_gets_401_on_every_route_that_is_not_open(server: Server) -> None:
    routes = closed_routes(server)
    assert len(routes) >= 12

    for path, method in routes:
        answer = server.http.request(method, path.replace("{", "").replace("}", ""))
        assert (path, answer.status_code, answer.json()["code"]) == (path, 401, "not_signed_in")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": "sk_live_made_up"},
        {"X-API-Key": "sk_live_" + "a" * 36},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer a.b.c"},
        {"Authorization": "Basic YTpi"},
    ],
)
def test_made_up_credentials_open_nothing(server: Server, headers: dict[str, str]) -> None:
    assert server.http.get("/api/v1/jobs", headers=headers).status_code == 401


def test_what_belongs_to_another_organization_is_not_found(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.push()
    key_id = server.north.post("/api/v1/api-keys", data={"name": "north"}).json()["id"]

    for method, path in [
        ("GET", f"/api/v1/jobs/{document_id}"),
        ("DELETE", f"/api/v1/devices/{desktop.id}"),
        ("DELETE", f"/api/v1/api-keys/{key_id}"),
    ]:
        answer = server.south.request(method, path)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 404, "not_found")
    assert desktop.push().status_code == 200


def webhook_ids(owner: TestClient) -> dict[str, str]:
    endpoint = owner.post("/api/v1/webhooks", json={"url": "https://hooks.invalid/"}).json()["id"]
    return {
        "endpoint_id": endpoint,
        "delivery_id": owner.post(f"/api/v1/webhooks/{endpoint}/test").json()["id"],
    }


def northern(server: Server) -> dict[str, str]:
    """An id of North Clinic's for each parameter of a path."""
    desktop, owner = server.desktop(), owner_of_north(server)
    document_id = desktop.read()
    desktop.push()
    files = [("files", ("1.pdf", document(pages=1)))]
    return {
        "job_id": str(document_id),
        "batch_id": server.north.post("/api/v1/batches", files=files, data={"name": "Monday"}).json()["batch_id"],
        "device_id": str(desktop.id),
        "key_id": owner.http.post("/api/v1/api-keys", data={"name": "north"}).json()["id"],
        "user_id": owner.id,
        "session_id": owner.http.get("/api/v1/me/sessions").json()["items"][0]["id"],
        "invitation_id": invitation(owner.http, "one@example.com")["id"],
        "name": owner.http.post("/api/v1/templates", json=written()).json()["name"],
        **webhook_ids(owner.http),
        "payment_intent_id": owner.http.post("/api/v1/billing/payment-intents", json={"amount": 5000}).json()["id"],
    }


BODIES: dict[str, Mapping[str, object]] = {
    "/api/v1/devices/{device_id}": {"name": "Front desk"},
    "/api/v1/users/{user_id}": {"is_active": False},
    "/api/v1/admin/users/{user_id}": {"is_active": False},
    "/api/v1/templates/{name}/versions": written(version=2),
    "/api/v1/templates/{name}/publish": {"version": 1},
    "/api/v1/webhooks/{endpoint_id}": {"is_enabled": False},
    "/api/v1/webhooks/{endpoint_id}/secret": {},
    "/api/v1/billing/payment-intents/{payment_intent_id}/confirm": {"payment_method": "pm_card_visa"},
}
"""What the routes take that do not look whose it is before they are told what to do."""


def test_another_organizations_owner_finds_nothing_on_any_route(paying: Server) -> None:
    server = paying
    ids, stranger = northern(server), at_work(server, server.owners.south.email)
    before = server.north.get("/api/v1/audit").json()["items"]
    routes = [(path, method) for path, method in closed_routes(server) if "{" in path]
    assert len(routes) >= 10

    for path, method in routes:
        is_the_operators = "/admin/" in path
        body = BODIES.get(path)
        answer = stranger.http.request(method, path.format(**ids), json=body)
        assert (path, answer.status_code) == (path, 403 if is_the_operators else 404)
        by_key = server.south.request(method, path.format(**ids), json=body)
        assert by_key.status_code in {403, 404}, path
    assert server.north.get("/api/v1/audit").json()["items"] == before


def test_lists_hold_ones_own_alone(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    desktop.push()

    assert server.south.get("/api/v1/jobs").json() == {"items": [], "next_cursor": None}
    assert server.south.get("/api/v1/devices").json()["items"] == []
    assert len(server.south.get("/api/v1/api-keys").json()["items"]) == 1
    assert server.south.get("/api/v1/stats").json()["total_jobs"] == 0
    assert server.south.get("/api/v1/audit", params={"chain": str(desktop.id)}).json()["items"] == []


def test_every_closed_route_is_known_to_the_walk(server: Server) -> None:
    described = {path for path, _ in closed_routes(server)} | OPEN | {"/api/v1/devices"}
    hidden = {"/api/openapi.json", "/metrics"}

    served = {route.path for route in server.http.app.routes if isinstance(route, APIRoute)}  # type: ignore[attr-defined]
    of_console = {path for path in served if path.startswith("/console")}  # walked by its own tests
    assert served - of_console <= described | hidden
