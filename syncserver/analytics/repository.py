"""Rows of statistics, always of one organization."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from syncserver.analytics.days import added, empty
from syncserver.analytics.models import CheckedDocument, CountedReading, ReadingDay, ReadingTotal
from syncserver.analytics.rollup import WIDTH, Kind
from syncserver.kit.columns import table_of
from syncserver.kit.database import insert_all, insert_missing

Place = tuple[Kind, date, str]
"""A day's counts of one kind under a name."""


def counted(session: Session, organization_id: UUID, document_ids: Collection[UUID]) -> dict[UUID, CountedReading]:
    """Those of the documents that count already, locked."""
    mine = (CountedReading.organization_id == organization_id, CountedReading.document_id.in_(document_ids))
    statement = select(CountedReading).where(*mine).order_by(CountedReading.document_id).with_for_update()
    return {row.document_id: row for row in session.scalars(statement)}


def readings(
    session: Session, organization_id: UUID, document_ids: Collection[UUID]
) -> Sequence[tuple[UUID, datetime, str]]:
    """Those of the documents that were read: id, when, and as which kind; the last read last."""
    row = CountedReading
    mine = (row.organization_id == organization_id, row.document_id.in_(document_ids), row.error == "")
    statement = select(row.document_id, row.read_at, row.document_type).where(*mine)
    found = session.execute(statement.order_by(row.read_at, row.document_id))
    return [(document_id, read_at, kind) for document_id, read_at, kind in found]


def checked(session: Session, organization_id: UUID, sha256s: Collection[str]) -> Sequence[CheckedDocument]:
    """A row for each of the contents, locked; a new one counts nothing yet."""
    row = CheckedDocument
    for sha256 in sorted(sha256s):  # one order of locks for all
        key = {"organization_id": organization_id, "sha256": sha256}
        insert_missing(session, row, **key, read_at=None, document_type="", counts={})
    statement = select(row).where(row.organization_id == organization_id, row.sha256.in_(sha256s))
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def add_all(session: Session, rows: Sequence[CountedReading]) -> None:
    """Each row is a document that counts."""
    names = [column.name for column in table_of(CountedReading).columns]
    insert_all(session, CountedReading, [{name: getattr(row, name) for name in names} for row in rows])


def add(session: Session, *rows: CountedReading | ReadingDay | ReadingTotal) -> None:
    session.add_all(rows)
    session.flush()


def add_to_day(session: Session, organization_id: UUID, place: Place, amounts: Mapping[int, Mapping[int, int]]) -> None:
    """The day holds so much more of its counters in each of the quarters."""
    kind, day, name = place
    key = {"organization_id": organization_id, "kind": kind, "day": day, "name": name}
    insert_missing(session, ReadingDay, **key, counts=empty(WIDTH[kind]))
    row = session.get_one(ReadingDay, tuple(key.values()), populate_existing=True)
    for quarter, more in amounts.items():
        row.counts = added(row.counts, quarter, more)
    session.flush()


def add_to_totals(session: Session, organization_id: UUID, more: Mapping[str, int]) -> None:
    """The organization's totals hold so many more readings, by how they ended."""
    insert_missing(session, ReadingTotal, organization_id=organization_id, completed=0, failed=0)
    total = session.get_one(ReadingTotal, organization_id, populate_existing=True)
    total.completed += more.get("completed", 0)
    total.failed += more.get("failed", 0)
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
        for table in (CountedReading, CheckedDocument):
            session.execute(text(f"LOCK TABLE {table.__tablename__} IN EXCLUSIVE MODE"))


def forget(session: Session, organization_id: UUID) -> None:
    """The organization has no statistics."""
    for table in (CountedReading, CheckedDocument, ReadingDay, ReadingTotal):
        session.execute(delete(table).where(table.organization_id == organization_id))
