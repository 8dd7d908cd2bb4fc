"""The messages of devices, as they lie in `tests/vectors/wire` for whoever writes another side of the protocol."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from shared.crypto.signing import is_signed, new_signing_key, verifying_key
from shared.wire.v1.devices import TOKEN_CONTEXT, Enrolment, EnrolRequest, TokenRequest
from shared.wire.v1.problems import Problem
from shared.wire.v1.statements import Admission, Revocation
from shared.wire.v1.succession import SuccessionRequest, name_successor

VECTORS = Path(__file__).parents[2] / "vectors" / "wire"
SERVER_KEY = verifying_key(bytes(range(32))).hex()


def vector(name: str) -> str:
    return (VECTORS / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("token_request", TokenRequest),
        ("token_problem_device_revoked", Problem),
        ("enrol_request", EnrolRequest),
        ("enrol_request_ancestors", EnrolRequest),
        ("enrol_answer", Enrolment),
        ("succession_request", SuccessionRequest),
        ("push_problem_sequence_reused", Problem),
    ],
)
def test_a_message_comes_out_as_it_went_in(name: str, message: type[BaseModel]) -> None:
    written: Any = json.loads(vector(name))

    assert json.loads(message.model_validate_json(vector(name)).model_dump_json(exclude_none=True)) == written


def test_the_token_request_is_signed_by_the_key_of_the_enrolment() -> None:
    request, key = TokenRequest.model_validate_json(vector("token_request")), json.loads(vector("enrol_request"))
    message = TOKEN_CONTEXT + request.challenge.encode()

    assert is_signed(bytes.fromhex(key["public_key"]), message, bytes.fromhex(request.signature))


def test_a_revocation_holds_under_the_servers_key_with_no_word_changed() -> None:
    revocation = Problem.model_validate_json(vector("token_problem_device_revoked")).revocation
    assert revocation is not None

    assert revocation.is_genuine(SERVER_KEY)
    notice = revocation.read()
    assert (notice.destroy_keys, notice.nonce) == (True, "5e" * 32)
    stranger = Revocation.signed(new_signing_key(), notice)
    for changed in (
        stranger,
        stranger.model_copy(update={"server_key": SERVER_KEY}),
        revocation.model_copy(update={"text": revocation.text.replace("true", "false")}),
        revocation.model_copy(update={"signature": "cd" * 64}),
    ):
        assert not changed.is_genuine(SERVER_KEY)


def test_what_admits_a_device_cannot_be_shown_as_what_revokes_it() -> None:
    admission = Enrolment.model_validate_json(vector("enrol_answer")).admission
    assert admission is not None

    assert admission.is_genuine(SERVER_KEY)
    assert admission.read().device_id == UUID("2d9c1f3a-4b5e-4c6d-8e7f-9a0b1c2d3e4f")
    assert not Revocation.model_validate(admission.model_dump()).is_genuine(SERVER_KEY)
    assert Admission.context != Revocation.context


def test_a_successor_is_named_by_the_key_of_the_enrolment_before_and_no_word_of_that_can_be_changed() -> None:
    request = SuccessionRequest.model_validate_json(vector("succession_request"))
    earlier, own = json.loads(vector("enrol_request")), json.loads(vector("enrol_request_ancestors"))

    assert request.is_signed_with(earlier["public_key"])
    assert (str(request.successor_id), request.public_key) == (own["device_id"], own["public_key"])
    assert own["ancestors"] == [{name: earlier[name] for name in ("device_id", "public_key")}]
    stranger = new_signing_key()
    signature = name_successor(stranger, request.device_id, request.successor_id, request.public_key)
    for changed in (
        {"device_id": request.successor_id},
        {"successor_id": UUID(int=1)},
        {"public_key": verifying_key(stranger).hex()},
        {"signature": signature},
    ):
        assert not request.model_copy(update=changed).is_signed_with(earlier["public_key"])
