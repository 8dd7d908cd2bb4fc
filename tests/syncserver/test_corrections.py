"""Corrections on the server: kept once and sealed, shown in jobs, told to every device in the order of the commits."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.ids import new_id
from shared.wire.v1.corrections import CorrectionMade, CorrectionState, erased_correction
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import PATIENT, Desktop, Json
from tests.syncserver.test_feed import pulled

pytestmark = pytest.mark.timeout(60)


def pushed(desktop: Desktop) -> None:
    answer = desktop.push()
    assert answer.status_code == 200, answer.text


def job(server: Server, document_id: UUID) -> Json:
    return server.north.get(f"/api/v1/jobs/{document_id}").json()


def name_of(server: Server, document_id: UUID) -> Any:
    return job(server, document_id)["result"]["fields"]["patient_name"]


def told(answer: Json) -> list[CorrectionState]:
    return [
        CorrectionState.model_validate(one["payload"]) for one in answer["changes"] if one["entity"] == "correction"
    ]


def said_of(desktop: Desktop) -> CorrectionMade:
    [said] = [row.payload for row in desktop.outbox if isinstance(row.payload, CorrectionMade)]
    return said


def test_a_job_shows_what_a_person_said_beside_what_was_read(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    pushed(desktop)
    before = name_of(server, document_id)
    desktop.correct("Wilma Featherstone")

    pushed(desktop)

    shown = {"value": "Wilma Featherstone", "confidence": 1.0, "source": "person", "needs_review": False}
    assert name_of(server, document_id) == before | shown
    assert job(server, document_id)["result"]["pages"][0]["lines"][0]["text"] == f"Patient: {PATIENT}"


def test_the_same_content_under_another_id_shows_it_too_and_another_organization_does_not(server: Server) -> None:
    desktop, other, stranger = server.desktop(), server.desktop(), server.desktop(server.south)
    documents = [one.read() for one in (desktop, other, stranger)]
    desktop.correct("Wilma Featherstone")
    for one in (desktop, other, stranger):
        pushed(one)

    assert [name_of(server, document_id)["value"] for document_id in documents[:2]] == ["Wilma Featherstone"] * 2
    foreign = server.south.get(f"/api/v1/jobs/{documents[2]}").json()
    assert foreign["result"]["fields"]["patient_name"]["value"] == PATIENT
    assert told(pulled(stranger)) == []


def test_what_two_said_otherwise_is_both_there_and_to_review(server: Server) -> None:
    desktop, other = server.desktop(), server.desktop()
    document_id = desktop.read()
    first = desktop.correct("Wilma", milliseconds=2)
    second = other.correct("Minna", milliseconds=1)
    pushed(desktop)
    pushed(other)

    shown = name_of(server, document_id)
    assert (shown["value"], shown["needs_review"], shown["alternatives"]) == ("Wilma", True, ["Minna"])

    other.correct("Minna", replaces=(first, second), milliseconds=0)
    pushed(other)
    shown = name_of(server, document_id)
    assert (shown["value"], shown["needs_review"], shown["alternatives"]) == ("Minna", False, [])


def test_every_device_hears_of_it_once_with_who_and_when(server: Server) -> None:
    desktop, other = server.desktop(), server.desktop()
    cursor = pulled(other)["cursor"]
    desktop.read()
    correction_id = desktop.correct("Wilma")
    pushed(desktop)

    answer = pulled(other, cursor)

    [change] = [one for one in answer["changes"] if one["entity"] == "correction"]
    [state] = told(answer)
    assert (change["entity_id"], change["op"], change["revision"]) == (str(correction_id), "put", 1)
    assert (state.value, state.person, state.device_id) == ("Wilma", "Dana Ortiz", desktop.id)
    assert abs((state.received_at - server.clock()).total_seconds()) < 60
    assert told(pulled(other, answer["cursor"])) == []
    assert told(pulled(desktop, cursor)) == [state]


def test_pushed_twice_or_by_another_device_too_it_is_kept_once_as_it_came_first(server: Server) -> None:
    desktop, other = server.desktop(), server.desktop()
    desktop.correct("Wilma")
    pushed(desktop)
    pushed(desktop)
    other.write(said_of(desktop).model_copy(update={"value": "Somebody else"}))
    pushed(other)

    assert [(one.value, one.device_id) for one in told(pulled(other))] == [("Wilma", desktop.id)]


def test_jobs_that_were_corrected_changed_since(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    pushed(desktop)
    before = server.clock().isoformat()
    assert server.north.get("/api/v1/jobs", params={"since": before}).json()["items"] == []
    desktop.correct("Wilma")
    pushed(desktop)

    changed = server.north.get("/api/v1/jobs", params={"since": before}).json()["items"]

    assert [one["job_id"] for one in changed] == [str(document_id)]


def test_no_column_holds_what_was_said_or_who(server: Server) -> None:
    desktop = server.desktop()
    desktop.correct("Quillabamba")
    pushed(desktop)

    with server.parts.database.engine.connect() as connection:
        tables = connection.dialect.get_table_names(connection)
        held = b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in tables
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
            for value in row
        )
    assert not [word for word in (b"Quillabamba", b"Dana Ortiz", PATIENT.encode()) if word in held]


def test_that_devices_fetched_corrections_stands_in_the_audit_log(server: Server) -> None:
    desktop = server.desktop()
    pulled(desktop)
    desktop.correct("Wilma")
    desktop.correct("Wilma F.")
    pushed(desktop)
    pulled(desktop)

    entries = server.north.get("/api/v1/audit", params={"limit": 100}).json()["items"]

    fetched = [json.loads(one["entry"])["entry"] if "entry" in one else one for one in entries]
    acts = [one for one in fetched if one["action"] == "corrections.fetched"]
    assert [(one["actor"], one["details"]) for one in acts] == [(f"device:{desktop.id}", {"count": 2})]


def test_an_erased_correction_is_accepted_and_not_kept_and_takes_nothing_away(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.correct("Wilma")
    pushed(desktop)
    place = next(n for n, row in enumerate(desktop.outbox) if isinstance(row.payload, CorrectionMade))
    row = desktop.outbox[place]
    desktop.outbox[place] = row.model_copy(update={"payload": erased_correction(said_of(desktop))})
    pushed(desktop)
    assert name_of(server, document_id)["value"] == "Wilma"

    fresh = said_of(desktop).model_copy(update={"correction_id": new_id()})
    desktop.write(fresh)
    pushed(desktop)

    assert len(told(pulled(desktop))) == 1


@pytest.mark.parametrize(
    "wrong", [{"path": "nowhere"}, {"value": {"a": 1}}, {"stamp": {"milliseconds": -5, "count": 0}}]
)
def test_what_no_device_makes_is_refused_whole(server: Server, wrong: dict[str, Any]) -> None:
    desktop = server.desktop()
    desktop.correct("Wilma")
    operation = json.loads(desktop.outbox[0].model_dump_json())
    operation["payload"] |= wrong

    answer = desktop.send(json.dumps({"operations": [operation]}).encode())

    assert answer.status_code == 422
    assert "Wilma" not in answer.text


def test_large_corrections_travel_in_pages_within_the_bound(server: Server) -> None:
    desktop = server.desktop()
    for _ in range(60):
        desktop.correct("x" * 9000, replaces=())
    pushed(desktop)

    cursor, pages = None, []
    while True:
        answer = pulled(desktop, cursor)
        pages.append(len(told(answer)))
        assert sum(len(json.dumps(one["payload"])) for one in answer["changes"]) <= 1024 * 1024
        cursor = answer["cursor"]
        if not answer["more"]:
            break

    assert sum(pages) == 60
