"""Numbers over all organizations: for the operator alone."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from syncserver.analytics.models import ReadingTotal
from syncserver.identity.api_keys.models import ApiKey
from syncserver.identity.devices.models import Device
from syncserver.identity.people.models import User
from syncserver.identity.roles import Role
from syncserver.operation.schemas import ServerStats, TopUser
from syncserver.processing.models import Submission
from syncserver.tenants.models import Organization
from syncserver.usage.models import UsageDay


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
