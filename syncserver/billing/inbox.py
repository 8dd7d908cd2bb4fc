"""Stripe's events: stored first, under their ids; what follows from them is done afterwards, once or several times."""

from dataclasses import dataclass
from datetime import datetime

from shared.clock import Clock
from syncserver.billing import repository
from syncserver.billing.models import InboxEvent
from syncserver.billing.pauses import pause_after
from syncserver.billing.stripe_gateway import Told
from syncserver.billing.subscribing import Subscribing
from syncserver.events.transaction import Begin
from syncserver.kit.database import Database
from syncserver.kit.errors import ServerError
from syncserver.kit.logging import log


def receive(begin: Begin, told: Told) -> None:
    """The event is in the inbox, however often it comes."""
    with begin() as transaction:
        now = transaction.now
        event = InboxEvent(
            event_id=told.event_id,
            kind=told.kind,
            customer_id=told.customer_id,
            received_at=now,
            due_at=now,
            attempts=0,
            handled_at=None if told.customer_id else now,  # it concerns none of our customers
        )
        repository.keep_event(transaction.session, event)


@dataclass(frozen=True, slots=True)
class Inbox:
    """What does what follows from events."""

    subscribing: Subscribing
    database: Database
    begin: Begin
    clock: Clock

    def handle_next(self) -> bool:
        """The event that is due first was handled, or tried; False when none is."""
        began = self.clock()
        with self.database.reading() as session:
            event = repository.next_event(session, began)
        if event is None:
            return False
        try:
            self.subscribing.look(event.customer_id)
        except ServerError as error:
            log.warning("event_not_handled", event_id=event.event_id, code=error.code)
            self._postpone(event)
            return True
        self._end(event, began)
        return True

    def _end(self, event: InboxEvent, began: datetime) -> None:
        """All of the customer's that came before the look: what it found is behind them."""
        with self.begin() as transaction:
            for row in repository.events_of(transaction.session, event.customer_id, began):
                row.handled_at = transaction.now

    def _postpone(self, event: InboxEvent) -> None:
        with self.begin() as transaction:
            for row in repository.events_of(transaction.session, event.customer_id, event.received_at):
                row.attempts += 1
                row.due_at = transaction.now + pause_after(row.attempts)
