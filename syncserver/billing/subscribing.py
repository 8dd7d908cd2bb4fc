"""What an organization subscribes to: looked up at Stripe whenever something about it may have changed.

Stripe's events come late, twice and in any order. Whatever an event says, the subscription is fetched anew, and what
was fetched later counts: so it does not matter which event came, how often, or after which other.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.clock import Clock
from shared.wire.v1.pull import ENTITLEMENT
from syncserver.billing import metering, repository
from syncserver.billing.models import ENTITLING, BillingCustomer
from syncserver.billing.stripe_gateway import StripeGateway, Subscription
from syncserver.changes import service as changes
from syncserver.changes.service import Entity
from syncserver.events.transaction import Act, Begin, Detail, Transaction
from syncserver.kit.errors import NotFound
from syncserver.tenants import service as tenants
from syncserver.tenants.service import TRIAL

_ENDED = "canceled"


@dataclass(frozen=True, slots=True)
class Subscribing:
    """What looks subscriptions up."""

    gateway: StripeGateway
    begin: Begin
    clock: Clock

    def look(self, customer_id: str) -> None:
        """The organization is on the tier that it subscribes to now. Raises BillingUnreachable and others."""
        began = self.clock()
        found = self._found(customer_id)
        with self.begin() as transaction:
            row = repository.customer_by_id(transaction.session, customer_id)
            if row is not None and (row.looked_at is None or row.looked_at < began):
                _take_over(transaction, row, found, began)

    def _found(self, customer_id: str) -> Subscription | None:
        try:
            return self.gateway.subscription(customer_id)
        except NotFound:  # the customer was deleted at Stripe, and with it what it subscribed to
            return None


def _take_over(transaction: Transaction, row: BillingCustomer, found: Subscription | None, began: datetime) -> None:
    before = (row.subscription_id, row.status, row.tier, row.is_ending)
    row.looked_at = began
    if found:
        row.subscription_id, row.status, row.tier = found.id, found.status, found.tier
        row.started_at, row.period_end, row.is_ending = found.started_at, found.period_end, found.is_ending
    elif row.subscription_id:
        row.status = _ENDED
    if before == (row.subscription_id, row.status, row.tier, row.is_ending):
        return
    _change_tier(transaction, row)
    counted_before = before[0] == row.subscription_id and before[1] in ENTITLING
    if row.status in ENTITLING and not counted_before:
        metering.report_since(transaction.session, row, transaction.now)


def _change_tier(transaction: Transaction, row: BillingCustomer) -> None:
    organization_id = row.organization_id
    tier = row.tier if row.tier and row.status in ENTITLING else TRIAL
    tenants.change_tier(transaction.session, organization_id, tier)
    details: dict[str, Detail] = {"tier": tier, "status": row.status or "", "is_ending": row.is_ending}
    transaction.record(Act(organization_id, "stripe", "subscription.changed", row.subscription_id or "", details))
    entity = Entity(organization_id, ENTITLEMENT, str(organization_id))
    changes.put(transaction.session, entity, None, transaction.now)
