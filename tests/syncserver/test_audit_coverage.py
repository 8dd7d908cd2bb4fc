"""Every route of the OpenAPI document either writes an audit entry for its act, which is seen here, or says why not."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.desktop import Answer, Desktop, Successor
from tests.syncserver.people import PersonAtWork, accept, at_work, invitation, joined, operator, owner_of_north, sign_in
from tests.syncserver.scripted import document
from tests.syncserver.test_second_factor import App
from tests.syncserver.test_templates import written

pytestmark = pytest.mark.timeout(120)
V1 = "/api/v1"
ANOTHER = "another horse in the garden"
_OF_PEOPLE = "lists people and what they set up, no patient's data; every change of them is recorded"
_OF_WEBHOOKS = "shows where messages go and identifiers in them, no secret; every change is recorded"
_NUMBERS = "counts, of which none is a patient's"
_OPEN_PAGE = "says the same to everybody"
SILENT = {
    ("GET", f"{V1}/me"): "says who asks, whose sign-in is recorded",
    ("GET", f"{V1}/me/sessions"): _OF_PEOPLE,
    ("GET", f"{V1}/users"): _OF_PEOPLE,
    ("GET", f"{V1}/users/{{user_id}}"): _OF_PEOPLE,
    ("GET", f"{V1}/invitations"): _OF_PEOPLE,
    ("GET", f"{V1}/api-keys"): "lists keys without their secrets; making and revoking one is recorded",
    ("GET", f"{V1}/devices"): "lists devices; enrolling and revoking one is recorded",
    ("GET", f"{V1}/policy"): "what is laid down for devices; every change of it is recorded",
    ("GET", f"{V1}/admin/users"): _OF_PEOPLE,
    ("GET", f"{V1}/admin/stats"): _NUMBERS,
    ("GET", f"{V1}/admin/top-users"): _NUMBERS,
    ("GET", f"{V1}/stats"): _NUMBERS,
    ("GET", f"{V1}/usage"): _NUMBERS,
    ("GET", f"{V1}/analytics/stats"): _NUMBERS,
    ("GET", f"{V1}/analytics/jobs-over-time"): _NUMBERS,
    ("GET", f"{V1}/analytics/accuracy"): _NUMBERS,
    ("GET", f"{V1}/analytics/errors"): _NUMBERS,
    ("GET", f"{V1}/analytics/cost"): _NUMBERS,
    ("GET", f"{V1}/jobs"): "lists identifiers, kinds and states; opening one of them is recorded",
    ("GET", f"{V1}/batches/{{batch_id}}"): "as the list of jobs",
    ("GET", f"{V1}/templates"): "says how forms look; every change of that is recorded",
    ("GET", f"{V1}/templates/{{name}}"): "as their list",
    ("GET", f"{V1}/webhooks"): _OF_WEBHOOKS,
    ("GET", f"{V1}/webhooks/secret"): "says since when there is a secret; making one is recorded",
    ("GET", f"{V1}/webhooks/deliveries"): _OF_WEBHOOKS,
    ("GET", f"{V1}/webhooks/deliveries/{{delivery_id}}"): _OF_WEBHOOKS,
    ("GET", f"{V1}/webhooks/{{endpoint_id}}"): _OF_WEBHOOKS,
    ("GET", f"{V1}/audit"): "the log itself, whose entries hold identifiers alone; taking it away (export) is recorded",
    ("GET", f"{V1}/audit/tree-head"): "hashes; an entry for each would make a new head for each",
    ("GET", f"{V1}/audit/inclusion-proof"): "hashes",
    ("GET", f"{V1}/audit/consistency-proof"): "hashes",
    ("GET", f"{V1}/billing/subscription"): "what is subscribed to and how far it is reported; every change is recorded",
    ("GET", f"{V1}/billing/invoices"): "amounts as Stripe has them",
    ("GET", f"{V1}/billing/payment-intents/{{payment_intent_id}}"): "a payment whose every step is recorded",
    ("POST", f"{V1}/billing/stripe-webhook"): "stores what Stripe says; what follows from it is recorded",
    ("POST", f"{V1}/password/forgotten"): "a code that is sent by e-mail is recorded when it is made",
    ("POST", f"{V1}/refresh"): "goes on with a session whose beginning and end are recorded; so is a token used twice",
    ("POST", f"{V1}/devices/challenge"): "something to sign, for whoever asks",
    ("POST", f"{V1}/devices/token"): "a device proves its key; what it does then is recorded",
    ("GET", f"{V1}/pricing"): _OPEN_PAGE,
    ("GET", "/"): _OPEN_PAGE,
    ("GET", "/health"): _OPEN_PAGE,
}
"""Routes without an entry, and why."""

Doing = Callable[[], Answer]
Act = tuple[str, str, str, Doing]
"""Method, path as the OpenAPI document has it, the entry's action, and how to do it."""


@dataclass
class World:
    """Who acts, and what earlier acts made."""

    server: Server
    owner: PersonAtWork
    operator: PersonAtWork
    member: PersonAtWork
    desktop: Desktop
    made: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, name: str = "", of: str = "", **more: object) -> Doing:
        """Posts as the owner; what the answer holds under `of` is kept as `name`."""

        def do() -> Answer:
            answer = self.owner.http.post(V1 + path.format(**self.made), **more)  # type: ignore[arg-type]
            if name:
                self.made[name] = str(answer.json()[of])
            return answer

        return do

    def ask(self, method: str, path: str, who: PersonAtWork | None = None, **more: object) -> Doing:
        """Asks as the owner unless said."""
        http = (who or self.owner).http
        return lambda: http.request(method, V1 + path.format(**self.made), **more)  # type: ignore[arg-type]


def new_world(server: Server) -> World:
    operator_, owner = operator(server), owner_of_north(server)
    return World(server, owner, operator_, joined(server, "member"), server.desktop())


def acts_of_strangers(world: World) -> Iterator[Act]:
    server, http = world.server, world.server.http
    account = {"email": "new@example.com", "password": PASSWORD, "full_name": "N", "organization_name": "New Clinic"}
    yield "POST", f"{V1}/register", "organization.registered", lambda: http.post(f"{V1}/register", json=account)
    yield "POST", f"{V1}/login", "session.started", lambda: sign_in(server, "new@example.com")
    token = sign_in(server, "new@example.com").json()["refresh_token"]
    leave = {"refresh_token": token}
    yield "POST", f"{V1}/logout", "session.ended", lambda: http.post(f"{V1}/logout", json=leave)
    invited = invitation(world.owner.http, "invited@example.com")["token"]
    yield "POST", f"{V1}/invitations/accept", "invitation.accepted", lambda: accept(server, invited)
    code = world.owner.http.post(f"{V1}/devices/enrolment-codes").json()["code"]
    yield "POST", f"{V1}/devices", "device.enrolled", lambda: Desktop(http).enrol(code)


def acts_on_people(world: World) -> Iterator[Act]:
    email = {"email": "guest@example.com", "role": "member"}
    yield "POST", f"{V1}/invitations", "invitation.made", world.post("/invitations", "invitation", "id", json=email)
    path = f"{V1}/invitations/{{invitation_id}}"
    yield "DELETE", path, "invitation.taken_back", world.ask("DELETE", f"/invitations/{world.made['invitation']}")
    world.made["member"] = world.member.id
    for prefix, who in (("/users", world.owner), ("/admin/users", world.operator)):
        path, person = f"{V1}{prefix}/{{user_id}}", f"{prefix}/{{member}}"
        change = {"is_active": prefix == "/admin/users"}
        yield "PATCH", path, "user.changed", world.ask("PATCH", person, who, json=change)
        issued = world.ask("POST", f"{person}/password-reset", who)
        yield "POST", f"{path}/password-reset", "password.reset_issued", issued


def acts_on_oneself(world: World) -> Iterator[Act]:
    server, member = world.server, at_work(world.server, world.member.email)
    factor, mine = f"{V1}/me/second-factor", {"password": PASSWORD}
    begun: list[App] = []

    def begin() -> Answer:
        answer = member.http.post(factor, json=mine)
        begun.append(App(server, answer.json()["uri"]))
        return answer

    def give(path: str, **more: str) -> Doing:
        return lambda: member.http.post(factor + path, json={"otp": begun[-1].next_code()} | more)

    yield "POST", factor, "second-factor.begun", begin
    yield "POST", f"{factor}/confirm", "second-factor.confirmed", give("/confirm")
    renewed = "second-factor.recovery_codes_renewed"
    yield "POST", f"{factor}/recovery-codes", renewed, give("/recovery-codes")
    yield "POST", f"{factor}/remove", "second-factor.removed", give("/remove", password=PASSWORD)
    for prefix, who in (("/users", world.owner), ("/admin/users", world.operator)):
        assert begin().status_code == 201
        assert give("/confirm")().status_code == 200
        taken = world.ask("DELETE", f"{prefix}/{member.id}/second-factor", at_work(server, who.email))
        yield "DELETE", f"{V1}{prefix}/{{user_id}}/second-factor", "second-factor.taken_away", taken
    passwords = {"current_password": PASSWORD, "new_password": ANOTHER}
    change = f"{V1}/password/change"
    member = at_work(server, member.email)
    yield "POST", change, "password.changed", lambda: member.http.post(change, json=passwords)
    issued = at_work(server, world.owner.email).http.post(f"{V1}/users/{member.id}/password-reset").json()["token"]
    new = {"token": issued, "new_password": PASSWORD}
    reset = f"{V1}/password/reset"
    yield "POST", reset, "password.reset", lambda: world.server.http.post(reset, json=new)
    member = at_work(server, member.email)
    session = member.http.get(f"{V1}/me/sessions").json()["items"][0]["id"]
    end = f"{V1}/me/sessions/{{session_id}}"
    yield "DELETE", end, "session.ended", lambda: member.http.delete(f"{V1}/me/sessions/{session}")


def acts_on_keys_and_devices(world: World) -> Iterator[Act]:
    key = world.post("/api-keys", "key", "id", data={"name": "one"})
    yield "POST", f"{V1}/api-keys", "api-key.created", key
    yield (
        "DELETE",
        f"{V1}/api-keys/{{key_id}}",
        "api-key.revoked",
        world.ask("DELETE", f"/api-keys/{world.made['key']}"),
    )
    path = f"{V1}/devices/enrolment-codes"
    yield "POST", path, "enrolment-code.issued", world.post("/devices/enrolment-codes")
    world.desktop.read()
    world.desktop.correct("Wilma")
    yield "POST", f"{V1}/sync/push", "device.synced", world.desktop.push
    yield "POST", f"{V1}/sync/pull", "corrections.fetched", world.desktop.pull
    yield "POST", f"{V1}/sync/succession", "device.succeeded", lambda: Successor(world.desktop).introduce()
    rename = world.ask("PATCH", f"/devices/{world.desktop.id}", json={"name": "Ward 3"})
    yield "PATCH", f"{V1}/devices/{{device_id}}", "device.renamed", rename
    policy = world.ask("PATCH", "/policy", json={"retention_years": 10})
    yield "PATCH", f"{V1}/policy", "policy.changed", policy
    revoke = world.ask("DELETE", f"/devices/{world.desktop.id}")
    yield "DELETE", f"{V1}/devices/{{device_id}}", "device.revoked", revoke
    yield "GET", f"{V1}/audit/export", "audit.exported", world.ask("GET", "/audit/export")


def acts_on_documents(world: World) -> Iterator[Act]:
    file = {"file": ("1.pdf", document(pages=1))}
    yield "POST", f"{V1}/jobs", "job.created", world.post("/jobs", "job", "job_id", files=file)
    files = [("files", ("1.pdf", document(pages=1)))]
    batch = world.post("/batches", files=files, data={"name": "Monday"})
    yield "POST", f"{V1}/batches", "batch.created", batch
    one, job = f"{V1}/jobs/{{job_id}}", f"/jobs/{world.made['job']}"
    yield "POST", f"{one}/cancel", "job.cancelled", world.ask("POST", f"{job}/cancel")
    yield "POST", f"{one}/retry", "job.retried", world.ask("POST", f"{job}/retry")
    yield "GET", one, "document.viewed", world.ask("GET", job)
    yield "GET", f"{one}/export", "document.exported", lambda: _exported_once_read(world, job)
    link = world.ask("GET", f"{job}/original")
    yield "GET", f"{one}/original", "original.linked", link
    url = link().json()["url"]
    yield "GET", f"{V1}/originals", "original.downloaded", lambda: world.server.http.get(url)
    yield "DELETE", one, "job.deleted", world.ask("DELETE", job)


def _exported_once_read(world: World, job: str) -> Answer:
    assert world.server.work() > 0
    return world.owner.http.get(f"{V1}{job}/export")


def acts_on_templates(world: World) -> Iterator[Act]:
    path, one = f"{V1}/templates", f"{V1}/templates/{{name}}"
    yield "POST", path, "template.created", world.post("/templates", json=written())
    version = world.post("/templates/wound_round/versions", json=written(version=2))
    yield "POST", f"{one}/versions", "template.version_added", version
    yield "POST", f"{one}/publish", "template.published", world.post("/templates/wound_round/publish", json={})
    yield "DELETE", one, "template.deleted", world.ask("DELETE", "/templates/wound_round")


def acts_on_webhooks(world: World) -> Iterator[Act]:
    path, one = f"{V1}/webhooks", f"{V1}/webhooks/{{endpoint_id}}"
    create = world.post("/webhooks", "endpoint", "id", json={"url": "https://hooks.invalid/"})
    yield "POST", path, "webhook.created", create
    yield "POST", f"{path}/secret", "webhook.secret_rotated", world.post("/webhooks/secret", json={})
    own = f"/webhooks/{world.made['endpoint']}"
    yield "POST", f"{one}/secret", "webhook.secret_rotated", world.post(f"{own}/secret", json={})
    yield "POST", f"{one}/test", "webhook.tested", world.post(f"{own}/test", "delivery", "id")
    again = waited_for(world, f"/webhooks/deliveries/{world.made['delivery']}")
    yield "POST", f"{path}/deliveries/{{delivery_id}}/redeliver", "webhook.redelivered", again
    yield "PATCH", one, "webhook.changed", world.ask("PATCH", own, json={"description": "theirs"})
    yield "DELETE", one, "webhook.deleted", world.ask("DELETE", own)


def waited_for(world: World, delivery: str) -> Doing:
    """Redelivers once the try that is under way has ended."""

    def do() -> Answer:
        again = world.post(f"{delivery}/redeliver")
        while (answer := again()).status_code == 409:
            time.sleep(0.05)
        return answer

    return do


def acts_on_billing(world: World) -> Iterator[Act]:
    checkout = world.post("/checkout", data={"tier": "professional"})
    yield "POST", f"{V1}/checkout", "checkout.started", checkout
    yield "POST", f"{V1}/billing/portal", "billing-portal.opened", world.post("/billing/portal")
    begin = world.post("/billing/payment-intents", "payment", "id", json={"amount": 5000})
    yield "POST", f"{V1}/billing/payment-intents", "payment.begun", begin
    confirm = world.post("/billing/payment-intents/{payment}/confirm", json={"payment_method": "pm_card_visa"})
    path = f"{V1}/billing/payment-intents/{{payment_intent_id}}/confirm"
    yield "POST", path, "payment.confirmed", confirm
    wanted = {"payment_intent": world.made["payment"]}
    refund = world.ask("POST", "/billing/refunds", world.operator, json=wanted)
    yield "POST", f"{V1}/billing/refunds", "refund.made", refund


def all_acts(world: World) -> Iterator[Act]:
    """In an order in which each can be done."""
    yield from acts_of_strangers(world)
    yield from acts_on_people(world)
    yield from acts_on_keys_and_devices(world)
    yield from acts_on_documents(world)
    yield from acts_on_templates(world)
    yield from acts_on_webhooks(world)
    yield from acts_on_billing(world)
    yield from acts_on_oneself(world)


def recorded(server: Server) -> Counter[str]:
    """How often each act stands in the logs of all organizations."""
    with server.parts.database.reading() as session:
        return Counter(session.execute(text("SELECT action FROM audit_entries")).scalars())


def test_every_act_of_every_route_stands_in_the_log(paying: Server) -> None:
    server, world, done = paying, new_world(paying), set()

    for method, path, action, do in all_acts(world):
        before = recorded(server)
        answer = do()
        assert answer.status_code < 300, (method, path, answer.text)
        assert (recorded(server) - before)[action] >= 1, (method, path)
        done.add((method, path))

    described = server.http.get("/api/openapi.json").json()["paths"]
    routes = {(method.upper(), path) for path, methods in described.items() for method in methods}
    assert routes - done - set(SILENT) == set()  # a new route writes an entry, or says why it does not
    assert set(SILENT) <= routes
    assert not done & set(SILENT)


def test_what_is_refused_to_somebody_known_stands_in_it_too(server: Server) -> None:
    owner, before = owner_of_north(server), recorded(server)
    sign_in(server, owner.email, "wrong")
    owner.http.post(f"{V1}/password/change", json={"current_password": "wrong", "new_password": ANOTHER})

    assert recorded(server) - before == Counter({"session.refused": 1, "password.refused": 1})
