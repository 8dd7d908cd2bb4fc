"""Passwords: changed, reset by a code, and hashes of elsewhere."""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import bcrypt
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr
from sqlalchemy import text

from syncserver.app import create_app
from syncserver.identity.people.passwords import hash_password, is_password, rehashed
from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.desktop import Answer
from tests.syncserver.people import accept, bearing, joined, owner_of_north, sign_in

pytestmark = pytest.mark.timeout(60)
ANOTHER = "another horse in the garden"


class Inbox(Message):
    """What a real SMTP server received."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[tuple[str, str]] = []

    def handle_message(self, message) -> None:  # type: ignore[no-untyped-def]
        self.received.append((message["To"], message.get_payload(decode=True).decode()))

    def code_for(self, address: str) -> str:
        """The code in the last mail to this address."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for to, body in reversed(self.received):
                if to == address and (found := re.search(r"(?:pr|inv)_[\w-]{43}", body)):
                    return found.group()
            time.sleep(0.02)
        raise AssertionError(f"no mail to {address}")


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    """A mail server, and its URL."""
    received = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    yield received, f"smtp://127.0.0.1:{port}"
    controller.stop()


def mailing(server: Server, url: str) -> TestClient:
    """The server, with this mail server."""
    changed = {"smtp_url": SecretStr(url), "mail_from": "chartdrop@clinic.example.com"}
    settings = server.settings().model_copy(update=changed)
    return TestClient(create_app(replace(server.parts, settings=settings)), raise_server_exceptions=False)


def reset(client: TestClient, token: str, password: str = ANOTHER) -> Answer:
    return client.post("/api/v1/password/reset", json={"token": token, "new_password": password})


def test_a_changed_password_opens_and_the_old_does_not(server: Server) -> None:
    owner, other = owner_of_north(server), owner_of_north(server)

    changed = owner.http.post("/api/v1/password/change", json={"current_password": PASSWORD, "new_password": ANOTHER})

    assert changed.status_code == 204
    assert sign_in(server, owner.email).status_code == 401
    assert sign_in(server, owner.email, ANOTHER).status_code == 200
    assert owner.http.get("/api/v1/me").status_code == 200
    assert other.http.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("current", "new", "refused"),
    [
        ("not hers", ANOTHER, (403, "password_wrong")),
        (PASSWORD, "short", (422, "password_refused")),
        (PASSWORD, "olivia owner", (422, "password_refused")),
    ],
)
def test_a_change_that_will_not_do_is_refused(server: Server, current: str, new: str, refused: tuple[int, str]) -> None:
    body = {"current_password": current, "new_password": new}

    answer = owner_of_north(server).http.post("/api/v1/password/change", json=body)

    assert (answer.status_code, answer.json()["code"]) == refused
    assert answer.json()["detail"].endswith(".")
    acts = [entry["action"] for entry in server.north.get("/api/v1/audit").json()["items"]]
    assert ("password.refused" in acts) == (refused[1] == "password_wrong")
    assert "password.changed" not in acts


def test_guesses_in_an_open_session_slow_down(server: Server) -> None:
    owner = owner_of_north(server)
    body = {"current_password": "a guess", "new_password": ANOTHER}

    codes = [owner.http.post("/api/v1/password/change", json=body).status_code for _ in range(7)]

    assert codes == [403, 403, 403, 403, 403, 429, 429]


def test_a_forgotten_password_is_reset_by_mail(server: Server, inbox: tuple[Inbox, str]) -> None:
    received, url = inbox
    owner = owner_of_north(server)
    http = mailing(server, url)

    asked = http.post("/api/v1/password/forgotten", json={"email": owner.email.upper()})
    unknown = http.post("/api/v1/password/forgotten", json={"email": "nobody@example.com"})
    token = received.code_for(owner.email)

    assert (asked.status_code, asked.json()) == (202, unknown.json())
    assert [to for to, _ in received.received] == [owner.email]
    assert reset(http, token).status_code == 204
    assert owner.http.get("/api/v1/me").status_code == 401
    assert sign_in(server, owner.email, ANOTHER).status_code == 200
    assert reset(http, token).json()["code"] == "reset_refused"


def test_an_invitation_goes_by_mail_and_is_not_shown(server: Server, inbox: tuple[Inbox, str]) -> None:
    received, url = inbox
    http = mailing(server, url)
    http.headers["X-API-Key"] = server.owners.north.api_key

    made = http.post("/api/v1/invitations", json={"email": "one@example.com"})

    assert made.json()["token"] is None
    assert accept(server, received.code_for("one@example.com")).status_code == 201
    assert "North Clinic" in received.received[0][1]


def test_a_mail_server_that_is_away_loses_no_invitation(server: Server) -> None:
    http = mailing(server, "smtp://127.0.0.1:1")
    http.headers["X-API-Key"] = server.owners.north.api_key

    assert http.post("/api/v1/invitations", json={"email": "one@example.com"}).status_code == 201
    assert len(server.north.get("/api/v1/invitations").json()["items"]) == 1


def test_without_mail_the_answer_says_whom_to_ask(server: Server) -> None:
    answer = server.http.post("/api/v1/password/forgotten", json={"email": "nobody@example.com"})

    assert answer.status_code == 202
    assert "owner or admin" in answer.json()["message"]


def test_an_owner_hands_a_code_over(server: Server) -> None:
    owner, member = owner_of_north(server), joined(server, "member")
    route = f"/api/v1/users/{member.id}/password-reset"
    first, token = (owner.http.post(route).json()["token"] for _ in range(2))

    assert reset(server.http, first).json()["code"] == "reset_refused"
    assert reset(server.http, token, "password123").json()["code"] == "password_refused"
    assert reset(server.http, token).status_code == 204
    assert member.http.get("/api/v1/me").status_code == 401
    assert sign_in(server, member.email, ANOTHER).status_code == 200


def test_a_code_is_over_after_an_hour(server: Server) -> None:
    owner, member = owner_of_north(server), joined(server, "member")
    token = owner.http.post(f"/api/v1/users/{member.id}/password-reset").json()["token"]
    server.clock.ahead = timedelta(hours=1, seconds=1)

    assert reset(server.http, token).json()["code"] == "reset_refused"


def test_a_key_of_an_owner_resets_nobody(server: Server) -> None:
    member = joined(server, "member")

    assert server.north.post(f"/api/v1/users/{member.id}/password-reset").status_code == 403


def test_a_bcrypt_hash_of_elsewhere_opens_and_is_upgraded(server: Server) -> None:
    owner = owner_of_north(server)
    old = bcrypt.hashpw(ANOTHER.encode(), bcrypt.gensalt(4)).decode()
    with server.parts.database.writing() as session:
        session.execute(text("UPDATE users SET password_hash = :h WHERE email = :e"), {"h": old, "e": owner.email})

    tokens = sign_in(server, owner.email, ANOTHER).json()

    with server.parts.database.reading() as session:
        kept = session.execute(text("SELECT password_hash FROM users WHERE email = :e"), {"e": owner.email}).scalar()
    assert bearing(server, tokens["access_token"]).get("/api/v1/me").status_code == 200
    assert str(kept).startswith("$argon2id$")
    assert sign_in(server, owner.email, ANOTHER).status_code == 200


@pytest.mark.parametrize("password", ["x" * 200, "nul \0 nul", "ü" * 50])
def test_bcrypt_takes_what_it_took_elsewhere(password: str) -> None:
    old = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()

    assert is_password(password, old)
    assert not is_password("y" + password, old)
    assert (rehashed(password, old) or "").startswith("$argon2id$")


@pytest.mark.usefixtures("full_hashing")
def test_a_password_costs_what_rfc_9106_recommends_and_cheaper_hashes_are_made_anew() -> None:
    cheap = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(ANOTHER)

    assert hash_password(ANOTHER).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_password(ANOTHER, cheap)
    assert (rehashed(ANOTHER, cheap) or "").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
