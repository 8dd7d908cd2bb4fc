"""Numbers for the operator."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from shared.wire.v1.pull import ENTITLEMENT
from syncserver.changes import service as changes
from syncserver.changes.service import Entity
from syncserver.events.transaction import Act, Transaction
from syncserver.kit.errors import NotFound
from syncserver.kit.paging import PageOf, page_of, place_of
from syncserver.operation import repository
from syncserver.operation.schemas import OrganizationView, Queue, ServerStats, TopUser
from syncserver.tenants import service as tenants


def stats(session: Session) -> ServerStats:
    """The whole server in numbers."""
    return repository.stats(session)


def top_users(session: Session, now: datetime, days: int, limit: int) -> PageOf[TopUser]:
    """The owners of the organizations with the most pages in the last `days`; one page alone."""
    return PageOf(items=repository.top_users(session, (now - timedelta(days=days)).date(), limit), next_cursor=None)


def queues(session: Session, now: datetime) -> list[Queue]:
    """What waits to be done, on the whole server."""
    return repository.queues(session, now)


def organizations(session: Session, now: datetime, cursor: str | None, limit: int) -> PageOf[OrganizationView]:
    """Every organization, the newest first."""
    rows = repository.organizations(session, _month(now), limit + 1, after=place_of(cursor))
    return page_of(rows, limit, lambda row: row, lambda row: (row.created_at, row.id))


def organization(session: Session, organization_id: UUID, now: datetime) -> OrganizationView:
    """One organization. Raises NotFound."""
    rows = repository.organizations(session, _month(now), 1, only=organization_id)
    if not rows:
        raise NotFound("There is no organization with this id.")
    return rows[0]


def change_tier(transaction: Transaction, organization_id: UUID, tier: str, actor: str) -> OrganizationView:
    """The organization is on that tier, and its devices hear of it. Raises NotFound.

    A subscription at Stripe that changes later puts it on the tier that is paid for.
    """
    before = organization(transaction.session, organization_id, transaction.now)
    if before.tier == tier:
        return before
    tenants.change_tier(transaction.session, organization_id, tier)
    details = {"tier": tier, "before": before.tier}
    transaction.record(Act(organization_id, actor, "organization.tier_changed", str(organization_id), details))
    entity = Entity(organization_id, ENTITLEMENT, str(organization_id))
    changes.put(transaction.session, entity, None, transaction.now)
    return before.model_copy(update={"tier": tier})


def _month(now: datetime) -> date:
    return now.date().replace(day=1)
