"""Counting pages, once each, and telling how many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.wire.v1.pull import ENTITLEMENT
from syncserver.changes import service as changes
from syncserver.changes.service import Entity
from syncserver.documents import service as documents
from syncserver.events.record import Event
from syncserver.identity.people import service as people
from syncserver.kit.paging import PageOf
from syncserver.processing import service as processing
from syncserver.tenants import service as tenants
from syncserver.tenants.service import TRIAL, Tenant
from syncserver.usage import repository
from syncserver.usage.catalogue import CATALOGUE, TRIAL_PAGES
from syncserver.usage.errors import TrialUsedUp
from syncserver.usage.models import PagesRead
from syncserver.usage.repository import Counting
from syncserver.usage.schemas import Me, OrganizationView, Usage, UsageView, UsedBy, UsedByKind


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What an organization may use, and what it used of that; `quota` is None where nothing bounds it."""

    tier: str
    quota: int | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class CountedPages:
    """One attempt at a document, as it was counted."""

    document_id: UUID
    attempt: int
    pages: int
    counted_at: datetime


def count_pages(session: Session, events: Sequence[Event]) -> None:
    """The events' pages are counted, once for a document and attempt, and devices told: an effect of `pages.read`."""
    organization_id, attempts = events[0].organization_id, {_attempt_of(event): event for event in reversed(events)}
    known = repository.some(session, organization_id, attempts)
    types = documents.types_of(session, organization_id, {document_id for document_id, _ in attempts})
    rows = [_row(event, types) for attempt, event in attempts.items() if attempt not in known]
    if not rows:
        return
    repository.add_all(session, rows)
    repository.add_to_days(session, [Counting(row, row.pages, 1) for row in rows])
    newest = max(row.counted_at for row in rows)
    changes.put(session, Entity(organization_id, ENTITLEMENT, str(organization_id)), None, newest)


def name_template(session: Session, events: Sequence[Event]) -> None:
    """Pages counted before their document came are the template's it was read by: an effect of `document.read`."""
    types = {UUID(str(event.details["document_id"])): str(event.details["document_type"]) for event in reversed(events)}
    rows = repository.without_template(session, events[0].organization_id, types)
    repository.add_to_days(session, [Counting(row, -row.pages, -1) for row in rows])
    for row in rows:
        row.template = types[row.document_id]
    repository.add_to_days(session, [Counting(row, row.pages, 1) for row in rows])


def counted_for(session: Session, events: Sequence[Event]) -> list[CountedPages]:
    """What `count_pages` counted for the events, now or before."""
    attempts = {_attempt_of(event) for event in events}
    return [_counted(row) for row in repository.some(session, events[0].organization_id, attempts).values()]


def counted_since(session: Session, organization_id: UUID, moment: datetime) -> list[CountedPages]:
    """Every attempt counted from that moment on."""
    return [_counted(row) for row in repository.since(session, organization_id, moment)]


def check_allowance(session: Session, organization_id: UUID, now: datetime, files: int) -> None:
    """Raises TrialUsedUp when a free trial has no pages left for so many files more, beside those that wait."""
    tenant = tenants.tenant(session, organization_id)
    if tenant.tier != TRIAL:
        return
    used = _usage(session, tenant, now).pages
    waiting = processing.count_active(session, organization_id)
    if used + waiting + files <= TRIAL_PAGES:  # a file that was not read yet has one page or more
        return
    raise TrialUsedUp(
        f"Of the {TRIAL_PAGES} pages of this month's free trial {used} are used up, and {waiting} files wait to be "
        "read: there are none left for what was sent now, and nothing of it was kept. What was read stays, and "
        "desktops read on; for more, see /api/v1/pricing."
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
    usage = _usage(session, tenant, now)
    return Entitlement(tenant.tier, usage.included_pages if usage.is_bounded else None, usage)


def used_by(session: Session, organization_id: UUID, month: datetime, by: UsedByKind, limit: int) -> UsageView:
    """The organization's usage in the month of that moment, by who or what used it."""
    tenant = tenants.tenant(session, organization_id)
    usage = _usage(session, tenant, month)
    days = (usage.period_start.date(), usage.period_end.date())
    most = PageOf[UsedBy](items=repository.used_by(session, organization_id, days, by, limit), next_cursor=None)
    return UsageView(**usage.model_dump(), by=by, most=most)


def _usage(session: Session, tenant: Tenant, now: datetime) -> Usage:
    start, end = _month_of(now)
    counted = repository.counted(session, tenant.id, (start.date(), end.date()))
    tier = CATALOGUE.tier(tenant.tier)
    included = tier.included_pages if tier else TRIAL_PAGES
    return Usage(
        period_start=start,
        period_end=end,
        pages=counted.pages,
        documents=counted.documents,
        included_pages=included,
        is_bounded=tier is None,
        extra_pages=max(counted.pages - included, 0),
    )


def _month_of(now: datetime) -> tuple[datetime, datetime]:
    """The first moment of the month of `now` and of the month after it."""
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (start.year + 1, 1) if start.month == 12 else (start.year, start.month + 1)
    return start, start.replace(year=following[0], month=following[1])


def _counted(row: PagesRead) -> CountedPages:
    return CountedPages(row.document_id, row.attempt, row.pages, row.counted_at)


def _row(event: Event, types: Mapping[UUID, str]) -> PagesRead:
    document_id, attempt = _attempt_of(event)
    return PagesRead(
        organization_id=event.organization_id,
        document_id=document_id,
        attempt=attempt,
        pages=int(event.details["pages"]),
        counted_at=event.happened_at,
        device_id=_id_in(event, "device_id"),
        user_id=_id_in(event, "user_id"),
        template=types.get(document_id),
    )


def _attempt_of(event: Event) -> tuple[UUID, int]:
    return UUID(str(event.details["document_id"])), int(event.details["attempt"])


def _id_in(event: Event, name: str) -> UUID | None:
    given = event.details.get(name)
    return UUID(str(given)) if given else None
