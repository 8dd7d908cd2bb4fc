"""A device whose store was restored from a backup goes on as another: nothing is lost, nothing is counted twice."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shared.audit import verify_export
from shared.crypto.signing import new_signing_key, verifying_key
from shared.wire.v1.succession import name_successor
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import Desktop, Successor
from tests.syncserver.test_audit_tree import LONG_AGO, faults, head_of, old_clinic, remove_expired

pytestmark = pytest.mark.timeout(60)


def restored(server: Server) -> Successor:
    """A desktop pushed a document, was backed up, pushed another one, was restored, and read a third."""
    before = server.desktop()
    before.read()
    backup = len(before.outbox)
    before.read()
    before.correct("Wilma")
    assert before.push().status_code == 200
    after = Successor(before, shared=backup)
    after.audit_before("store.restored")
    return after


def test_rows_of_another_history_are_refused_with_the_last_that_is_the_same(server: Server) -> None:
    after = restored(server)
    shared = len(after.outbox) - 1

    answer = after.before.push(after.outbox[1:])

    assert (answer.status_code, answer.json()["code"]) == (422, "sequence_reused")
    assert answer.json()["accepted_through"] == shared


def test_a_successor_is_enrolled_by_the_signature_of_who_it_was(server: Server) -> None:
    after = restored(server)

    first, again = after.introduce(), after.introduce()

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["audit_key"] == after.before.audit_key
    mine, other = server.north.get("/api/v1/devices").json()["items"]
    assert (mine["id"], mine["name"], mine["predecessor_id"]) == (str(after.id), other["name"], str(after.before.id))
    assert mine["accepted_through"] == len(after.outbox) - 1


def test_only_what_the_server_lacks_is_sent_and_nothing_is_doubled(server: Server) -> None:
    after = restored(server)
    after.introduce()
    after.fork()
    after.read()
    entries = len(server.north.get("/api/v1/audit", params={"limit": "100"}).json()["items"])

    answer = after.push(after.outbox[3:])

    assert answer.status_code == 200, answer.text
    receipt = answer.json()["audit_receipt"]
    assert (receipt["chain"], receipt["sequence"]) == (str(after.id), 4)
    assert server.north.get("/api/v1/stats").json()["total_jobs"] == 3
    server.follow()
    assert server.north.get("/api/v1/me").json()["usage"]["pages"] == 6
    log = server.north.get("/api/v1/audit", params={"limit": "100"}).json()["items"]
    assert len(log) == entries + 4  # two of its own, one of the branch before, and the server's of the push
    assert [one["sequence"] for one in log if one["writer"] == str(after.before.id)] == [2]
    assert after.before.push(token=after.before.token()).status_code == 200  # a copy may live on


def test_the_log_with_a_successor_holds_and_its_export_is_checked_by_the_program_that_shares_no_code(
    server: Server,
) -> None:
    after = restored(server)
    after.introduce()
    after.fork()
    after.read()
    after.push(after.outbox[3:])
    head_of(server)
    assert faults(server) == []

    lines = server.north.get("/api/v1/audit/export").text.splitlines()

    assert verify_export.verify_log(lines).fault is None
    for place in range(len(lines)):
        assert verify_export.verify_log(lines[:place] + lines[place + 1 :]).fault, place
    elsewhere = lines[0].replace(f'{{"{after.id}":1}}', f'{{"{after.id}":2}}')
    assert elsewhere != lines[0]
    assert verify_export.verify_log([elsewhere, *lines[1:]]).fault
    of_another = [line.replace(f'{{"of":"{after.id}"', f'{{"of":"{after.before.id}"') for line in lines]
    assert verify_export.verify_log(of_another).fault


def test_where_a_chain_begins_is_known_when_that_entry_was_given_up(server: Server) -> None:
    clinic = old_clinic(server)
    server.clock.ahead, before = LONG_AGO, clinic.desktop
    backup = len(before.outbox)
    before.read()
    before.push()
    after = Successor(before, shared=backup)
    after.audit_before("store.restored")
    after.introduce()
    server.clock.ahead = timedelta()
    after.fork()
    after.push(after.outbox[3:])

    assert remove_expired(server) > 5

    assert faults(server) == []
    after.read()
    assert after.push(after.outbox[5:]).status_code == 200
    assert remove_expired(server) == 0
    assert faults(server) == []
    lines = server.client(clinic.key).get("/api/v1/audit/export").text.splitlines()
    assert verify_export.verify_log(lines).fault is None


def test_a_document_that_was_read_before_is_its_successors_when_it_is_read_again(server: Server) -> None:
    after = restored(server)
    after.introduce()
    after.fork()
    document_id = after.read(after.outbox[0].payload.document_id)  # type: ignore[union-attr]

    answer = after.push(after.outbox[3:])

    assert answer.status_code == 200, answer.text
    assert server.north.get(f"/api/v1/jobs/{document_id}").json()["attempts"] == 2
    stranger = server.desktop()
    stranger.read(document_id)
    assert stranger.push().json()["code"] == "document_of_another_device"


def test_what_the_earlier_identity_wrote_comes_before_the_later_one_and_never_after(server: Server) -> None:
    after = restored(server)
    after.introduce()
    after.fork()
    after.audit_before("document.read")

    answer = after.push(after.outbox[3:])

    assert (answer.status_code, answer.json()["code"]) == (422, "audit_chain_broken")


def test_nobody_else_names_a_successor(server: Server) -> None:
    after = restored(server)
    stranger, revoked = new_signing_key(), server.desktop()
    own = verifying_key(after.key).hex()
    forged = name_successor(stranger, after.before.id, after.id, own)
    another_key = verifying_key(stranger).hex()

    for changes, code in (
        ({"signature": forged}, "device_not_proven"),
        ({"device_id": str(uuid4())}, "device_not_proven"),
        ({"successor_id": str(uuid4())}, "device_not_proven"),
    ):
        answer = after.introduce(**changes)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
    after.introduce()
    signature = name_successor(after.before.key, after.before.id, after.id, another_key)
    known = after.introduce(public_key=another_key, signature=signature)
    assert (known.status_code, known.json()["code"]) == (409, "device_known")
    server.north.delete(f"/api/v1/devices/{revoked.id}")
    refused = Successor(revoked).introduce()
    assert (refused.status_code, refused.json()["code"]) == (403, "device_revoked")
    server.north.delete(f"/api/v1/devices/{after.id}")
    assert after.introduce().json()["code"] == "device_revoked"


def test_a_server_that_holds_nothing_of_it_gets_everything_by_a_code_and_the_keys_of_before(server: Server) -> None:
    before = Desktop(server.http)
    before.read()
    after = Successor(before)
    after.fork()
    key = verifying_key(before.key).hex()
    code = server.south.post("/api/v1/devices/enrolment-codes").json()["code"]
    ancestors = [{"device_id": str(before.id), "public_key": key}]

    assert after.enrol(code, ancestors=ancestors).status_code == 201  # type: ignore[arg-type]

    assert after.push().status_code == 200
    assert server.south.get("/api/v1/stats").json()["total_jobs"] == 1
    assert faults(server) == []
    assert verify_export.verify_log(server.south.get("/api/v1/audit/export").text.splitlines()).fault is None
