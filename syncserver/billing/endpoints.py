"""`/api/v1/pricing`, `/api/v1/checkout` and `/api/v1/billing/…`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Header, Path, Request

from syncserver.billing import inbox
from syncserver.billing.schemas import (
    CheckoutForm,
    CheckoutSession,
    Confirmation,
    InvoiceView,
    NewPaymentIntent,
    NewRefund,
    PaymentIntentId,
    PaymentIntentView,
    Portal,
    Received,
    RefundView,
    SubscriptionView,
)
from syncserver.billing.service import TheBilling
from syncserver.events.transaction import BeginTransaction
from syncserver.identity.access import AdministratorAccess, SuperuserAccess
from syncserver.kit.edge import base_url_of
from syncserver.kit.idempotency import IdempotencyKey
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented
from syncserver.usage.catalogue import CATALOGUE, Catalogue

open_router = APIRouter(prefix="/api/v1", tags=["billing"])
router = APIRouter(prefix="/api/v1", tags=["billing"], responses=documented(401, 403, 422, 503))
_PaymentId = Annotated[PaymentIntentId, Path()]


@open_router.get("/pricing")
def pricing() -> Catalogue:
    """The price list; amounts in cents. Open to everybody."""
    return CATALOGUE


@router.post("/checkout", responses=documented(404, 409))
def check_out(
    form: Annotated[CheckoutForm, Form()],
    access: AdministratorAccess,
    request: Request,
    billing: TheBilling,
    idempotency_key: IdempotencyKey = None,
) -> CheckoutSession:
    """Begins a subscription: the answer's `url` is a page of Stripe's on which it is paid."""
    return billing.check_out(access, form.tier, _console(request), idempotency_key)


@router.get("/billing/subscription")
def get_subscription(access: AdministratorAccess, billing: TheBilling) -> SubscriptionView:
    """What the organization subscribes to, and how far its pages are reported. Answers without Stripe, too."""
    return billing.subscription(access.organization_id)


@router.get("/billing/invoices", responses=documented(404))
def list_invoices(
    access: AdministratorAccess, billing: TheBilling, cursor: CursorText = None, limit: Limit = DEFAULT_LIMIT
) -> PageOf[InvoiceView]:
    """The organization's invoices, the last first."""
    return billing.invoices(access, cursor, limit)


@router.post("/billing/portal", responses=documented(404, 409))
def open_portal(access: AdministratorAccess, request: Request, billing: TheBilling) -> Portal:
    """A link to Stripe's own pages: payment methods, invoices, another tier, the subscription's end."""
    return billing.open_portal(access, _console(request))


@router.post("/billing/payment-intents", status_code=201, responses=documented(404))
def make_payment(
    wanted: NewPaymentIntent, access: AdministratorAccess, billing: TheBilling, idempotency_key: IdempotencyKey = None
) -> PaymentIntentView:
    """Begins a payment of its own, beside the subscription."""
    return billing.make_payment(access, wanted, idempotency_key)


@router.get("/billing/payment-intents/{payment_intent_id}", responses=documented(404))
def get_payment(payment_intent_id: _PaymentId, access: AdministratorAccess, billing: TheBilling) -> PaymentIntentView:
    """How a payment stands."""
    return billing.payment(access, payment_intent_id)


@router.post("/billing/payment-intents/{payment_intent_id}/confirm", responses=documented(402, 404))
def confirm_payment(
    payment_intent_id: _PaymentId, confirmation: Confirmation, access: AdministratorAccess, billing: TheBilling
) -> PaymentIntentView:
    """Makes a payment; where the bank asks for more, `status` says so."""
    return billing.confirm_payment(access, payment_intent_id, confirmation.payment_method)


@router.post("/billing/refunds", status_code=201, responses=documented(404))
def refund(
    wanted: NewRefund, access: SuperuserAccess, billing: TheBilling, idempotency_key: IdempotencyKey = None
) -> RefundView:
    """Gives a payment of any organization's back, or a part of it (operator)."""
    return billing.refund(access.actor, wanted, idempotency_key)


async def _body(request: Request) -> bytes:
    return await request.body()


@open_router.post(
    "/billing/stripe-webhook",
    responses=documented(400, 422, 503),
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def receive_from_stripe(
    payload: Annotated[bytes, Depends(_body)],
    billing: TheBilling,
    begin: BeginTransaction,
    signature: Annotated[str, Header(alias="Stripe-Signature", max_length=2000)] = "",
) -> Received:
    """Where Stripe sends its events: each is stored, once, before anything follows from it."""
    inbox.receive(begin, billing.gateway.read_event(payload, signature))
    return Received()


def _console(request: Request) -> str:
    """Where people come back to: a page that needs no cookies, which browsers do not send along from another site."""
    return f"{base_url_of(request)}/console/returned"
