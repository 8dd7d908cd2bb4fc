"""The event relay: what follows from an event happens in order, all of it or nothing yet."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.clock import system_clock
from syncserver.events.record import Event, announce
from syncserver.events.relay import Relay
from syncserver.kit.database import Database
from syncserver.settings import Settings
from tests.syncserver.conftest import MovingClock, Owners, parts_of

pytestmark = pytest.mark.timeout(60)
KINDS = ("first", "second", "third")


@pytest.fixture
def database(settings: Settings, owners: Owners) -> Iterator[Database]:
    """With an event of each kind in it that waits."""
    opened = parts_of(settings, MovingClock()).database
    with opened.writing() as session:
        for kind in KINDS:
            announce(session, owners.north.organization_id, kind, {}, system_clock())
            session.flush()
    yield opened
    opened.close()


def note(session: Session, event: Event) -> None:
    """An effect that writes."""
    announce(session, event.organization_id, f"{event.kind} followed", {}, system_clock())
    session.flush()


def kinds_held(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Event.kind).order_by(Event.id)))


def deliver_all(relay: Relay) -> None:
    while relay.deliver_next():
        pass


def test_events_and_the_effects_of_each_follow_in_order(database: Database) -> None:
    seen: list[str] = []
    effects = [lambda _, event: seen.append(event.kind), lambda _, event: seen.append(f"{event.kind} again")]

    deliver_all(Relay(database, system_clock, dict.fromkeys(KINDS, effects)))

    assert seen == ["first", "first again", "second", "second again", "third", "third again"]


def test_an_effect_that_fails_holds_up_its_event_and_those_after_it_and_leaves_nothing(database: Database) -> None:
    is_away = [True]

    def fail(_: Session, event: Event) -> None:
        if is_away[0]:
            raise ValueError(event.kind)

    relay = Relay(database, system_clock, {"first": [note], "second": [note, fail], "third": [note]}, frozenset(KINDS))

    with pytest.raises(ValueError, match="second"):
        deliver_all(relay)
    assert kinds_held(database) == [*KINDS, "first followed"]
    is_away[0] = False
    deliver_all(relay)
    assert kinds_held(database) == [*KINDS, "first followed", "second followed", "third followed"]


@pytest.mark.parametrize(
    ("together", "batches"), [(frozenset(), 3), (frozenset({"first", "second"}), 2), (frozenset(KINDS), 1)]
)
def test_only_kinds_that_may_go_together_share_a_transaction(
    database: Database, together: frozenset[str], batches: int
) -> None:
    sessions: list[Session] = []

    def see(session: Session, _: Event) -> None:
        if session not in sessions:
            sessions.append(session)

    deliver_all(Relay(database, system_clock, dict.fromkeys(KINDS, (see,)), together))

    assert len(sessions) == batches


def test_an_event_whose_kind_goes_alone_is_tried_once_and_not_again_at_once(database: Database) -> None:
    tried: list[str] = []

    def fail(_: Session, event: Event) -> None:
        tried.append(event.kind)
        raise ValueError(event.kind)

    with pytest.raises(ValueError, match="first"):
        Relay(database, system_clock, {"first": [fail]}, frozenset({"second"})).deliver_next()

    assert tried == ["first"]
