"""What billing does in the background, where there is an account at Stripe."""

from collections.abc import Callable

from shared.clock import Clock
from syncserver.billing.inbox import Inbox
from syncserver.billing.metering import Reporter
from syncserver.billing.stripe_gateway import StripeGateway
from syncserver.billing.subscribing import Subscribing
from syncserver.events.transaction import Begin
from syncserver.kit.database import Database
from syncserver.kit.rounds import Rounds

_EVERY_S = 2.0


def billing_rounds(gateway: StripeGateway | None, database: Database, begin: Begin, clock: Clock) -> list[Rounds]:
    """Handling Stripe's events, and reporting pages; nothing without a gateway."""
    if gateway is None:
        return []
    inbox = Inbox(Subscribing(gateway, begin, clock), database, begin, clock)
    reporter = Reporter(gateway, database, begin, clock)
    return [
        _until_done("stripe-inbox", inbox.handle_next, "stripe_event_not_handled"),
        _until_done("meter-reports", reporter.report_next, "pages_not_reported"),
    ]


def _until_done(name: str, step: Callable[[], bool], fault: str) -> Rounds:
    """A round is as many steps as there is work for."""

    def all_steps() -> None:
        while not rounds.stopping.is_set() and step():
            pass

    rounds = Rounds(name, _EVERY_S, all_steps, fault)
    return rounds
