"""Many at once: nothing is lost, nothing is counted twice, the audit log stays whole."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from syncserver.audit.verification import verify_all
from syncserver.identity.sessions.sign_in import allowances, forgive_attempts
from syncserver.kit.throttle import take
from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.desktop import Answer, Desktop
from tests.syncserver.people import accept, invitation, joined, owner_of_north

pytestmark = pytest.mark.timeout(60)


def test_desktops_push_at_once_while_people_look(server: Server) -> None:
    desktops = [server.desktop() for _ in range(4)]
    for desktop in desktops:
        for _ in range(5):
            desktop.read()

    def push(desktop: Desktop) -> list[Answer]:
        return [desktop.push(desktop.outbox[: 3 * count]) for count in range(1, 6)]

    def look(_: int) -> list[Answer]:
        listed = server.north.get("/api/v1/jobs").json()["items"]
        return [server.north.get(f"/api/v1/jobs/{job['job_id']}") for job in listed[:3]]

    with ThreadPoolExecutor(8) as pool:
        pushes, looks = pool.map(push, desktops), pool.map(look, range(4))
        answers = [answer for group in [*pushes, *looks] for answer in group]

    assert {answer.status_code for answer in answers} == {200}
    assert server.north.get("/api/v1/stats").json()["total_jobs"] == 20
    with server.parts.database.reading() as session:
        assert [chain.fault for chain in verify_all(session, server.parts.keys)] == [None] * 8  # and two trees


def test_one_device_that_pushes_twice_at_once_pushes_once(server: Server) -> None:
    desktop = server.desktop()
    for _ in range(5):
        desktop.read()
    token = desktop.token()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: desktop.push(token=token), range(4)))

    assert [answer.json()["accepted_through"] for answer in answers] == [15] * 4
    assert {job["attempts"] for job in server.north.get("/api/v1/jobs").json()["items"]} == {1}


def test_attempts_are_counted_while_others_are_forgiven(server: Server) -> None:
    people = [allowances(f"{number}@north.example.com", "192.0.2.1", False) for number in range(4)]

    def sign_in_well(_: int) -> None:
        for taken in people * 15:
            with server.parts.database.writing() as session:
                take(session, server.clock(), taken.all())
            with server.parts.database.writing() as session:
                forgive_attempts(session, taken)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(sign_in_well, range(4))) == [None] * 4


def test_two_devices_cannot_use_one_code_at_once(server: Server) -> None:
    code = server.north.post("/api/v1/devices/enrolment-codes").json()["code"]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: Desktop(server.http).enrol(code), range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 403, 403, 403]


def test_a_refresh_sent_twice_at_once_gets_one_successor(server: Server) -> None:
    login = {"username": server.owners.north.email, "password": PASSWORD}
    old = {"refresh_token": server.http.post("/api/v1/login", data=login).json()["refresh_token"]}

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: server.http.post("/api/v1/refresh", json=old).json(), range(4)))

    assert len({answer["refresh_token"] for answer in answers}) == 1


def test_a_request_sent_twice_at_once_under_a_key_happens_once(server: Server) -> None:
    def create(_: int) -> int:
        headers = {"Idempotency-Key": "one"}
        return server.north.post("/api/v1/api-keys", data={"name": "script"}, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(create, range(4)))

    assert codes <= {201, 409}  # 409 says: try again
    assert len(server.north.get("/api/v1/api-keys").json()["items"]) == 2


def test_two_owners_who_put_each_other_out_at_once_leave_one(server: Server) -> None:
    owners = [owner_of_north(server), joined(server, "owner")]
    keys = [{"X-API-Key": one.http.post("/api/v1/api-keys", data={"name": "mine"}).json()["key"]} for one in owners]

    def let(actor: int, is_active: bool) -> int:
        """Lets the other owner in, or not, by a key, which opens again once its person may sign in."""
        path = f"/api/v1/users/{owners[1 - actor].id}"
        return server.http.patch(path, json={"is_active": is_active}, headers=keys[actor]).status_code

    for _ in range(10):  # each of which blocked both while their rows were locked in two orders
        with ThreadPoolExecutor(2) as pool:
            codes = list(pool.map(let, (0, 1), (False, False)))
        assert codes.count(200) == 1
        assert set(codes) <= {200, 401, 409}  # put out already, or the last
        assert let(codes.index(200), True) == 200


def test_an_invitation_accepted_twice_at_once_makes_one_person(server: Server) -> None:
    token = invitation(server.north, "one@example.com")["token"]

    with ThreadPoolExecutor(3) as pool:
        codes = list(pool.map(lambda _: accept(server, token).status_code, range(3)))

    assert codes.count(201) == 1
    assert set(codes) <= {201, 403, 409}
