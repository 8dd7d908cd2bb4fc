"""People: registering, signing in, sessions, API keys."""

import json
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from syncserver.identity.api_keys.format import Environment, is_well_formed, new_api_key
from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.desktop import Answer

pytestmark = pytest.mark.timeout(60)
NEWCOMER = {
    "email": "Jane@East.Example.com",
    "password": "quite long enough",
    "full_name": "Jane East",
    "organization_name": "East Practice",
}


def sign_in(server: Server, password: str = PASSWORD) -> Answer:
    return server.http.post("/api/v1/login", data={"username": server.owners.north.email, "password": password})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_who_registers_owns_an_organization_on_trial(server: Server) -> None:
    registered = server.http.post("/api/v1/register", json=NEWCOMER)
    login = {"username": "jane@east.example.com ", "password": NEWCOMER["password"]}
    signed_in = server.http.post("/api/v1/login", data=login).json()

    assert registered.status_code == 201
    assert (registered.json()["role"], registered.json()["email"]) == ("owner", "jane@east.example.com")
    assert "password" not in registered.text
    me = server.http.get("/api/v1/me", headers=bearer(signed_in["access_token"])).json()
    assert me["organization"] == {
        "id": registered.json()["organization_id"],
        "name": "East Practice",
        "tier": "trial",
    }
    assert (me["role"], me["tier"], me["usage"]["pages"], me["usage"]["included_pages"]) == ("owner", "trial", 0, 100)


def test_an_address_registers_once(server: Server) -> None:
    taken = NEWCOMER | {"email": server.owners.north.email.upper()}

    answer = server.http.post("/api/v1/register", json=taken)

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "no address"}, "invalid_request"),
        ({"email": "desk@"}, "invalid_request"),
        ({"full_name": " "}, "invalid_request"),
        ({"organization_name": "a\x00b"}, "invalid_request"),
        ({"password": None}, "invalid_request"),
        ({"password": "short"}, "password_refused"),
        ({"password": "Password123"}, "password_refused"),
        ({"password": "zzzzzzzzzzzz"}, "password_refused"),
        ({"password": "east practice"}, "password_refused"),
        ({"password": "x" * 257}, "password_refused"),
    ],
)
def test_a_registration_that_will_not_do_says_why(server: Server, change: dict[str, str], code: str) -> None:
    answer = server.http.post("/api/v1/register", json=NEWCOMER | change)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["detail"]


def test_a_password_that_is_no_text_is_refused(server: Server) -> None:
    body = json.dumps(NEWCOMER | {"password": "half of a character \ud800"})

    answer = server.http.post("/api/v1/register", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_an_address_of_a_private_network_will_do(server: Server) -> None:
    assert server.http.post("/api/v1/register", json=NEWCOMER | {"email": "desk@clinic.local"}).status_code == 201


def test_a_wrong_password_and_an_unknown_address_are_told_alike(server: Server) -> None:
    wrong = sign_in(server, "something else")
    unknown = server.http.post("/api/v1/login", data={"username": "nobody@example.com", "password": PASSWORD})

    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json()["code"] == "sign_in_refused"
    assert wrong.headers["WWW-Authenticate"] == "Bearer"


def test_guesses_slow_down_and_the_wait_ends(server: Server) -> None:
    codes = [
        server.http.post("/api/v1/login", data={"username": "a@b.de", "password": "x"}).status_code for _ in range(7)
    ]
    assert codes == [401, 401, 401, 401, 401, 429, 429]

    waiting = server.http.post("/api/v1/login", data={"username": "a@b.de", "password": "x"})
    assert waiting.json()["retryable"] is True
    assert int(waiting.headers["Retry-After"]) >= 1

    server.clock.ahead = timedelta(seconds=3)
    assert server.http.post("/api/v1/login", data={"username": "a@b.de", "password": "x"}).status_code == 401


def test_a_right_password_forgives_the_wrong_ones(server: Server) -> None:
    for _ in range(2):
        assert [sign_in(server, "wrong").status_code for _ in range(3)] == [401] * 3
        assert sign_in(server).status_code == 200


def test_an_access_token_is_over_after_10_minutes_and_refreshed(server: Server) -> None:
    tokens = sign_in(server).json()
    assert tokens["expires_in"] == 600
    server.clock.ahead = timedelta(minutes=10, seconds=1)
    assert server.http.get("/api/v1/me", headers=bearer(tokens["access_token"])).status_code == 401

    fresh = server.http.post("/api/v1/refresh", json={"refresh_token": tokens["refresh_token"]}).json()

    assert server.http.get("/api/v1/me", headers=bearer(fresh["access_token"])).status_code == 200
    assert fresh["refresh_token"] != tokens["refresh_token"]


def test_a_refresh_whose_answer_was_lost_gets_the_same_successor(server: Server) -> None:
    old = {"refresh_token": sign_in(server).json()["refresh_token"]}

    first = server.http.post("/api/v1/refresh", json=old).json()
    server.clock.ahead = timedelta(seconds=40)
    again = server.http.post("/api/v1/refresh", json=old).json()

    assert again["refresh_token"] == first["refresh_token"]


def test_a_refresh_token_used_again_later_ends_the_session(server: Server) -> None:
    old = {"refresh_token": sign_in(server).json()["refresh_token"]}
    fresh = server.http.post("/api/v1/refresh", json=old).json()
    server.clock.ahead = timedelta(seconds=46)

    assert server.http.post("/api/v1/refresh", json=old).json()["code"] == "refresh_refused"
    assert server.http.get("/api/v1/me", headers=bearer(fresh["access_token"])).status_code == 401
    newest = {"refresh_token": fresh["refresh_token"]}
    assert server.http.post("/api/v1/refresh", json=newest).json()["code"] == "refresh_refused"


def test_signing_out_ends_the_access_token_too(server: Server) -> None:
    tokens = sign_in(server).json()

    assert server.http.post("/api/v1/logout", json={"refresh_token": tokens["refresh_token"]}).status_code == 204
    assert server.http.get("/api/v1/me", headers=bearer(tokens["access_token"])).status_code == 401


def test_a_key_looks_like_a_key() -> None:
    key = new_api_key()

    assert key.startswith("sk_live_")
    assert new_api_key(Environment.TEST).startswith("sk_test_")
    assert is_well_formed(new_api_key(Environment.TEST))
    assert len(key) == len("sk_live_") + 36
    assert is_well_formed(key)
    assert not is_well_formed(key[:-1] + ("0" if key[-1] != "0" else "1"))


def test_a_key_is_shown_once_and_its_calls_are_counted(server: Server) -> None:
    created = server.north.post("/api/v1/api-keys", data={"name": "billing script"})
    key = created.json()["key"]
    for _ in range(3):
        server.client(key).get("/api/v1/me")

    listed = server.north.get("/api/v1/api-keys")
    shown = {item["name"]: item for item in listed.json()["items"]}["billing script"]
    assert created.status_code == 201
    assert key not in listed.text
    assert key.startswith(shown["prefix"])
    assert shown["calls"] == 3
    assert shown["last_used_at"]


def test_a_revoked_key_opens_nothing(server: Server) -> None:
    created = server.north.post("/api/v1/api-keys", data={"name": "old"}).json()

    assert server.north.delete(f"/api/v1/api-keys/{created['id']}").status_code == 204
    assert server.client(created["key"]).get("/api/v1/me").status_code == 401
    assert server.north.delete(f"/api/v1/api-keys/{created['id']}").status_code == 404


def test_a_key_is_over_at_its_moment(server: Server) -> None:
    moment = (server.clock() + timedelta(hours=1)).isoformat()
    key = server.north.post("/api/v1/api-keys", data={"name": "short", "expires_at": moment}).json()["key"]

    assert server.client(key).get("/api/v1/me").status_code == 200
    server.clock.ahead = timedelta(hours=1, seconds=1)
    assert server.client(key).get("/api/v1/me").status_code == 401


def test_a_key_reaches_as_far_as_its_scopes(server: Server) -> None:
    key = server.north.post("/api/v1/api-keys", data={"name": "reader", "scopes": "read"}).json()["key"]

    assert server.client(key).get("/api/v1/jobs").status_code == 200
    refused = server.client(key).post("/api/v1/devices/enrolment-codes")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_a_test_key_opens_too(server: Server) -> None:
    form = {"name": "trying things", "environment": "test"}
    created = server.north.post("/api/v1/api-keys", data=form).json()

    assert created["prefix"].startswith("sk_test_")
    assert server.client(created["key"]).get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    ("scopes", "path", "allowed"),
    [
        ("jobs:read", "/api/v1/jobs", True),
        ("jobs:read", "/api/v1/stats", True),
        ("jobs:read", "/api/v1/users", False),
        ("jobs:write", "/api/v1/jobs", False),
        ("users:read", "/api/v1/users", True),
        ("read", "/api/v1/users", True),
        ("write", "/api/v1/users", False),
        ("audit:read", "/api/v1/audit", True),
        ("audit:read", "/api/v1/me", True),  # who it is, any key may ask
        ("audit:read devices:read", "/api/v1/devices", True),
    ],
)
def test_a_scope_of_an_area_opens_that_area(server: Server, scopes: str, path: str, allowed: bool) -> None:
    key = server.north.post("/api/v1/api-keys", data={"name": "narrow", "scopes": scopes}).json()["key"]

    assert server.client(key).get(path).status_code == (200 if allowed else 403)


def test_an_area_of_a_key_makes_no_wider_key(server: Server) -> None:
    form = {"name": "keys", "scopes": "api-keys:write users:read"}
    maker = server.client(server.north.post("/api/v1/api-keys", data=form).json()["key"])

    assert maker.post("/api/v1/api-keys", data={"name": "x", "scopes": "users:read"}).status_code == 201
    assert maker.post("/api/v1/api-keys", data={"name": "x", "scopes": "read"}).status_code == 403
    assert maker.post("/api/v1/api-keys", data={"name": "x", "scopes": "users:write"}).status_code == 403


def test_a_key_makes_no_key_that_reaches_further_than_itself(server: Server) -> None:
    def made(maker: TestClient, **form: str) -> Answer:
        return maker.post("/api/v1/api-keys", data={"name": "another"} | form)

    in_an_hour, later = ((server.clock() + timedelta(hours=hours)).isoformat() for hours in (1, 2))
    writer = server.client(made(server.north, scopes="write").json()["key"])
    short = server.client(made(server.north, expires_at=in_an_hour).json()["key"])

    refused = [made(writer), made(writer, scopes="read"), made(short), made(short, expires_at=later)]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(403, "not_allowed")] * 4
    assert made(writer, scopes="write").status_code == 201
    assert made(short, expires_at=in_an_hour).status_code == 201


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"name": ""},
        {"name": "a\nb"},
        {"name": "x", "scopes": "all"},
        {"name": "x", "expires_at": "2001-01-01"},
        {"name": "x", "expires_at": "9999-12-31T23:59:59-14:00"},
    ],
)
def test_a_key_that_will_not_do_is_refused(server: Server, form: dict[str, str]) -> None:
    assert server.north.post("/api/v1/api-keys", data=form).status_code == 422


def test_keys_come_in_pages(server: Server) -> None:
    for number in range(4):
        server.north.post("/api/v1/api-keys", data={"name": f"key {number}"})

    first = server.north.get("/api/v1/api-keys", params={"limit": 3}).json()
    second = server.north.get("/api/v1/api-keys", params={"limit": 3, "cursor": first["next_cursor"]}).json()

    names = [item["name"] for item in first["items"] + second["items"]]
    assert names == ["key 3", "key 2", "key 1", "key 0", "tests"]
    assert second["next_cursor"] is None


def test_a_repeated_request_with_an_idempotency_key_happens_once(server: Server) -> None:
    def create(name: str) -> Answer:
        return server.north.post("/api/v1/api-keys", data={"name": name}, headers={"Idempotency-Key": "one"})

    first, second, other = create("script"), create("script"), create("another")

    assert first.json() == second.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(server.north.get("/api/v1/api-keys").json()["items"]) == 2


def test_a_repeated_registration_with_an_idempotency_key_happens_once(server: Server) -> None:
    answers = [server.http.post("/api/v1/register", json=NEWCOMER, headers={"Idempotency-Key": "r"}) for _ in range(2)]

    assert answers[0].status_code == 201
    assert answers[0].json() == answers[1].json()
