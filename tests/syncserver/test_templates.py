"""Schema templates: what is taken, who may use and change them, and that jobs are read by what was published."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from syncserver.events.relay import Relay
from syncserver.templates.service import USED, count_use
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import Answer
from tests.syncserver.people import joined, operator
from tests.syncserver.scripted import document
from tests.syncserver.test_sending import job, send, sent

pytestmark = pytest.mark.timeout(60)
ROUTE = "/api/v1/templates"
WOUND_ROUND = """
name = "wound_round"
version = {version}
title = "Weekly wound round"
headings = ["weekly wound round"]
short_names = ["wounds"]
use = ["patient_name", "mrn"]

[[fields]]
name = "stage"
title = "Stage"
labels = ["stage of wound"]
"""


def written(name: str = "wound_round", version: int = 1, short: str = "wounds") -> dict[str, str]:
    return {"source": WOUND_ROUND.format(version=version).replace("wound_round", name).replace("wounds", short)}


def created(client: TestClient, name: str = "wound_round", short: str = "wounds") -> dict[str, Any]:
    answer = client.post(ROUTE, json=written(name, short=short))
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


def published(client: TestClient, name: str = "wound_round", **wanted: Any) -> dict[str, Any]:
    answer = client.post(f"{ROUTE}/{name}/publish", json=wanted)
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view


def names(client: TestClient) -> list[str]:
    return [item["name"] for item in client.get(ROUTE, params={"limit": "100"}).json()["items"]]


def refused(answer: Answer, status: int, code: str, *words: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    for word in words:
        assert word in answer.json()["detail"]


def effects_followed(server: Server) -> None:
    relay = Relay(server.parts.database, server.clock, {USED: [count_use]})
    while relay.deliver_next():
        pass


def test_a_template_is_created_shown_and_listed_beside_those_of_the_product(server: Server) -> None:
    view = created(server.north)

    assert (view["origin"], view["latest_version"], view["published_version"]) == ("own", 1, None)
    shown = server.north.get(f"{ROUTE}/wound_round").json()
    assert shown["source"] == written()["source"]
    assert [one["version"] for one in shown["versions"]] == [1]
    assert "stage" in shown["record_schema"]["properties"]["fields"]["properties"]
    assert names(server.north) == sorted([*names(server.south), "wound_round"])
    assert server.north.get(f"{ROUTE}/referral").json()["origin"] == "built-in"


def test_the_list_comes_in_pages_in_order_of_name(server: Server) -> None:
    created(server.north)
    seen: list[str] = []
    query: dict[str, str] = {"limit": "4"}
    while True:
        page = server.north.get(ROUTE, params=query).json()
        seen += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]

    assert seen == names(server.north)
    assert len(seen) == 11


def test_jobs_are_read_by_what_is_published_and_by_nothing_else(server: Server) -> None:
    created(server.north)
    unknown = send(server, schema_template="wound_round")
    refused(unknown, 422, "template_unknown", "no template called 'wound_round'", "There are: ", "hospice_admission")

    published(server.north)
    first = sent(server, schema_template="wound_round")
    short = sent(server, schema_template="wounds")
    server.work()
    assert job(server, first)["result"]["template"] == {"name": "wound_round", "version": 1}
    assert job(server, short)["document_type"] == "wound_round"
    misspelt = send(server, schema_template="wound_rond").json()["detail"]
    assert "Did you mean 'wound_round'?" in misspelt
    assert "wound_round" in misspelt.split("There are: ")[1]

    assert server.north.post(f"{ROUTE}/wound_round/versions", json=written(version=2)).status_code == 201
    before = sent(server, schema_template="wound_round")
    server.work()
    assert job(server, before)["result"]["template"]["version"] == 1
    published(server.north)
    after = sent(server, schema_template="wound_round")
    server.work()
    assert job(server, after)["result"]["template"]["version"] == 2
    published(server.north, version=1)
    again = sent(server, schema_template="wound_round")
    server.work()
    assert job(server, again)["result"]["template"]["version"] == 1


def test_batches_and_auto_follow_it_too_and_uses_are_counted(server: Server) -> None:
    created(server.north)
    published(server.north)
    files = [("files", (f"{number}.pdf", document(pages=1, seed=number))) for number in range(3)]
    form = {"name": "Monday", "schema_template": "wound_round"}
    assert server.north.post("/api/v1/batches", files=files, data=form).status_code == 202
    refused(
        server.south.post("/api/v1/batches", files=files, data=form), 422, "template_unknown", "There are: discharge"
    )
    sent(server, document(pages=1, looks_like="wound_round"))
    sent(server, document(pages=1), schema_template="referral")
    server.work()

    effects_followed(server)
    effects_followed(server)

    assert server.north.get(f"{ROUTE}/wound_round").json()["uses"] == 4


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"source": "name = ", "format": "toml"}, ["line 1", "Correct it"]),
        ({"source": '{"name": 3}', "format": "json"}, ["name"]),
        ({"source": written()["source"] + 'kind = "colour"\n'}, ["line 13", "stage", "colour"]),
        (written("referral"), ["line 2", "'referral' is a template that comes with Chartdrop"]),
        ({"source": written()["source"].replace('title = "Weekly wound round"\n', "")}, ["title"]),
    ],
)
def test_what_cannot_be_followed_is_refused_with_line_field_and_remedy(
    server: Server, given: dict[str, str], words: list[str]
) -> None:
    refused(server.north.post(ROUTE, json=given), 422, "template_refused", *words)


def test_json_is_taken_too(server: Server) -> None:
    source = {"name": "ward", "version": 1, "title": "Ward", "use": ["patient_name"]}
    answer = server.north.post(ROUTE, json={"source": json.dumps(source), "format": "json"})

    assert (answer.status_code, answer.json()["name"]) == (201, "ward")


def test_names_and_versions_are_not_given_twice(server: Server) -> None:
    created(server.north)
    refused(server.north.post(ROUTE, json=written()), 409, "template_name_taken", "Add a version")
    refused(server.north.post(ROUTE, json=written("other", short="wounds")), 409, "template_name_taken", "'wounds'")
    versions = f"{ROUTE}/wound_round/versions"
    refused(server.north.post(versions, json=written(version=1)), 422, "template_refused", "Write 2")
    refused(server.north.post(versions, json=written("other", 2)), 422, "template_refused", "'other'")
    refused(server.north.post(f"{ROUTE}/wound_round/publish", json={"version": 7}), 404, "not_found", "no version 7")
    assert server.south.post(ROUTE, json=written()).status_code == 201  # another organization's names are its own


def test_a_repeated_creation_with_its_key_happens_once(server: Server) -> None:
    answers = [
        server.north.post(ROUTE, json=written(), headers={"Idempotency-Key": "one"}).status_code for _ in range(2)
    ]

    assert answers == [201, 201]


def test_a_deleted_template_is_used_no_more_and_its_versions_are_not_given_again(server: Server) -> None:
    created(server.north)
    published(server.north)
    assert server.north.delete(f"{ROUTE}/wound_round").status_code == 204

    assert server.north.get(f"{ROUTE}/wound_round").status_code == 404
    assert "wound_round" not in names(server.north)
    refused(send(server, schema_template="wound_round"), 422, "template_unknown")
    assert server.north.delete(f"{ROUTE}/wound_round").status_code == 404
    refused(server.north.post(ROUTE, json=written()), 422, "template_refused", "Write 2")
    assert server.north.post(ROUTE, json=written(version=2)).json()["published_version"] is None


def test_a_private_template_is_nobody_elses(server: Server) -> None:
    created(server.north)
    published(server.north)

    assert server.south.get(f"{ROUTE}/wound_round").status_code == 404
    assert "wound_round" not in names(server.south)
    for method, path, body in [
        ("POST", "versions", written(version=2)),
        ("POST", "publish", {}),
        ("DELETE", "", None),
    ]:
        route = f"{ROUTE}/wound_round/{path}".rstrip("/")
        assert server.south.request(method, route, json=body).status_code == 404


def test_a_public_template_is_the_operators_to_publish_and_everybodys_to_use(server: Server) -> None:
    created(server.north)
    refused(server.north.post(f"{ROUTE}/wound_round/publish", json={"is_public": True}), 403, "not_allowed")
    root = operator(server).http
    created(root, "fall_report", "falls")
    published(root, "fall_report", is_public=True)
    root.post(f"{ROUTE}/fall_report/versions", json=written("fall_report", 2, "falls"))

    seen = server.south.get(f"{ROUTE}/fall_report").json()
    assert (seen["origin"], seen["latest_version"], seen["uses"]) == ("public", 1, None)
    assert [one["version"] for one in seen["versions"]] == [1]
    job_id = sent(server, schema_template="fall_report")
    server.work()
    effects_followed(server)
    assert job(server, job_id)["result"]["template"]["name"] == "fall_report"
    assert root.get(f"{ROUTE}/fall_report").json()["uses"] == 1
    assert server.north.delete(f"{ROUTE}/fall_report").status_code == 404
    assert root.delete(f"{ROUTE}/fall_report").status_code == 204
    assert server.south.get(f"{ROUTE}/fall_report").status_code == 404


def test_ones_own_template_comes_before_a_public_one_of_its_name(server: Server) -> None:
    root = operator(server).http
    created(root)
    published(root, is_public=True)
    created(server.north)
    server.north.post(f"{ROUTE}/wound_round/versions", json=written(version=5))
    published(server.north)

    job_id = sent(server, schema_template="wound_round")
    server.work()
    effects_followed(server)

    assert job(server, job_id)["result"]["template"]["version"] == 5
    assert server.north.get(f"{ROUTE}/wound_round").json()["uses"] == 1
    assert root.get(f"{ROUTE}/wound_round").json()["uses"] == 0
    assert names(server.north).count("wound_round") == 1


def test_members_use_templates_and_owners_and_admins_change_them(server: Server) -> None:
    member, admin = joined(server, "member").http, joined(server, "admin").http
    assert created(admin)["origin"] == "own"
    published(admin)

    assert member.get(f"{ROUTE}/wound_round").status_code == 200
    for answer in (
        member.post(ROUTE, json=written("other")),
        member.post(f"{ROUTE}/wound_round/versions", json=written(version=2)),
        member.post(f"{ROUTE}/wound_round/publish", json={}),
        member.delete(f"{ROUTE}/wound_round"),
    ):
        assert answer.status_code == 403
