"""Rows of counted pages, always of one organization."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from syncserver.kit.database import insert_missing
from syncserver.usage.models import PagesRead, UsageDay
from syncserver.usage.schemas import Counted, UsedBy

_BY = {"device": UsageDay.device, "person": UsageDay.person, "template": UsageDay.template}
Days = tuple[date, date]
"""From the first day until just before the second."""


def get(session: Session, organization_id: UUID, document_id: UUID, attempt: int) -> PagesRead | None:
    return session.get(PagesRead, (organization_id, document_id, attempt))


def get_one(session: Session, organization_id: UUID, document_id: UUID, attempt: int) -> PagesRead:
    """The attempt, which was counted before."""
    return session.get_one(PagesRead, (organization_id, document_id, attempt))


def since(session: Session, organization_id: UUID, moment: datetime) -> Sequence[PagesRead]:
    """What was counted from that moment on."""
    own = (PagesRead.organization_id == organization_id, PagesRead.counted_at >= moment)
    return session.scalars(select(PagesRead).where(*own)).all()


def add(session: Session, row: PagesRead) -> None:
    session.add(row)


def add_to_day(session: Session, row: PagesRead, pages: int, documents: int) -> None:
    """The day of `row` holds so many more, or fewer, of its kind."""
    place = {
        "organization_id": row.organization_id,
        "day": row.counted_at.date(),
        "device": str(row.device_id or ""),
        "person": str(row.user_id or ""),
        "template": row.template or "",
    }
    insert_missing(session, UsageDay, **place, pages=0, documents=0)
    day = session.get_one(UsageDay, tuple(place.values()), populate_existing=True)
    day.pages, day.documents = day.pages + pages, day.documents + documents
    session.flush()


def without_template(session: Session, organization_id: UUID, document_id: UUID) -> Sequence[PagesRead]:
    """The counted attempts at the document whose template is not known yet."""
    own = (PagesRead.organization_id == organization_id, PagesRead.document_id == document_id)
    return session.scalars(select(PagesRead).where(*own, PagesRead.template.is_(None))).all()


def counted(session: Session, organization_id: UUID, days: Days) -> Counted:
    """What was counted in the days."""
    pages, documents = session.execute(
        select(func.coalesce(func.sum(UsageDay.pages), 0), func.coalesce(func.sum(UsageDay.documents), 0)).where(
            *_in(organization_id, days)
        )
    ).one()
    return Counted(pages=int(pages), documents=int(documents))


def used_by(session: Session, organization_id: UUID, days: Days, by: str, limit: int) -> list[UsedBy]:
    """Who or what used most in the days, those with the most pages first."""
    name, pages = _BY[by], func.sum(UsageDay.pages)
    statement = (
        select(name, pages, func.sum(UsageDay.documents))
        .where(*_in(organization_id, days))
        .group_by(name)
        .having(func.sum(UsageDay.documents) > 0)
        .order_by(pages.desc(), name)
        .limit(limit)
    )
    rows = session.execute(statement)
    return [UsedBy(id=one or None, pages=int(read), documents=int(number)) for one, read, number in rows]


def _in(organization_id: UUID, days: Days) -> tuple[ColumnElement[bool], ...]:
    return UsageDay.organization_id == organization_id, UsageDay.day >= days[0], UsageDay.day < days[1]
