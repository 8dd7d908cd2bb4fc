"""Counting pages, once each, and telling how many."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.wire.v1.pull import ENTITLEMENT
from syncserver.changes import service as changes
from syncserver.changes.service import Entity
from syncserver.events.record import Event
from syncserver.identity.people import service as people
from syncserver.tenants import service as tenants
from syncserver.tenants.service import TRIAL, Tenant
from syncserver.usage import repository
from syncserver.usage.errors import TrialUsedUp
from syncserver.usage.models import PagesRead
from syncserver.usage.schemas import Me, OrganizationView, Usage

_TRIAL_PAGES = 100


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What an organization may use, and what it used of that."""

    tier: str
    usage: Usage


def count_pages(session: Session, event: Event) -> None:
    """The event's pages are counted, once for a document and attempt, and devices told: the effect of `pages.read`."""
    document_id, attempt = UUID(str(event.details["document_id"])), int(event.details["attempt"])
    if repository.is_counted(session, event.organization_id, document_id, attempt):
        return
    row = PagesRead(
        organization_id=event.organization_id,
        document_id=document_id,
        attempt=attempt,
        pages=int(event.details["pages"]),
        counted_at=event.happened_at,
    )
    repository.add(session, row)
    organization = Entity(event.organization_id, ENTITLEMENT, str(event.organization_id))
    changes.put(session, organization, None, event.happened_at)


def check_allowance(session: Session, organization_id: UUID, now: datetime) -> None:
    """Raises TrialUsedUp when the organization is on a free trial and has had all its pages."""
    if tenants.tenant(session, organization_id).tier != TRIAL:
        return
    start, end = _month(now)
    if repository.pages(session, organization_id, start, end) >= _TRIAL_PAGES:
        raise TrialUsedUp(
            f"The {_TRIAL_PAGES} pages of this month's free trial are used up. What was read stays; for more, see "
            "/api/v1/pricing."
        )


def me(session: Session, organization_id: UUID, user_id: UUID, now: datetime) -> Me:
    """The person, the organization, and its usage in the month of `now`."""
    tenant = tenants.tenant(session, organization_id)
    person = people.person(session, organization_id, user_id)
    organization = OrganizationView(id=tenant.id, name=tenant.name, tier=tenant.tier)
    usage = _usage(session, tenant, now)
    return Me(user=person, organization=organization, role=person.role, tier=tenant.tier, usage=usage)


def entitlement(session: Session, organization_id: UUID, now: datetime) -> Entitlement:
    """What the organization may use in the month of `now`, and what it used."""
    tenant = tenants.tenant(session, organization_id)
    return Entitlement(tenant.tier, _usage(session, tenant, now))


def _usage(session: Session, tenant: Tenant, now: datetime) -> Usage:
    start, end = _month(now)
    return Usage(
        period_start=start,
        period_end=end,
        pages=repository.pages(session, tenant.id, start, end),
        included_pages=_TRIAL_PAGES if tenant.tier == TRIAL else None,
    )


def _month(now: datetime) -> tuple[datetime, datetime]:
    """The first moment of the month of `now` and of the month after it."""
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (start.year + 1, 1) if start.month == 12 else (start.year, start.month + 1)
    return start, start.replace(year=following[0], month=following[1])
