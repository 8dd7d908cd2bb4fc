"""An organization that pays: how it subscribes, and how billing's work is done step by step."""

from dataclasses import dataclass

from syncserver.billing.inbox import Inbox
from syncserver.billing.metering import Reporter
from syncserver.billing.stripe_gateway import StripeGateway, open_gateway
from syncserver.billing.subscribing import Subscribing
from tests.simulators.stripe import Json as StripeJson
from tests.simulators.stripe import Stripe
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import Answer, Desktop, Json, admission


@dataclass
class Clinic:
    """North Clinic at a server with an account at Stripe."""

    server: Server
    stripe: Stripe

    @property
    def gateway(self) -> StripeGateway:
        gateway = open_gateway(self.server.settings())
        assert gateway is not None
        return gateway

    @property
    def inbox(self) -> Inbox:
        works = self.server.works
        subscribing = Subscribing(self.gateway, works.begin, works.clock)
        return Inbox(subscribing, works.database, works.begin, works.clock)

    @property
    def reporter(self) -> Reporter:
        works = self.server.works
        return Reporter(self.gateway, works.database, works.begin, works.clock)

    def check_out(self, tier: str = "professional", **headers: str) -> Answer:
        return self.server.north.post("/api/v1/checkout", data={"tier": tier}, headers=headers)

    def deliver(self, event: StripeJson, ago: int = 0) -> Answer:
        """Stripe sends the event."""
        body, headers = self.stripe.signed(event, ago=ago)
        return self.server.http.post("/api/v1/billing/stripe-webhook", content=body, headers=headers)

    def deliver_all(self) -> None:
        """Stripe sends everything that it has to tell, and all that follows is done."""
        for event in self.stripe.events:
            assert self.deliver(event).status_code == 200
        self.handle()

    def handle(self) -> None:
        while self.inbox.handle_next():
            pass

    def report(self) -> None:
        """Everything that happened has had its effects, and every report that is due was tried."""
        self.server.follow()
        while self.reporter.report_next():
            pass

    def subscribe(self, tier: str = "professional") -> StripeJson:
        """The clinic is on the tier."""
        made = self.stripe.pay(self.check_out(tier).json()["id"])
        self.deliver_all()
        assert self.subscription()["tier"] == tier
        return made

    def subscription(self) -> Json:
        answer = self.server.north.get("/api/v1/billing/subscription")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, *pages: int) -> None:
        """Documents of so many pages were read on a desktop and synced."""
        desktop = self.server.desktop()
        for number in pages:
            desktop.read(reading=admission(pages=number))
        assert desktop.push().status_code == 200

    def read_on(self, desktop: Desktop, pages: int) -> None:
        """One document more stands in the desktop's outbox."""
        desktop.read(reading=admission(pages=pages))

    def acts(self, action: str) -> list[Json]:
        found: list[Json] = []
        cursor = None
        while True:
            wanted = {"action": action, "limit": 100} | ({"cursor": cursor} if cursor else {})
            page = self.server.north.get("/api/v1/audit", params=wanted).json()  # type: ignore[arg-type]
            found, cursor = found + page["items"], page["next_cursor"]
            if cursor is None:
                return found

    def counts(self) -> dict[str, int]:
        """How many pages there are, as everybody has it."""
        month = self.stripe.close_month(self.stripe.all("customer")[0]["id"])
        return {
            "usage": self.server.north.get("/api/v1/usage").json()["pages"],
            "reported": self.subscription()["pages_reported"],
            "meter events": sum(event.value for event in self.stripe.meter_events),
            "invoice": month["_pages"],
            "audit log": sum(act["details"]["pages"] for act in self.acts("usage.reported")),
        }
