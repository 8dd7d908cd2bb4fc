"""The device's audit chain in the store. Every entry goes to the outbox in the same transaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from desktop.errors import AuditBroken
from desktop.vault import ancestry, outbox, receipts
from desktop.vault.schema import audit_entries, audit_head
from shared.audit import (
    AuditChain,
    ChainFault,
    Head,
    SignedEntry,
    entry_from_json,
    entry_to_json,
    verify_chain,
)
from shared.audit.entry import Detail
from shared.crypto.signing import verifying_key
from shared.wire.v1.sync import AuditRecorded

DEVICE = "device"
"""The actor of what the device does by itself."""
OPERATOR = "operator"
"""The actor of what somebody at the device asked for, where nobody is known by name."""
_BROKEN = (
    "The audit chain of this store does not end as it was written, so nothing more is done in it; what is stored is "
    "kept. Run `chartdrop audit verify` to see where, and restore the store from a backup."
)


@dataclass(frozen=True, slots=True)
class Act:
    """What happened: `actor` did `action` to `subject` (an id). `details` hold counts, codes and ids alone."""

    actor: str
    action: str
    subject: str
    details: Mapping[str, Detail] = field(default_factory=dict)


def record(connection: Connection, chain: AuditChain, act: Act) -> None:
    """The act stands in the chain and in the outbox once the caller's transaction commits.

    Raises AuditBroken where the chain's end is not what it was: no act is done without its entry."""
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


def record_export(connection: Connection, chain: AuditChain, actor: str) -> None:
    """The export stands in the chain, as its last entry, with what a verifier needs to check all before it."""
    details: dict[str, Detail] = {"public_key": verifying_key(chain.signing_key).hex()}
    receipt = receipts.farthest(connection)
    if receipt:
        details |= {
            "server_key": receipt.server_key,
            "receipt_sequence": receipt.sequence,
            "receipt_digest": receipt.digest,
            "receipt_at": receipt.at,
            "receipt_signature": receipt.signature,
        }
    record(connection, chain, Act(actor, "audit.exported", chain.device_id, details))


def lines(connection: Connection) -> Iterator[str]:
    """Every entry as one line of JSON, in order."""
    yield from connection.execute(select(audit_entries.c.entry).order_by(audit_entries.c.sequence)).scalars()


def length(connection: Connection) -> int:
    """How many entries were ever written."""
    return connection.execute(select(audit_head.c.length)).scalar() or 0


def countersigned_through(connection: Connection) -> int | None:
    """Up to which entry a server has countersigned the chain; None where none has."""
    receipt = receipts.farthest(connection)
    return receipt.sequence if receipt else None


def verify(connection: Connection, chain: AuditChain) -> ChainFault | None:
    """The first entry that is not what this device wrote, or that a server countersigned; None when all are."""
    witnesses, before = list(receipts.held(connection)), ancestry.writers(connection)
    identities = {chain.device_id, *(name for name, _ in before)}
    for receipt in witnesses:
        if receipt.chain not in identities or not receipt.is_genuine():
            return ChainFault(receipt.sequence, "the server's receipt for it was changed")
    heads = [receipt.head for receipt in witnesses]
    if head := _head(connection):
        heads.append(head)
    try:
        own_key = verifying_key(chain.signing_key)
        return verify_chain(_entries(connection), chain.device_id, own_key, heads, ancestors=before)
    except _Unreadable as error:
        return ChainFault(error.position, "the entry is not readable")


class _Unreadable(Exception):
    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def _entries(connection: Connection) -> Iterator[SignedEntry]:
    rows = connection.execute(select(audit_entries).order_by(audit_entries.c.sequence))
    for position, row in enumerate(rows, start=1):
        try:
            signed = entry_from_json(row.entry)
        except (ValueError, TypeError) as error:
            raise _Unreadable(position) from error
        if (row.sequence, row.digest) != (signed.entry.sequence, signed.digest):
            raise _Unreadable(position)
        yield signed


def _last(connection: Connection) -> SignedEntry | None:
    newest = select(audit_entries.c.entry).order_by(audit_entries.c.sequence.desc()).limit(1)
    line = connection.execute(newest).scalar()
    try:
        last = entry_from_json(line) if line else None
    except (ValueError, TypeError) as error:
        raise AuditBroken(_BROKEN) from error
    if _head(connection) != ((last.entry.sequence, last.digest) if last else None):
        raise AuditBroken(_BROKEN)
    return last


def _head(connection: Connection) -> Head | None:
    row = connection.execute(select(audit_head.c.length, audit_head.c.digest)).one_or_none()
    return (row.length, row.digest) if row else None
