"""Hands events from the outbox to their effects: in order, at least once, each in a transaction of its own."""

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
        """Delivers the oldest event that waits; False when there is none."""
        with self.database.reading() as session:  # SQLite's one write lock is taken only when there is work
            if session.scalar(_oldest().with_only_columns(Event.id)) is None:
                return False
        with self.database.writing() as session:
            event = session.scalar(_oldest().with_for_update())
            if event is None:
                return False
            for effect in self.effects.get(event.kind, ()):
                effect(session, event)
            event.delivered_at = self.clock()
        return True

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


def _oldest() -> Select[Event]:
    return select(Event).where(Event.delivered_at.is_(None)).order_by(Event.id).limit(1)
