"""Every page and form of the console: whose it is, what stands in the audit log afterwards, who is refused."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.routing import APIRoute

from syncserver.console.all_pages import CONSOLE
from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.people import PersonAtWork, invitation, joined, operator, owner_of_north
from tests.syncserver.test_audit_coverage import recorded
from tests.syncserver.test_console_account import app_shown
from tests.syncserver.test_templates import written
from tests.syncserver.visiting import HOME, SIGN_IN, Browser, browser, visitor

pytestmark = pytest.mark.timeout(180)
OPEN = {
    "/console/sign-in",
    "/console/sign-in/code",
    "/console/join",
    "/console/reset",
    "/console/returned",
    "/console/",
    "/console/assets/{version}/{name:path}",
}
OF_EVERYBODY = {
    "/console",
    "/console/stay",
    "/console/analytics",
    "/console/usage",
    "/console/templates",
    "/console/templates/{name}",
    "/console/devices",
    "/console/devices/{device_id}",
    "/console/policy",
    "/console/keys",
    "/console/keys/{key_id}",
    "/console/account",
    "/console/account/second-factor",
    "/console/{path:path}",
}
"""Pages that members and those who may only read can open."""
OF_MEMBERS = {"/console/keys", "/console/keys/{key_id}/end"}
"""Forms that members can send."""
OF_ONESELF = {
    "/console/sign-out",
    "/console/theme",
    "/console/account/password",
    "/console/account/second-factor",
    "/console/account/second-factor/confirm",
    "/console/account/second-factor/recovery-codes",
    "/console/account/second-factor/remove",
    "/console/account/sessions/end-others",
    "/console/account/sessions/{session_id}/end",
}
"""Forms of one's own concern, which everybody can send."""
SILENT = {
    "/console/theme": "light or dark, kept by the browser",
    "/console/sign-in/code": "tested where second factors are: it begins a session as the form before it does",
    "/console/{path:path}": "there is nothing at it",
}
"""Forms without an entry, and why."""


def routes(method: str) -> list[str]:
    found = [route for router in CONSOLE for route in router.routes if isinstance(route, APIRoute)]
    return [route.path.replace(":uuid", "") for route in found if method in (route.methods or ())]


@dataclass
class World:
    """What is there of North Clinic's, and who is at its pages."""

    server: Server
    owner: Browser
    root: Browser
    api: PersonAtWork
    ids: dict[str, str]

    def path(self, pattern: str) -> str:
        for name, value in self.ids.items():
            pattern = pattern.replace(f"{{{name}}}", value)
        return pattern


def new_world(server: Server) -> World:
    api, desktop = owner_of_north(server), server.desktop()
    member = joined(server, "member")
    endpoint = api.http.post("/api/v1/webhooks", json={"url": "https://hooks.invalid/"}).json()["id"]
    ids = {
        "device_id": str(desktop.id),
        "user_id": member.id,
        "invitation_id": invitation(api.http, "one@example.com")["id"],
        "key_id": api.http.post("/api/v1/api-keys", data={"name": "north"}).json()["id"],
        "endpoint_id": endpoint,
        "delivery_id": api.http.post(f"/api/v1/webhooks/{endpoint}/test").json()["id"],
        "name": api.http.post("/api/v1/templates", json=written()).json()["name"],
        "organization_id": str(server.owners.north.organization_id),
        "path:path": "nowhere",
    }
    root = visitor(server, operator(server).email)
    return World(server, visitor(server, api.email), root, api, ids)


Sent = tuple[str, str, dict[str, object]]
"""A form's path, the act that stands in the log afterwards, and what stands in the form."""
_SURE: dict[str, object] = {"sure": "1"}
_KINDS = ["job.completed", "job.failed"]
OWNERS: list[Sent] = [
    ("/console/devices/codes", "enrolment-code.issued", {}),
    ("/console/devices/{device_id}/name", "device.renamed", {"name": "Ward 3"}),
    ("/console/devices/{device_id}/revoke", "device.revoked", _SURE),
    ("/console/people/invitations", "invitation.made", {"email": "two@example.com", "role": "member"}),
    ("/console/people/invitations/{invitation_id}/take-back", "invitation.taken_back", {}),
    ("/console/people/{user_id}/role", "user.changed", {"role": "admin"}),
    ("/console/people/{user_id}/password-reset", "password.reset_issued", {}),
    ("/console/people/{user_id}/activity", "user.changed", _SURE),
    ("/console/policy", "policy.changed", {"lock_minutes": "5", "retention_years": "", "server_sees": "metadata"}),
    ("/console/keys", "api-key.created", {"name": "one", "scopes": ["jobs:write"], "expires_at": "2999-01-01"}),
    ("/console/keys/{key_id}/end", "api-key.revoked", {}),
    ("/console/templates/new", "template.created", {**written("another_one", short="another"), "format": "toml"}),
    ("/console/templates/{name}/version", "template.version_added", {**written(version=2), "format": "toml"}),
    ("/console/templates/{name}/publish", "template.published", {"version": "2"}),
    ("/console/templates/{name}/delete", "template.deleted", _SURE),
    ("/console/webhooks", "webhook.created", {"url": "https://b.invalid/", "events": _KINDS, "parallel": "1"}),
    ("/console/webhooks/secret", "webhook.secret_rotated", {"overlap_hours": "0"}),
    ("/console/webhooks/{endpoint_id}/secret", "webhook.secret_rotated", {"overlap_hours": "24"}),
    (
        "/console/webhooks/{endpoint_id}/change",
        "webhook.changed",
        {"url": "https://c.invalid/", "events": _KINDS, "parallel": "2"},
    ),
    ("/console/webhooks/{endpoint_id}/test", "webhook.tested", {}),
    ("/console/webhooks/deliveries/{delivery_id}/redeliver", "webhook.redelivered", {}),
    ("/console/webhooks/{endpoint_id}/enabled", "webhook.disabled", {}),
    ("/console/webhooks/{endpoint_id}/delete", "webhook.deleted", _SURE),
    ("/console/billing/checkout", "checkout.started", {"tier": "professional"}),
    ("/console/billing/portal", "billing-portal.opened", {}),
    ("/console/audit/export", "audit.exported", {}),
]


def acts(world: World) -> Iterator[tuple[Browser, str, str, str, dict[str, object]]]:
    """Browser, page of the form, path of the form, act, fields; in an order in which each can be done."""
    for path, action, fields in OWNERS:
        yield world.owner, HOME, path, action, fields
    tier = "/console/operation/organizations/{organization_id}/tier"
    yield world.root, HOME, tier, "organization.tier_changed", {"tier": "starter"}
    code = invitation(world.api.http, "three@example.com")["token"]
    join = {"code": code, "full_name": "Nora", "password": PASSWORD}
    yield browser(world.server), "/console/join", "/console/join", "invitation.accepted", join
    other = joined(world.server, "read_only")
    issued = world.api.http.post(f"/api/v1/users/{other.id}/password-reset").json()["token"]
    reset: dict[str, object] = {"code": issued, "password": "another horse in the garden"}
    yield browser(world.server), "/console/reset", "/console/reset", "password.reset", reset
    yield from acts_on_oneself(world)
    who: dict[str, object] = {"email": world.api.email, "password": PASSWORD}
    yield browser(world.server), SIGN_IN, SIGN_IN, "session.started", who
    yield world.owner, HOME, "/console/sign-out", "session.ended", {}


def acts_on_oneself(world: World) -> Iterator[tuple[Browser, str, str, str, dict[str, object]]]:
    here, factor = "/console/account", "/console/account/second-factor"
    there = [owner_of_north(world.server) for _ in range(2)]
    world.ids["session_id"] = session_of(there[0])
    yield world.owner, here, f"{here}/sessions/{{session_id}}/end", "session.ended", {}
    yield world.owner, here, f"{here}/sessions/end-others", "session.ended", {}
    mine: dict[str, object] = {"password": PASSWORD}
    yield world.owner, factor, factor, "second-factor.begun", mine
    app = app_shown(world.server, world.owner.send(factor, mine, on=factor))  # begun anew, which counts
    yield world.owner, factor, f"{factor}/confirm", "second-factor.confirmed", {"otp": app.code()}
    renewed = "second-factor.recovery_codes_renewed"
    yield world.owner, factor, f"{factor}/recovery-codes", renewed, {"otp": app.next_code()}
    yield world.owner, factor, f"{factor}/remove", "second-factor.removed", {**mine, "otp": app.next_code()}
    other: dict[str, object] = {"current_password": PASSWORD, "new_password": "another horse in the garden"}
    yield world.root, here, f"{here}/password", "password.changed", other


def session_of(person: PersonAtWork) -> str:
    found = person.http.get("/api/v1/me/sessions").json()["items"]
    return str(next(one["id"] for one in found if one["is_this"]))


def test_every_form_that_is_sent_stands_in_the_log(paying: Server) -> None:
    world, done = new_world(paying), set[str]()

    for person, on, path, action, fields in acts(world):
        before = recorded(paying)
        answer = person.send(world.path(path), fields, on=on)
        assert answer.status_code in (200, 303), (path, answer.text)
        assert (recorded(paying) - before)[action] >= 1, (path, answer.headers.get("location"), answer.text[-1500:])
        done.add(path)

    second = "/console/people/{user_id}/second-factor"  # nobody has one: refused, and said so
    refused = visitor(paying, world.api.email).send(world.path(second), on=HOME)
    assert "notice=" in refused.headers["location"]
    assert set(routes("POST")) == done | set(SILENT) | {second}


def test_what_is_sent_twice_is_done_once(server: Server) -> None:
    owner = visitor(server, server.owners.north.email)
    form = {"name": "one", "scopes": "read", "once": "the same"}
    first, again = owner.send("/console/keys", form), owner.send("/console/keys", form)

    shown = [answer.text.split('id="secret-value">')[1].split("<")[0] for answer in (first, again)]
    assert shown[0] == shown[1]
    assert sum(one["name"] == "one" for one in server.north.get("/api/v1/api-keys").json()["items"]) == 1


def test_a_stranger_is_sent_to_the_door_from_every_page(server: Server) -> None:
    stranger = browser(server)

    for path in routes("GET"):
        if path not in OPEN:
            answer = stranger.get(path.replace("{", "").replace("}", "").replace(":path", ""))
            assert answer.status_code in (303, 404), path
            assert answer.status_code == 404 or answer.headers["location"].startswith(SIGN_IN), path
    for path in routes("POST"):
        answer = stranger.http.post(path, data={}, follow_redirects=False)
        assert answer.status_code in (303, 403, 404), path


def walked(world: World, person: Browser, token: str) -> dict[tuple[str, str], int]:
    """What each page and form answers to this person, with North Clinic's ids in the addresses."""
    found = {}
    for path in routes("GET"):
        query = "?chain={organization_id}&sequence=1" if path.endswith("/entry") else ""
        found["GET", path] = person.get(world.path(path + query)).status_code
    for path in routes("POST"):
        if path not in OF_ONESELF:
            data = {"token": token} | next((fields for one, _, fields in OWNERS if one == path), {})
            found["POST", path] = person.http.post(world.path(path), data=data, follow_redirects=False).status_code
    return {one: status for one, status in found.items() if one[1] not in OPEN}


def test_every_page_opens_for_who_it_is_for(paying: Server) -> None:
    world = new_world(paying)
    world.owner.send("/console/billing/checkout", {"tier": "starter"})

    for path in routes("GET"):
        if path in OPEN or "/console/{path" in path:
            continue
        person = world.root if "/operation" in path else world.owner
        query = "?chain={organization_id}&sequence=1" if path.endswith("/entry") else ""
        assert person.get(world.path(path + query)).status_code in (200, 204), path
    assert "There is no invoice yet" in world.owner.get("/console/billing").text
    assert world.owner.get("/console/").headers["location"] == HOME


@pytest.mark.parametrize("role", ["member", "read_only"])
def test_a_page_that_is_not_for_ones_role_says_so(paying: Server, role: str) -> None:
    world = new_world(paying)
    email = f"{role.replace('_', '-')}-2@people.example.com"
    code = invitation(world.api.http, email, role)["token"]
    form = {"code": code, "full_name": "N", "password": PASSWORD}
    assert browser(paying).send("/console/join", form, on="/console/join").status_code == 303
    person = visitor(paying, email)
    before = recorded(paying)

    for (method, path), status in walked(world, person, person.token_on(HOME)).items():
        may = path in (OF_EVERYBODY if method == "GET" else OF_MEMBERS if role == "member" else set())
        is_others = path in ("/console/keys/{key_id}", "/console/keys/{key_id}/end", "/console/{path:path}")
        assert status in (200, 204) if may and not is_others else status in (403, 404), (method, path, status)
    assert set(recorded(paying) - before) <= {"api-key.created"}


def test_another_organizations_owner_finds_nothing_and_changes_nothing(paying: Server) -> None:
    world = new_world(paying)
    stranger = visitor(paying, paying.owners.south.email)
    token = stranger.token_on(HOME)
    before = paying.north.get("/api/v1/audit").json()["items"]

    for (method, path), status in walked(world, stranger, token).items():
        if "{" not in path and not path.endswith("/entry"):
            continue
        expected = {403} if "/operation/" in path else {404}
        assert status in expected, (method, path, status)
    assert paying.north.get("/api/v1/audit").json()["items"] == before


def test_pages_hide_what_one_may_not_do(server: Server) -> None:
    joined(server, "member")
    page = visitor(server, "member@people.example.com").get("/console/devices").text

    assert "Enrol a device" not in page
    assert 'href="/console/people"' not in page
    assert 'href="/console/operation"' not in page


def test_the_console_is_no_part_of_the_api(server: Server) -> None:
    paths = server.http.get("/api/openapi.json").json()["paths"]
    assert not [path for path in paths if path.startswith("/console")]
    assert Counter(routes("GET"))["/console"] == 1
