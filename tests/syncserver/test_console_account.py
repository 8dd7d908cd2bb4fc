"""One's own account at the console: password, second factor and sessions, whatever one's role."""

import re
from urllib.parse import unquote

import pytest

from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.people import joined, owner_of_north, sign_in
from tests.syncserver.test_audit_coverage import recorded
from tests.syncserver.test_second_factor import App, set_up
from tests.syncserver.visiting import HOME, Browser, Seen, browser, visitor

pytestmark = pytest.mark.timeout(120)
HERE = "/console/account"
FACTOR = f"{HERE}/second-factor"
ANOTHER = "another horse in the garden"


def password_form(now: str = PASSWORD, new: str = ANOTHER) -> dict[str, object]:
    return {"current_password": now, "new_password": new}


def app_shown(server: Server, page: Seen) -> App:
    """An app that is told what the page shows."""
    found = re.search(r'data-qr="([^"]+)"', page.text)
    assert found, page.text
    return App(server, found.group(1).replace("&amp;", "&"))


def secret_on(page: Seen) -> str:
    found = re.search(r'name="secret" value="([A-Z2-7]{32})"', page.text)
    assert found
    return found.group(1)


def codes_on(page: Seen) -> list[str]:
    return re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", page.text)


def notice_of(answer: Seen, own: Browser) -> str:
    """What the page that the answer leads to says first."""
    return unquote(own.get(answer.headers["location"]).text)


@pytest.mark.parametrize("role", ["member", "read_only"])
def test_whoever_belongs_changes_the_own_password_and_is_signed_out_elsewhere(server: Server, role: str) -> None:
    person = joined(server, role)
    here, there = visitor(server, person.email), visitor(server, person.email)

    answer = here.send(f"{HERE}/password", password_form(), on=HERE)

    assert answer.headers["location"].startswith(f"{HERE}?notice=")
    assert here.get(HOME).status_code == 200
    assert there.get(HOME).status_code == 303
    assert person.http.get("/api/v1/me").status_code == 401
    assert sign_in(server, person.email).status_code == 401
    assert visitor(server, person.email, ANOTHER).get(HOME).status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        (password_form(now="not this"), 403, "The password is wrong."),
        (password_form(new="password1"), 422, "first that anybody tries"),
        (password_form(new="short"), 422, "at least 8 characters"),
        ({"new_password": ANOTHER}, 403, "The password is wrong."),
    ],
)
def test_a_refused_password_changes_nothing_and_says_why(
    server: Server, form: dict[str, object], status: int, told: str
) -> None:
    owner = owner_of_north(server)
    own = visitor(server, owner.email)

    answer = own.send(f"{HERE}/password", form, on=HERE)

    assert (answer.status_code, told in answer.text) == (status, True)
    assert ANOTHER not in answer.text
    assert owner.http.get("/api/v1/me").status_code == 200
    assert sign_in(server, owner.email).status_code == 200


def test_guesses_at_the_present_password_are_recorded_and_slowed_down(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    wrong = password_form(now="not this")

    statuses = [own.send(f"{HERE}/password", wrong, on=HERE).status_code for _ in range(7)]

    assert (statuses[0], statuses[-1]) == (403, 429)
    assert recorded(server)["password.refused"] == statuses.count(403)


def test_a_second_factor_is_set_up_confirmed_and_asked_for(server: Server) -> None:
    owner = owner_of_north(server)
    own = visitor(server, owner.email)

    shown = own.send(FACTOR, {"password": PASSWORD}, on=FACTOR)
    app = app_shown(server, shown)
    wrong = own.send(f"{FACTOR}/confirm", {"otp": "000000", "secret": secret_on(shown)}, on=FACTOR)
    assert (wrong.status_code, secret_on(wrong)) == (403, secret_on(shown))
    assert "not the code that the app should show" in wrong.text
    assert sign_in(server, owner.email).status_code == 200
    codes = codes_on(own.send(f"{FACTOR}/confirm", {"otp": app.code(), "secret": secret_on(shown)}, on=FACTOR))

    assert len(set(codes)) == 10
    assert sign_in(server, owner.email).json()["code"] == "second_factor_needed"
    assert sign_in(server, owner.email, otp=codes[0]).status_code == 200
    assert "9 recovery codes" in own.get(HERE).text
    assert not codes_on(own.get(FACTOR))


def test_a_set_up_is_shown_again_to_nobody_who_did_not_see_it(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    shown = own.send(FACTOR, {"password": PASSWORD}, on=FACTOR)

    assert secret_on(shown) not in own.get(FACTOR).text
    for guess in ("", "A" * 32, "é"):
        answer = own.send(f"{FACTOR}/confirm", {"otp": "000000", "secret": guess}, on=FACTOR)
        assert answer.headers["location"].startswith(f"{FACTOR}?notice=")


def test_a_second_factor_takes_the_password(server: Server) -> None:
    own = visitor(server, server.owners.north.email)

    answer = own.send(FACTOR, {"password": "not this"}, on=FACTOR)

    assert (answer.status_code, "The password is wrong." in answer.text) == (403, True)
    assert recorded(server)["second-factor.begun"] == 0


def test_recovery_codes_are_renewed_by_a_code_of_the_app(server: Server) -> None:
    owner = owner_of_north(server)
    app, old = set_up(server, owner)
    own = browser_past_both(server, owner.email, app)

    refused = own.send(f"{FACTOR}/recovery-codes", {"otp": old[1]}, on=FACTOR)
    assert (refused.status_code, "The code is wrong" in refused.text) == (403, True)
    fresh = codes_on(own.send(f"{FACTOR}/recovery-codes", {"otp": app.next_code()}, on=FACTOR))

    assert sign_in(server, owner.email, otp=old[0]).status_code == 401
    assert sign_in(server, owner.email, otp=fresh[0]).status_code == 200


def test_it_is_turned_off_with_password_and_code(server: Server) -> None:
    owner = owner_of_north(server)
    app, codes = set_up(server, owner)
    own = browser_past_both(server, owner.email, app)

    wrong = own.send(f"{FACTOR}/remove", {"password": "not this", "otp": codes[0]}, on=FACTOR)
    assert (wrong.status_code, "The password is wrong." in wrong.text) == (403, True)
    off = own.send(f"{FACTOR}/remove", {"password": PASSWORD, "otp": codes[0]}, on=FACTOR)

    assert off.headers["location"].startswith(f"{HERE}?notice=")
    assert sign_in(server, owner.email).status_code == 200


def browser_past_both(server: Server, email: str, app: App) -> Browser:
    """A browser of somebody who signed in with password and code."""
    own = browser(server)
    own.send("/console/sign-in", {"email": email, "password": PASSWORD}, on="/console/sign-in")
    assert own.send("/console/sign-in/code", {"otp": app.next_code()}, on="/console/sign-in/code").status_code == 303
    return own


def test_one_session_is_ended_or_all_but_this_one(server: Server) -> None:
    owner = owner_of_north(server)
    own, other, third = (visitor(server, owner.email) for _ in range(3))
    of_api = next(one["id"] for one in owner.http.get("/api/v1/me/sessions").json()["items"] if one["is_this"])

    own.send(f"{HERE}/sessions/{of_api}/end", on=HERE)
    assert owner.http.get("/api/v1/me").status_code == 401
    assert other.get(HOME).status_code == 200
    told = own.send(f"{HERE}/sessions/end-others", on=HERE)

    assert "Every other session was ended" in notice_of(told, own)
    assert own.get(HERE).text.count("/sessions/") == 0  # none is left to end
    assert {other.get(HOME).status_code, third.get(HOME).status_code} == {303}


def test_nobody_ends_anothers_session(server: Server) -> None:
    owner, member = owner_of_north(server), joined(server, "member")
    theirs = member.http.get("/api/v1/me/sessions").json()["items"][0]["id"]

    for email in (owner.email, server.owners.south.email):
        own = visitor(server, email)
        assert theirs not in own.get(HERE).text
        assert own.send(f"{HERE}/sessions/{theirs}/end", on=HERE).status_code == 404
    assert member.http.get("/api/v1/me").status_code == 200


def test_a_page_that_came_of_a_form_leads_back_to_one_that_opens(server: Server) -> None:
    own = visitor(server, server.owners.north.email)
    shown = own.send("/console/devices/codes", {"once": "one"}, on="/console/devices")

    back = re.search(r'action="/console/theme".*?name="back" value="([^"]+)"', shown.text, re.DOTALL)
    assert back
    assert own.get(back.group(1)).status_code == 200
