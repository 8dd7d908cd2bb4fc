"""Sessions: where somebody is signed in, and ending that; and the address that a proxy vouches for."""

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from fastapi.testclient import TestClient

from syncserver.app import create_app
from syncserver.kit.edge import last_untrusted
from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.people import at_work, bearing, joined, owner_of_north, sign_in

pytestmark = pytest.mark.timeout(60)
PROXY = ip_network("10.0.0.0/8")


def test_a_person_sees_where_they_are_signed_in(server: Server) -> None:
    owner = owner_of_north(server)
    other = TestClient(server.http.app, headers={"User-Agent": "Clinic Browser 1"})
    other.post("/api/v1/login", data={"username": owner.email, "password": PASSWORD})

    listed = owner.http.get("/api/v1/me/sessions").json()["items"]

    assert [item["program"] for item in listed[:2]] == ["Clinic Browser 1", "testclient"]
    assert [item["is_this"] for item in listed[:2]] == [False, True]


def test_an_ended_session_opens_nothing_at_once(server: Server) -> None:
    owner = owner_of_north(server)
    tokens = sign_in(server, owner.email).json()
    lost = owner.http.get("/api/v1/me/sessions").json()["items"][0]

    assert owner.http.delete(f"/api/v1/me/sessions/{lost['id']}").status_code == 204
    assert bearing(server, tokens["access_token"]).get("/api/v1/me").status_code == 401
    again = server.http.post("/api/v1/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert again.json()["code"] == "refresh_refused"
    assert owner.http.delete(f"/api/v1/me/sessions/{lost['id']}").status_code == 404


def test_nobody_ends_the_session_of_another(server: Server) -> None:
    owner, member = owner_of_north(server), joined(server, "member")
    session_id = owner.http.get("/api/v1/me/sessions").json()["items"][0]["id"]

    assert member.http.delete(f"/api/v1/me/sessions/{session_id}").status_code == 404
    assert owner.http.get("/api/v1/me").status_code == 200


def test_sessions_are_for_people_not_keys(server: Server) -> None:
    assert server.north.get("/api/v1/me/sessions").json()["code"] == "not_allowed"


def test_who_may_only_read_may_still_end_a_session_of_their_own(server: Server) -> None:
    reader = joined(server, "read_only")
    session_id = reader.http.get("/api/v1/me/sessions").json()["items"][0]["id"]

    assert reader.http.delete(f"/api/v1/me/sessions/{session_id}").status_code == 204
    assert reader.http.get("/api/v1/me").status_code == 401


def test_a_refresh_is_the_last_that_was_seen(server: Server) -> None:
    owner = owner_of_north(server)
    server.clock.ahead = timedelta(minutes=5)
    server.http.post("/api/v1/refresh", json={"refresh_token": owner.refresh_token})

    assert owner.http.get("/api/v1/me/sessions").json()["items"][0]["seen_at"]


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1", "203.0.113.9"], "203.0.113.9"),  # a client's invention, with no proxy of ours behind it
        (["198.51.100.1", "203.0.113.9", "10.1.1.1"], "203.0.113.9"),
        (["203.0.113.9", "10.2.2.2", "10.1.1.1"], "203.0.113.9"),
        (["not an address", "10.1.1.1"], "10.1.1.1"),
        (["", "10.1.1.1"], "10.1.1.1"),
        (["testclient"], "testclient"),
    ],
)
def test_the_address_is_the_last_that_no_proxy_of_ours_has(chain: list[str], address: str) -> None:
    assert last_untrusted(chain, [PROXY]) == address


def test_behind_a_proxy_each_client_waits_for_itself(server: Server) -> None:
    settings = server.settings().model_copy(update={"trusted_proxies": (PROXY,)})
    app = create_app(replace(server.parts, settings=settings))
    proxy = TestClient(app, client=("10.0.0.1", 1))

    def guess(client: str) -> int:
        headers = {"X-Forwarded-For": client}
        data = {"username": "nobody@example.com", "password": "x"}
        return proxy.post("/api/v1/login", data=data, headers=headers).status_code

    assert [guess("203.0.113.1") for _ in range(6)][-1] == 429
    assert guess("203.0.113.2") == 401


def test_a_client_of_no_proxy_cannot_pass_for_another(server: Server) -> None:
    codes = [
        server.http.post(
            "/api/v1/login",
            data={"username": "nobody@example.com", "password": "x"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        ).status_code
        for number in range(6)
    ]

    assert codes[-1] == 429


def test_deactivated_while_signed_in(server: Server) -> None:
    member = joined(server, "member")
    assert server.north.patch(f"/api/v1/users/{member.id}", json={"is_active": False}).status_code == 200

    assert member.http.get("/api/v1/me").status_code == 401
    assert sign_in(server, member.email).json()["code"] == "sign_in_refused"
    server.north.patch(f"/api/v1/users/{member.id}", json={"is_active": True})
    assert member.http.get("/api/v1/me").status_code == 401  # what was ended stays ended
    assert at_work(server, member.email)
