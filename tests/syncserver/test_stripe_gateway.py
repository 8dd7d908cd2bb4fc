"""The gateway with Stripe's own library: against `localstripe`, where that knows what is asked, and the simulator.

What the simulator answers has no member that the library's types do not name.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import stripe as library
from stripe import StripeClient
from stripe.params import PaymentIntentCreateParams

from shared.clock import system_clock
from syncserver.billing.errors import BillingNotSetUp, BillingRefused, BillingUnreachable, PaymentRefused
from syncserver.billing.stripe_gateway import MeterEvent, StripeGateway
from syncserver.kit.errors import NotFound
from syncserver.usage.catalogue import CATALOGUE
from tests.simulators.local_stripe import API_KEY as LOCAL_KEY
from tests.simulators.local_stripe import running_local_stripe
from tests.simulators.stripe import API_KEY, Stripe

pytestmark = pytest.mark.timeout(60)
TYPES: dict[str, type[Any]] = {
    "customer": library.Customer,
    "price": library.Price,
    "billing.meter": library.billing.Meter,
    "checkout.session": library.checkout.Session,
    "billing_portal.session": library.billing_portal.Session,
    "subscription": library.Subscription,
    "subscription_item": library.SubscriptionItem,
    "invoice": library.Invoice,
    "invoiceitem": library.InvoiceItem,
    "payment_intent": library.PaymentIntent,
    "refund": library.Refund,
    "event": library.Event,
}


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a `localstripe`."""
    with running_local_stripe(tmp_path_factory.mktemp("localstripe")) as url:
        yield url


@pytest.fixture
def gateway(stripe: Stripe) -> StripeGateway:
    return StripeGateway(API_KEY, stripe.url)


@pytest.fixture
def library_client(local: str) -> StripeClient:
    """What a test does at `localstripe` besides."""
    return StripeClient(LOCAL_KEY, base_addresses={"api": local})


def begun(client: StripeClient, customer_id: str, number: str = "4242424242424242") -> str:
    """A payment with a card, by its id."""
    method = client.v1.payment_methods.create(
        {"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}}
    )
    terms: PaymentIntentCreateParams = {"amount": 5000, "currency": "usd", "customer": customer_id}
    return client.v1.payment_intents.create({**terms, "payment_method": method.id}).id


def test_a_payment_at_localstripe_is_confirmed_looked_up_and_given_back(
    local: str, library_client: StripeClient
) -> None:
    gateway = StripeGateway(LOCAL_KEY, local)
    customer_id = gateway.make_customer(uuid4(), "North Clinic", "owner@north.example.com")
    payment_id = begun(library_client, customer_id)

    confirmed = gateway.confirm_payment(payment_id, None)
    found, owner = gateway.payment(payment_id)
    refunded = gateway.refund(payment_id, 2000, "one")

    assert (confirmed.status, found.status, found.amount, owner) == ("succeeded", "succeeded", 5000, customer_id)
    assert (refunded.amount, refunded.status) == (2000, "succeeded")


def test_localstripe_declines_a_card_and_knows_no_made_up_payment(local: str, library_client: StripeClient) -> None:
    gateway = StripeGateway(LOCAL_KEY, local)
    customer_id = gateway.make_customer(uuid4(), "North Clinic", "owner@north.example.com")

    with pytest.raises(PaymentRefused):
        gateway.confirm_payment(begun(library_client, customer_id, "4000000000000341"), None)
    with pytest.raises(NotFound):
        gateway.payment("pi_nobodys")


def test_a_meter_event_is_held_once_and_a_duplicate_counts_as_delivered(gateway: StripeGateway, stripe: Stripe) -> None:
    now = system_clock()
    customer_id = gateway.make_customer(uuid4(), "North Clinic", "owner@north.example.com")
    event = MeterEvent("org:doc:1", customer_id, 7, now)

    gateway.report(event)
    gateway.report(event)

    assert [held.value for held in stripe.meter_events] == [7]
    assert gateway.reported(customer_id, now) == 7
    assert gateway.reported(customer_id, now - timedelta(minutes=2)) == 0
    with pytest.raises(BillingRefused):
        gateway.report(MeterEvent("org:doc:2", customer_id, 7, now - timedelta(days=36)))
    with pytest.raises(NotFound):
        gateway.report(MeterEvent("org:doc:3", "cus_nobody", 7, now))


def test_what_does_not_answer_or_does_not_know_us_is_named(stripe: Stripe) -> None:
    with pytest.raises(BillingUnreachable):
        StripeGateway(API_KEY, "http://127.0.0.1:9").payment("pi_1")
    with pytest.raises(BillingNotSetUp):
        StripeGateway("sk_test_wrong", stripe.url).payment("pi_1")


def test_a_price_that_changed_is_another_price(gateway: StripeGateway, stripe: Stripe) -> None:
    customer_id = gateway.make_customer(uuid4(), "North Clinic", "owner@north.example.com")
    starter = CATALOGUE.tiers[0]

    before = gateway.check_out(customer_id, starter, "https://server", None)
    after = gateway.check_out(customer_id, starter.model_copy(update={"amount": 210_000}), "https://server", None)

    assert (before.amount_total, after.amount_total) == (200_000, 210_000)
    assert len(stripe.all("price")) == 3


def test_the_simulator_answers_in_stripes_shapes(gateway: StripeGateway, stripe: Stripe) -> None:
    customer_id = gateway.make_customer(uuid4(), "North Clinic", "owner@north.example.com")
    session = gateway.check_out(customer_id, CATALOGUE.tiers[0], "https://server", None)
    stripe.pay(session.id)
    gateway.open_portal(customer_id, "https://server")
    gateway.charge_later(customer_id, 100, "pages", "one")
    payment = gateway.make_payment(customer_id, 500, "", None)
    gateway.confirm_payment(payment.id, "pm_card_visa")
    gateway.refund(payment.id, None, None)

    assert set(stripe.objects) == set(TYPES)
    for kind, held in stripe.objects.items():
        named = {name for base in TYPES[kind].__mro__ for name in getattr(base, "__annotations__", {})}
        for one in held.values():
            assert {name for name in one if not name.startswith("_")} <= named, kind
