"""Hands events from the outbox to their effects: in order, at least once.

Many are one transaction where they may be: where each is its own, one organization's thousand events keep another's
single one waiting for a thousand commits. Where an effect raises, the oldest is taken alone.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from shared.clock import Clock
from syncserver.events.record import Event
from syncserver.kit.database import Database
from syncserver.kit.errors import ServerError
from syncserver.kit.logging import fault_of, log

Effect = Callable[[Session, Event], None]
"""Does what follows from an event, once for each event id however often it is called."""
Effects = Mapping[str, Sequence[Effect]]
"""By the kind of event; those of one event happen in this order, in one transaction: all of them, or none yet."""
EffectOfMany = Callable[[Session, Sequence[Event]], None]
"""Does what follows from events of one kind and organization, in order, once for each event id."""
EffectsOfMany = Mapping[str, Sequence[EffectOfMany]]

_POLL_S = 1.0  # for events of other processes; one of our own wakes the relay at its commit
_PAUSE_AFTER_FAULT_S = 5.0
_AT_ONCE = 50
_ALIKE_AT_ONCE = 500  # of one push, about; a second of work, for which devices of the organization wait with the feed
_REACH = 3 * _ALIKE_AT_ONCE  # ids behind the oldest: what lies farther on is not looked through for each handful
_LATE_AFTER = timedelta(minutes=1)


class RelayStuck(ServerError):
    """Events wait and are not delivered."""

    code = "relay_stuck"


@dataclass(slots=True)
class Relay:
    """A thread that delivers. Several processes may each run one: the row lock lets one deliver at a time."""

    database: Database
    clock: Clock
    effects: Effects
    together: frozenset[str] = frozenset()
    """Kinds whose effects lock nothing that people's own acts lock in another order: many are one transaction."""
    many: EffectsOfMany = field(default_factory=dict)
    """Kinds whose effects do many of one organization at once. They may overtake events of other kinds."""
    _stopping: bool = field(init=False, default=False)
    _woken: threading.Event = field(init=False, default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="event-relay", daemon=True)

    def start(self) -> None:
        """Delivery begins."""
        self._thread.start()

    def stop(self) -> None:
        """Delivery has ended, not in the middle of an event."""
        self._stopping = True
        self._woken.set()
        self._thread.join()

    def wake(self) -> None:
        """Delivery goes on at once."""
        self._woken.set()

    def deliver_next(self) -> bool:
        """Delivers the oldest events that wait; False when there is none. Raises what the oldest's effects raise."""
        with self.database.reading() as session:  # SQLite's one write lock is taken only when there is work
            oldest = session.execute(_oldest().with_only_columns(Event.id, Event.organization_id, Event.kind)).first()
        if oldest is None:
            return False
        alike, most = self._alike(*oldest)
        try:
            self._deliver(alike, most)
        except Exception:  # one of them is to blame, and those before it are not held up
            if most == 1:
                raise
            self._deliver(alike, 1)
        return True

    def _alike(self, event_id: int, organization_id: UUID, kind: str) -> tuple[Select[Event], int]:
        """What may go with the oldest event, and how many of those."""
        if kind in self.many:
            own = (Event.kind == kind, Event.organization_id == organization_id)
            return _oldest().where(*own, Event.id < event_id + _REACH), _ALIKE_AT_ONCE
        if kind in self.together:
            return _oldest().where(Event.kind.in_(self.together), Event.id < event_id + _REACH), _AT_ONCE
        return _oldest(), 1

    def _deliver(self, alike: Select[Event], most: int) -> None:
        with self.database.writing() as session:
            events = session.scalars(alike.limit(most).with_for_update()).all()
            if not events:
                return  # another process was first
            for effect in self.many.get(events[0].kind, ()):
                effect(session, events)
            for event in events:
                for one in self.effects.get(event.kind, ()):
                    one(session, event)
            ids = [event.id for event in events]
            delivered = update(Event).where(Event.id.in_(ids)).values(delivered_at=self.clock())
            session.execute(delivered, execution_options={"synchronize_session": False})

    def check(self) -> None:
        """Raises RelayStuck unless the thread runs and no event has waited longer than a minute."""
        check_delivered(self.database, self.clock)
        if not self._thread.is_alive():
            raise RelayStuck("The event relay does not run.")

    def _run(self) -> None:
        while not self._stopping:
            try:
                pause = 0.0 if self.deliver_next() else _POLL_S
            except Exception as error:  # the loop's edge: the event stays and is tried again
                log.error("event_not_delivered", **fault_of(error))
                pause = _PAUSE_AFTER_FAULT_S
            if pause:
                self._woken.wait(pause)
                self._woken.clear()


def check_delivered(database: Database, clock: Clock) -> None:
    """Raises RelayStuck where an event has waited longer than a minute."""
    with database.reading() as session:
        oldest: datetime | None = session.scalar(_oldest().with_only_columns(Event.happened_at))
    if oldest and clock() - oldest > _LATE_AFTER:
        raise RelayStuck("An event has waited for its effects longer than a minute.")


def _oldest() -> Select[Event]:
    return select(Event).where(Event.delivered_at.is_(None)).order_by(Event.id).limit(1)
