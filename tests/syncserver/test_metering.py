"""Pages reported to Stripe: each once, whatever goes wrong on the way."""

import random
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.simulators.stripe import Stripe
from tests.syncserver.conftest import Server
from tests.syncserver.paying import Clinic
from tests.syncserver.worker_process import ServerProcess

pytestmark = pytest.mark.timeout(120)
REPORTS = "/v1/billing/meter_events"
FAULTS = ("lost", "failed", "unanswered")


@pytest.fixture
def clinic(paying: Server, stripe: Stripe) -> Clinic:
    clinic = Clinic(paying, stripe)
    clinic.subscribe("starter")
    return clinic


def later(clinic: Clinic, **how: float) -> None:
    clinic.server.clock.ahead += timedelta(**how)
    clinic.report()


def test_pages_are_reported_under_the_same_identifier_whoever_sends_them(clinic: Clinic) -> None:
    clinic.read(3, 4)
    clinic.report()
    clinic.report()

    assert sorted(event.value for event in clinic.stripe.meter_events) == [3, 4]
    assert len({event.identifier for event in clinic.stripe.meter_events}) == 2
    assert set(clinic.counts().values()) == {7}


def test_what_was_read_before_there_was_a_subscription_costs_nothing(paying: Server, stripe: Stripe) -> None:
    clinic = Clinic(paying, stripe)
    clinic.read(5)
    clinic.report()
    clinic.server.clock.ahead += timedelta(minutes=1)
    clinic.subscribe()
    clinic.server.clock.ahead += timedelta(minutes=1)
    clinic.read(2)
    clinic.report()

    assert clinic.stripe.meter_events[0].value == 2
    assert len(clinic.stripe.meter_events) == 1


def test_what_was_read_before_we_heard_of_the_subscription_is_reported(paying: Server, stripe: Stripe) -> None:
    clinic = Clinic(paying, stripe)
    clinic.stripe.pay(clinic.check_out().json()["id"])
    clinic.server.clock.ahead += timedelta(minutes=5)
    clinic.read(6)
    clinic.report()
    assert clinic.stripe.meter_events == []

    clinic.deliver_all()
    clinic.report()

    assert [event.value for event in clinic.stripe.meter_events] == [6]


def test_what_is_read_after_the_subscription_ended_costs_nothing(clinic: Clinic) -> None:
    clinic.read(3)
    clinic.report()
    clinic.server.clock.ahead += timedelta(minutes=1)
    clinic.stripe.change(clinic.stripe.all("subscription")[0]["id"], status="canceled")
    clinic.deliver_all()
    clinic.read(4)
    clinic.report()

    assert [event.value for event in clinic.stripe.meter_events] == [3]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_try_that_fails_half_way_is_made_again_and_counts_once(clinic: Clinic, fault: str) -> None:
    clinic.read(3)
    clinic.stripe.faults.extend([(REPORTS, fault)] * 3)
    clinic.report()
    assert clinic.subscription()["pages_waiting"] == 3

    later(clinic, minutes=3)

    assert (clinic.subscription()["pages_waiting"], clinic.subscription()["pages_refused"]) == (0, 0)
    assert set(clinic.counts().values()) == {3}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_doubt_that_outlives_stripes_memory_is_settled_by_asking(clinic: Clinic, fault: str) -> None:
    clinic.read(3, 4)
    clinic.stripe.faults.extend([(REPORTS, fault)] * 3)
    clinic.report()

    later(clinic, hours=25)  # Stripe has forgotten the identifier: a blind repetition would count twice

    assert set(clinic.counts().values()) == {7}


def test_a_process_that_dies_after_it_claimed_leaves_the_report_to_others(clinic: Clinic) -> None:
    clinic.read(3, 4)
    clinic.server.follow()
    assert clinic.reporter._claim() is not None  # and nothing more: killed before it sent
    assert clinic.reporter._claim() is None  # nor does another begin while one is in doubt

    clinic.report()
    assert clinic.stripe.meter_events == []  # whoever holds it may yet send it
    later(clinic, minutes=3)

    assert set(clinic.counts().values()) == {7}


def test_two_processes_that_send_the_same_count_once(clinic: Clinic) -> None:
    clinic.read(3)
    clinic.server.follow()
    late = clinic.reporter._claim()
    assert late is not None
    later(clinic, minutes=3)  # another took over

    clinic.reporter._send(late)
    clinic.reporter._end(late, "sent")

    assert set(clinic.counts().values()) == {3}


def test_pages_too_old_for_the_meter_become_an_item_of_the_invoice(clinic: Clinic) -> None:
    clinic.read(10_100)
    clinic.stripe.faults.extend([(REPORTS, "lost")] * 3)
    clinic.report()

    later(clinic, days=36)

    [item] = clinic.stripe.all("invoiceitem")
    assert item["amount"] == 100 * 20  # those beyond the included ones
    assert clinic.subscription()["pages_reported"] == 10_100


def test_pages_that_stripe_does_not_take_are_shown_and_hold_up_nothing(clinic: Clinic) -> None:
    clinic.read(3)
    customers = clinic.stripe.objects["customer"]
    kept = dict(customers)
    customers.clear()
    clinic.report()
    customers.update(kept)
    clinic.read(4)
    clinic.report()

    view = clinic.subscription()
    assert (view["pages_refused"], view["pages_reported"], view["pages_waiting"]) == (3, 4, 0)
    assert [act["details"]["pages"] for act in clinic.acts("usage.refused")] == [3]


def test_a_doubt_of_one_organization_holds_up_no_other(clinic: Clinic) -> None:
    south = clinic.server.south
    clinic.stripe.pay(south.post("/api/v1/checkout", data={"tier": "starter"}).json()["id"])
    clinic.deliver_all()
    clinic.read(3)
    clinic.stripe.faults.extend([(REPORTS, "unanswered")] * 3)
    clinic.report()
    desktop = clinic.server.desktop(south)
    desktop.read()
    desktop.push()
    clinic.report()

    assert south.get("/api/v1/billing/subscription").json()["pages_reported"] == 2
    assert clinic.subscription()["pages_waiting"] == 3


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 20))])
def test_usage_meter_invoice_and_log_agree_to_the_page_after_faults(clinic: Clinic, seed: int) -> None:
    """Deliveries that repeat, events in disorder, answers lost, processes that die between any two steps."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    desktops = [clinic.server.desktop() for _ in range(2)]
    truth = 0
    for _ in range(25):
        desktop, pages = chance.choice(desktops), chance.randint(1, 9)
        clinic.read_on(desktop, pages)
        truth += pages
        for _ in range(chance.randint(1, 2)):  # pushed again: the answer got lost
            assert desktop.push().status_code == 200
        clinic.server.follow()
        clinic.stripe.faults.extend([(REPORTS, chance.choice(FAULTS))] * chance.choice((0, 0, 1, 3)))
        match chance.choice(("report", "die", "late", "tell")):
            case "report":
                clinic.report()
            case "die":
                clinic.reporter._claim()
            case "late":
                clinic.server.clock.ahead += timedelta(minutes=chance.randint(1, 90))
            case "tell":
                clinic.deliver(chance.choice(clinic.stripe.events))
                clinic.handle()
    clinic.stripe.faults.clear()
    for _ in range(40):
        later(clinic, hours=1)

    counts = clinic.counts()
    assert counts == dict.fromkeys(counts, truth)


def agree_after_kills(clinic: Clinic, place: Path, kills: int, seed: int) -> None:
    """The server's process is killed again and again while desktops push and pages are reported."""
    chance, desktop, truth = random.Random(seed), clinic.server.desktop(), 0  # noqa: S311 - no secret
    for _ in range(kills):
        clinic.stripe.faults.extend([(REPORTS, chance.choice(FAULTS))] * chance.choice((0, 1, 3)))
        with ServerProcess(clinic.server.settings(), place) as process:
            desktop.http = process
            for _ in range(chance.randint(1, 8)):
                pages = chance.randint(1, 9)
                clinic.read_on(desktop, pages)
                truth += pages
            assert desktop.push(desktop.outbox[-48:]).status_code == 200  # some of them again
            time.sleep(chance.uniform(1, 5))  # somewhere between the push, its effects and the reports
    at_work = len(clinic.stripe.meter_events)
    clinic.stripe.faults.clear()
    for _ in range(3):
        later(clinic, minutes=90)

    counts = clinic.counts()
    print(
        f"\n{kills} kills, {at_work} meter events before the last, {len(clinic.stripe.meter_events)} in all: {counts}"
    )
    assert counts == dict.fromkeys(counts, truth)


def test_usage_meter_invoice_and_log_agree_to_the_page_after_kills(clinic: Clinic, tmp_path: Path) -> None:
    agree_after_kills(clinic, tmp_path, kills=3, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_they_agree_after_a_hundred_kills(clinic: Clinic, tmp_path: Path) -> None:
    agree_after_kills(clinic, tmp_path, kills=100, seed=2)
