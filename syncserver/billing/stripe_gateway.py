"""The one door to Stripe: what is asked of it, in our words; its errors become ours.

Every call that changes something bears an idempotency key that says what it is for, so that one that is repeated,
by the library or by us, happens once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import stripe
from stripe import StripeClient
from stripe.params import InvoiceListParams, PaymentIntentConfirmParams, RefundCreateParams

from syncserver.billing.errors import (
    BillingNotSetUp,
    BillingRefused,
    BillingUnreachable,
    PaymentRefused,
    SignatureInvalid,
)
from syncserver.billing.schemas import CheckoutSession, InvoiceView, PaymentIntentView, RefundView
from syncserver.billing.stripe_prices import METER, TIER, meter_id, tier_prices
from syncserver.kit.errors import NotFound
from syncserver.settings import Settings
from syncserver.usage.catalogue import Tier

_CONNECT_S, _ANSWER_S = 5.0, 20.0
_RETRIES = 2  # by the library, under the same idempotency key
_ENDED = ("canceled", "incomplete_expired")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as Stripe has it now."""

    id: str
    status: str
    tier: str | None
    started_at: datetime
    period_end: datetime
    is_ending: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An event of Stripe's: what happened is not believed but looked up; whom it concerns is all that is taken."""

    event_id: str
    kind: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class MeterEvent:
    """Pages that a customer had read at a moment; Stripe keeps one of each identifier, for a day at least."""

    identifier: str
    customer_id: str
    pages: int
    at: datetime


class StripeGateway:
    """Stripe, by one account's key."""

    def __init__(self, api_key: str, api_base: str | None = None, webhook_secret: str | None = None) -> None:
        http = stripe.RequestsClient(timeout=(_CONNECT_S, _ANSWER_S))
        base = {"base_addresses": {"api": api_base}} if api_base else {}
        self._client = StripeClient(api_key, http_client=http, max_network_retries=_RETRIES, **base)  # type: ignore[arg-type]
        self._webhook_secret = webhook_secret

    def check(self) -> None:
        """Stripe answers to the key. Raises BillingUnreachable, BillingRefused."""
        with _ours():
            self._client.v1.invoices.list({"limit": 1})

    def make_customer(self, organization_id: UUID, name: str, email: str) -> str:
        """The organization's customer, by its id."""
        customer = {"name": name, "email": email, "metadata": {"organization_id": str(organization_id)}}
        with _ours():
            return self._client.v1.customers.create(customer, _once(f"customer:{organization_id}")).id  # type: ignore[arg-type]

    def check_out(self, customer_id: str, tier: Tier, back_to: str, key: str | None) -> CheckoutSession:
        """A page on which the customer subscribes to `tier`, and comes back from."""
        with _ours():
            prices = tier_prices(self._client, tier)
            session = self._client.v1.checkout.sessions.create(
                {
                    "mode": "subscription",
                    "customer": customer_id,
                    "line_items": [{"price": prices.base, "quantity": 1}, {"price": prices.pages}],
                    "success_url": f"{back_to}?checkout=done",
                    "cancel_url": f"{back_to}?checkout=left",
                },
                _once(key),
            )
        return CheckoutSession(id=session.id, url=session.url or "", amount_total=session.amount_total or 0)

    def open_portal(self, customer_id: str, back_to: str) -> str:
        """The address of Stripe's own pages for the customer."""
        with _ours():
            return self._client.v1.billing_portal.sessions.create({"customer": customer_id, "return_url": back_to}).url

    def subscription(self, customer_id: str) -> Subscription | None:
        """The customer's subscription: the last that lives, else the last that ended."""
        with _ours():
            held = self._client.v1.subscriptions.list({"customer": customer_id, "status": "all", "limit": 100}).data
        held.sort(key=lambda one: (one.status not in _ENDED, one.created))
        return _subscription(held[-1]) if held else None

    def invoices(self, customer_id: str, after: str | None, limit: int) -> tuple[list[InvoiceView], bool]:
        """The customer's invoices behind that id, the last first; whether there are more."""
        wanted: InvoiceListParams = {"customer": customer_id, "limit": limit}
        if after:
            wanted["starting_after"] = after
        with _ours():
            page = self._client.v1.invoices.list(wanted)
        return [_invoice(one) for one in page.data], page.has_more

    def make_payment(self, customer_id: str, amount: int, description: str, key: str | None) -> PaymentIntentView:
        """A payment that waits to be confirmed."""
        with _ours():
            made = self._client.v1.payment_intents.create(
                {
                    "amount": amount,
                    "currency": "usd",
                    "customer": customer_id,
                    "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                    "metadata": {"description": description},
                },
                _once(key),
            )
        return _payment(made)

    def payment(self, payment_id: str) -> tuple[PaymentIntentView, str]:
        """The payment, and whose it is. Raises NotFound."""
        with _ours():
            found = self._client.v1.payment_intents.retrieve(payment_id)
        return _payment(found), _id_of(found.customer)

    def confirm_payment(self, payment_id: str, payment_method: str | None) -> PaymentIntentView:
        """The payment is made, or waits for what the bank asks. Raises PaymentRefused."""
        wanted: PaymentIntentConfirmParams = {"payment_method": payment_method} if payment_method else {}
        with _ours():
            return _payment(self._client.v1.payment_intents.confirm(payment_id, wanted))

    def refund(self, payment_id: str, amount: int | None, key: str | None) -> RefundView:
        """The payment, or so much of it, is given back."""
        wanted: RefundCreateParams = {"payment_intent": payment_id}
        if amount:
            wanted["amount"] = amount
        with _ours():
            made = self._client.v1.refunds.create(wanted, _once(key))
        return RefundView(id=made.id, status=made.status, amount=made.amount, payment_intent=payment_id)

    def report(self, event: MeterEvent) -> None:
        """Stripe holds the meter event, also where it did before. Raises BillingUnreachable, -Refused."""
        try:
            with _ours():
                self._client.v1.billing.meter_events.create(
                    {
                        "event_name": METER,
                        "identifier": event.identifier,
                        "timestamp": int(event.at.timestamp()),
                        "payload": {"stripe_customer_id": event.customer_id, "value": str(event.pages)},
                    }  # no idempotency key: under one, Stripe would repeat a fault of its own for a day
                )
        except BillingRefused as error:
            if not _is_duplicate(error.__cause__):
                raise

    def reported(self, customer_id: str, moment: datetime) -> int:
        """How many pages Stripe holds for the customer in the minute of `moment`; new ones show with some delay."""
        start = moment.replace(second=0, microsecond=0)
        minute = {"start_time": int(start.timestamp()), "end_time": int((start + timedelta(minutes=1)).timestamp())}
        with _ours():
            meter = meter_id(self._client)
            found = self._client.v1.billing.meters.event_summaries.list(meter, {"customer": customer_id, **minute})  # type: ignore[typeddict-item]
        return round(sum(one.aggregated_value for one in found.data))

    def charge_later(self, customer_id: str, amount: int, description: str, key: str) -> None:
        """The next invoice has an item of `amount` more."""
        item = {"customer": customer_id, "amount": amount, "currency": "usd", "description": description}
        with _ours():
            self._client.v1.invoice_items.create(item, _once(f"invoice-item:{key}"))  # type: ignore[arg-type]

    def read_event(self, payload: bytes, signature: str) -> Told:
        """The event in a message that Stripe signed. Raises SignatureInvalid, BillingNotSetUp."""
        if not self._webhook_secret:
            raise BillingNotSetUp(
                "CHARTDROP_STRIPE_WEBHOOK_SECRET is not set: it is shown with the endpoint at Stripe."
            )
        try:
            event = self._client.construct_event(payload, signature, self._webhook_secret)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise SignatureInvalid("The message does not bear Stripe's signature, or is too old.") from error
        about = event.data.object
        customer = about if getattr(about, "object", None) == "customer" else getattr(about, "customer", None)
        return Told(event.id, event.type, _id_of(customer))


def open_gateway(settings: Settings) -> StripeGateway | None:
    """The gateway of the settings; None without a key."""
    if settings.stripe_api_key is None:
        return None
    secret = settings.stripe_webhook_secret
    return StripeGateway(
        settings.stripe_api_key.get_secret_value(),
        settings.stripe_api_base,
        secret.get_secret_value() if secret else None,
    )


@contextmanager
def _ours() -> Iterator[None]:
    """What Stripe's library raises in the block is raised as one of ours."""
    try:
        yield
    except stripe.CardError as error:
        raise PaymentRefused(error.user_message or "The bank refused the payment.") from error
    except stripe.InvalidRequestError as error:
        if error.http_status == 404:
            raise NotFound("Stripe knows nothing of this id.") from error
        raise BillingRefused(f"Stripe refused: {error.user_message or 'the request is not valid'}.") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise BillingNotSetUp(
            "Stripe does not accept CHARTDROP_STRIPE_API_KEY: check the key and its rights."
        ) from error
    except stripe.StripeError as error:
        raise BillingUnreachable("Stripe does not answer at the moment. Nothing is lost: try again shortly.") from error


def _once(key: str | None) -> stripe.RequestOptions:
    return {"idempotency_key": key} if key else {}


def _is_duplicate(error: BaseException | None) -> bool:
    """Stripe holds an event of this identifier: it says so with 400, and for a proof of delivery there is no better."""
    return isinstance(error, stripe.InvalidRequestError) and "already exists with identifier" in str(error)


def _id_of(given: object) -> str:
    """An id, whether Stripe sent the id alone or the whole object; "" for none."""
    return str(getattr(given, "id", given) or "")


def _subscription(held: stripe.Subscription) -> Subscription:
    items = held["items"].data
    tier = next((tier for item in items if (tier := getattr(item.price.metadata, TIER, None))), None)
    return Subscription(
        id=held.id,
        status=held.status,
        tier=tier,
        started_at=_moment(held.start_date),
        period_end=_moment(max(item.current_period_end for item in items)),
        is_ending=held.cancel_at_period_end,
    )


def _invoice(held: stripe.Invoice) -> InvoiceView:
    return InvoiceView(
        id=held.id or "",
        number=held.number,
        status=held.status,
        currency=held.currency,
        amount_due=held.amount_due,
        amount_paid=held.amount_paid,
        created_at=_moment(held.created),
        url=getattr(held, "hosted_invoice_url", None),
    )


def _payment(held: stripe.PaymentIntent) -> PaymentIntentView:
    return PaymentIntentView(
        id=held.id,
        status=held.status,
        amount=held.amount,
        currency=held.currency,
        client_secret=held.client_secret,
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
