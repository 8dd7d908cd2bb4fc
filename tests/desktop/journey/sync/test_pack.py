import gzip
import random
from uuid import uuid4

from desktop.journey.sync.pack import Push, pack
from desktop.vault.outbox import OutboxRow
from shared.wire.v1.sync import MAX_OPERATIONS, MAX_PUSH_BYTES, PushRequest


def row(sequence: int, size: int = 10) -> OutboxRow:
    payload = f'{{"kind":"audit.recorded","entry":"{"x" * size}"}}'
    return OutboxRow(sequence, uuid4(), "2026-01-02T03:04:05.000000Z", payload)


def body(push: Push | None) -> bytes:
    assert push is not None
    return gzip.decompress(push.body)


def test_nothing_to_send_is_no_push() -> None:
    assert pack([]) is None


def test_a_push_is_what_the_protocol_says() -> None:
    push = pack([row(3), row(4)])

    assert push is not None
    assert (push.first, push.last) == (3, 4)
    assert [operation.sequence for operation in PushRequest.model_validate_json(body(push)).operations] == [3, 4]


def test_a_push_holds_at_most_so_many_operations() -> None:
    push = pack(row(number) for number in range(1, 1000))

    assert push is not None
    assert push.last == MAX_OPERATIONS


def test_a_push_holds_at_most_so_many_bytes() -> None:
    push = pack(row(number, MAX_PUSH_BYTES // 3) for number in range(1, 10))

    assert push is not None
    assert push.last == 2
    assert len(body(push)) <= MAX_PUSH_BYTES


def test_a_row_that_is_too_large_travels_alone() -> None:
    push = pack([row(1, MAX_PUSH_BYTES), row(2)])

    assert push is not None
    assert (push.first, push.last) == (1, 1)


def test_every_repetition_has_the_same_bytes() -> None:
    rows = [row(number, random.Random(number).randint(1, 99)) for number in range(1, 30)]  # noqa: S311

    assert pack(rows) == pack(rows)
