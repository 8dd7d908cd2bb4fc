"""Rows of the audit log."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, insert, select, tuple_
from sqlalchemy.orm import Session

from shared.audit import GENESIS, AuditEntry, SignedEntry
from syncserver.audit.models import AuditEntryRow, AuditHead
from syncserver.audit.schemas import EntryFilter
from syncserver.events.transaction import Detail
from syncserver.kit.columns import Moment

_BATCH = 500


def lock_head(session: Session, organization_id: UUID, chain: UUID) -> AuditHead:
    """The chain's head, locked until the transaction ends; of a new chain, an empty one."""
    head = session.get(AuditHead, (organization_id, chain), with_for_update=True)
    if head is None:
        head = AuditHead(organization_id=organization_id, chain=chain, sequence=0, digest=GENESIS)
        session.add(head)
        session.flush()
    return head


def head(session: Session, organization_id: UUID, chain: UUID) -> AuditHead | None:
    """The chain's head as it stands; None of a chain that nobody wrote to."""
    return session.get(AuditHead, (organization_id, chain))


def append(session: Session, head: AuditHead, entries: Sequence[SignedEntry], recorded_at: datetime) -> None:
    """The entries stand after `head`, one after the other, which moves on to the last."""
    rows = [
        {
            "organization_id": head.organization_id,
            "chain": head.chain,
            "sequence": signed.entry.sequence,
            "at": signed.entry.at,
            "actor": signed.entry.actor,
            "action": signed.entry.action,
            "subject": signed.entry.subject,
            "details": dict(signed.entry.details),
            "previous": signed.entry.previous,
            "digest": signed.digest,
            "signature": signed.signature,
            "recorded_at": recorded_at,
        }
        for signed in entries
    ]
    session.execute(insert(AuditEntryRow), rows)  # past the unit of work: half the time of a look
    head.sequence, head.digest = entries[-1].entry.sequence, entries[-1].digest


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
        chain=str(row.chain),
        sequence=row.sequence,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        previous=row.previous,
        details=row.details,
    )
    return SignedEntry(entry, row.digest, row.signature)
