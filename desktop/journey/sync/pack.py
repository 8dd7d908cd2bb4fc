"""The next push: operations in order, within the protocol's bounds, in the same bytes at every repetition."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass

from desktop.vault.outbox import OutboxRow
from shared.wire.v1.sync import MAX_OPERATIONS, MAX_PUSH_BYTES

_OPEN, _CLOSE = b'{"operations":[', b"]}"
_SPEED = 6  # gzip's middle: smaller costs several times the processor for a few per cent


@dataclass(frozen=True, slots=True)
class Push:
    """One request's body, compressed, and which operations it holds."""

    body: bytes
    first: int
    last: int


def pack(rows: Iterable[OutboxRow]) -> Push | None:
    """As many `rows` as fit into one push; None when there are none. A row too large for it travels alone."""
    parts: list[bytes] = []
    first = last = 0
    size = len(_OPEN) + len(_CLOSE)
    for row in rows:
        operation = _operation(row)
        if parts and (len(parts) == MAX_OPERATIONS or size + 1 + len(operation) > MAX_PUSH_BYTES):
            break
        first, last = first or row.sequence, row.sequence
        size += len(operation) + 1
        parts.append(operation)
    if not parts:
        return None
    return Push(gzip.compress(_OPEN + b",".join(parts) + _CLOSE, _SPEED, mtime=0), first, last)


def _operation(row: OutboxRow) -> bytes:
    """The shape of `shared.wire.v1.sync.Operation`; the payload is JSON already."""
    return (
        f'{{"sequence":{row.sequence},"operation_id":"{row.operation_id}",'
        f'"occurred_at":"{row.occurred_at}","payload":{row.payload}}}'
    ).encode()
