"""What an organization lays down for its devices, and that the server holds no more than it may see."""

from typing import Any

import pytest

from shared.documents import failed_reading
from shared.wire.v1.policy import is_withheld, withheld
from shared.wire.v1.sync import DocumentRead, Operation
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import FILE_NAME, PATIENT, SHA256
from tests.syncserver.people import joined, owner_of_north
from tests.syncserver.scripted import document

pytestmark = pytest.mark.timeout(60)
POLICY = "/api/v1/policy"
METADATA = {"server_sees": "metadata"}


def told(answer: Any) -> list[Any]:
    return [change["payload"] for change in answer.json()["changes"] if change["entity"] == "policy"]


def hidden(rows: list[Operation]) -> list[Operation]:
    """The rows as a device sends them to a server that sees metadata only."""
    return [
        row.model_copy(update={"payload": withheld(row.payload)}) if isinstance(row.payload, DocumentRead) else row
        for row in rows
    ]


def test_devices_hear_what_is_laid_down(server: Server) -> None:
    owner, desktop = owner_of_north(server).http, server.desktop()
    assert owner.get(POLICY).json() == {"server_sees": "everything", "retention_years": None, "lock_minutes": None}

    changed = owner.patch(POLICY, json=METADATA | {"lock_minutes": 5}).json()
    owner.patch(POLICY, json={"retention_years": 10, "lock_minutes": None})
    owner.patch(POLICY, json={"retention_years": 10})

    assert changed == {"server_sees": "metadata", "retention_years": None, "lock_minutes": 5}
    assert told(desktop.pull()) == [{"server_sees": "metadata", "retention_years": 10}]
    recorded = server.north.get("/api/v1/audit", params={"action": "policy.changed"}).json()["items"]
    assert len(recorded) == 2
    assert server.south.get(POLICY).json()["server_sees"] == "everything"


def test_what_the_server_may_see_is_for_owners_in_person(server: Server) -> None:
    admin, member = joined(server, "admin").http, joined(server, "member").http

    assert admin.patch(POLICY, json={"retention_years": 10}).status_code == 200
    assert admin.patch(POLICY, json=METADATA).status_code == 403
    assert server.north.patch(POLICY, json=METADATA).status_code == 403
    assert member.patch(POLICY, json={"lock_minutes": 3}).status_code == 403
    assert owner_of_north(server).http.patch(POLICY, json={"retention_years": 500}).status_code == 422


def test_a_server_that_sees_metadata_only_refuses_the_rest_and_counts_the_same(server: Server) -> None:
    owner, desktop = owner_of_north(server).http, server.desktop()
    owner.patch(POLICY, json=METADATA)
    document_id = desktop.read()
    desktop.fail()

    refused = desktop.push()
    assert (refused.status_code, refused.json()["code"]) == (422, "content_not_wanted")
    assert PATIENT not in refused.text
    assert server.north.get("/api/v1/jobs").json()["items"] == []
    files = {"file": ("1.pdf", document(pages=1))}
    assert server.north.post("/api/v1/jobs", files=files).json()["code"] == "content_not_wanted"

    assert desktop.push(hidden(desktop.outbox)).json()["accepted_through"] == 6
    job = server.north.get(f"/api/v1/jobs/{document_id}")
    assert (job.json()["document_type"], job.json()["document"]["sha256"]) == ("hospice_admission", SHA256)
    assert (job.json()["document"]["page_count"], job.json()["document"]["file_name"]) == (2, "")
    assert job.json()["result"]["fields"]["patient_name"]["confidence"] == 0.9
    for secret in (PATIENT, PATIENT.upper(), FILE_NAME):
        assert secret not in job.text
    assert server.north.get("/api/v1/stats").json()["average_confidence"] == pytest.approx(0.9)


def test_a_row_whose_answer_was_lost_may_come_again_in_the_other_form(server: Server) -> None:
    owner, desktop = owner_of_north(server).http, server.desktop()
    desktop.read()
    assert desktop.push().status_code == 200
    owner.patch(POLICY, json=METADATA)
    assert desktop.push(hidden(desktop.outbox)).json()["accepted_through"] == 3
    later = desktop.read()
    assert desktop.push(hidden(desktop.outbox)).json()["accepted_through"] == 6

    owner.patch(POLICY, json={"server_sees": "everything"})

    assert desktop.push().json()["accepted_through"] == 6
    assert PATIENT not in server.north.get(f"/api/v1/jobs/{later}").text


def test_withholding_leaves_nothing_of_the_document() -> None:
    failed = failed_reading(FILE_NAME, SHA256, "encrypted", f"{FILE_NAME} is encrypted.")
    moment = "2026-03-01T09:30:00Z"
    read = DocumentRead.model_validate(
        {"document_id": "018f3f5e-7c1a-7b3e-9d2a-5f6b7c8d9e0f", "sha256": SHA256, "status": "failed"}
        | {"received_at": moment, "finished_at": moment, "reading": failed}
    )

    assert not is_withheld(read)
    hidden_one = withheld(read)
    assert is_withheld(hidden_one)
    assert withheld(hidden_one) == hidden_one
    assert FILE_NAME not in hidden_one.model_dump_json()
    assert hidden_one.reading.error is not None
    assert hidden_one.reading.error.code == "encrypted"
