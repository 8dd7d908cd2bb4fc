"""Hands events from the outbox to their effects: in order, at least once.

Of kinds that may go together many are one transaction: where each is its own, one organization's thousand events keep
another's single one waiting for a thousand commits. Where an effect raises, they are taken one by one up to that event.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, select
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

_POLL_S = 1.0  # for events of other processes; one of our own wakes the relay at its commit
_PAUSE_AFTER_FAULT_S = 5.0
_AT_ONCE = 50
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
            kind = session.scalar(_oldest().with_only_columns(Event.kind))
        if kind is None:
            return False
        if kind not in self.together:
            self._deliver(1)
            return True
        try:
            self._deliver(_AT_ONCE)
        except Exception:  # one of them is to blame, and those before it are not held up
            self._deliver(1)
        return True

    def _deliver(self, number: int) -> None:
        with self.database.writing() as session:
            events = session.scalars(_oldest(number).with_for_update()).all()
            for event in events:
                if event is not events[0] and not {event.kind, events[0].kind} <= self.together:
                    break
                for effect in self.effects.get(event.kind, ()):
                    effect(session, event)
                event.delivered_at = self.clock()

    def check(self) -> None:
        """Raises RelayStuck unless the thread runs and no event has waited longer than a minute."""
        with self.database.reading() as session:
            oldest: datetime | None = session.scalar(_oldest().with_only_columns(Event.happened_at))
        if not self._thread.is_alive():
            raise RelayStuck("The event relay does not run.")
        if oldest and self.clock() - oldest > _LATE_AFTER:
            raise RelayStuck("An event has waited for its effects longer than a minute.")

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


def _oldest(number: int = 1) -> Select[Event]:
    return select(Event).where(Event.delivered_at.is_(None)).order_by(Event.id).limit(number)
