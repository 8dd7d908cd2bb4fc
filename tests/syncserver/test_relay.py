"""The event relay: what follows from an event happens in order, all of it or nothing yet."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.clock import system_clock
from syncserver.events.record import Event, Told, announce, announce_all
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


def test_events_of_a_kind_that_has_effects_of_many_come_together_by_organization_ahead_of_others(
    database: Database, owners: Owners
) -> None:
    with database.writing() as session:
        for owner in (owners.south, owners.north, owners.north):
            announce(session, owner.organization_id, "first", {}, system_clock())
            session.flush()
    seen: list[tuple[str, int]] = []

    def see(_: Session, events: Sequence[Event]) -> None:
        assert len({event.organization_id for event in events}) == 1
        seen.append((events[0].kind, len(events)))

    effects = dict.fromkeys(("second", "third"), (lambda _, event: seen.append((event.kind, 1)),))
    deliver_all(Relay(database, system_clock, effects, many={"first": (see,)}))

    assert seen == [("first", 3), ("second", 1), ("third", 1), ("first", 1)]


def test_of_many_that_fail_together_the_oldest_is_taken_alone(database: Database, owners: Owners) -> None:
    told = [Told("first", {"number": number}) for number in range(3)]
    with database.writing() as session:
        announce_all(session, owners.north.organization_id, told, system_clock())
    done: list[object] = []

    def fail_at_the_last(session: Session, events: Sequence[Event]) -> None:
        if any(event.details.get("number") == 2 for event in events):
            raise ValueError("number 2")
        done.extend(event.details.get("number") for event in events)
        note(session, events[0])

    relay = Relay(database, system_clock, {}, many={"first": [fail_at_the_last]})

    with pytest.raises(ValueError, match="number 2"):
        deliver_all(relay)

    assert done == [None, 0, 1]
    assert kinds_held(database).count("first followed") == 3  # of what failed nothing stays
