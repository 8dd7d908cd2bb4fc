"""What the routes of billing take and answer. Amounts are cents."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from syncserver.usage.catalogue import TierId

PaymentIntentId = Annotated[str, StringConstraints(pattern=r"^pi_[A-Za-z0-9]{1,80}$")]
Cents = Annotated[int, Field(strict=True, ge=50, le=99_999_999)]  # the least and the most that Stripe takes in dollars


class CheckoutForm(BaseModel):
    """The tier that is to be subscribed to."""

    model_config = ConfigDict(extra="forbid")

    tier: TierId


class CheckoutSession(BaseModel):
    """Where to pay: send the person to `url`. The tier changes once Stripe says that it is paid."""

    id: str
    url: str
    amount_total: int


class Portal(BaseModel):
    """Stripe's own pages for payment methods, invoices, another tier and ending the subscription."""

    url: str


class SubscriptionView(BaseModel):
    """What the organization subscribes to; `status` as Stripe has it, null when there never was a subscription.

    `pages_waiting` were read and are yet to be reported to Stripe, `pages_refused` are those that it does not take.
    """

    tier: str
    status: str | None
    subscribed_tier: str | None
    period_end: datetime | None
    is_ending: bool
    pages_reported: int
    pages_waiting: int
    pages_refused: int


class InvoiceView(BaseModel):
    """An invoice as Stripe has it; `url` shows it, once it is final."""

    id: str
    number: str | None
    status: str | None
    currency: str
    amount_due: int
    amount_paid: int
    created_at: datetime
    url: str | None


class NewPaymentIntent(BaseModel):
    """A payment of its own, beside the subscription."""

    model_config = ConfigDict(extra="forbid")

    amount: Cents
    description: Annotated[str, StringConstraints(max_length=200)] = ""


class Confirmation(BaseModel):
    """By which of Stripe's payment methods it is paid; without one, by the one that the payment has."""

    model_config = ConfigDict(extra="forbid")

    payment_method: Annotated[str, StringConstraints(pattern=r"^pm_[A-Za-z0-9_]{1,80}$")] | None = None


class PaymentIntentView(BaseModel):
    """A payment; `client_secret` is for Stripe's own form, which takes the card without this server seeing it."""

    id: str
    status: str
    amount: int
    currency: str
    client_secret: str | None


class NewRefund(BaseModel):
    """Gives back what a payment took, or `amount` of it."""

    model_config = ConfigDict(extra="forbid")

    payment_intent: PaymentIntentId
    amount: Annotated[int, Field(strict=True, ge=1, le=99_999_999)] | None = None


class RefundView(BaseModel):
    """A refund."""

    id: str
    status: str | None
    amount: int
    payment_intent: str


class Received(BaseModel):
    """The event is stored; what follows from it comes afterwards."""

    received: Literal[True] = True
