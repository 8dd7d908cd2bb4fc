"""People of the two organizations, as clients of the server."""

from dataclasses import dataclass

from fastapi.testclient import TestClient

from syncserver.identity.people import service as people
from syncserver.identity.people.passwords import hash_password
from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.desktop import Answer, Json


@dataclass(frozen=True)
class PersonAtWork:
    """Somebody signed in: `http` carries the access token."""

    id: str
    email: str
    http: TestClient
    refresh_token: str


def sign_in(server: Server, email: str, password: str = PASSWORD, **more: str) -> Answer:
    return server.http.post("/api/v1/login", data={"username": email, "password": password} | more)


def at_work(server: Server, email: str, password: str = PASSWORD) -> PersonAtWork:
    """The person, signed in."""
    answer = sign_in(server, email, password)
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    http = bearing(server, tokens["access_token"])
    return PersonAtWork(http.get("/api/v1/me").json()["user"]["id"], email, http, tokens["refresh_token"])


def bearing(server: Server, access_token: str) -> TestClient:
    """A client with this token."""
    headers = {"Authorization": f"Bearer {access_token}"}
    return TestClient(server.http.app, headers=headers, raise_server_exceptions=False)


def owner_of_north(server: Server) -> PersonAtWork:
    return at_work(server, server.owners.north.email)


def invitation(owner: TestClient, email: str, role: str = "member") -> Json:
    answer = owner.post("/api/v1/invitations", json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    return answer.json()


def accept(server: Server, token: str, password: str = PASSWORD) -> Answer:
    acceptance = {"token": token, "full_name": "Nora Newcomer", "password": password}
    return server.http.post("/api/v1/invitations/accept", json=acceptance)


def joined(server: Server, role: str, owner: TestClient | None = None) -> PersonAtWork:
    """Somebody who accepted an invitation, to North Clinic unless said, signed in."""
    email = f"{role.replace('_', '-')}@people.example.com"
    assert accept(server, invitation(owner or server.north, email, role)["token"]).status_code == 201
    return at_work(server, email)


def operator(server: Server) -> PersonAtWork:
    """A superuser, made as the command line makes one."""
    with server.works.begin() as transaction:
        people.make_superuser(transaction, server.parts.keys, "root@example.com", hash_password(PASSWORD))
    return at_work(server, "root@example.com")
