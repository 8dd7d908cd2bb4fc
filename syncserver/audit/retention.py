"""Giving up audit entries whose time is over: whole beginnings of chains, on record, with their hashes left behind.

What is given up was a leaf of the tree under a signed head, so the log still verifies, and nothing younger can go the
same way: the organization's own chain says, signed, up to where each chain was given up, and the triggers let no entry
go without that, nor any that is younger than six years (45 CFR 164.316(b)(2)(i)) by the database's own clock.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from syncserver.audit import repository
from syncserver.audit.models import AuditEntryRow, AuditHead, AuditRemoval
from syncserver.audit.service import SUCCEEDED, begins
from syncserver.audit.tree import grow, grow_whole
from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import lent_right, without_time_limit

REMOVED = "audit.entries_removed"
_OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Removed:
    """How many of an organization's entries were given up."""

    organization_id: UUID
    entries: int


def removed_through(session: Session, organization_id: UUID) -> dict[UUID, int]:
    """Up to which entry each chain was given up, by what the organization's own chain says, signed."""
    found: dict[UUID, int] = {}
    for subject, details in repository.acts(session, organization_id, REMOVED):
        through = details.get("through")
        with suppress(ValueError):  # a subject that somebody tampered with: its chain says so
            if isinstance(through, int):
                found[UUID(subject)] = max(through, found.get(UUID(subject), 0))
    return found


def cut_off(now: datetime, years: int) -> datetime:
    """The moment before which entries are old enough to go."""
    day = min(now.day, 28)  # so that it exists in every year
    return now.replace(year=now.year - years, day=day)


def organizations(session: Session) -> list[UUID]:
    """Every organization that has a log."""
    return list(session.scalars(select(AuditHead.organization_id).distinct()))


def remove_expired(transaction: Transaction, keys: ServerKeys, organization_id: UUID, before: datetime) -> Removed:
    """The organization's entries recorded before `before` are given up, and that stands in its log."""
    session = transaction.session
    without_time_limit(session)
    grow_whole(session, keys, organization_id, transaction.now)
    known, old = removed_through(session, organization_id), _ends(session, organization_id, before)
    ends = {chain: through for chain, through in old.items() if through > known.get(chain, 0)}
    if not ends:
        return Removed(organization_id, 0)
    # Of every chain anew: what an earlier removal left on record may be among what goes now.
    for chain, through in (known | ends).items():
        transaction.record(Act(organization_id, _OPERATOR, REMOVED, str(chain), {"through": through}))
    if organization_id in ends:
        _say_begins_anew(transaction, organization_id)
    entries = _remove(transaction, organization_id, ends)
    grow(session, keys, organization_id, transaction.now)
    return Removed(organization_id, entries)


def _say_begins_anew(transaction: Transaction, organization_id: UUID) -> None:
    """Where chains begin that share their first entries with another may be among what goes now."""
    for chain, begin in begins(transaction.session, organization_id).items():
        details: dict[str, Detail] = {"predecessor": str(begin.predecessor), "after": begin.after}
        transaction.record(Act(organization_id, _OPERATOR, SUCCEEDED, str(chain), details))


def _ends(session: Session, organization_id: UUID, before: datetime) -> dict[UUID, int]:
    """Up to which entry each chain is old enough; chains that have none so old are left out."""
    row, head = AuditEntryRow, AuditHead
    young = (
        select(func.min(row.sequence))
        .where(row.organization_id == head.organization_id, row.chain == head.chain, row.recorded_at >= before)
        .scalar_subquery()
    )
    through = func.coalesce(young, head.sequence + 1) - 1
    has_some = through > head.begins_after
    ours = select(head.chain, through).where(head.organization_id == organization_id, has_some)
    return dict(iter(session.execute(ours)))


def _remove(transaction: Transaction, organization_id: UUID, ends: dict[UUID, int]) -> int:
    session, row, removed = transaction.session, AuditEntryRow, 0
    for chain, through in ends.items():
        session.add(
            AuditRemoval(organization_id=organization_id, chain=chain, through=through, removed_at=transaction.now)
        )
    session.flush()
    with lent_right(session, "DELETE", row.__tablename__):
        for chain, through in ends.items():
            ours = (row.organization_id == organization_id, row.chain == chain, row.sequence <= through)
            removed += len(session.execute(delete(row).where(*ours).returning(row.sequence)).all())
    return removed
