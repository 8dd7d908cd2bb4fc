"""Rows of billing. The inbox and the reports are looked through across organizations, everything else is of one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from syncserver.billing.models import BillingCustomer, InboxEvent, MeterReport
from syncserver.kit.database import insert_missing, insert_new


def customer(session: Session, organization_id: UUID) -> BillingCustomer | None:
    return session.get(BillingCustomer, organization_id)


def customer_by_id(session: Session, customer_id: str) -> BillingCustomer | None:
    """The organization that is this customer, locked."""
    statement = select(BillingCustomer).where(BillingCustomer.customer_id == customer_id)
    return session.scalar(statement.with_for_update())


def locked_customer(session: Session, organization_id: UUID) -> BillingCustomer:
    """The organization's customer, locked: one after the other, processes begin to report for it."""
    return session.get_one(BillingCustomer, organization_id, with_for_update=True)


def keep_customer(session: Session, organization_id: UUID, customer_id: str) -> BillingCustomer:
    """The organization's customer, which somebody else may have kept meanwhile."""
    insert_missing(session, BillingCustomer, organization_id=organization_id, customer_id=customer_id, is_ending=False)
    return session.get_one(BillingCustomer, organization_id)


def keep_event(session: Session, told: InboxEvent) -> None:
    """The event is in the inbox: now, or it was there before and stays as it is."""
    insert_missing(session, InboxEvent, **_values(told))


def next_event(session: Session, now: datetime) -> InboxEvent | None:
    """An event that waits for what follows from it, the earliest due."""
    waiting = select(InboxEvent).where(InboxEvent.handled_at.is_(None), InboxEvent.due_at <= now)
    return session.scalar(waiting.order_by(InboxEvent.due_at, InboxEvent.event_id).limit(1))


def events_of(session: Session, customer_id: str, before: datetime) -> Sequence[InboxEvent]:
    """The customer's events that came before then and wait."""
    waiting = (InboxEvent.handled_at.is_(None), InboxEvent.received_at <= before)
    return session.scalars(select(InboxEvent).where(InboxEvent.customer_id == customer_id, *waiting)).all()


def keep_report(session: Session, report: MeterReport) -> None:
    """The pages are to be reported: from now on, or they were before and it stays as it is.

    One that is there is not locked: who locks it goes on to lock the audit log, which the caller may hold.
    """
    insert_new(session, MeterReport, **_values(report))


def is_any_due(session: Session, now: datetime) -> bool:
    return session.scalar(_due(now).with_only_columns(MeterReport.document_id).limit(1)) is not None


def next_report(session: Session, now: datetime) -> MeterReport | None:
    """The report that is due first, locked."""
    statement = _due(now).order_by(MeterReport.due_at, MeterReport.document_id, MeterReport.attempt).limit(1)
    return session.scalar(statement.with_for_update(skip_locked=True))


def report(session: Session, organization_id: UUID, document_id: UUID, attempt: int) -> MeterReport:
    """The report, locked."""
    return session.get_one(
        MeterReport, (organization_id, document_id, attempt), with_for_update=True, populate_existing=True
    )


def pages(session: Session, organization_id: UUID) -> dict[str, int]:
    """How many pages are reported, wait, or are refused."""
    statement = select(MeterReport.state, func.sum(MeterReport.pages)).where(
        MeterReport.organization_id == organization_id
    )
    return {state: int(total) for state, total in session.execute(statement.group_by(MeterReport.state))}


def sent_between(session: Session, organization_id: UUID, start: datetime, end: datetime) -> int:
    """How many pages counted in that time Stripe is known to hold."""
    statement = select(func.coalesce(func.sum(MeterReport.pages), 0)).where(
        MeterReport.organization_id == organization_id,
        MeterReport.counted_at >= start,
        MeterReport.counted_at < end,
        MeterReport.state == "sent",
    )
    return int(session.scalar(statement) or 0)


def is_any_in_doubt(session: Session, organization_id: UUID) -> bool:
    """Whether Stripe may hold a report of the organization that it is not known to hold."""
    doubts = (MeterReport.organization_id == organization_id, *_in_doubt(MeterReport))
    return session.scalar(select(MeterReport.document_id).where(*doubts).limit(1)) is not None


def _values(row: InboxEvent | MeterReport) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _due(now: datetime) -> Select[MeterReport]:
    """Where one report of an organization is in doubt, no other is begun: what Stripe holds more is that one's."""
    other = aliased(MeterReport)
    doubt = exists().where(other.organization_id == MeterReport.organization_id, *_in_doubt(other))
    is_due = (MeterReport.state == "waiting", MeterReport.due_at <= now)
    return select(MeterReport).where(*is_due, MeterReport.tried_at.is_not(None) | ~doubt)


def _in_doubt(report: type[MeterReport]) -> tuple[ColumnElement[bool], ...]:
    return report.state == "waiting", report.tried_at.is_not(None)
