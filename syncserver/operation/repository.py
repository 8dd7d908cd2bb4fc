"""Numbers over all organizations: for the operator alone."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from syncserver.analytics.models import ReadingTotal
from syncserver.billing.models import InboxEvent, MeterReport
from syncserver.events.record import Event
from syncserver.identity.api_keys.models import ApiKey
from syncserver.identity.devices.models import Device
from syncserver.identity.people.models import User
from syncserver.identity.roles import Role
from syncserver.kit.paging import Place, newest_first
from syncserver.operation.schemas import OrganizationView, Queue, ServerStats, TopUser
from syncserver.processing.models import Submission
from syncserver.tenants.models import Organization
from syncserver.usage.models import UsageDay
from syncserver.webhooks.models import WebhookDelivery


def stats(session: Session) -> ServerStats:
    """The whole server in numbers."""

    def number(statement: Select[Any]) -> int:
        return int(session.scalar(statement) or 0)

    totals = select(func.sum(ReadingTotal.completed), func.sum(ReadingTotal.failed))
    completed, failed = (int(total or 0) for total in session.execute(totals).one())
    return ServerStats(
        organizations=number(select(func.count()).select_from(Organization)),
        users=number(select(func.count()).select_from(User)),
        devices=number(select(func.count()).select_from(Device).where(Device.revoked_at.is_(None))),
        jobs=completed + failed + number(select(func.count()).where(Submission.state != "ended")),
        completed=completed,
        failed=failed,
        pages=number(select(func.sum(UsageDay.pages))),
        api_calls=number(select(func.sum(ApiKey.calls))),
    )


def top_users(session: Session, since: date, limit: int) -> list[TopUser]:
    """The owners of the organizations with the most pages since that day, those with the most first."""
    pages = (
        select(UsageDay.organization_id, func.sum(UsageDay.pages).label("pages"))
        .where(UsageDay.day > since)
        .group_by(UsageDay.organization_id)
        .subquery()
    )
    calls = select(ApiKey.user_id, func.sum(ApiKey.calls).label("calls")).group_by(ApiKey.user_id).subquery()
    read, called = func.coalesce(pages.c.pages, 0), func.coalesce(calls.c.calls, 0)
    rows = session.execute(
        select(User, Organization.name, read, called)
        .join(Organization, Organization.id == User.organization_id)
        .outerjoin(pages, pages.c.organization_id == User.organization_id)
        .outerjoin(calls, calls.c.user_id == User.id)
        .where(User.role == Role.OWNER)
        .order_by(read.desc(), called.desc(), User.id)
        .limit(limit)
    )
    return [_top(*row) for row in rows]


def queues(session: Session, now: datetime) -> list[Queue]:
    """How much waits of each kind of work that is due, and since when."""
    waiting: list[tuple[str, Any, ColumnElement[bool]]] = [
        ("documents to be read", Submission.due_at, Submission.state == "waiting"),
        ("documents being read", Submission.due_at, Submission.state == "reading"),
        ("events to be followed", Event.happened_at, Event.delivered_at.is_(None)),
        ("webhooks to be sent", WebhookDelivery.due_at, WebhookDelivery.state == "waiting"),
        ("pages to be reported to Stripe", MeterReport.due_at, MeterReport.state == "waiting"),
        ("events of Stripe to be handled", InboxEvent.due_at, InboxEvent.handled_at.is_(None)),
    ]
    return [_queue(session, now, *one) for one in waiting]


def _queue(session: Session, now: datetime, name: str, moment: Any, waits: ColumnElement[bool]) -> Queue:
    count, first = session.execute(select(func.count(), func.min(moment)).where(waits)).one()
    return Queue(name=name, waiting=count, since=first if first and first <= now else None)


def organizations(
    session: Session, month: date, limit: int, *, after: Place | None = None, only: UUID | None = None
) -> list[OrganizationView]:
    """Organizations, the newest first, with what they have and had read since the month began."""
    row = Organization
    statement = select(
        row.id,
        row.name,
        row.tier,
        row.created_at,
        _count_of(User.id, User.organization_id == row.id).label("people"),
        _count_of(Device.id, Device.organization_id == row.id, Device.revoked_at.is_(None)).label("devices"),
        func.coalesce(
            select(func.sum(UsageDay.pages))
            .where(UsageDay.organization_id == row.id, UsageDay.day >= month)
            .scalar_subquery(),
            0,
        ).label("pages"),
    )
    if only:
        statement = statement.where(row.id == only)
    found = session.execute(newest_first(statement, (row.created_at, row.id), after, limit))
    return [OrganizationView.model_validate(one) for one in found]


def _count_of(column: Any, *which: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(*which).scalar_subquery()


def _top(user: User, organization_name: str, pages: int, calls: int) -> TopUser:
    return TopUser(
        user_id=user.id,
        email=user.email,
        full_name=user.full_name,
        organization_id=user.organization_id,
        organization_name=organization_name,
        pages=int(pages),
        api_calls=int(calls),
    )
