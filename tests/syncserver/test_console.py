"""The console over HTTP: who is let in, what ends a session, whose forms are taken, and that scripts are not needed."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from syncserver.app import create_app
from syncserver.console import assets
from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.people import at_work, invitation, joined, operator, owner_of_north
from tests.syncserver.test_second_factor import set_up
from tests.syncserver.visiting import HOME, SIGN_IN, Browser, browser, visitor

pytestmark = pytest.mark.timeout(120)
PASS_BY = timedelta(minutes=2)


def test_who_is_not_signed_in_is_sent_to_the_form_and_back(server: Server) -> None:
    stranger = browser(server)

    sent = stranger.get("/console/devices")
    assert (sent.status_code, sent.headers["location"]) == (303, "/console/sign-in?next=/console/devices")
    form = {"email": server.owners.north.email, "password": PASSWORD, "next": "/console/devices"}
    back = stranger.send(SIGN_IN, form, on=SIGN_IN)
    assert (back.status_code, back.headers["location"]) == (303, "/console/devices")
    assert "No device is enrolled" in stranger.get("/console/devices").text


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/consolevil", "/console\\@evil", "/api"]
)
def test_signing_in_leads_nowhere_else(server: Server, onward: str) -> None:
    form = {"email": server.owners.north.email, "password": PASSWORD, "next": onward}
    assert browser(server).send(SIGN_IN, form, on=SIGN_IN).headers["location"] == HOME


def test_a_wrong_password_says_so_and_keeps_the_address(server: Server) -> None:
    form = {"email": server.owners.north.email, "password": "wrong"}
    answer = browser(server).send(SIGN_IN, form, on=SIGN_IN)

    assert answer.status_code == 401
    assert "The e-mail address or the password is wrong." in answer.text
    assert f'value="{server.owners.north.email}"' in answer.text
    assert "wrong" not in re.findall(r'name="password"[^>]*value="([^"]*)"', answer.text)


def test_guesses_are_slowed_down_as_at_the_api(server: Server) -> None:
    guesser = browser(server)
    form = {"email": server.owners.north.email, "password": "wrong"}
    statuses = [guesser.send(SIGN_IN, form, on=SIGN_IN).status_code for _ in range(7)]

    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_with_a_second_factor_the_password_opens_nothing_yet(server: Server) -> None:
    owner = owner_of_north(server)
    app, _ = set_up(server, owner)
    own = browser(server)

    asked = own.send(SIGN_IN, {"email": owner.email, "password": PASSWORD}, on=SIGN_IN)
    assert asked.headers["location"] == "/console/sign-in/code?next="
    assert own.get(HOME).status_code == 303
    wrong = own.send("/console/sign-in/code", {"otp": "000000"}, on="/console/sign-in/code")
    assert wrong.status_code == 401
    right = own.send("/console/sign-in/code", {"otp": app.next_code()}, on="/console/sign-in/code")
    assert right.headers["location"] == HOME
    assert own.get(HOME).status_code == 200


def test_a_second_factor_does_not_make_one_forget_where_one_was_going(server: Server) -> None:
    owner = owner_of_north(server)
    app, _ = set_up(server, owner)
    own, going = browser(server), "/console/audit?action=session.started&actor=x"

    form = {"email": owner.email, "password": PASSWORD, "next": going}
    code_page = own.send(SIGN_IN, form, on=SIGN_IN).headers["location"]
    assert f'name="next" value="{going.replace("&", "&amp;")}"' in own.get(code_page).text
    right = own.send("/console/sign-in/code", {"otp": app.next_code(), "next": going}, on=code_page)
    assert right.headers["location"] == going


def test_a_code_without_a_password_opens_nothing(server: Server) -> None:
    owner = owner_of_north(server)
    app, _ = set_up(server, owner)

    answer = browser(server).send("/console/sign-in/code", {"otp": app.next_code()}, on="/console/sign-in/code")
    assert answer.headers["location"].startswith(f"{SIGN_IN}?notice=")


def test_cookies_are_for_no_script_and_no_other_site(server: Server) -> None:
    own = browser(server)
    answer = own.send(SIGN_IN, {"email": server.owners.north.email, "password": PASSWORD}, on=SIGN_IN)

    kept = [one for one in answer.headers.get_list("set-cookie") if "chartdrop_access" in one or "refresh" in one]
    assert len(kept) == 2
    for one in kept:
        assert {"HttpOnly", "Path=/console", "SameSite=strict"} <= set(one.split("; "))
        assert "Secure" not in one


def test_over_tls_cookies_go_over_tls_alone(server: Server) -> None:
    own = Browser(TestClient(server.http.app, base_url="https://testserver", raise_server_exceptions=False))
    answer = own.send(SIGN_IN, {"email": server.owners.north.email, "password": PASSWORD}, on=SIGN_IN)

    assert all("; Secure" in one for one in answer.headers.get_list("set-cookie"))


def test_a_session_that_is_ended_elsewhere_ends_here(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    elsewhere = owner_of_north(server)
    for one in elsewhere.http.get("/api/v1/me/sessions").json()["items"]:
        if not one["is_this"]:
            assert elsewhere.http.delete(f"/api/v1/me/sessions/{one['id']}").status_code == 204

    assert own.get(HOME).headers["location"].startswith(SIGN_IN)


def test_signing_out_ends_the_session(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    copied = dict(own.http.cookies)
    assert own.send("/console/sign-out").headers["location"] == SIGN_IN

    thief = browser(server)
    for name, value in copied.items():
        thief.http.cookies.set(name, value, domain="testserver.local", path="/console")
    assert thief.get(HOME).status_code == 303


def test_who_is_there_stays_signed_in_and_who_left_does_not(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    for _ in range(12):
        server.clock.ahead += timedelta(minutes=10)
        assert own.get(HOME).status_code == 200

    server.clock.ahead += timedelta(minutes=16)
    assert "15 minutes" in own.http.get(HOME).text
    acts = server.north.get("/api/v1/audit", params={"action": "session.ended_by_idleness"}).json()["items"]
    assert len(acts) == 1


def test_pages_at_once_do_not_end_the_session(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    server.clock.ahead += PASS_BY
    before = dict(own.http.cookies)

    for _ in range(2):  # the second came before the first was answered
        again = browser(server)
        for name, value in before.items():
            again.http.cookies.set(name, value, domain="testserver.local", path="/console")
        assert again.get(HOME).status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 32])
def test_a_form_without_this_browsers_token_changes_nothing(server: Server, token: str) -> None:
    own = visitor(server, server.owners.north.email)

    answer = own.http.post("/console/policy", data={"token": token, "lock_minutes": "5"}, follow_redirects=False)
    assert answer.status_code == 403
    assert server.north.get("/api/v1/policy").json()["lock_minutes"] is None


def test_another_sites_form_changes_nothing_even_with_the_token(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    data = {"token": own.token_on(HOME), "lock_minutes": "5"}

    answer = own.http.post("/console/policy", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_token_of_another_session_is_no_good(server: Server) -> None:
    token = visitor(server, server.owners.south.email).token_on(HOME)
    own = visitor(server, server.owners.north.email)

    assert own.http.post("/console/policy", data={"token": token, "lock_minutes": "5"}).status_code == 403


def test_nothing_foreign_and_nothing_inline_is_let_in(server: Server) -> None:
    answer = browser(server).get(SIGN_IN)
    policy = answer.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script(?! src=)|<style| style=| on[a-z]+=", answer.text)


def test_assets_may_be_kept_for_ever_and_no_other_file_is_served(server: Server) -> None:
    stranger = browser(server)
    answer = stranger.get(assets.address("console.css"))
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    assert stranger.get("/console/assets/x/../overview.py").status_code in (303, 404)
    assert stranger.get("/console/assets/x/vendor/README.md").status_code == 404


def test_files_of_others_are_those_whose_hashes_are_written_down() -> None:
    folder = Path(assets.__file__).parent / "assets" / "vendor"
    told = (folder / "README.md").read_text()
    scripts = [path for path in folder.iterdir() if path.suffix in {".js", ".css"}]
    assert len(scripts) == 4
    for path in scripts:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in told, path.name


def test_notices_are_not_made_up_by_a_link(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    assert "Call this number" not in own.get(HOME, notice="WyJkb25lIiwgIkNhbGwgdGhpcyBudW1iZXIiXQ==.00").text


def test_a_fault_of_ours_is_a_page_without_what_happened(server: Server) -> None:
    own, seen = visitor(server, server.owners.north.email), visitor(server, operator(server).email)
    server.http.app.state.checks = None  # type: ignore[attr-defined]
    answer = seen.get("/console/operation")
    assert (answer.status_code, "Something went wrong" in answer.text) == (500, True)
    assert "NoneType" not in answer.text
    assert own.get("/console/nowhere").status_code == 404
    assert "There is no such page" in own.get("/console/nowhere").text


def test_where_a_part_of_a_page_cannot_be_given_the_whole_page_says_why(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    part = {"HX-Request": "true"}

    wrong = own.http.get("/console/analytics?tz=Nowhere", headers=part, follow_redirects=False)
    assert wrong.headers["hx-redirect"] == "/console/analytics?tz=Nowhere"
    assert "There is no such time zone" in own.get("/console/analytics?tz=Nowhere").text
    over = browser(server).http.get("/console/audit", headers=part, follow_redirects=False)
    assert over.headers["hx-redirect"] == "/console/sign-in?next=/console/audit"


def test_what_is_no_form_is_a_page_too(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    answer = own.http.post("/console/policy", content=b"x", headers={"Content-Type": "multipart/form-data"})

    assert answer.status_code == 400
    assert "That did not work" in answer.text


def test_an_invited_person_joins_by_the_page(server: Server) -> None:
    code = invitation(server.north, "new@north.example.com")["token"]
    stranger = browser(server)

    weak = stranger.send(
        "/console/join", {"code": code, "full_name": "Nora", "password": "password"}, on="/console/join"
    )
    assert weak.status_code == 422
    form = {"code": code, "full_name": "Nora", "password": PASSWORD}
    assert stranger.send("/console/join", form, on="/console/join").status_code == 303
    assert visitor(server, "new@north.example.com").get(HOME).status_code == 200


def test_a_code_sets_a_new_password_by_the_page(server: Server) -> None:
    member = joined(server, "member")
    code = owner_of_north(server).http.post(f"/api/v1/users/{member.id}/password-reset").json()["token"]
    form = {"code": code, "password": "another horse in the garden"}

    assert browser(server).send("/console/reset", form, on="/console/reset").status_code == 303
    assert at_work(server, member.email, "another horse in the garden").id == member.id


@pytest.mark.parametrize(("peer", "is_secure"), [("192.0.2.7", True), ("198.51.100.1", False)])
def test_only_a_trusted_proxy_says_that_it_speaks_tls(server: Server, peer: str, is_secure: bool) -> None:
    settings = server.settings().model_copy(update={"trusted_proxies": (ip_network("192.0.2.0/24"),)})
    app = create_app(replace(server.parts, settings=settings))
    answer = TestClient(app, client=(peer, 1), headers={"X-Forwarded-Proto": "https"}).get(SIGN_IN)

    assert all(("; Secure" in one) is is_secure for one in answer.headers.get_list("set-cookie"))
