"""The tier, and what Stripe knows of it; without an account at Stripe, how to set one up."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from syncserver.billing.errors import BillingUnreachable
from syncserver.billing.schemas import CheckoutForm, InvoiceView
from syncserver.billing.service import Billing, TheBilling
from syncserver.console.forms import TheForm
from syncserver.console.rendering import page
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingAdministrator, AdministratorVisit, Visit
from syncserver.kit.edge import base_url_of
from syncserver.usage.catalogue import CATALOGUE

HERE = "/console/billing"
_INVOICES = 24

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@dataclass(frozen=True, slots=True)
class Invoices:
    """The last invoices, or why they are not to be had."""

    items: list[InvoiceView]
    problem: str | None = None


@router.get("")
def show_billing(request: Request, visit: AdministratorVisit, billing: TheBilling) -> Response:
    """What is subscribed to, what it cost, and the ways to change that."""
    return page(
        request,
        "billing",
        is_set_up=billing.stripe is not None,
        subscription=billing.subscription(visit.organization_id),
        invoices=_invoices(billing, visit),
        tiers=CATALOGUE.tiers,
    )


def _invoices(billing: Billing, visit: Visit) -> Invoices:
    if billing.stripe is None:
        return Invoices([])
    try:
        return Invoices(billing.invoices(visit.access, None, _INVOICES).items)
    except BillingUnreachable as error:
        return Invoices([], error.message)


@router.post("/checkout")
def check_out(request: Request, visit: ActingAdministrator, form: TheForm, billing: TheBilling) -> Response:
    """On to Stripe's page, on which the tier is paid."""
    wanted = form.as_wanted(CheckoutForm, tier=form.text("tier"))
    made = billing.check_out(visit.access, wanted.tier, came_back(request), form.once_key())
    tier = next(one for one in CATALOGUE.tiers if one.id == wanted.tier)
    return page(request, "to_stripe", url=made.url, tier=tier)


@router.post("/portal")
def open_portal(request: Request, visit: ActingAdministrator, billing: TheBilling) -> Response:
    """On to Stripe's own pages."""
    return page(request, "to_stripe", url=billing.open_portal(visit.access, came_back(request)).url, tier=None)


def came_back(request: Request) -> str:
    """Where Stripe sends people back to."""
    return f"{base_url_of(request)}/console/returned"
