"""The messages of a pull, as they lie in `tests/vectors/wire` for whoever writes another side of the protocol."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from shared.crypto.signing import verifying_key
from shared.wire.v1.lease import sign_lease
from shared.wire.v1.problems import Problem
from shared.wire.v1.pull import KINDS, MAX_CHANGES, MAX_PULL_BYTES, PERSON, Op, PersonState, PullAnswer, PullRequest

VECTORS = Path(__file__).parents[2] / "vectors" / "wire"
KEY = bytes(range(32))


def vector(name: str) -> str:
    return (VECTORS / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pull_request_first", PullRequest),
        ("pull_request_next", PullRequest),
        ("pull_answer", PullAnswer),
        ("pull_answer_empty", PullAnswer),
    ],
)
def test_a_message_comes_out_as_it_went_in(name: str, message: type[BaseModel]) -> None:
    written: Any = json.loads(vector(name))

    assert json.loads(message.model_validate_json(vector(name)).model_dump_json()) == written


def test_a_person_is_who_belongs_to_the_organization() -> None:
    answer = PullAnswer.model_validate_json(vector("pull_answer"))

    [change] = [change for change in answer.changes if change.entity == PERSON]
    assert PersonState.model_validate(change.payload) == PersonState(
        name="Nora Newcomer", role="member", is_active=True
    )


def test_what_newer_sides_add_is_passed_over() -> None:
    request = PullRequest.model_validate_json(vector("pull_request_newer_device"))
    answer = PullAnswer.model_validate_json(vector("pull_answer_newer_server"))

    assert (request.protocol, request.cursor) == (9, None)
    assert [change.entity in KINDS and change.op in set(Op) for change in answer.changes] == [
        False, False, True, True, True,
    ]  # fmt: skip


def test_a_lease_holds_with_members_that_its_reader_does_not_know_and_with_no_other_word_changed() -> None:
    lease = PullAnswer.model_validate_json(vector("pull_answer")).lease
    assert lease is not None

    assert lease.is_genuine()
    assert lease.server_key == verifying_key(KEY).hex()
    terms = lease.read()
    assert (terms.tier, terms.used_pages, terms.included_pages) == ("trial", 37, 100)
    assert (terms.until - terms.at).days == 14
    assert '"grace_days":7' in lease.terms
    for changed in (
        lease.model_copy(update={"terms": lease.terms.replace("37", "36")}),
        lease.model_copy(update={"server_key": "ab" * 32}),
        lease.model_copy(update={"signature": "cd" * 64}),
    ):
        assert not changed.is_genuine()


def test_a_lease_says_what_was_signed() -> None:
    held = PullAnswer.model_validate_json(vector("pull_answer")).lease
    assert held is not None
    terms = held.read().model_copy(update={"device_id": UUID(int=5)})

    assert sign_lease(KEY, terms).read() == terms


def test_the_problem_has_its_stable_code() -> None:
    assert Problem.model_validate_json(vector("pull_problem_resync_required")).code == "resync_required"


def test_the_document_says_the_same_bounds() -> None:
    document = (Path(__file__).parents[3] / "shared" / "wire" / "PROTOCOL.md").read_text(encoding="utf-8")

    assert f"at most {MAX_CHANGES} and {MAX_PULL_BYTES // 1024**2} MiB" in document
    for kind in KINDS:
        assert f"| `{kind}` |" in document
