"""Rows of the audit log."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from shared.audit import GENESIS, AuditEntry, SignedEntry
from syncserver.audit.models import AuditEntryRow, AuditHead
from syncserver.audit.schemas import EntryFilter
from syncserver.events.transaction import Detail
from syncserver.kit.columns import Moment, table_of

_BATCH = 500
Place = tuple[int, str]
"""The sequence and the digest of an entry, or 0 and `GENESIS` before the first."""
_ENTRIES, _HEADS = table_of(AuditEntryRow), table_of(AuditHead)
_THE_HEAD = (
    _HEADS.c.organization_id == bindparam("organization", type_=Uuid()),
    _HEADS.c.chain == bindparam("of_chain", type_=Uuid()),
)
_LOCKED = select(_HEADS.c.sequence, _HEADS.c.digest).where(*_THE_HEAD).with_for_update()
_MOVED = update(_HEADS).where(*_THE_HEAD).values(sequence=bindparam("to_sequence"), digest=bindparam("to_digest"))


def lock_head(session: Session, organization_id: UUID, chain: UUID) -> Place:
    """The sequence and digest of the chain's last entry, locked until the transaction ends; of a new chain, made."""
    ours = {"organization": organization_id, "of_chain": chain}
    found = session.execute(_LOCKED, ours).one_or_none()
    if found is None:
        add_head(session, organization_id, chain, (0, GENESIS))
        return 0, GENESIS
    return found[0], found[1]


def add_head(session: Session, organization_id: UUID, chain: UUID, place: Place) -> None:
    """The new chain begins after `place`."""
    sequence, digest = place
    values = {"organization_id": organization_id, "chain": chain, "sequence": sequence, "digest": digest}
    session.execute(insert(_HEADS), values | {"begins_after": sequence})


def digest_of(session: Session, organization_id: UUID, chain: UUID, sequence: int) -> str | None:
    """The digest of the entry; None where it is not, or was given up."""
    row = session.get(AuditEntryRow, (organization_id, chain, sequence))
    return row.digest if row else None


def last_writer(session: Session, organization_id: UUID, chain: UUID) -> UUID | None:
    """Which identity of the chain's device wrote its last entry; None where it has none."""
    row = AuditEntryRow
    ours = (row.organization_id == organization_id, row.chain == chain)
    writer = func.coalesce(row.writer, row.chain)
    return session.scalar(select(writer).where(*ours).order_by(row.sequence.desc()).limit(1))


def head(session: Session, organization_id: UUID, chain: UUID) -> AuditHead | None:
    """The chain's head as it stands; None of a chain that nobody wrote to."""
    return session.get(AuditHead, (organization_id, chain), populate_existing=True)


def append(
    session: Session, organization_id: UUID, chain: UUID, entries: Sequence[SignedEntry], recorded_at: datetime
) -> None:
    """The entries stand at the end of the chain, whose head is locked; it moves on to the last of them.

    Past the unit of work: half the time of a look.
    """
    beside = {"organization_id": organization_id, "chain": chain, "recorded_at": recorded_at}
    session.execute(insert(_ENTRIES), [beside | _row(signed, chain) for signed in entries])
    last = {"to_sequence": entries[-1].entry.sequence, "to_digest": entries[-1].digest}
    session.execute(_MOVED, last | {"organization": organization_id, "of_chain": chain})


def _row(signed: SignedEntry, chain: UUID) -> dict[str, object]:
    entry = signed.entry
    return {
        "writer": UUID(entry.chain) if entry.chain != str(chain) else None,
        "sequence": entry.sequence,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": dict(entry.details),
        "previous": entry.previous,
        "digest": signed.digest,
        "signature": signed.signature,
    }


def page(
    session: Session,
    organization_id: UUID,
    wanted: EntryFilter,
    after: tuple[datetime, UUID, int] | None,
    limit: int,
) -> list[AuditEntryRow]:
    """The organization's entries, the last recorded first."""
    row = AuditEntryRow
    statement = select(row).where(row.organization_id == organization_id)
    if wanted.chain:
        statement = statement.where(row.chain == wanted.chain)
    if wanted.actor:
        statement = statement.where(row.actor == wanted.actor)
    if wanted.action:
        statement = statement.where(row.action == wanted.action)
    if wanted.since:
        statement = statement.where(row.recorded_at >= wanted.since)
    if wanted.until:
        statement = statement.where(row.recorded_at < wanted.until)
    if after:
        place = tuple_(*after, types=[Moment(), row.chain.type, Integer()])
        statement = statement.where(tuple_(row.recorded_at, row.chain, row.sequence) < place)
    order = (row.recorded_at.desc(), row.chain.desc(), row.sequence.desc())
    return list(session.scalars(statement.order_by(*order).limit(limit)))


def entry(session: Session, organization_id: UUID, chain: UUID, sequence: int) -> AuditEntryRow | None:
    """The organization's entry at that place."""
    row = AuditEntryRow
    here = (row.organization_id == organization_id, row.chain == chain, row.sequence == sequence)
    return session.scalar(select(row).where(*here))


def heads(session: Session) -> list[AuditHead]:
    """The heads of all chains of all organizations: for the operator's verification alone."""
    return list(session.scalars(select(AuditHead).order_by(AuditHead.organization_id, AuditHead.chain)))


def heads_of(session: Session, organization_id: UUID) -> list[AuditHead]:
    """The heads of the organization's chains."""
    ours = AuditHead.organization_id == organization_id
    return list(session.scalars(select(AuditHead).where(ours).order_by(AuditHead.chain)))


def entries(session: Session, organization_id: UUID, chain: UUID) -> Iterator[SignedEntry]:
    """A chain's entries from its first, as they stand."""
    statement = (
        select(AuditEntryRow)
        .where(AuditEntryRow.organization_id == organization_id, AuditEntryRow.chain == chain)
        .order_by(AuditEntryRow.sequence)
        .execution_options(yield_per=_BATCH)
    )
    return (signed_entry(row) for row in session.scalars(statement))


def acts(session: Session, organization_id: UUID, action: str) -> list[tuple[str, dict[str, Detail]]]:
    """Subject and details of each such act in the organization's own chain, the oldest first."""
    row = AuditEntryRow
    ours = (row.organization_id == organization_id, row.chain == organization_id, row.action == action)
    found = session.execute(select(row.subject, row.details).where(*ours).order_by(row.sequence))
    return [(subject, details) for subject, details in found]


def signed_entry(row: AuditEntryRow) -> SignedEntry:
    """The entry as its writer signed it."""
    entry = AuditEntry(
        chain=str(row.writer or row.chain),
        sequence=row.sequence,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        previous=row.previous,
        details=row.details,
    )
    return SignedEntry(entry, row.digest, row.signature)
