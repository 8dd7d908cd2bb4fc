"""Billing over HTTP, with Stripe's own library against a simulated Stripe."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from syncserver.app import create_app
from syncserver.settings import Settings
from tests.simulators.stripe import Stripe
from tests.syncserver.conftest import MovingClock, Owners, Server, parts_of
from tests.syncserver.paying import Clinic
from tests.syncserver.people import joined, operator

pytestmark = pytest.mark.timeout(60)
ROUTES = [
    ("POST", "/checkout", {"data": {"tier": "starter"}}),
    ("GET", "/billing/invoices", {}),
    ("POST", "/billing/portal", {}),
    ("POST", "/billing/payment-intents", {"json": {"amount": 5000}}),
    ("GET", "/billing/payment-intents/pi_1", {}),
    ("POST", "/billing/payment-intents/pi_1/confirm", {"json": {"payment_method": "pm_card_visa"}}),
]


@pytest.fixture
def clinic(paying: Server, stripe: Stripe) -> Clinic:
    return Clinic(paying, stripe)


def paid(clinic: Clinic, amount: int = 5000) -> str:
    """The id of a payment that was made."""
    made = clinic.server.north.post("/api/v1/billing/payment-intents", json={"amount": amount})
    assert made.status_code == 201, made.text
    path = f"/api/v1/billing/payment-intents/{made.json()['id']}/confirm"
    confirmed = clinic.server.north.post(path, json={"payment_method": "pm_card_visa"})
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "succeeded")
    return str(made.json()["id"])


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_without_an_account_at_stripe_billing_says_how_to_set_it_up(
    server: Server, method: str, path: str, body: dict[str, object]
) -> None:
    answer = server.north.request(method, f"/api/v1{path}", **body)  # type: ignore[arg-type]

    assert (answer.status_code, answer.json()["code"]) == (503, "billing_not_set_up")
    assert "CHARTDROP_STRIPE_API_KEY" in answer.json()["detail"]
    assert server.north.get("/api/v1/billing/subscription").json()["tier"] == "trial"
    assert server.http.get("/api/v1/pricing").status_code == 200


def test_a_key_that_stripe_does_not_take_is_named(settings: Settings, owners: Owners, stripe: Stripe) -> None:
    wrong = {"stripe_api_key": SecretStr("sk_test_wrong"), "stripe_api_base": stripe.url}
    parts = parts_of(settings.model_copy(update=wrong), MovingClock())
    http = TestClient(create_app(parts), headers={"X-API-Key": owners.north.api_key})

    answer = http.post("/api/v1/checkout", data={"tier": "starter"})

    parts.database.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "billing_not_set_up")
    assert "does not accept CHARTDROP_STRIPE_API_KEY" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("tier", "amount"), [("starter", 200_000), ("professional", 800_000), ("enterprise", 2_500_000)]
)
def test_checking_out_costs_what_the_price_list_says(clinic: Clinic, tier: str, amount: int) -> None:
    session = clinic.check_out(tier).json()

    assert session["id"].startswith("cs_")
    assert session["url"].startswith("https://")
    assert session["amount_total"] == amount
    assert clinic.subscription()["tier"] == "trial"  # nothing is paid yet


def test_prices_are_made_once_and_a_request_repeated_is_one_session(clinic: Clinic) -> None:
    first, second = (clinic.check_out(**{"Idempotency-Key": "one"}).json() for _ in range(2))
    clinic.check_out()

    assert first["id"] == second["id"]
    assert len(clinic.stripe.all("checkout.session")) == 2
    assert len(clinic.stripe.all("price")) == 2
    assert len(clinic.stripe.all("billing.meter")) == 1
    assert len(clinic.stripe.all("customer")) == 1


def test_who_pays_is_on_the_tier_at_once_and_desktops_hear_of_it(clinic: Clinic) -> None:
    desktop = clinic.server.desktop()
    cursor = desktop.pull().json()["cursor"]

    clinic.subscribe()

    view = clinic.subscription()
    assert (view["status"], view["subscribed_tier"], view["is_ending"]) == ("active", "professional", False)
    assert clinic.server.north.get("/api/v1/me").json()["usage"]["included_pages"] == 50_000
    assert [change["entity"] for change in desktop.pull(cursor).json()["changes"]] == ["entitlement"]
    again = clinic.check_out("enterprise")
    assert (again.status_code, again.json()["code"]) == (409, "already_subscribed")


def test_events_count_in_any_order_and_however_often_they_come(clinic: Clinic) -> None:
    made = clinic.subscribe("starter")
    clinic.stripe.change(made["id"], status="past_due")
    clinic.stripe.change(made["id"], status="active")
    clinic.stripe.change(made["id"], status="canceled")

    for event in [*reversed(clinic.stripe.events), *clinic.stripe.events]:
        assert clinic.deliver(event).status_code == 200
        clinic.server.clock.ahead += timedelta(milliseconds=1)
        clinic.handle()

    assert (clinic.subscription()["status"], clinic.subscription()["tier"]) == ("canceled", "trial")
    assert [act["details"]["status"] for act in clinic.acts("subscription.changed")] == ["canceled", "active"]


def test_while_stripe_still_tries_to_collect_nothing_is_taken_away(clinic: Clinic) -> None:
    made = clinic.subscribe()
    for status, tier in (("past_due", "professional"), ("unpaid", "trial"), ("active", "professional")):
        clinic.stripe.change(made["id"], status=status)
        clinic.deliver_all()
        assert clinic.subscription()["tier"] == tier


def test_a_customer_deleted_at_stripe_is_on_the_trial_again(clinic: Clinic) -> None:
    clinic.subscribe()
    clinic.stripe.objects["subscription"].clear()
    clinic.deliver(clinic.stripe.tell("customer.deleted", clinic.stripe.all("customer")[0]))
    clinic.server.clock.ahead += timedelta(seconds=1)
    clinic.handle()

    assert (clinic.subscription()["status"], clinic.subscription()["tier"]) == ("canceled", "trial")


def test_an_event_is_stored_before_anything_is_done_and_waits_out_an_outage(clinic: Clinic) -> None:
    clinic.stripe.pay(clinic.check_out().json()["id"])
    clinic.stripe.faults.extend([("/v1/subscriptions", "failed")] * 6)  # the library itself tries three times

    clinic.deliver_all()
    assert clinic.subscription()["tier"] == "trial"

    clinic.server.clock.ahead += timedelta(minutes=1)
    clinic.handle()
    assert clinic.subscription()["tier"] == "professional"


@pytest.mark.parametrize(
    ("body", "signature"), [(None, ""), (None, "t=1,v1=00"), (b"", None), (b"{}", None), (b"\xff\xfe", None)]
)
def test_what_stripe_did_not_sign_is_refused(clinic: Clinic, body: bytes | None, signature: str | None) -> None:
    event = clinic.stripe.tell("customer.subscription.updated", {"object": "subscription", "customer": "cus_1"})
    sent, headers = clinic.stripe.signed(event)
    body = sent if body is None else body
    headers |= {} if signature is None else {"Stripe-Signature": signature}

    answer = clinic.server.http.post("/api/v1/billing/stripe-webhook", content=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "signature_invalid")
    assert not clinic.inbox.handle_next()


def test_an_old_message_and_one_with_anothers_secret_are_refused(clinic: Clinic) -> None:
    event = clinic.stripe.tell("customer.subscription.updated", {"object": "subscription", "customer": "cus_1"})
    body, headers = clinic.stripe.signed(event, secret="whsec_of_somebody")

    assert clinic.deliver(event, ago=3600).status_code == 400
    forged = clinic.server.http.post("/api/v1/billing/stripe-webhook", content=body, headers=headers)
    assert forged.status_code == 400


def test_events_of_strangers_change_nothing(clinic: Clinic) -> None:
    made = clinic.subscribe()
    stranger = clinic.stripe.tell("customer.subscription.deleted", made | {"customer": "cus_999999"})
    nobody = clinic.stripe.tell("price.updated", {"object": "price", "id": "price_1"})

    for event in (stranger, nobody):
        assert clinic.deliver(event).status_code == 200
    clinic.handle()

    assert clinic.subscription()["tier"] == "professional"


def test_payments_are_made_confirmed_and_given_back(clinic: Clinic) -> None:
    payment_id, root = paid(clinic, 5000), operator(clinic.server).http
    part = {"payment_intent": payment_id, "amount": 2000}

    refunded = root.post("/api/v1/billing/refunds", json=part, headers={"Idempotency-Key": "one"})
    repeated = root.post("/api/v1/billing/refunds", json=part, headers={"Idempotency-Key": "one"})
    rest = root.post("/api/v1/billing/refunds", json={"payment_intent": payment_id})
    beyond = root.post("/api/v1/billing/refunds", json={"payment_intent": payment_id})

    assert (refunded.status_code, refunded.json()["amount"]) == (201, 2000)
    assert repeated.json()["id"] == refunded.json()["id"]
    assert rest.json()["amount"] == 3000
    assert (beyond.status_code, beyond.json()["code"]) == (422, "billing_refused")
    assert [act["details"]["amount"] for act in clinic.acts("refund.made")][::-1] == [2000, 2000, 3000]
    assert len(clinic.acts("payment.confirmed")) == 1


def test_a_declined_card_is_said_so(clinic: Clinic) -> None:
    made = clinic.server.north.post("/api/v1/billing/payment-intents", json={"amount": 5000}).json()
    path = f"/api/v1/billing/payment-intents/{made['id']}/confirm"

    answer = clinic.server.north.post(path, json={"payment_method": "pm_card_chargeDeclined"})

    assert (answer.status_code, answer.json()["code"]) == (402, "payment_refused")
    assert answer.json()["detail"] == "Your card was declined."


def test_invoices_come_in_pages(clinic: Clinic) -> None:
    assert clinic.server.north.get("/api/v1/billing/invoices").json() == {"items": [], "next_cursor": None}
    clinic.subscribe()
    for _ in range(2):
        clinic.stripe.close_month(clinic.stripe.all("customer")[0]["id"])

    first = clinic.server.north.get("/api/v1/billing/invoices", params={"limit": 2}).json()
    rest = clinic.server.north.get("/api/v1/billing/invoices", params={"cursor": first["next_cursor"]}).json()

    numbers = [one["number"] for one in (*first["items"], *rest["items"])]
    assert numbers == ["CD-0003", "CD-0002", "CD-0001"]
    assert rest["next_cursor"] is None
    assert rest["items"][0]["amount_paid"] == 800_000


def test_the_portal_is_for_who_bought_something(clinic: Clinic) -> None:
    before = clinic.server.north.post("/api/v1/billing/portal")
    clinic.subscribe()

    assert (before.status_code, before.json()["code"]) == (409, "not_a_customer")
    assert clinic.server.north.post("/api/v1/billing/portal").json()["url"].startswith("https://billing.")


def test_nothing_of_another_organizations_is_found(clinic: Clinic) -> None:
    payment_id, south = paid(clinic), clinic.server.south
    path = f"/api/v1/billing/payment-intents/{payment_id}"
    south.post("/api/v1/billing/payment-intents", json={"amount": 5000})  # a customer too

    assert south.get(path).status_code == 404
    assert south.post(f"{path}/confirm", json={"payment_method": "pm_card_visa"}).status_code == 404
    assert south.get("/api/v1/billing/invoices").json()["items"] == []
    assert clinic.server.north.post("/api/v1/billing/refunds", json={"payment_intent": payment_id}).status_code == 403


def test_billing_is_for_owners_and_admins(clinic: Clinic) -> None:
    member = joined(clinic.server, "member").http

    for method, path, body in ROUTES:
        assert member.request(method, f"/api/v1{path}", **body).status_code == 403  # type: ignore[arg-type]


def test_an_outage_of_stripe_is_said_so_and_nothing_is_lost(clinic: Clinic) -> None:
    clinic.stripe.faults.extend([("/v1/checkout/sessions", "failed")] * 3)

    refused = clinic.check_out()

    assert (refused.status_code, refused.json()["code"], refused.json()["retryable"]) == (
        503,
        "billing_unreachable",
        True,
    )
    assert clinic.check_out().status_code == 200
