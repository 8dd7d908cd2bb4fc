"""Devices: a code enrols one of them, their key lets them in, revocation shuts them out at once."""

from datetime import timedelta

import pytest

from shared.crypto.signing import new_signing_key, verifying_key
from shared.wire.v1.statements import Admission, Revocation, RevocationNotice
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import Answer, Desktop
from tests.syncserver.people import joined

pytestmark = pytest.mark.timeout(60)
NONCE = "5e" * 32


def new_code(server: Server) -> str:
    answer = server.north.post("/api/v1/devices/enrolment-codes")
    assert answer.status_code == 201
    return str(answer.json()["code"])


def test_a_code_enrols_a_device_with_the_organization_that_made_it(server: Server) -> None:
    desktop = Desktop(server.http)

    answer = desktop.enrol(new_code(server))

    assert answer.status_code == 201
    assert answer.json() == {
        "device_id": str(desktop.id),
        "organization_id": str(server.owners.north.organization_id),
        "organization_name": "North Clinic",
        "audit_key": answer.json()["audit_key"],
        "admission": None,
    }
    assert len(bytes.fromhex(answer.json()["audit_key"])) == 32
    listed = server.north.get("/api/v1/devices").json()["items"]
    assert [(device["id"], device["name"]) for device in listed] == [(str(desktop.id), "Front desk")]


def test_a_code_may_be_typed_as_people_type(server: Server) -> None:
    code = new_code(server).lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert Desktop(server.http).enrol(code).status_code == 201


def test_a_device_whose_answer_was_lost_gets_it_again(server: Server) -> None:
    desktop, code = Desktop(server.http), new_code(server)

    first = desktop.enrol(code)
    server.clock.ahead = timedelta(minutes=20)

    assert desktop.enrol(code).json() == first.json()


def test_a_code_works_for_one_device(server: Server) -> None:
    code = new_code(server)
    Desktop(server.http).enrol(code)

    answer = Desktop(server.http).enrol(code)

    assert (answer.status_code, answer.json()["code"]) == (403, "enrolment_code_refused")


def test_a_code_is_over_after_15_minutes(server: Server) -> None:
    code = new_code(server)
    server.clock.ahead = timedelta(minutes=15, seconds=1)

    answer = Desktop(server.http).enrol(code)

    assert (answer.status_code, answer.json()["code"]) == (403, "enrolment_code_refused")


def test_an_unknown_code_is_refused(server: Server) -> None:
    answer = Desktop(server.http).enrol("AAAAA-AAAAA")

    assert (answer.status_code, answer.json()["code"]) == (403, "enrolment_code_refused")


def test_an_enrolled_device_cannot_come_back_with_another_key(server: Server) -> None:
    desktop = server.desktop()
    desktop.key = new_signing_key()

    answer = desktop.enrol(new_code(server))

    assert (answer.status_code, answer.json()["code"]) == (409, "device_known")


def test_an_enrolled_device_may_enrol_again_with_a_new_code(server: Server) -> None:
    desktop = server.desktop()

    assert desktop.enrol(new_code(server), name="Back office").status_code == 201
    assert server.north.get("/api/v1/devices").json()["items"][0]["name"] == "Back office"


def test_a_malformed_key_is_refused_with_its_place(server: Server) -> None:
    answer = Desktop(server.http).enrol(new_code(server), public_key=verifying_key(new_signing_key()).hex()[:-1])

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("public_key:")


def test_a_signed_challenge_gives_a_token_of_10_minutes(server: Server) -> None:
    answer = server.desktop().prove(server.desktop().challenge())
    assert answer.status_code == 401  # a challenge is its device's own

    desktop = server.desktop()
    answer = desktop.prove(desktop.challenge())

    assert answer.status_code == 200
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("bearer", 600)


def test_a_challenge_is_over_after_a_minute(server: Server) -> None:
    desktop = server.desktop()
    challenge = desktop.challenge()
    server.clock.ahead = timedelta(seconds=61)

    assert desktop.prove(challenge).status_code == 401


def test_a_challenge_signed_with_another_key_gives_nothing(server: Server) -> None:
    desktop = server.desktop()
    desktop.key = new_signing_key()

    answer = desktop.prove(desktop.challenge())

    assert (answer.status_code, answer.json()["code"]) == (401, "device_not_proven")


def test_a_device_that_nobody_enrolled_gets_no_token(server: Server) -> None:
    stranger = Desktop(server.http)

    assert stranger.prove(stranger.challenge()).json()["code"] == "device_not_proven"


def test_a_device_token_is_over_after_10_minutes(server: Server) -> None:
    desktop = server.desktop()
    token = desktop.token()
    desktop.read()
    server.clock.ahead = timedelta(minutes=10, seconds=1)

    assert desktop.push(token=token).status_code == 401


def test_a_device_token_opens_nothing_of_peoples(server: Server) -> None:
    headers = {"Authorization": f"Bearer {server.desktop().token()}"}

    for path in ("/api/v1/me", "/api/v1/jobs", "/api/v1/devices", "/api/v1/audit", "/api/v1/api-keys"):
        assert server.http.get(path, headers=headers).status_code == 401


def test_a_revoked_device_is_shut_out_at_once_with_the_token_it_has(server: Server) -> None:
    desktop = server.desktop()
    token = desktop.token()
    desktop.read()

    assert server.north.delete(f"/api/v1/devices/{desktop.id}").status_code == 204

    refusals = [desktop.push(token=token), desktop.prove(desktop.challenge())]
    assert [(answer.status_code, answer.json()["code"]) for answer in refusals] == [(403, "device_revoked")] * 2
    assert "revocation" not in refusals[1].json()  # it sent no nonce to sign
    assert server.north.get("/api/v1/devices").json()["items"][0]["revoked_at"]


def test_revoking_twice_is_revoking_once(server: Server) -> None:
    desktop = server.desktop()
    first, second = (server.north.delete(f"/api/v1/devices/{desktop.id}").status_code for _ in range(2))

    assert (first, second) == (204, 204)
    assert len(server.north.get("/api/v1/audit", params={"action": "device.revoked"}).json()["items"]) == 1


def revocation_of(answer: Answer, desktop: Desktop) -> RevocationNotice:
    """What the refusal says, which the server signed for the desktop's own question."""
    assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")
    revocation = Revocation.model_validate(answer.json()["revocation"])
    assert revocation.is_genuine(desktop.audit_key)
    return revocation.read()


def test_a_revoked_device_that_proves_itself_gets_it_signed_for_its_own_question(server: Server) -> None:
    desktop = server.desktop()
    server.north.delete(f"/api/v1/devices/{desktop.id}")

    notice = revocation_of(desktop.prove(desktop.challenge(), nonce=NONCE), desktop)

    assert (notice.device_id, notice.organization_id) == (desktop.id, server.owners.north.organization_id)
    assert (notice.nonce, notice.destroy_keys) == (NONCE, False)
    listed = server.north.get("/api/v1/devices").json()["items"][0]
    assert listed["revocation_heard_at"]
    assert listed["destroy_keys"] is False
    desktop.prove(desktop.challenge(), nonce=NONCE)
    heard = server.north.get("/api/v1/audit", params={"action": "device.heard_of_revocation"}).json()["items"]
    assert [entry["actor"] for entry in heard] == [f"device:{desktop.id}"]


def test_who_cannot_prove_to_be_the_revoked_device_gets_nothing_signed(server: Server) -> None:
    desktop = server.desktop()
    server.north.delete(f"/api/v1/devices/{desktop.id}", params={"destroy_keys": True})
    desktop.key = new_signing_key()

    answer = desktop.prove(desktop.challenge(), nonce=NONCE)

    assert (answer.status_code, answer.json()["code"]) == (401, "device_not_proven")
    assert server.north.get("/api/v1/devices").json()["items"][0]["revocation_heard_at"] is None


def test_a_device_is_told_to_destroy_its_keys_also_when_it_was_revoked_before(server: Server) -> None:
    desktop = server.desktop()
    server.north.delete(f"/api/v1/devices/{desktop.id}")
    revocation_of(desktop.prove(desktop.challenge(), nonce=NONCE), desktop)

    for _ in range(2):
        server.north.delete(f"/api/v1/devices/{desktop.id}", params={"destroy_keys": True})
    server.north.delete(f"/api/v1/devices/{desktop.id}")

    assert server.north.get("/api/v1/devices").json()["items"][0]["revocation_heard_at"] is None
    assert revocation_of(desktop.prove(desktop.challenge(), nonce=NONCE), desktop).destroy_keys
    recorded = server.north.get("/api/v1/audit", params={"action": "device.revoked"}).json()["items"]
    assert [entry["details"] for entry in recorded] == [{"destroy_keys": True}, {}]


def test_a_new_code_lets_a_revoked_device_come_back_and_an_old_one_does_not(server: Server) -> None:
    desktop, code = Desktop(server.http), new_code(server)
    desktop.enrol(code)
    server.north.delete(f"/api/v1/devices/{desktop.id}")

    assert desktop.enrol(code).json()["code"] == "device_revoked"
    answer = desktop.enrol(new_code(server), nonce=NONCE)

    assert answer.status_code == 201
    admission = Admission.model_validate(answer.json()["admission"])
    assert admission.is_genuine(answer.json()["audit_key"])
    assert (admission.read().device_id, admission.read().nonce) == (desktop.id, NONCE)
    assert desktop.token()
    assert server.north.get("/api/v1/devices").json()["items"][0]["revoked_at"] is None


def test_no_code_brings_a_device_back_whose_keys_are_to_be_destroyed(server: Server) -> None:
    desktop = server.desktop()
    server.north.delete(f"/api/v1/devices/{desktop.id}", params={"destroy_keys": True})

    answer = desktop.enrol(new_code(server))

    assert (answer.status_code, answer.json()["code"]) == (403, "device_revoked")


def test_only_owners_and_admins_revoke_or_have_keys_destroyed(server: Server) -> None:
    desktop, member = server.desktop(), joined(server, "member")

    answer = member.http.delete(f"/api/v1/devices/{desktop.id}", params={"destroy_keys": True})

    assert answer.status_code == 403
    assert desktop.token()
    assert server.south.delete(f"/api/v1/devices/{desktop.id}").status_code == 404


def test_the_list_says_what_still_waited_on_a_device_at_its_last_contact(server: Server) -> None:
    def waiting() -> object:
        return server.north.get("/api/v1/devices").json()["items"][0]["waiting"]

    desktop = server.desktop()
    assert waiting() is None
    desktop.read()
    desktop.prove(desktop.challenge(), last_sequence=5)
    assert waiting() == 5
    desktop.push()
    assert waiting() == 2
