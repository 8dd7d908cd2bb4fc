"""The device's audit chain in the store. Every entry goes to the outbox in the same transaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from desktop.vault import outbox
from desktop.vault.schema import audit_entries, audit_head
from shared.audit import AuditChain, ChainFault, SignedEntry, entry_from_json, entry_to_json, verify_chain
from shared.audit.entry import Detail
from shared.crypto.signing import verifying_key
from shared.wire.v1.sync import AuditRecorded

DEVICE = "device"
"""The actor of what the device does by itself."""
OPERATOR = "operator"
"""The actor of what somebody at the device asked for."""


@dataclass(frozen=True, slots=True)
class Act:
    """What happened: `actor` did `action` to `subject` (an id). `details` hold counts, codes and ids alone."""

    actor: str
    action: str
    subject: str
    details: Mapping[str, Detail] = field(default_factory=dict)


def record(connection: Connection, chain: AuditChain, act: Act) -> None:
    """The act stands in the chain and in the outbox once the caller's transaction commits."""
    last = _last(connection)
    signed = chain.next_entry(last, act.actor, act.action, act.subject, act.details)
    line = entry_to_json(signed)
    sequence = signed.entry.sequence
    connection.execute(insert(audit_entries).values(sequence=sequence, digest=signed.digest, entry=line))
    if last is None:
        connection.execute(insert(audit_head).values(id=1, length=sequence, digest=signed.digest))
    else:
        connection.execute(update(audit_head).values(length=sequence, digest=signed.digest))
    outbox.append(connection, AuditRecorded(entry=line), chain.clock())


def lines(connection: Connection) -> Iterator[str]:
    """Every entry as one line of JSON, in order."""
    yield from connection.execute(select(audit_entries.c.entry).order_by(audit_entries.c.sequence)).scalars()


def length(connection: Connection) -> int:
    """How many entries were ever written."""
    return connection.execute(select(audit_head.c.length)).scalar() or 0


def verify(connection: Connection, chain: AuditChain) -> ChainFault | None:
    """The first entry that is not what this device wrote; None when all are."""
    head = connection.execute(select(audit_head.c.length, audit_head.c.digest)).one_or_none()
    countersigned = (head.length, head.digest) if head else None
    try:
        return verify_chain(_entries(connection), chain.device_id, verifying_key(chain.signing_key), countersigned)
    except _Unreadable as error:
        return ChainFault(error.position, "the entry is not readable")


class _Unreadable(Exception):
    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def _entries(connection: Connection) -> Iterator[SignedEntry]:
    for position, line in enumerate(lines(connection), start=1):
        try:
            yield entry_from_json(line)
        except (ValueError, TypeError) as error:
            raise _Unreadable(position) from error


def _last(connection: Connection) -> SignedEntry | None:
    newest = select(audit_entries.c.entry).order_by(audit_entries.c.sequence.desc()).limit(1)
    line = connection.execute(newest).scalar()
    return entry_from_json(line) if line else None
