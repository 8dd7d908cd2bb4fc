"""The event relay: what follows from an event happens in order, all of it or nothing yet."""

import pytest
from sqlalchemy.orm import Session

from shared.clock import system_clock
from syncserver.events.record import Event, announce
from syncserver.events.relay import Relay
from syncserver.migrations.run import upgrade
from syncserver.settings import Settings
from tests.syncserver.conftest import MovingClock, Owners, parts_of

pytestmark = pytest.mark.timeout(60)


def deliver_all(relay: Relay) -> None:
    while relay.deliver_next():
        pass


def test_the_effects_of_an_event_happen_in_order_and_together(settings: Settings, owners: Owners) -> None:
    parts, seen, faults = parts_of(settings, MovingClock()), [], [ValueError("away")]
    upgrade(parts.database)

    def note(session: Session, event: Event) -> None:
        announce(session, event.organization_id, "followed", event.details, system_clock())

    def fail_once(_: Session, event: Event) -> None:
        seen.append(event.kind)
        if faults:
            raise faults.pop()

    relay = Relay(parts.database, system_clock, {"begun": [note, fail_once], "followed": [fail_once]})
    with parts.database.writing() as session:
        announce(session, owners.north.organization_id, "begun", {"number": 1}, system_clock())

    with pytest.raises(ValueError, match="away"):
        deliver_all(relay)
    deliver_all(relay)
    parts.database.close()

    assert seen == ["begun", "begun", "followed"]  # what the first effect wrote before the fault did not stay
