"""Reporting pages to Stripe: one meter event for each counted attempt, however often a try fails half-way.

A report that was tried and not answered is in doubt: Stripe may hold it. It is sent again under its identifier, which
Stripe knows for a day; later than that, what Stripe holds of that minute is asked for before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from shared.clock import Clock
from syncserver.billing import repository
from syncserver.billing.errors import BillingNotSetUp, BillingRefused, BillingUnreachable
from syncserver.billing.models import ENTITLING, BillingCustomer, MeterReport
from syncserver.billing.pauses import pause_after
from syncserver.billing.stripe_gateway import MeterEvent, StripeGateway
from syncserver.events.record import Event
from syncserver.events.transaction import SERVER, Act, Begin, Detail
from syncserver.kit.database import Database
from syncserver.kit.errors import NotFound
from syncserver.kit.logging import log
from syncserver.usage import service as usage
from syncserver.usage.catalogue import CATALOGUE
from syncserver.usage.service import CountedPages

_ASK_FIRST_AFTER = timedelta(hours=20)  # Stripe knows an identifier for 24 hours
_TOO_OLD = timedelta(days=34)  # it takes no event older than 35 days
_LEASE = timedelta(minutes=2)  # longer than any try: two connections, two answers, three times


def report_pages(session: Session, events: Sequence[Event]) -> None:
    """The events' pages are to be reported, if the organization has a subscription that counts: an effect of
    `pages.read`, after they were counted.
    """
    row = repository.customer(session, events[0].organization_id)
    if row is None or row.status not in ENTITLING or row.started_at is None:
        return
    started_at = row.started_at
    if due := [event for event in events if event.happened_at >= started_at]:
        _keep(session, row, usage.counted_for(session, due), due[0].happened_at)


def report_since(session: Session, row: BillingCustomer, now: datetime) -> None:
    """What was counted between the subscription's beginning and the moment that we heard of it is to be reported."""
    if row.started_at is not None:
        _keep(session, row, usage.counted_since(session, row.organization_id, row.started_at), now)


def _keep(session: Session, row: BillingCustomer, counted: Sequence[CountedPages], now: datetime) -> None:
    for one in counted:
        if one.pages:
            report = MeterReport(
                organization_id=row.organization_id,
                document_id=one.document_id,
                attempt=one.attempt,
                pages=one.pages,
                counted_at=one.counted_at,
                state="waiting",
                due_at=now,
                tries=0,
            )
            repository.keep_report(session, report)


@dataclass(frozen=True, slots=True)
class _Try:
    """One try of one report: which it is by `number`, and since when Stripe may hold it."""

    report: MeterReport
    customer_id: str
    tier: str | None
    number: int
    first_tried_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reporter:
    """What sends reports."""

    gateway: StripeGateway
    database: Database
    begin: Begin
    clock: Clock

    def report_next(self) -> bool:
        """The report that is due first was tried; False when none is."""
        with self.database.reading() as session:  # SQLite's one write lock is taken only when there is work
            if not repository.is_any_due(session, self.clock()):
                return False
        held = self._claim()
        if held is None:
            return False
        try:
            self._send(held)
        except (BillingUnreachable, BillingNotSetUp) as error:
            log.warning("pages_not_reported", code=error.code, tries=held.number)
            self._postpone(held)
        except (BillingRefused, NotFound) as error:
            log.error("pages_refused", code=error.code, document_id=str(held.report.document_id))
            self._end(held, "refused", error.message)
        else:
            self._end(held, "sent")
        return True

    def _claim(self) -> _Try | None:
        """From the commit on, Stripe may hold it: also if this process dies before the answer."""
        with self.begin() as transaction:
            row = repository.next_report(transaction.session, transaction.now)
            if row is None:
                return None
            customer = repository.locked_customer(transaction.session, row.organization_id)
            first = row.tried_at
            if first is None and repository.is_any_in_doubt(transaction.session, row.organization_id):
                return None  # another process began one meanwhile
            row.tries, row.due_at, row.tried_at = row.tries + 1, transaction.now + _LEASE, first or transaction.now
            return _Try(row, customer.customer_id, customer.tier, row.tries, first)

    def _send(self, held: _Try) -> None:
        now, report = self.clock(), held.report
        in_doubt = held.first_tried_at is not None and now - held.first_tried_at > _ASK_FIRST_AFTER
        if in_doubt and self._is_there(held):
            return
        if now - report.counted_at > _TOO_OLD:
            self._charge(held)
            return
        self.gateway.report(MeterEvent(report.identifier, held.customer_id, report.pages, report.counted_at))

    def _is_there(self, held: _Try) -> bool:
        """Whether Stripe holds more pages of that minute than those that it is known to: only this one is in doubt."""
        start = held.report.counted_at.replace(second=0, microsecond=0)
        organization_id = held.report.organization_id
        with self.database.reading() as session:
            known = repository.sent_between(session, organization_id, start, start + timedelta(minutes=1))
        return self.gateway.reported(held.customer_id, start) >= known + held.report.pages

    def _charge(self, held: _Try) -> None:
        """Pages too old for the meter are an item of the next invoice, as far as their month's were not included."""
        report, tier = held.report, CATALOGUE.tier(held.tier or "")
        with self.database.reading() as session:
            month = usage.entitlement(session, report.organization_id, report.counted_at).usage
        pages = min(report.pages, month.extra_pages)
        if tier and pages:
            what = f"{pages} pages read on {report.counted_at:%Y-%m-%d}, reported late"
            self.gateway.charge_later(held.customer_id, pages * tier.cost_per_page, what, report.identifier)

    def _postpone(self, held: _Try) -> None:
        with self.begin() as transaction:
            row = self._row(transaction.session, held)
            if row.state == "waiting" and row.tries == held.number:
                row.due_at = transaction.now + pause_after(held.number)

    def _end(self, held: _Try, state: str, refusal: str | None = None) -> None:
        with self.begin() as transaction:
            row = self._row(transaction.session, held)
            if row.state != "waiting":
                return
            row.state, row.refusal = state, refusal
            row.sent_at = transaction.now if state == "sent" else None
            details: dict[str, Detail] = {"attempt": row.attempt, "pages": row.pages}
            action = "usage.reported" if state == "sent" else "usage.refused"
            transaction.record(Act(row.organization_id, SERVER, action, str(row.document_id), details))

    def _row(self, session: Session, held: _Try) -> MeterReport:
        report = held.report
        return repository.report(session, report.organization_id, report.document_id, report.attempt)
