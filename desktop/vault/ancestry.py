"""The identities that this device had before: a restored store that others have passed by goes on under another."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, case, func, insert, select, update

from desktop.vault.schema import ancestors, device, outbox
from shared.audit import AuditChain, Writer
from shared.clock import from_rfc3339, to_rfc3339
from shared.crypto.signing import new_signing_key, verifying_key
from shared.wire.v1.succession import SharedRow, name_successor

_DENSE, _AUDIT = 200, '{"kind":"audit.recorded"'


@dataclass(frozen=True, slots=True)
class Ancestor:
    """An identity that the device had until `succeeded_at`; its `signature` (hexadecimal) names the one that followed.

    `shared_through` is the last row of the outbox that the server held from it in the same words."""

    device_id: UUID
    public_key: str
    signature: str
    shared_through: int
    succeeded_at: datetime

    @property
    def sentence(self) -> str:
        """What happened, what is safe, and that nothing is to be done."""
        return (
            "This store was restored from a backup, and the server knew more of its device by then. Since "
            f"{self.succeeded_at.date()} it syncs as a device of its own. The server keeps what was done before and "
            "after, nothing was lost, and there is nothing to do."
        )


def held(connection: Connection) -> tuple[Ancestor, ...]:
    """Every earlier identity, the first one first."""
    rows = connection.execute(select(ancestors).order_by(ancestors.c.position))
    return tuple(
        Ancestor(UUID(row.device_id), row.public_key, row.signature, row.shared_through, from_rfc3339(row.succeeded_at))
        for row in rows
    )


def writers(connection: Connection) -> list[Writer]:
    """Whom the audit chain's entries may name besides this device, each with its key, the first one first."""
    return [(str(one.device_id), bytes.fromhex(one.public_key)) for one in held(connection)]


def succeed(connection: Connection, pen: AuditChain, shared_through: int, at: datetime) -> AuditChain:
    """The device has another id and another key; the earlier ones are on record, without the private key."""
    successor = AuditChain(str(uuid4()), new_signing_key(), pen.clock)
    own = verifying_key(successor.signing_key).hex()
    signature = name_successor(pen.signing_key, UUID(pen.device_id), UUID(successor.device_id), own)
    connection.execute(
        insert(ancestors).values(
            device_id=pen.device_id,
            public_key=verifying_key(pen.signing_key).hex(),
            signature=signature,
            shared_through=shared_through,
            succeeded_at=to_rfc3339(at),
        )
    )
    connection.execute(update(device).values(device_id=successor.device_id, signing_key=successor.signing_key))
    return successor


def shared_rows(connection: Connection, through: int) -> list[SharedRow]:
    """Rows up to `through` that a server may hold as well, the last first: closely at first, then in ever longer steps,
    for a server that was itself restored from a backup."""
    row = outbox.c
    is_entry = row.payload.startswith(_AUDIT)
    length = func.sum(case((is_entry, 1), else_=0)).over(order_by=row.sequence)
    counted = select(row.sequence, row.operation_id, length.label("audit_length")).where(row.sequence <= through)
    wanted = counted.subquery()
    found = connection.execute(
        select(wanted).where(wanted.c.sequence.in_(_steps(through))).order_by(wanted.c.sequence.desc())
    )
    return [
        SharedRow(sequence=one.sequence, operation_id=UUID(one.operation_id), audit_length=one.audit_length)
        for one in found
    ]


def _steps(through: int) -> list[int]:
    close = range(through, max(0, through - _DENSE), -1)
    far = (through - _DENSE - (1 << step) for step in range(64))
    return [*close, *(one for one in far if one > 0)]
