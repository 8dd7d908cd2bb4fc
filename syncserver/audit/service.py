"""Writing and showing the audit log."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.audit import (
    GENESIS,
    AuditChain,
    Head,
    Receipt,
    SignedEntry,
    Writer,
    countersign,
    entry_from_json,
    verify_chain,
)
from shared.clock import from_rfc3339, to_rfc3339
from shared.crypto.signing import verifying_key
from syncserver.audit import repository, tree_rows
from syncserver.audit.errors import AuditChainBroken
from syncserver.audit.schemas import AuditEntryView, EntryFilter
from syncserver.events.transaction import Act, Transaction
from syncserver.identity.devices import service as devices
from syncserver.identity.devices.service import LiveDevice
from syncserver.kit.paging import PageOf, decode_cursor, encode_cursor
from syncserver.kit.secret import ServerKeys

SUCCEEDED = "device.succeeded"
"""The act with which the organization's own chain says, signed, where a device's chain begins: `subject` is the device,
`predecessor` in the details the identity that it had before, `after` how many entries stand in that one's chain."""
_LAST_SEQUENCE = 2**63 - 1  # that a database can hold


@dataclass(frozen=True, slots=True)
class Begin:
    """A chain's first `after` entries are those of `predecessor`'s chain, and stand there alone."""

    predecessor: UUID
    after: int


@dataclass(frozen=True, slots=True)
class AuditWriter:
    """The witness: writes the acts of each organization into its chain, signed with the server's key."""

    keys: ServerKeys

    def __call__(self, session: Session, acts: Sequence[Act], now: datetime) -> None:
        session.flush()  # what was done is locked first, its organization's log last: one order for all writers
        for organization_id in sorted({act.organization_id for act in acts}):
            self._append(session, organization_id, [act for act in acts if act.organization_id == organization_id], now)

    def _append(self, session: Session, organization_id: UUID, acts: Sequence[Act], now: datetime) -> None:
        place = repository.lock_head(session, organization_id, organization_id)
        pen = AuditChain(str(organization_id), self.keys.audit, lambda: now)
        entries = list[SignedEntry]()
        for act in acts:
            entries.append(pen.entry_after(place, act.actor, act.action, act.subject, act.details))
            place = entries[-1].entry.sequence, entries[-1].digest
        repository.append(session, organization_id, organization_id, entries, now)


def continue_device_chain(transaction: Transaction, device: LiveDevice, lines: list[str]) -> None:
    """The entries stand in the device's chain. Raises AuditChainBroken at the first that does not continue it."""
    place = repository.lock_head(transaction.session, device.organization_id, device.id)
    entries = [_parse(line) for line in lines]
    earlier = _earlier_writers(transaction.session, device)
    if fault := verify_chain(entries, str(device.id), device.public_key, after=place, ancestors=earlier):
        raise AuditChainBroken(f"Audit entry {fault.position} of the device: {fault.reason}.")
    if entries:
        repository.append(transaction.session, device.organization_id, device.id, entries, transaction.now)


def _earlier_writers(session: Session, device: LiveDevice) -> list[Writer]:
    """Who may have written the next entry of the device's chain, besides itself: nobody whom another followed there."""
    if not device.ancestors:
        return []
    last = repository.last_writer(session, device.organization_id, device.id)
    names = [*(name for name, _ in device.ancestors), str(device.id)]
    return list(device.ancestors[names.index(str(last)) if last else 0 :])


def writers_before(session: Session, organization_id: UUID, chain: UUID) -> Sequence[Writer]:
    """The identities that the chain's device had before, the first one first, each with its key."""
    return devices.ancestors(session, organization_id, chain)


def begins(session: Session, organization_id: UUID) -> dict[UUID, Begin]:
    """Where the chains begin that share their first entries with another, by what the organization's own says."""
    found: dict[UUID, Begin] = {}
    for subject, details in repository.acts(session, organization_id, SUCCEEDED):
        predecessor, after = details.get("predecessor"), details.get("after")
        with suppress(ValueError):  # what somebody tampered with: its chain says so
            if isinstance(predecessor, str) and isinstance(after, int):
                found[UUID(subject)] = Begin(UUID(predecessor), after)
    return found


def begin_chain(session: Session, device: LiveDevice, successor_id: UUID, wanted: int) -> int:
    """The successor's chain goes on behind the first `wanted` entries of the device's, or is whole in itself where
    those are not at hand; after how many it begins."""
    digest = _digest_at(session, device.organization_id, device.id, wanted) if wanted else None
    place = (wanted, digest) if digest else (0, GENESIS)
    repository.add_head(session, device.organization_id, successor_id, place)
    return place[0]


def place_before(session: Session, organization_id: UUID, chain: UUID) -> Head:
    """The sequence and digest that the chain's first entry follows."""
    begin = begins(session, organization_id).get(chain)
    if begin is None or not begin.after:
        return 0, GENESIS
    return begin.after, _digest_at(session, organization_id, begin.predecessor, begin.after) or GENESIS


def _digest_at(session: Session, organization_id: UUID, chain: UUID, sequence: int) -> str | None:
    """The digest of the entry, which may stand in the chain that this one shares its first entries with."""
    known = begins(session, organization_id)
    while (begin := known.get(chain)) and sequence <= begin.after:
        chain = begin.predecessor
    leaf = tree_rows.leaf_of(session, organization_id, chain, sequence)  # it outlives the entry
    return leaf.digest if leaf else repository.digest_of(session, organization_id, chain, sequence)


def chain_key(session: Session, keys: ServerKeys, organization_id: UUID, chain: UUID) -> bytes:
    """The public key that the chain is signed with: the server's of an organization's own, else its device's."""
    if chain == organization_id:
        return verifying_key(keys.audit)
    return devices.public_key(session, organization_id, chain)


def receipt(session: Session, keys: ServerKeys, device: LiveDevice, now: datetime) -> Receipt | None:
    """How far the device's chain has come here, signed with the server's key; None before its first entry."""
    head = repository.head(session, device.organization_id, device.id)
    if head is None or head.sequence == 0:
        return None
    return countersign(keys.audit, str(device.id), (head.sequence, head.digest), to_rfc3339(now))


def page(
    session: Session, organization_id: UUID, wanted: EntryFilter, cursor: str | None, limit: int
) -> PageOf[AuditEntryView]:
    """The organization's entries, the last recorded first."""
    after = decode_cursor(cursor, from_rfc3339, UUID, _sequence) if cursor else None
    place = (after[0], after[1], after[2]) if after else None
    rows = repository.page(session, organization_id, wanted, place, limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    last = shown[-1] if more else None
    return PageOf(
        items=[AuditEntryView.model_validate(row, from_attributes=True) for row in shown],
        next_cursor=encode_cursor(to_rfc3339(last.recorded_at), last.chain, last.sequence) if last else None,
    )


def entry(session: Session, organization_id: UUID, chain: UUID, sequence: int) -> AuditEntryView | None:
    """The entry; None where its time was over and it was given up."""
    row = repository.entry(session, organization_id, chain, sequence)
    return AuditEntryView.model_validate(row, from_attributes=True) if row else None


def _sequence(text: str) -> int:
    number = int(text)
    if not 0 < number <= _LAST_SEQUENCE:
        raise ValueError
    return number


def _parse(line: str) -> SignedEntry:
    """The entry, one that can be stored, of a moment that is one. Raises AuditChainBroken on anything else."""
    try:
        signed = entry_from_json(line)
        _check_storable(signed)
        from_rfc3339(signed.entry.at)
    except (ValueError, TypeError) as error:
        raise AuditChainBroken("An audit entry is not of the shape that devices write.") from error
    return signed


def _check_storable(signed: SignedEntry) -> None:
    """Raises ValueError for what PostgreSQL cannot hold: NUL."""
    entry = signed.entry
    named = (entry.chain, entry.actor, entry.action, entry.subject, entry.previous, signed.digest, signed.signature)
    if any("\0" in str(text) for text in (*named, *entry.details, *entry.details.values())):
        raise ValueError
