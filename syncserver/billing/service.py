"""What people ask about billing. Stripe is asked between transactions, never within one."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from syncserver.billing import repository
from syncserver.billing.errors import AlreadySubscribed, BillingNotSetUp, NotACustomer
from syncserver.billing.models import BillingCustomer
from syncserver.billing.schemas import (
    CheckoutSession,
    InvoiceView,
    NewPaymentIntent,
    NewRefund,
    PaymentIntentView,
    Portal,
    RefundView,
    SubscriptionView,
)
from syncserver.billing.stripe_gateway import StripeGateway
from syncserver.events.transaction import Act, Begin, BeginTransaction, Detail
from syncserver.identity.access import Access
from syncserver.identity.people import service as people
from syncserver.kit.database import Database
from syncserver.kit.edge import TheDatabase
from syncserver.kit.errors import NotFound
from syncserver.kit.paging import PageOf, decode_cursor, encode_cursor
from syncserver.kit.tenancy import only
from syncserver.tenants import service as tenants
from syncserver.usage.catalogue import CATALOGUE, TierId

_GONE = frozenset({"canceled", "incomplete", "incomplete_expired"})


@dataclass(frozen=True, slots=True)
class Billing:
    """Billing for one request; without a key of Stripe's, everything but the look at the subscription says so."""

    stripe: StripeGateway | None
    database: Database
    begin: Begin

    @property
    def gateway(self) -> StripeGateway:
        """The door to Stripe. Raises BillingNotSetUp."""
        if self.stripe is None:
            raise BillingNotSetUp(
                "This server takes no payments: CHARTDROP_STRIPE_API_KEY is not set. Everything else works without; "
                "syncserver/README.md, Billing, says how to set it up."
            )
        return self.stripe

    def check_out(self, access: Access, tier: TierId, back_to: str, key: str | None) -> CheckoutSession:
        """A page on which the organization subscribes. Raises AlreadySubscribed and others."""
        wanted = next(one for one in CATALOGUE.tiers if one.id == tier)
        customer_id = self._customer_to_be(access)
        session = self.gateway.check_out(customer_id, wanted, back_to, _scoped("checkout", access, key))
        self._record(access, "checkout.started", session.id, {"tier": tier, "amount": session.amount_total})
        return session

    def open_portal(self, access: Access, back_to: str) -> Portal:
        """Stripe's own pages for the organization. Raises NotACustomer."""
        gateway = self.gateway
        row = self._held(access)
        if row is None:
            raise NotACustomer("Nothing was bought for this organization yet: begin at /api/v1/checkout.")
        url = gateway.open_portal(row.customer_id, back_to)
        self._record(access, "billing-portal.opened", row.customer_id, {})
        return Portal(url=url)

    def subscription(self, organization_id: UUID) -> SubscriptionView:
        """What the organization subscribes to, and how far its pages are reported."""
        with self.database.reading(only(organization_id)) as session:
            tier = tenants.tenant(session, organization_id).tier
            row = repository.customer(session, organization_id)
            pages = repository.pages(session, organization_id)
        return SubscriptionView(
            tier=tier,
            status=row.status if row else None,
            subscribed_tier=row.tier if row else None,
            period_end=row.period_end if row else None,
            is_ending=row.is_ending if row else False,
            pages_reported=pages.get("sent", 0),
            pages_waiting=pages.get("waiting", 0),
            pages_refused=pages.get("refused", 0),
        )

    def invoices(self, access: Access, cursor: str | None, limit: int) -> PageOf[InvoiceView]:
        """The organization's invoices, the last first."""
        after = decode_cursor(cursor, str)[0] if cursor else None
        gateway = self.gateway
        row = self._held(access)
        if row is None:
            return PageOf[InvoiceView](items=[], next_cursor=None)
        items, is_more = gateway.invoices(row.customer_id, after, limit)
        return PageOf[InvoiceView](items=items, next_cursor=encode_cursor(items[-1].id) if is_more and items else None)

    def make_payment(self, access: Access, wanted: NewPaymentIntent, key: str | None) -> PaymentIntentView:
        """A payment that waits to be confirmed."""
        customer_id = self._customer_to_be(access, subscribed=True)
        scoped = _scoped("payment", access, key)
        made = self.gateway.make_payment(customer_id, wanted.amount, wanted.description, scoped)
        self._record(access, "payment.begun", made.id, {"amount": made.amount})
        return made

    def payment(self, access: Access, payment_id: str) -> PaymentIntentView:
        """The organization's payment. Raises NotFound."""
        view, customer_id = self.gateway.payment(payment_id)
        row = self._held(access)
        if row is None or row.customer_id != customer_id:
            raise NotFound("There is no payment with this id.")
        return view

    def confirm_payment(self, access: Access, payment_id: str, payment_method: str | None) -> PaymentIntentView:
        """The organization's payment is made, or waits for what the bank asks. Raises NotFound, PaymentRefused."""
        self.payment(access, payment_id)
        self._record(access, "payment.confirming", payment_id, {})
        made = self.gateway.confirm_payment(payment_id, payment_method)
        self._record(access, "payment.confirmed", payment_id, {"amount": made.amount, "status": made.status})
        return made

    def refund(self, actor: str, wanted: NewRefund, key: str | None) -> RefundView:
        """The payment of whichever organization is given back. Raises NotFound."""
        _, customer_id = self.gateway.payment(wanted.payment_intent)
        with self.database.reading() as session:
            row = repository.customer_by_id(session, customer_id)
        if row is None:
            raise NotFound("The payment is of none of this server's organizations.")

        def record(action: str, details: dict[str, Detail]) -> None:
            with self.begin() as transaction:
                transaction.record(Act(row.organization_id, actor, action, wanted.payment_intent, details))

        record("refund.requested", {"amount": wanted.amount} if wanted.amount else {})
        scoped = f"refund:{wanted.payment_intent}:{key}" if key else None
        made = self.gateway.refund(wanted.payment_intent, wanted.amount, scoped)
        record("refund.made", {"amount": made.amount, "refund": made.id})
        return made

    def _held(self, access: Access) -> BillingCustomer | None:
        with self.database.reading(only(access.organization_id)) as session:
            return repository.customer(session, access.organization_id)

    def _customer_to_be(self, access: Access, *, subscribed: bool = False) -> str:
        """The organization's customer, made now where there is none. Raises AlreadySubscribed unless `subscribed`."""
        gateway, organization_id = self.gateway, access.organization_id
        with self.database.reading(only(organization_id)) as session:
            row = repository.customer(session, organization_id)
            name = tenants.tenant(session, organization_id).name
            email = people.person(session, organization_id, access.user_id).email
        if row and row.subscription_id and row.status not in _GONE and not subscribed:
            raise AlreadySubscribed("The organization has a subscription: /api/v1/billing/portal changes it.")
        if row:
            return row.customer_id
        customer_id = gateway.make_customer(organization_id, name, email)
        with self.begin(only(organization_id)) as transaction:
            kept = repository.keep_customer(transaction.session, organization_id, customer_id)
            transaction.record(Act(organization_id, access.actor, "billing-customer.made", kept.customer_id))
            return kept.customer_id

    def _record(self, access: Access, action: str, subject: str, details: dict[str, Detail]) -> None:
        with self.begin(only(access.organization_id)) as transaction:
            transaction.record(Act(access.organization_id, access.actor, action, subject, details))


def _scoped(what: str, access: Access, key: str | None) -> str | None:
    """Another organization's request under the same key is another one."""
    return f"{what}:{access.organization_id}:{key}" if key else None


async def _billing(request: Request, database: TheDatabase, begin: BeginTransaction) -> Billing:
    return Billing(request.app.state.stripe, database, begin)


TheBilling = Annotated[Billing, Depends(_billing)]
