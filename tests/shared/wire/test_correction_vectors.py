"""Corrections as they travel, and what holds of them, as they lie in `tests/vectors/wire` for whoever writes another
side of the protocol."""

import json
from datetime import datetime
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError

from shared.documents.corrections import MAX_AHEAD, Correction, Place, standings
from shared.wire.v1.corrections import (
    CorrectionMade,
    CorrectionState,
    correction_of,
    erased_correction,
    made,
    state_of,
)
from shared.wire.v1.pull import PullAnswer
from shared.wire.v1.sync import PushRequest

VECTORS = Path(__file__).parents[2] / "vectors" / "wire"
PROTOCOL = Path(__file__).parents[3] / "shared" / "wire" / "PROTOCOL.md"


def vector(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "message"), [("push_request_corrections", PushRequest), ("pull_answer_corrections", PullAnswer)]
)
def test_a_message_comes_out_as_it_went_in(name: str, message: type[BaseModel]) -> None:
    assert json.loads(message.model_validate(vector(name)).model_dump_json()) == vector(name)


def of_the_vector(one: Any) -> Correction:
    common = {"sha256": "ab" * 32, "base": None, "actor": "operator", "person": "", "correction_id": one["id"]}
    said = CorrectionMade.model_validate(common | one)
    received_at = datetime.fromisoformat(one["received_at"]) if one["received_at"] else None
    return correction_of(said.correction_id, said, UUID(one["device_id"]), received_at)


@pytest.mark.parametrize("case", vector("corrections_that_hold"), ids=lambda case: str(case["name"]))
def test_what_holds_is_what_the_vector_says_in_whatever_order_they_came(case: Any) -> None:
    every = [of_the_vector(one) for one in case["corrections"]]
    for order in permutations(every):
        holds = standings(order)[Place("patient_name")]
        assert holds.current.value == case["shown"]
        assert [one.value for one in holds.others] == case["others"]


def test_what_was_pushed_is_what_others_pull() -> None:
    operation = PushRequest.model_validate(vector("push_request_corrections")).operations[0]
    change = PullAnswer.model_validate(vector("pull_answer_corrections")).changes[0]
    said, state = operation.payload, CorrectionState.model_validate(change.payload)
    assert isinstance(said, CorrectionMade)

    assert state_of(said, state.device_id, state.received_at) == state
    assert made(correction_of(said.correction_id, state, state.device_id, state.received_at)) == said


def test_an_erased_correction_says_nothing_of_what_stood_there() -> None:
    said = PushRequest.model_validate(vector("push_request_corrections")).operations[0].payload
    assert isinstance(said, CorrectionMade)

    erased = erased_correction(said).model_dump_json()

    assert "Feather" not in erased
    assert "Dana" not in erased
    assert '"is_erased":true' in erased


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "pages.1"},
        {"path": "tables.medications.-1.dose"},
        {"value": "x" * 10_001},
        {"value": {"a": 1}},
        {"value": float("inf")},
        {"value": "\ud800"},
        {"stamp": {"milliseconds": -1, "count": 0}},
        {"sha256": "AB"},
    ],
)
def test_what_no_reading_could_hold_is_refused(wrong: dict[str, Any]) -> None:
    sound = vector("push_request_corrections")["operations"][0]["payload"]

    with pytest.raises(ValidationError):
        CorrectionMade.model_validate(sound | wrong)


def test_the_document_says_the_same_bound() -> None:
    assert MAX_AHEAD.total_seconds() == 300
    assert "as `received_at` and five minutes" in PROTOCOL.read_text(encoding="utf-8")
