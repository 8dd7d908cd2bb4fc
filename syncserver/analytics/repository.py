"""Rows of statistics, always of one organization."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from syncserver.analytics.days import Quarter, added, empty
from syncserver.analytics.models import CountedReading, ReadingDay, ReadingTotal
from syncserver.analytics.rollup import WIDTH, Addition, Kind
from syncserver.kit.database import insert_missing


def counted(session: Session, organization_id: UUID, document_id: UUID) -> CountedReading | None:
    return session.get(CountedReading, (organization_id, document_id), with_for_update=True)


def add(session: Session, *rows: CountedReading | ReadingDay | ReadingTotal) -> None:
    session.add_all(rows)
    session.flush()


def add_to_day(session: Session, organization_id: UUID, quarter: Quarter, addition: Addition) -> None:
    """The day holds the addition too."""
    place = {"organization_id": organization_id, "kind": addition.kind, "day": quarter.day, "name": addition.name}
    insert_missing(session, ReadingDay, **place, counts=empty(WIDTH[addition.kind]))
    row = session.get_one(ReadingDay, tuple(place.values()), populate_existing=True)
    row.counts = added(row.counts, quarter.place, addition.amounts)
    session.flush()


def add_to_total(session: Session, organization_id: UUID, reading: CountedReading, sign: int) -> None:
    """The organization's totals hold the reading too; with `sign` -1, no more."""
    insert_missing(session, ReadingTotal, organization_id=organization_id, completed=0, failed=0)
    total = session.get_one(ReadingTotal, organization_id, populate_existing=True)
    if reading.error:
        total.failed += sign
    else:
        total.completed += sign
    session.flush()


def days(
    session: Session, organization_id: UUID, kind: Kind, first: date, last: date
) -> Sequence[tuple[date, str, bytes]]:
    """The days' counts of one kind: day, name, counts."""
    statement = select(ReadingDay.day, ReadingDay.name, ReadingDay.counts).where(
        ReadingDay.organization_id == organization_id,
        ReadingDay.kind == kind,
        ReadingDay.day >= first,
        ReadingDay.day <= last,
    )
    return [(day, name, counts) for day, name, counts in session.execute(statement)]


def lock(session: Session) -> None:
    """Nobody else counts until the transaction ends; on SQLite nobody else writes anyhow."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {CountedReading.__tablename__} IN EXCLUSIVE MODE"))


def forget(session: Session, organization_id: UUID) -> None:
    """The organization has no statistics."""
    for table in (CountedReading, ReadingDay, ReadingTotal):
        session.execute(delete(table).where(table.organization_id == organization_id))
