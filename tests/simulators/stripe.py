"""Stripe as far as billing uses it: stateful, over HTTP, with faults and events at a test's word.

What `localstripe` lacks: prices, meters and their events, checkout, the portal. Objects have the members that the
library's types name and no others (`test_stripe_gateway.py` checks it).
"""

import hashlib
import hmac
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from shared.clock import Clock, system_clock

Json = dict[str, Any]
WEBHOOK_SECRET = "whsec_of_the_tests"
API_KEY = "sk_test_of_the_tests"
_MONTH_S = 30 * 24 * 3600
_KNOWN_FOR = timedelta(hours=24)  # an identifier of a meter event
_LACKING = {
    "billing.meter": "metadata",
    "billing_portal.session": "metadata",
    "event": "metadata",
    "subscription_item": "livemode",
    "refund": "livemode",
    "invoiceitem": "created",
}
"""What objects of a kind do not have that all others do."""
_DECLINED = "pm_card_chargeDeclined"


class Refusal(Exception):
    """An answer with an error."""

    def __init__(self, status: int, message: str, code: str = "", kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message} | ({"code": code} if code else {})}


@dataclass
class MeterEvent:
    """What was reported: how many pages, for whom, for when, and when that came."""

    identifier: str
    customer: str
    value: int
    timestamp: int
    came_at: datetime


@dataclass
class Stripe:
    """One account. `faults` are taken by the next requests whose path begins so, one each."""

    clock: Clock = system_clock
    url: str = ""
    objects: dict[str, dict[str, Json]] = field(default_factory=dict)
    meter_events: list[MeterEvent] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    faults: deque[tuple[str, str]] = field(default_factory=deque)
    requests: list[tuple[str, str]] = field(default_factory=list)
    _answers: dict[str, tuple[int, Json]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def all(self, kind: str) -> list[Json]:
        """Every object of a kind, the first made first."""
        return list(self.objects.get(kind, {}).values())

    # What people do at Stripe's own pages, and what time does.

    def pay(self, session_id: str) -> Json:
        """The person at the checkout page paid: there is a subscription."""
        session = self._get("checkout.session", session_id)
        now = self._now()
        items = [
            self._new("subscription_item", price=self._get("price", line["price"]), current_period_end=now + _MONTH_S)
            for line in session["_lines"]
        ]
        made = self._new(
            "subscription",
            customer=session["customer"],
            status="active",
            start_date=now,
            cancel_at_period_end=False,
            items={"object": "list", "data": items, "has_more": False},
        )
        session |= {"status": "complete", "payment_status": "paid"}
        self._invoice(session["customer"], session["amount_total"], "paid")
        for kind, about in (("customer.subscription.created", made), ("checkout.session.completed", session)):
            self.tell(kind, about)
        return made

    def change(self, subscription_id: str, **members: Any) -> None:
        """The subscription is another now, and an event says so."""
        held = self._get("subscription", subscription_id)
        held |= members
        self.tell("customer.subscription.updated", held)

    def close_month(self, customer: str) -> Json:
        """The invoice of a month: the tier's price, and the pages that were reported, by the price's steps."""
        [subscription] = [one for one in self.all("subscription") if one["customer"] == customer]
        pages = sum(event.value for event in self.meter_events if event.customer == customer)
        amount = sum(_amount(item["price"], pages) for item in subscription["items"]["data"])
        amount += sum(item["amount"] for item in self.all("invoiceitem") if item["customer"] == customer)
        return self._invoice(customer, amount, "open") | {"_pages": pages}

    def tell(self, kind: str, about: Json) -> Json:
        """An event is on its way; what it holds is as things are now, whenever it comes."""
        event = self._new("event", type=kind, data={"object": _shown(json.loads(json.dumps(about)))})
        self.events.append(event)
        return event

    def signed(self, event: Json, secret: str = WEBHOOK_SECRET, ago: int = 0) -> tuple[bytes, dict[str, str]]:
        """The event as it is sent: a body and its headers."""
        payload, at = json.dumps(event), int(time.time()) - ago
        signature = hmac.new(secret.encode(), f"{at}.{payload}".encode(), hashlib.sha256).hexdigest()
        headers = {"Stripe-Signature": f"t={at},v1={signature}", "Content-Type": "application/json"}
        return payload.encode(), headers

    # What the API answers.

    def answer(self, method: str, path: str, given: Json, key: str | None) -> tuple[int, Json]:
        """Under an idempotency key, what was answered first."""
        with self._lock:
            self.requests.append((method, path))
            if key and key in self._answers:
                return self._answers[key]
            try:
                answer = 200, _shown(self._route(method, path)(given))
            except Refusal as refusal:
                answer = refusal.status, refusal.body
            if key:
                self._answers[key] = answer
            return answer

    def fault_for(self, path: str) -> str | None:
        """What goes wrong with a request to this address."""
        with self._lock:
            if self.faults and path.startswith(self.faults[0][0]):
                return self.faults.popleft()[1]
        return None

    def _route(self, method: str, path: str) -> Callable[[Json], Json]:
        for wanted, pattern, act in self._routes():
            if method == wanted and (match := re.fullmatch(pattern, path)):
                return lambda given: act(given, *match.groups())
        raise Refusal(404, f"Unrecognized request URL ({method}: {path}).")

    def _routes(self) -> Iterator[tuple[str, str, Callable[..., Json]]]:
        yield "POST", "/v1/customers", lambda given: self._new("customer", **given)
        yield "GET", "/v1/prices", self._prices
        yield "POST", "/v1/prices", self._make_price
        yield "GET", "/v1/billing/meters", lambda _: self._list("billing.meter")
        yield "POST", "/v1/billing/meters", lambda given: self._new("billing.meter", status="active", **given)
        yield "POST", "/v1/billing/meter_events", self._meter
        yield "GET", "/v1/billing/meters/([^/]+)/event_summaries", self._summaries
        yield "POST", "/v1/checkout/sessions", self._check_out
        yield "POST", "/v1/billing_portal/sessions", self._open_portal
        yield "GET", "/v1/subscriptions", lambda given: self._list("subscription", given["customer"])
        yield "GET", "/v1/invoices", self._invoices
        yield "POST", "/v1/invoiceitems", self._charge_later
        yield "POST", "/v1/payment_intents", self._make_payment
        yield "GET", "/v1/payment_intents/([^/]+)", lambda _, one: self._get("payment_intent", one)
        yield "POST", "/v1/payment_intents/([^/]+)/confirm", self._confirm
        yield "POST", "/v1/refunds", self._refund

    def _prices(self, given: Json) -> Json:
        keys = given["lookup_keys"].values()
        return _page([price for price in self.all("price") if price["lookup_key"] in keys])

    def _make_price(self, given: Json) -> Json:
        steps = [_numbers(step, "up_to", "unit_amount") for step in given.pop("tiers", {}).values()]
        given.pop("product_data")
        return self._new("price", active=True, **_numbers(given, "unit_amount") | ({"tiers": steps} if steps else {}))

    def _meter(self, given: Json) -> Json:
        identifier, payload, now = given["identifier"], given["payload"], self.clock()
        self._get("customer", payload["stripe_customer_id"])
        at = int(given["timestamp"])
        if not now - timedelta(days=35) <= datetime.fromtimestamp(at, UTC) <= now + timedelta(minutes=5):
            raise Refusal(400, "The timestamp must be within the past 35 calendar days.", "timestamp_too_far_in_past")
        for held in self.meter_events:
            if held.identifier == identifier and held.came_at > now - _KNOWN_FOR:
                raise Refusal(400, f"An event already exists with identifier {identifier}.")
        value = int(payload["value"])
        self.meter_events.append(MeterEvent(identifier, payload["stripe_customer_id"], value, at, now))
        return {"object": "billing.meter_event", "livemode": False, "created": self._now()} | given

    def _summaries(self, given: Json, meter: str) -> Json:
        start, end = int(given["start_time"]), int(given["end_time"])
        if start % 60 or end % 60:
            raise Refusal(400, "Timestamps must be aligned with minute boundaries.")
        ours = (one for one in self.meter_events if one.customer == given["customer"])
        total = sum(one.value for one in ours if start <= one.timestamp < end)
        summary = {"start_time": start, "end_time": end, "meter": meter, "aggregated_value": total}
        return _page([{"id": "mtrusg_1", "object": "billing.meter_event_summary", "livemode": False} | summary])

    def _check_out(self, given: Json) -> Json:
        lines = list(given.pop("line_items").values())
        self._get("customer", given["customer"])
        total = sum(_amount(self._get("price", line["price"]), 0) for line in lines)
        made = self._new("checkout.session", amount_total=total, status="open", payment_status="unpaid", **given)
        made |= {"_lines": lines, "url": f"https://checkout.stripe.com/c/pay/{made['id']}"}
        return made

    def _open_portal(self, given: Json) -> Json:
        made = self._new("billing_portal.session", **given)
        made["url"] = f"https://billing.stripe.com/p/session/{made['id']}"
        return made

    def _invoices(self, given: Json) -> Json:
        whose = given.get("customer")
        held = [one for one in reversed(self.all("invoice")) if whose in (None, one["customer"])]
        if after := given.get("starting_after"):
            held = held[[one["id"] for one in held].index(self._get("invoice", after)["id"]) + 1 :]
        limit = int(given.get("limit", 10))
        return _page(held[:limit], len(held) > limit)

    def _charge_later(self, given: Json) -> Json:
        return self._new("invoiceitem", **_numbers(given, "amount"))

    def _make_payment(self, given: Json) -> Json:
        made = self._new("payment_intent", status="requires_payment_method", **_numbers(given, "amount"))
        made["client_secret"] = f"{made['id']}_secret_x"
        return made

    def _confirm(self, given: Json, payment_id: str) -> Json:
        held = self._get("payment_intent", payment_id)
        if "payment_method" not in given:
            raise Refusal(400, "You cannot confirm this PaymentIntent: it has no payment method.")
        if given["payment_method"] == _DECLINED:
            raise Refusal(402, "Your card was declined.", "card_declined", "card_error")
        if held["status"] == "succeeded":
            raise Refusal(400, "This PaymentIntent has already succeeded.", "payment_intent_unexpected_state")
        held["status"] = "succeeded"
        self.tell("payment_intent.succeeded", held)
        return held

    def _refund(self, given: Json) -> Json:
        paid = self._get("payment_intent", given["payment_intent"])
        refunded = sum(one["amount"] for one in self.all("refund") if one["payment_intent"] == paid["id"])
        amount = int(given.pop("amount", paid["amount"] - refunded))
        if paid["status"] != "succeeded" or refunded + amount > paid["amount"] or amount <= 0:
            raise Refusal(400, "Refund amount is greater than what is left of the charge.", "charge_already_refunded")
        return self._new("refund", status="succeeded", amount=amount, currency=paid["currency"], **given)

    def _invoice(self, customer: str, amount: int, status: str) -> Json:
        number = f"CD-{len(self.all('invoice')) + 1:04}"
        paid = amount if status == "paid" else 0
        return self._new(
            "invoice",
            customer=customer,
            number=number,
            status=status,
            currency="usd",
            amount_due=amount,
            amount_paid=paid,
            hosted_invoice_url=f"https://invoice.stripe.com/i/{number}",
        )

    def _new(self, kind: str, **members: Any) -> Json:
        held = self.objects.setdefault(kind, {})
        prefix = {"checkout.session": "cs_test", "payment_intent": "pi", "subscription": "sub", "customer": "cus"}
        name = f"{prefix.get(kind, kind.replace('.', '_'))}_{len(held) + 1:06}"
        made = {"id": name, "object": kind, "created": self._now() + len(held), "livemode": False, "metadata": {}}
        made.pop(_LACKING.get(kind, ""), None)
        held[name] = made | members
        return held[name]

    def _get(self, kind: str, name: str) -> Json:
        found = self.objects.get(kind, {}).get(name)
        if found is None:
            raise Refusal(404, f"No such {kind}: '{name}'", "resource_missing")
        return found

    def _list(self, kind: str, customer: str | None = None) -> Json:
        return _page([one for one in self.all(kind) if customer in (None, one.get("customer"))])

    def _now(self) -> int:
        return int(self.clock().timestamp())


def _page(items: list[Json], has_more: bool = False) -> Json:
    return {"object": "list", "data": items, "has_more": has_more}


def _shown(held: Any) -> Any:
    """Without what only the simulator knows."""
    if isinstance(held, dict):
        return {name: _shown(value) for name, value in held.items() if not name.startswith("_")}
    return [_shown(one) for one in held] if isinstance(held, list) else held


def _numbers(given: Json, *names: str) -> Json:
    return given | {name: int(given[name]) for name in names if given.get(name, "inf") != "inf"}


def _amount(price: Json, pages: int) -> int:
    if "tiers" not in price:
        return int(price["unit_amount"])
    included, beyond = price["tiers"]
    return max(pages - int(included["up_to"]), 0) * int(beyond["unit_amount"])


def _unfolded(text: str) -> Json:
    """`a[b][0][c]=1` as `{"a": {"b": {"0": {"c": "1"}}}}`."""
    given: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        path, place = re.findall(r"[^\[\]]+", name), given
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    return given


def _handler(stripe: Stripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        def _answer(self, text: str) -> None:
            path = urlsplit(self.path).path
            fault = stripe.fault_for(path)
            if fault == "lost":  # the request never arrived
                self.close_connection = True
                return
            status, body = 500, {"error": {"type": "api_error", "message": "An unknown error occurred."}}
            if fault != "failed":
                status, body = self._answered(path, text)
            if fault == "unanswered":  # done, and the answer got lost
                self.close_connection = True
                return
            payload = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.send_header("Stripe-Should-Retry", "false" if status < 500 else "true")
            self.end_headers()
            self.wfile.write(payload)

        def _answered(self, path: str, text: str) -> tuple[int, Json]:
            if self.headers.get("Authorization") != f"Bearer {API_KEY}":
                return 401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided."}}
            return stripe.answer(self.command, path, _unfolded(text), self.headers.get("Idempotency-Key"))

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler


@contextmanager
def running_stripe() -> Iterator[Stripe]:
    """A Stripe of its own on loopback."""
    stripe = Stripe()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stripe))
    stripe.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stripe
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
