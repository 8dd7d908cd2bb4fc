"""Push: every row of a device's outbox arrives once and in order, whatever gets lost on the way."""

import gzip
import hashlib
import json

import pytest
from sqlalchemy import select

from shared.audit import GENESIS, AuditEntry, Receipt, SignedEntry, entry_to_json
from shared.audit.entry import digest_of
from shared.crypto.signing import sign
from shared.wire.v1.sync import AuditReceipt, AuditRecorded, DocumentRead, PushRequest, UsageCounted, erased_reading
from syncserver.ingest.models import AppliedOperation
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import PATIENT, admission, as_json

pytestmark = pytest.mark.timeout(60)


def jobs_of(server: Server) -> list[dict[str, object]]:
    items: list[dict[str, object]] = server.north.get("/api/v1/jobs").json()["items"]
    return items


def test_a_pushed_document_is_a_job_with_everything_that_was_read(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()

    answer = desktop.push()

    assert (answer.status_code, answer.json()["accepted_through"]) == (200, 3)
    job = server.north.get(f"/api/v1/jobs/{document_id}").json()
    read = as_json(admission())
    assert job["status"] == "completed"
    assert job["origin"] == "desktop"
    assert job["device_id"] == str(desktop.id)
    assert job["sha256"] == read["sha256"]
    assert job["document"]["file_name"] == read["file_name"]
    shown = ("document_type", "document_type_confidence", "template", "fields", "tables", "pages")
    assert job["result"] == {name: read[name] for name in shown}
    assert job["error"] is None


def test_pushing_twice_is_pushing_once(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()

    first, second = desktop.push(), desktop.push()

    assert first.json()["accepted_through"] == second.json()["accepted_through"] == 3
    assert len(jobs_of(server)) == 1
    assert jobs_of(server)[0]["attempts"] == 1


def test_after_a_lost_answer_old_and_new_rows_may_come_together(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    desktop.push()  # the answer is lost
    desktop.read()

    assert desktop.push().json()["accepted_through"] == 6
    assert len(jobs_of(server)) == 2


def test_a_gap_is_refused_and_says_where_to_go_on(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    desktop.push()
    desktop.read()

    answer = desktop.push(desktop.outbox[4:])

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["accepted_through"]) == ("sequence_gap", 3)
    assert len(jobs_of(server)) == 1


def test_rows_out_of_order_are_refused_whole(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()

    answer = desktop.push(desktop.outbox[::-1])

    assert (answer.status_code, answer.json()["code"]) == (409, "sequence_gap")
    assert jobs_of(server) == []


def test_a_sequence_with_other_content_is_refused_whole(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    desktop.push()
    desktop.outbox.clear()
    desktop.read()  # as a device does that was restored from a backup
    desktop.read()

    answer = desktop.push()

    assert (answer.status_code, answer.json()["code"]) == (422, "sequence_reused")
    assert len(jobs_of(server)) == 1


def test_an_erased_reading_counts_as_accepted_and_changes_nothing(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.push()
    desktop.outbox[:] = [
        row.model_copy(update={"payload": erased_reading(row.payload)})
        if isinstance(row.payload, DocumentRead)
        else row
        for row in desktop.outbox
    ]
    desktop.audit("document.deleted", str(document_id))

    answer = desktop.push()

    assert answer.json()["accepted_through"] == 4
    job = server.north.get(f"/api/v1/jobs/{document_id}").json()
    assert (job["status"], job["document"]["file_name"]) == ("completed", admission().file_name)


def test_a_server_that_never_saw_the_document_learns_that_it_was_deleted(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.outbox[:] = [
        row.model_copy(update={"payload": erased_reading(row.payload)})
        if isinstance(row.payload, DocumentRead)
        else row
        for row in desktop.outbox
    ]

    assert desktop.push().json()["accepted_through"] == 3
    job = server.north.get(f"/api/v1/jobs/{document_id}").json()
    assert (job["status"], job["error"]["code"]) == ("failed", "document_deleted")


def test_members_that_this_version_does_not_know_are_part_of_a_rows_content(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    body = json.loads(PushRequest(operations=desktop.outbox).model_dump_json())
    body["operations"][0]["added_by_a_newer_desktop"] = 1
    desktop.send(json.dumps(body).encode())

    again = desktop.send(json.dumps(body, indent=1, sort_keys=True).encode())
    without = desktop.push()

    assert again.status_code == 200
    assert without.json()["code"] == "sequence_reused"


def test_a_row_is_known_again_in_any_spelling(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    desktop.fail()
    as_sent = PushRequest(operations=desktop.outbox).model_dump_json()
    respelled = json.dumps(json.loads(as_sent), indent=1, sort_keys=True)
    other_words = respelled.replace(PATIENT, "Somebody Else")
    other_moment = as_sent.replace('"attempt":1', '"attempt":2')

    answers = [desktop.send(body.encode()) for body in (as_sent, respelled, as_sent, other_words, other_moment)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 422, 422]
    assert {answer.json()["code"] for answer in answers[3:]} == {"sequence_reused"}


def test_a_row_that_an_earlier_version_took_is_known_again(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    desktop.push()
    with server.parts.database.writing() as session:
        for row in session.scalars(select(AppliedOperation)):
            said = json.loads(desktop.outbox[row.sequence - 1].model_dump_json())
            canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
            row.digest = hashlib.sha256(canonical.encode()).hexdigest()

    again = desktop.push()
    desktop.outbox[0] = desktop.outbox[0].model_copy(update={"operation_id": desktop.id})

    assert again.status_code == 200
    assert desktop.push().json()["code"] == "sequence_reused"


def test_whatever_characters_an_entry_holds_are_kept(server: Server) -> None:
    desktop = server.desktop()
    subjects = ["", "NULL", 'a "quoted", \\ {braced} one', "é\n\t☃ 😀", "'; --"]
    for subject in subjects:
        desktop.audit("document.seen", subject)

    assert desktop.push().status_code == 200

    shown = server.north.get("/api/v1/audit", params={"chain": str(desktop.id)}).json()["items"]
    assert [entry["subject"] for entry in shown][::-1] == subjects


def test_a_gzip_body_is_read(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    body = PushRequest(operations=desktop.outbox).model_dump_json().encode()

    assert desktop.send(gzip.compress(body), **{"Content-Encoding": "gzip"}).json()["accepted_through"] == 3


def test_the_answer_is_a_signed_receipt_of_how_far_the_devices_audit_chain_has_come(server: Server) -> None:
    desktop = server.desktop()
    desktop.write(UsageCounted(document_id=desktop.id, attempt=1, pages=1))
    before = desktop.push().json()
    desktop.read()
    desktop.audit("document.seen", str(desktop.id))

    first, again = (AuditReceipt.model_validate(desktop.push().json()["audit_receipt"]) for _ in range(2))

    assert before["audit_receipt"] is None  # there is no entry yet
    assert desktop.last_entry is not None
    for signed in (first, again):  # a lost answer costs no receipt
        receipt = Receipt(
            str(signed.chain), signed.sequence, signed.digest, signed.at, signed.server_key, signed.signature
        )
        assert (receipt.chain, receipt.head) == (str(desktop.id), (2, desktop.last_entry.digest))
        assert receipt.is_genuine()


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (b"not gzip", "gzip", 400, "body_not_readable"),
        (gzip.compress(b"{}")[:-4], "gzip", 400, "body_not_readable"),
        (gzip.compress(b" " * (64 * 1024 * 1024 + 1)), "gzip", 413, "body_too_large"),
        (b"{}", "br", 415, "encoding_unknown"),
        (b"{}", "", 422, "invalid_request"),
        (b"{", "", 422, "invalid_request"),
        (b'{"operations": []}', "", 422, "invalid_request"),
    ],
    ids=["not gzip", "cut off", "bomb", "brotli", "no operations", "no JSON", "empty"],
)
def test_a_body_that_is_none_is_refused_with_its_reason(
    server: Server, body: bytes, encoding: str, status: int, code: str
) -> None:
    answer = server.desktop().send(body, **{"Content-Encoding": encoding})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_refusal_names_the_place_and_never_the_value(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    body = json.loads(PushRequest(operations=desktop.outbox).model_dump_json())
    body["operations"][0]["payload"]["reading"]["page_count"] = PATIENT

    answer = desktop.send(json.dumps(body).encode())

    assert answer.status_code == 422
    assert "page_count" in answer.json()["detail"]
    assert PATIENT not in answer.text


def test_an_entry_that_does_not_continue_the_chain_is_refused_with_all_beside_it(server: Server) -> None:
    desktop = server.desktop()
    desktop.audit("device.started", str(desktop.id))
    desktop.push()
    desktop.last_entry = None  # the chain begins anew, as after a restored backup
    desktop.read()

    answer = desktop.push()

    assert (answer.status_code, answer.json()["code"]) == (422, "audit_chain_broken")
    assert jobs_of(server) == []


def test_an_entry_signed_with_another_key_is_refused(server: Server) -> None:
    desktop, other = server.desktop(), server.desktop()
    key, desktop.key = desktop.key, other.key
    desktop.audit("device.started", str(desktop.id))
    desktop.key = key

    answer = desktop.push()

    assert (answer.status_code, answer.json()["code"]) == (422, "audit_chain_broken")


@pytest.mark.parametrize("line", ["", "[]", '"x"', "{}", "[" * 9000, '{"chain": 1}'])
def test_an_entry_that_is_none_is_refused(server: Server, line: str) -> None:
    desktop = server.desktop()
    desktop.audit("device.started", str(desktop.id))
    body = json.loads(PushRequest(operations=desktop.outbox).model_dump_json())
    body["operations"][0]["payload"]["entry"] = line

    answer = desktop.send(json.dumps(body).encode())

    assert (answer.status_code, answer.json()["code"]) == (422, "audit_chain_broken")


def test_an_entry_of_a_moment_that_no_calendar_has_is_refused(server: Server) -> None:
    desktop = server.desktop()
    entry = AuditEntry(str(desktop.id), 1, "0001-01-01T00:00:00+14:00", "person:1", "device.started", "x", GENESIS)
    signed = SignedEntry(entry, digest_of(entry.canonical()), sign(desktop.key, entry.canonical()).hex())
    desktop.write(AuditRecorded(entry=entry_to_json(signed)))

    answer = desktop.push()

    assert (answer.status_code, answer.json()["code"]) == (422, "audit_chain_broken")


@pytest.mark.parametrize("confidence", ["NaN", "Infinity", "-0.1", "1e300"])
def test_a_confidence_that_is_none_is_refused(server: Server, confidence: str) -> None:
    desktop = server.desktop()
    desktop.read(reading=admission(confidence=0.8125))
    body = PushRequest(operations=desktop.outbox).model_dump_json()

    answer = desktop.send(body.replace("0.8125", confidence).encode())

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_counts_beyond_all_bounds_are_refused(server: Server) -> None:
    desktop = server.desktop()
    desktop.write(UsageCounted(document_id=desktop.id, attempt=1, pages=10**20))

    assert desktop.push().json()["code"] == "invalid_request"


def test_a_document_read_again_takes_the_place_of_the_first_reading(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read(reading=admission(pages=1))
    desktop.push()
    desktop.read(document_id, admission(pages=3))
    desktop.push()

    job = server.north.get(f"/api/v1/jobs/{document_id}").json()
    assert (job["attempts"], job["page_count"], len(job["result"]["pages"])) == (2, 3, 3)


def test_a_document_of_one_device_is_not_anothers_to_replace(server: Server) -> None:
    mine, other = server.desktop(), server.desktop()
    document_id = mine.read()
    mine.push()
    other.read(document_id)

    answer = other.push()

    assert (answer.status_code, answer.json()["code"]) == (409, "document_of_another_device")


def test_two_organizations_may_hold_documents_of_the_same_id(server: Server) -> None:
    mine, theirs = server.desktop(), server.desktop(server.south)
    document_id = mine.read(reading=admission(pages=1))
    theirs.read(document_id, admission(pages=2))
    mine.push()

    assert theirs.push().status_code == 200
    assert server.north.get(f"/api/v1/jobs/{document_id}").json()["page_count"] == 1
    assert server.south.get(f"/api/v1/jobs/{document_id}").json()["page_count"] == 2


def test_a_failed_document_is_a_failed_job_with_its_reason(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.fail()
    desktop.push()

    job = server.north.get(f"/api/v1/jobs/{document_id}").json()
    assert job["status"] == "failed"
    assert job["result"] is None
    assert job["error"] == {"code": "encrypted", "message": "The file is encrypted."}


@pytest.mark.parametrize("year", ["0001", "1969", "9999"])
def test_a_device_whose_clock_is_absurd_is_not_kept_from_sending(server: Server, year: str) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    body = PushRequest(operations=desktop.outbox).model_dump_json().replace('_at":"2026-', f'_at":"{year}-')

    assert desktop.send(body.encode()).status_code == 200

    job = server.north.get(f"/api/v1/jobs/{document_id}").json()
    assert job["created_at"] == job["finished_at"] == job["synced_at"]
