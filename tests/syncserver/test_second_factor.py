"""The second factor: an app's codes, recovery codes, and what happens when both are lost."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from syncserver.identity.second_factor import totp
from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.people import PersonAtWork, joined, owner_of_north, sign_in

pytestmark = pytest.mark.timeout(60)
ROUTE = "/api/v1/me/second-factor"


class App:
    """An authenticator app, set up from the URI that the server gives."""

    def __init__(self, server: Server, uri: str) -> None:
        self._server = server
        secret = parse_qs(urlsplit(uri).query)["secret"][0]
        self._totp = TOTP(base64.b32decode(secret + "=" * (-len(secret) % 8)), 6, SHA1(), 30)  # noqa: S303

    def code(self) -> str:
        return self._totp.generate(int(self._server.clock().timestamp())).decode()

    def next_code(self) -> str:
        """A code that was not used yet."""
        self._server.clock.ahead += timedelta(seconds=30)
        return self.code()


def set_up(server: Server, person: PersonAtWork) -> tuple[App, list[str]]:
    begun = person.http.post(ROUTE, json={"password": PASSWORD})
    assert begun.status_code == 201, begun.text
    app = App(server, begun.json()["uri"])
    confirmed = person.http.post(f"{ROUTE}/confirm", json={"otp": app.code()})
    assert confirmed.status_code == 200, confirmed.text
    return app, confirmed.json()["recovery_codes"]


def test_vectors_of_rfc_6238() -> None:
    secret = b"12345678901234567890"
    for second, code in [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]:
        moment = datetime.fromtimestamp(second, UTC)
        assert totp.matching_step(secret, code, moment, after=-1) == second // 30
    assert totp.as_text(secret) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_with_a_second_factor_a_password_alone_opens_nothing(server: Server) -> None:
    owner = owner_of_north(server)
    app, _ = set_up(server, owner)

    assert sign_in(server, owner.email).json()["code"] == "second_factor_needed"
    assert sign_in(server, owner.email, otp="000000").json()["code"] == "second_factor_refused"
    assert sign_in(server, owner.email, "wrong password", otp=app.next_code()).json()["code"] == "sign_in_refused"
    assert sign_in(server, owner.email, otp=app.code()).status_code == 200


def test_a_code_opens_once(server: Server) -> None:
    owner = owner_of_north(server)
    app, _ = set_up(server, owner)
    code = app.next_code()

    assert sign_in(server, owner.email, otp=code).status_code == 200
    assert sign_in(server, owner.email, otp=code).json()["code"] == "second_factor_refused"


def test_a_phone_whose_clock_is_half_a_minute_off_will_do_and_no_more(server: Server) -> None:
    owner = owner_of_north(server)
    app, _ = set_up(server, owner)
    code = app.next_code()

    server.clock.ahead += timedelta(seconds=90)
    assert sign_in(server, owner.email, otp=code).status_code == 401
    code = app.next_code()
    server.clock.ahead += timedelta(seconds=30)
    assert sign_in(server, owner.email, otp=code).status_code == 200


def test_a_recovery_code_opens_once(server: Server) -> None:
    owner = owner_of_north(server)
    _, codes = set_up(server, owner)

    assert len(set(codes)) == 10
    assert sign_in(server, owner.email, otp=codes[3].lower()).status_code == 200
    assert sign_in(server, owner.email, otp=codes[3]).json()["code"] == "second_factor_refused"
    assert sign_in(server, owner.email, otp=codes[4]).status_code == 200


def test_renewed_recovery_codes_take_the_place_of_the_old(server: Server) -> None:
    owner = owner_of_north(server)
    app, old = set_up(server, owner)

    fresh = owner.http.post(f"{ROUTE}/recovery-codes", json={"otp": app.next_code()}).json()["recovery_codes"]

    assert sign_in(server, owner.email, otp=old[0]).status_code == 401
    assert sign_in(server, owner.email, otp=fresh[0]).status_code == 200


def test_guesses_at_a_code_slow_down(server: Server) -> None:
    owner = owner_of_north(server)
    set_up(server, owner)

    codes = [sign_in(server, owner.email, otp=f"{number:06}").status_code for number in range(7)]

    assert codes[-1] == 429


def test_it_is_taken_away_with_password_and_code(server: Server) -> None:
    owner = owner_of_north(server)
    app, codes = set_up(server, owner)

    wrong = owner.http.post(f"{ROUTE}/remove", json={"password": "not hers", "otp": app.next_code()})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "password_wrong")
    refused = owner.http.post(f"{ROUTE}/remove", json={"password": PASSWORD, "otp": "123456"})
    assert (refused.status_code, refused.json()["code"]) == (403, "code_refused")
    assert owner.http.post(f"{ROUTE}/remove", json={"password": PASSWORD, "otp": codes[0]}).status_code == 204
    assert sign_in(server, owner.email).status_code == 200


def test_an_unconfirmed_set_up_locks_nobody_out(server: Server) -> None:
    owner = owner_of_north(server)
    owner.http.post(ROUTE, json={"password": PASSWORD})

    wrong = owner.http.post(f"{ROUTE}/confirm", json={"otp": "000000"})

    assert (wrong.status_code, wrong.json()["code"]) == (403, "code_refused")
    assert sign_in(server, owner.email).status_code == 200


def test_the_order_of_steps_is_told(server: Server) -> None:
    owner = owner_of_north(server)

    def code(path: str, **body: str) -> tuple[int, str]:
        answer = owner.http.post(path, json=body)
        return answer.status_code, answer.json()["code"]

    assert code(f"{ROUTE}/confirm", otp="000000") == (409, "second_factor_missing")
    assert code(f"{ROUTE}/remove", password=PASSWORD, otp="000000") == (409, "second_factor_missing")
    set_up(server, owner)
    assert code(ROUTE, password=PASSWORD) == (409, "second_factor_on")


def test_an_owner_helps_a_member_who_lost_phone_and_codes(server: Server) -> None:
    owner, member = owner_of_north(server), joined(server, "member")
    set_up(server, member)
    route = f"/api/v1/users/{member.id}/second-factor"

    assert server.north.delete(route).status_code == 403  # a key of the owner's does not
    assert owner.http.delete(route).status_code == 204
    assert sign_in(server, member.email).status_code == 200
    assert owner.http.delete(route).json()["code"] == "second_factor_missing"
    actions = [entry["action"] for entry in server.north.get("/api/v1/audit").json()["items"]]
    assert {"second-factor.begun", "second-factor.confirmed", "second-factor.taken_away"} <= set(actions)
