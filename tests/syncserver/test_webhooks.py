"""Webhooks, over HTTP and to real receivers: what is told, signed how, tried when, and who is left alone."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from shared.clock import from_rfc3339
from syncserver.settings import RETRIES_S, Settings
from syncserver.webhooks import deliveries, repository
from syncserver.webhooks.deliveries import Pauses
from syncserver.webhooks.sending import Outcome
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import FILE_NAME, PATIENT, Answer
from tests.syncserver.people import joined
from tests.syncserver.receiver import Received, Receiver, Reply, receiving
from tests.syncserver.scripted import document
from tests.syncserver.test_passwords import Inbox, inbox
from tests.syncserver.test_sending import batch, send, sent

__all__ = ["inbox"]
pytestmark = pytest.mark.timeout(120)
ROUTE = "/api/v1/webhooks"
SOON_S = 30  # on a busy machine; passes as soon as it may


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Webhooks may reach this machine, and are tried three times more, at once; with an inbox, there is e-mail."""
    changed: dict[str, Any] = {
        "webhook_allowed_networks": (ip_network("127.0.0.0/8"),),
        "webhook_retries_s": (0.05, 0.05, 0.05),
    }
    if "inbox" in request.fixturenames:
        url = request.getfixturevalue("inbox")[1]
        changed |= {"smtp_url": SecretStr(url), "mail_from": "chartdrop@clinic.example.com"}
    return settings.model_copy(update=changed)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def until(is_so: Callable[[], object]) -> None:
    """It is so, before long."""
    end = time.monotonic() + SOON_S
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def made(client: TestClient, receiver: Receiver, path: str = "/", **wishes: Any) -> dict[str, Any]:
    """A new endpoint, with its secret."""
    answer = client.post(ROUTE, json={"url": receiver.url_at(path), **wishes})
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


def shown(server: Server, endpoint: dict[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = server.north.get(f"{ROUTE}/{endpoint['id']}").json()
    return view


def listed(server: Server, **wanted: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = server.north.get(f"{ROUTE}/deliveries", params=wanted).json()["items"]
    return items


def verified(received: Received, secret: str) -> dict[str, Any]:
    """What an integrator reads, after the published library found the signature good."""
    body: dict[str, Any] = Webhook(secret).verify(received.body, dict(received.headers))
    return body


def tell(server: Server, endpoint: dict[str, Any]) -> str:
    """A test message is on its way; its delivery's id."""
    answer = server.north.post(f"{ROUTE}/{endpoint['id']}/test")
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def actions(server: Server) -> list[str]:
    return [item["action"] for item in server.north.get("/api/v1/audit", params={"limit": "100"}).json()["items"]]


def test_every_kind_of_event_is_told_once_signed_and_thin(server: Server, receiver: Receiver) -> None:
    endpoint = made(server.north, receiver, "/hook?of=north")
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.push()
    good = sent(server)
    together = batch(server, document(pages=0, error="file_damaged"))
    server.work()

    until(lambda: len(receiver.got) == 4)
    told = {body["type"]: body for body in (verified(one, endpoint["secret"]) for one in receiver.got)}
    failed = told["job.failed"]["data"]["job_id"]
    assert {kind: body["data"] for kind, body in told.items()} == {
        "document.synced": {"document_id": str(document_id), "device_id": str(desktop.id), "status": "completed"},
        "job.completed": {"job_id": good, "status": "completed"},
        "job.failed": {"job_id": failed, "batch_id": together, "status": "failed"},
        "batch.completed": {
            "batch_id": together,
            "total_jobs": 1,
            "completed_jobs": 0,
            "failed_jobs": 1,
            "status": "completed",
        },
    }
    assert all(from_rfc3339(body["timestamp"]) <= server.clock() for body in told.values())
    assert {one.path for one in receiver.got} == {"/hook?of=north"}
    assert len({one.id for one in receiver.got}) == 4
    assert {one.headers["content-type"] for one in receiver.got} == {"application/json"}
    assert not [word for word in [*PATIENT.split(), FILE_NAME] if any(word in one.body for one in receiver.got)]
    until(lambda: len(listed(server, state="delivered")) == 4)
    assert [item["attempts"] for item in listed(server)] == [1] * 4


def test_an_endpoint_is_told_of_what_it_asked_for_by_its_own_organization(server: Server, receiver: Receiver) -> None:
    made(server.south, receiver, "/south")
    made(server.north, receiver, "/north", events=["job.failed"])
    sent(server)
    send(server, document(pages=0, error="file_damaged"))
    server.work()

    until(lambda: receiver.got)
    time.sleep(0.5)
    assert [(one.path, json.loads(one.body)["type"]) for one in receiver.got] == [("/north", "job.failed")]


def test_the_example_of_the_integrators_page_tells_ours_from_others(server: Server, receiver: Receiver) -> None:
    page = (Path(deliveries.__file__).parent / "README.md").read_text()
    [example] = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    integrator: dict[str, Any] = {}
    exec(example, integrator)  # noqa: S102 - our own page
    endpoint = made(server.north, receiver)
    tell(server, endpoint)
    until(lambda: receiver.got)
    headers, body = dict(receiver.got[0].headers), receiver.got[0].body.encode()

    assert integrator["verified"](endpoint["secret"], headers, body)["type"] == "webhook.test"
    old = headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 301)}
    for changed, said in [
        (headers, body.replace(b"test", b"text")),
        (old, body),
        (headers | {"webhook-id": "msg_2"}, body),
    ]:
        with pytest.raises(ValueError, match=r"signed|old"):
            integrator["verified"](endpoint["secret"], changed, said)


def test_the_secret_is_shown_once_and_may_be_replaced_with_both_signing_for_a_while(
    server: Server, receiver: Receiver
) -> None:
    endpoint = made(server.north, receiver, description="the practice's own system")
    assert "secret" not in shown(server, endpoint)
    assert endpoint["secret"].startswith("whsec_")
    rotated = server.north.post(f"{ROUTE}/{endpoint['id']}/secret", json={"overlap_hours": 1}).json()
    assert rotated["former_until"] is not None
    tell(server, endpoint)
    until(lambda: len(receiver.got) == 1)
    for secret in (endpoint["secret"], rotated["secret"]):
        assert verified(receiver.got[0], secret)["type"] == "webhook.test"

    server.clock.ahead = timedelta(hours=1, minutes=1)
    tell(server, endpoint)
    until(lambda: len(receiver.got) == 2)
    assert receiver.got[1].headers["webhook-signature"].count("v1,") == 1
    at_once = server.north.post(f"{ROUTE}/{endpoint['id']}/secret", json={"overlap_hours": 0}).json()
    server.clock.ahead = timedelta()  # the library looks at the clock on the wall
    assert at_once["former_until"] is None
    tell(server, endpoint)
    until(lambda: len(receiver.got) == 3)
    verified(receiver.got[2], at_once["secret"])
    with pytest.raises(WebhookVerificationError):
        verified(receiver.got[2], rotated["secret"])


def test_a_job_and_a_batch_name_whom_to_tell_of_them_alone(server: Server, receiver: Receiver) -> None:
    secret = server.north.post(f"{ROUTE}/secret", json={}).json()["secret"]
    first = send(server, webhook_url=receiver.url_at("/job?key=1")).json()["job_id"]
    together = batch(server, document(pages=1), document(pages=1), webhook_url=receiver.url_at("/batch"))
    sent(server)
    server.work()

    until(lambda: len(receiver.got) == 2)
    time.sleep(0.3)
    told = {one.path: verified(one, secret) for one in receiver.got}
    assert told["/job?key=1"]["data"] == {"job_id": first, "status": "completed"}
    assert told["/batch"]["data"]["batch_id"] == together
    assert len(receiver.got) == 2
    until(lambda: len(listed(server, state="delivered")) == 2)
    assert {item["url"] for item in listed(server)} == {receiver.url_at("/job?key=1"), receiver.url_at("/batch")}
    assert {item["endpoint_id"] for item in listed(server)} == {None}
    assert server.north.get(ROUTE).json()["items"] == []


def test_where_nobody_asked_for_the_secret_messages_of_jobs_are_signed_all_the_same(
    server: Server, receiver: Receiver
) -> None:
    assert server.north.get(f"{ROUTE}/secret").json() == {"created_at": None}
    send(server, webhook_url=receiver.url)
    server.work()

    until(lambda: receiver.got)
    assert receiver.got[0].headers["webhook-signature"].startswith("v1,")
    assert server.north.get(f"{ROUTE}/secret").json()["created_at"] is not None


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "http://93.184.215.14/", "https://3232235777/", "https://a@b.c/"])
def test_where_webhooks_do_not_go_is_said_at_once(server: Server, receiver: Receiver, url: str) -> None:
    refused(server.north.post(ROUTE, json={"url": url}), 422, "webhook_url_refused")
    refused(send(server, webhook_url=url), 422, "webhook_url_refused")
    files = [("files", ("1.pdf", document(pages=1)))]
    told = {"name": "Monday", "webhook_url": url}
    refused(server.north.post("/api/v1/batches", files=files, data=told), 422, "webhook_url_refused")
    endpoint = made(server.north, receiver)
    refused(server.north.patch(f"{ROUTE}/{endpoint['id']}", json={"url": url}), 422, "webhook_url_refused")
    assert shown(server, endpoint)["url"] == receiver.url_at("/")


def test_what_does_not_arrive_is_tried_again_under_the_same_id(server: Server, receiver: Receiver) -> None:
    endpoint = made(server.north, receiver)
    statuses = iter([500, 302, 200])
    receiver.answer = lambda _: Reply(next(statuses))
    delivery_id = tell(server, endpoint)

    until(lambda: len(receiver.got) == 3)
    until(lambda: listed(server, state="delivered"))
    delivery = server.north.get(f"{ROUTE}/deliveries/{delivery_id}").json()
    assert {one.id for one in receiver.got} == {delivery["message_id"]}
    assert len({one.body for one in receiver.got}) == 1
    assert (delivery["attempts"], delivery["status"], delivery["error"]) == (3, 200, None)
    assert shown(server, endpoint)["failing_since"] is None
    for one in receiver.got:
        verified(one, endpoint["secret"])  # each try bears a signature of its own moment


def test_a_message_that_never_arrives_ends_and_its_endpoint_is_disabled_with_a_notice(
    server: Server, receiver: Receiver, inbox: tuple[Inbox, str]
) -> None:
    endpoint = made(server.north, receiver)
    receiver.answer = lambda _: Reply(503)
    delivery_id = tell(server, endpoint)

    until(lambda: shown(server, endpoint)["disabled_because"] == "failing")
    delivery = server.north.get(f"{ROUTE}/deliveries/{delivery_id}").json()
    assert (delivery["state"], delivery["attempts"], delivery["error"]["code"]) == ("failed", 4, "status")
    assert len(receiver.got) == 4
    assert "webhook.disabled" in actions(server)
    until(lambda: inbox[0].received)
    [(to, notice)] = inbox[0].received
    assert to == server.owners.north.email
    assert endpoint["id"] in notice
    refused(server.north.post(f"{ROUTE}/{endpoint['id']}/test"), 409, "webhook_disabled")
    refused(server.north.post(f"{ROUTE}/deliveries/{delivery_id}/redeliver"), 409, "webhook_disabled")


def test_what_happens_while_an_endpoint_is_disabled_waits_for_it(server: Server, receiver: Receiver) -> None:
    endpoint = made(server.north, receiver)
    receiver.answer = lambda _: Reply(410)
    tell(server, endpoint)
    until(lambda: shown(server, endpoint)["disabled_because"] == "gone")
    assert len(receiver.got) == 1

    receiver.answer = lambda _: Reply()
    job_id = sent(server)
    server.work()
    until(lambda: shown(server, endpoint)["waiting"] == 1)
    time.sleep(0.5)
    assert len(receiver.got) == 1
    enabled = server.north.patch(f"{ROUTE}/{endpoint['id']}", json={"is_enabled": True}).json()
    assert (enabled["is_enabled"], enabled["disabled_because"]) == (True, None)

    until(lambda: len(receiver.got) == 2)
    assert verified(receiver.got[1], endpoint["secret"])["data"]["job_id"] == job_id
    assert {"webhook.enabled", "webhook.changed"} <= set(actions(server))


def test_somebody_may_disable_an_endpoint_and_send_a_message_again(server: Server, receiver: Receiver) -> None:
    endpoint = made(server.north, receiver)
    delivery_id = tell(server, endpoint)
    until(lambda: listed(server, state="delivered"))
    again = server.north.post(f"{ROUTE}/deliveries/{delivery_id}/redeliver")
    assert (again.status_code, again.json()["state"]) == (202, "waiting")

    until(lambda: len(receiver.got) == 2)
    assert receiver.got[0].id == receiver.got[1].id
    stopped = server.north.patch(f"{ROUTE}/{endpoint['id']}", json={"is_enabled": False}).json()
    assert (stopped["is_enabled"], stopped["disabled_because"]) == (False, "asked")


def test_a_receiver_says_when_to_come_again(server: Server, receiver: Receiver) -> None:
    endpoint = made(server.north, receiver)
    receiver.answer = lambda _: Reply(429, {"Retry-After": "3600"})
    delivery_id = tell(server, endpoint)

    until(lambda: receiver.got and shown(server, endpoint)["failing_since"])
    delivery = server.north.get(f"{ROUTE}/deliveries/{delivery_id}").json()
    pause = from_rfc3339(delivery["due_at"]) - from_rfc3339(delivery["sent_at"])
    assert timedelta(minutes=59) < pause < timedelta(minutes=61)
    receiver.answer = lambda _: Reply()
    server.clock.ahead = timedelta(minutes=62)
    until(lambda: len(receiver.got) == 2)


def test_endpoints_that_do_not_answer_delay_nobody_else(server: Server, receiver: Receiver) -> None:
    with receiving() as silent:
        silent.answer = lambda _: Reply(after_s=60)
        for number in range(3):
            made(server.north, silent, f"/{number}", events=["job.failed"])
        endpoint = made(server.north, receiver, events=["job.failed"])
        batch(server, *[document(pages=0, error="file_damaged") for _ in range(10)])
        server.work()

        begun = time.monotonic()
        until(lambda: len(receiver.got) == 10)
        assert time.monotonic() - begun < 12  # none of the silent ones was left yet: 15 s
        assert len(silent.got) <= 3 * 4  # of each no more than it is to get at once
        assert shown(server, endpoint)["failing_since"] is None


def test_an_endpoint_that_takes_one_at_a_time_gets_them_in_order(server: Server, receiver: Receiver) -> None:
    made(server.north, receiver, parallel=1, events=["job.completed"])
    receiver.answer = lambda _: Reply(after_s=0.05)
    jobs = [sent(server) for _ in range(8)]
    server.work()

    until(lambda: len(receiver.got) == 8)
    assert [json.loads(one.body)["data"]["job_id"] for one in receiver.got] == jobs


def test_what_a_process_was_sending_when_it_died_is_sent_again(server: Server, receiver: Receiver) -> None:
    endpoint = made(server.north, receiver)
    tell(server, endpoint)
    until(lambda: receiver.got)
    until(lambda: listed(server, state="delivered"))
    row = listed(server)[0]
    with server.works.begin() as transaction:  # as the dead process left it
        found = repository.delivery(transaction.session, UUID(north(server)), UUID(row["id"]))
        its = repository.endpoint(transaction.session, UUID(north(server)), UUID(endpoint["id"]))
        assert found is not None
        assert its is not None
        found.state, found.fence, found.lease_until = "sending", 2, transaction.now + timedelta(seconds=60)
        transaction.session.flush()
        deliveries.schedule(transaction.session, its, transaction.now)
    time.sleep(0.6)
    assert len(receiver.got) == 1

    server.clock.ahead = timedelta(seconds=61)
    until(lambda: len(receiver.got) == 2)
    assert receiver.got[0].id == receiver.got[1].id


def north(server: Server) -> str:
    return str(server.owners.north.organization_id)


def test_old_deliveries_go(server: Server, receiver: Receiver) -> None:
    endpoint = made(server.north, receiver)
    tell(server, endpoint)
    until(lambda: listed(server, state="delivered"))

    server.clock.ahead = timedelta(days=31)
    until(lambda: not listed(server))


def test_endpoints_are_listed_changed_and_deleted_by_administrators(server: Server, receiver: Receiver) -> None:
    one, two = (made(server.north, receiver, f"/{name}", description=name) for name in ("one", "two"))
    first = server.north.get(ROUTE, params={"limit": "1"}).json()
    second = server.north.get(ROUTE, params={"limit": "1", "cursor": first["next_cursor"]}).json()
    assert [first["items"][0]["id"], second["items"][0]["id"]] == [two["id"], one["id"]]
    change = {"description": "first", "events": ["job.failed", "job.failed"], "parallel": 1}
    changed = server.north.patch(f"{ROUTE}/{one['id']}", json=change).json()
    assert (changed["description"], changed["events"], changed["parallel"]) == ("first", ["job.failed"], 1)
    assert server.north.delete(f"{ROUTE}/{one['id']}").status_code == 204
    refused(server.north.get(f"{ROUTE}/{one['id']}"), 404, "not_found")

    member = joined(server, "member").http
    for method, path in [("GET", ""), ("POST", ""), ("GET", f"/{two['id']}"), ("GET", "/deliveries")]:
        refused(member.request(method, ROUTE + path, json={"url": receiver.url}), 403, "not_allowed")


def test_an_organization_has_so_many_endpoints_and_a_repeated_request_makes_one(
    server: Server, receiver: Receiver
) -> None:
    key = {"Idempotency-Key": "one"}
    answers = [server.north.post(ROUTE, json={"url": receiver.url}, headers=key).json() for _ in range(2)]
    assert answers[0] == answers[1]
    for _ in range(49):
        made(server.north, receiver)

    refused(server.north.post(ROUTE, json={"url": receiver.url}), 409, "too_many_webhooks")


def test_the_pauses_are_those_that_are_documented() -> None:
    middle, early, late = (Pauses(RETRIES_S, lambda chance=chance: chance) for chance in (0.5, 0.0, 1.0))  # type: ignore[misc]
    fault = Outcome("timed_out")

    waited = [middle.after(attempt, fault) or timedelta() for attempt in range(1, 13)]
    assert waited[:6] == [timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000)]
    assert sum(waited, timedelta()) == timedelta(hours=75)
    assert middle.after(13, fault) is None
    assert (early.after(1, fault), late.after(1, fault)) == (timedelta(seconds=4), timedelta(seconds=6))
    asked = Outcome("status", 503, timedelta(hours=1))
    assert middle.after(1, asked) == timedelta(hours=1)
    assert middle.after(4, asked) == timedelta(hours=2)
    assert middle.after(1, Outcome("status", 503, timedelta(days=365))) == timedelta(hours=24)
