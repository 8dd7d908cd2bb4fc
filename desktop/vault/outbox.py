"""What the server shall know: rows under 1, 2, 3 … without gaps, written with the change itself, never changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, insert, select, update

from desktop.vault.schema import outbox
from shared.clock import to_rfc3339
from shared.ids import new_id
from shared.wire.v1.corrections import CorrectionMade, erased_correction
from shared.wire.v1.policy import withheld as without_content
from shared.wire.v1.sync import DocumentRead, Happening, Payload, erased_reading, is_erased

_PAYLOAD: TypeAdapter[Payload] = TypeAdapter(Payload)
_COUNTED = ("document.read", "audit.recorded")  # kinds, with which their JSON begins
_WITHOUT_CONTENT = ('{"kind":"audit.recorded"', '{"kind":"usage.counted"')


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One operation as it travels; `payload` is JSON, in the bytes that every repetition will have."""

    sequence: int
    operation_id: UUID
    occurred_at: str
    payload: str


def append(
    connection: Connection,
    payload: Happening,
    occurred_at: datetime,
    document_id: UUID | None = None,
) -> int:
    """The operation's sequence; it is sent after the caller's transaction commits.

    The caller's transaction holds the write lock (`Vault.act`), so that no two rows take the same number."""
    sequence = last_sequence(connection) + 1
    connection.execute(
        insert(outbox).values(
            sequence=sequence,
            operation_id=str(new_id(lambda: occurred_at)),
            occurred_at=to_rfc3339(occurred_at),
            document_id=str(document_id) if document_id else None,
            payload=payload.model_dump_json(),
        )
    )
    return sequence


def forget(connection: Connection, document_id: UUID) -> None:
    """No row tells what stood on the deleted document; each keeps its number, so that the order has no gaps.

    PROTOCOL.md, section 4.7: erased readings and corrections. A trigger lets no row of a living document be changed."""
    of_document = outbox.c.document_id == str(document_id)
    for row in connection.execute(select(outbox.c.sequence, outbox.c.payload).where(of_document)).all():
        erased = _erased(row.payload)
        if erased is not None:
            changed = update(outbox).where(outbox.c.sequence == row.sequence)
            connection.execute(changed.values(payload=erased.model_dump_json()))


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What the server does not hold yet: operations, how many of them are outcomes of documents and audit entries, and
    the bytes of them all, before they are compressed."""

    operations: int
    documents: int
    audit_entries: int
    bytes: int


def outstanding(connection: Connection, after_sequence: int) -> Outstanding:
    """What follows `after_sequence`."""
    kinds = (func.count().filter(outbox.c.payload.startswith(f'{{"kind":"{kind}"')) for kind in _COUNTED)
    sums = select(func.count(), *kinds, func.sum(func.octet_length(outbox.c.payload)))
    found = connection.execute(sums.where(outbox.c.sequence > after_sequence)).one()
    return Outstanding(*(number or 0 for number in found))


def _erased(payload: str) -> Happening | None:
    match _PAYLOAD.validate_json(payload):
        case DocumentRead() as read:
            return erased_reading(read)
        case CorrectionMade() as said:
            return erased_correction(said)
    return None


def withheld(row: OutboxRow) -> OutboxRow:
    """The row as it goes to a server that sees metadata only: the same, but for what stood on a document."""
    if row.payload.startswith(_WITHOUT_CONTENT):
        return row
    match _PAYLOAD.validate_json(row.payload):
        case DocumentRead() as read if not is_erased(read):
            return replace(row, payload=without_content(read).model_dump_json())
        case CorrectionMade() as said:
            return replace(row, payload=erased_correction(said).model_dump_json())
    return row


def last_sequence(connection: Connection) -> int:
    """The newest operation's sequence; 0 when there is none."""
    return connection.execute(select(func.max(outbox.c.sequence))).scalar() or 0


def after(connection: Connection, sequence: int) -> Iterator[OutboxRow]:
    """The operations that follow `sequence`, in order, fetched as they are asked for."""
    columns = (outbox.c.sequence, outbox.c.operation_id, outbox.c.occurred_at, outbox.c.payload)
    for row in connection.execute(select(*columns).where(outbox.c.sequence > sequence).order_by(outbox.c.sequence)):
        yield OutboxRow(row.sequence, UUID(row.operation_id), row.occurred_at, row.payload)
