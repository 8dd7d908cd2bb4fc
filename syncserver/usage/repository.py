"""Rows of counted pages, always of one organization."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from syncserver.kit.columns import table_of
from syncserver.kit.database import insert_all, insert_missing
from syncserver.usage.models import PagesRead, UsageDay
from syncserver.usage.schemas import Counted, UsedBy

_BY = {"device": UsageDay.device, "person": UsageDay.person, "template": UsageDay.template}
Days = tuple[date, date]
"""From the first day until just before the second."""
Attempt = tuple[UUID, int]
"""At a document, by its id: which one."""


@dataclass(frozen=True, slots=True)
class Counting:
    """So many pages and documents more, or fewer, on the day and of the kind of `row`."""

    row: PagesRead
    pages: int
    documents: int


def some(session: Session, organization_id: UUID, attempts: Collection[Attempt]) -> dict[Attempt, PagesRead]:
    """Those of the attempts that were counted."""
    mine = (
        PagesRead.organization_id == organization_id,
        PagesRead.document_id.in_({document_id for document_id, _ in attempts}),
    )
    rows = {(row.document_id, row.attempt): row for row in session.scalars(select(PagesRead).where(*mine))}
    return {attempt: row for attempt, row in rows.items() if attempt in attempts}


def since(session: Session, organization_id: UUID, moment: datetime) -> Sequence[PagesRead]:
    """What was counted from that moment on."""
    own = (PagesRead.organization_id == organization_id, PagesRead.counted_at >= moment)
    return session.scalars(select(PagesRead).where(*own)).all()


def add_all(session: Session, rows: Sequence[PagesRead]) -> None:
    """Each row is one that was counted."""
    names = [column.name for column in table_of(PagesRead).columns]
    insert_all(session, PagesRead, [{name: getattr(row, name) for name in names} for row in rows])


def add_to_days(session: Session, countings: Sequence[Counting]) -> None:
    """The days hold so many more, or fewer, of each kind."""
    sums: dict[tuple[str | UUID | date, ...], tuple[int, int]] = {}
    for one in countings:
        place = _place(one.row)
        pages, documents = sums.get(place, (0, 0))
        sums[place] = pages + one.pages, documents + one.documents
    for place in sorted(sums, key=str):  # one order of locks for all
        _add_to_day(session, place, *sums[place])


def _place(row: PagesRead) -> tuple[str | UUID | date, ...]:
    """The key of the row's day."""
    who = (str(row.device_id or ""), str(row.user_id or ""))
    return (row.organization_id, row.counted_at.date(), *who, row.template or "")


def _add_to_day(session: Session, place: tuple[str | UUID | date, ...], pages: int, documents: int) -> None:
    key = dict(zip((column.name for column in table_of(UsageDay).primary_key), place, strict=True))
    insert_missing(session, UsageDay, **key, pages=0, documents=0)
    day = session.get_one(UsageDay, place, populate_existing=True)
    day.pages, day.documents = day.pages + pages, day.documents + documents
    session.flush()


def without_template(session: Session, organization_id: UUID, document_ids: Collection[UUID]) -> Sequence[PagesRead]:
    """The counted attempts at the documents whose template is not known yet."""
    own = (PagesRead.organization_id == organization_id, PagesRead.document_id.in_(document_ids))
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
