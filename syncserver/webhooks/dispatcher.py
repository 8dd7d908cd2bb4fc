"""Sends what is due, in the background: two lanes, so that endpoints that fail delay each other alone.

An endpoint that fails passes into a lane with threads of its own until something arrives there again; to each, only
so much is under way as its row allows. So what does not answer takes threads from nobody who does.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.clock import Clock
from syncserver.events.transaction import Begin
from syncserver.identity.members import service as members
from syncserver.kit.database import Database
from syncserver.kit.logging import fault_of, log
from syncserver.kit.mail import Mail, Mailer
from syncserver.kit.secret import ServerKeys
from syncserver.webhooks import deliveries, repository
from syncserver.webhooks.deliveries import Disabled, Pauses, Sending
from syncserver.webhooks.schemas import Hopeless
from syncserver.webhooks.sending import Sender, SendingStopped

_POLL_S = 0.25  # a look at one index; what happens is sent so soon, whichever process wrote it down
_PAUSE_AFTER_FAULT_S = 5.0
_SENDERS = 16  # threads for endpoints that do not fail
_SENDERS_TO_FAILING = 8
_KEPT = timedelta(days=30)
_CLEAN_EVERY = timedelta(hours=1)
_REMOVED_AT_ONCE = 500
_REASONS: dict[Hopeless, str] = {
    "gone": "It answered that it is gone (410).",
    "failing": "Nothing arrived there for three days, although it was tried again and again.",
}


@dataclass(slots=True)
class _Lane:
    """Threads that send, and how many of them are free."""

    failing: bool
    size: int
    free: int = field(init=False)
    threads: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.free = self.size
        self.threads = ThreadPoolExecutor(self.size, thread_name_prefix="webhook-sender")


@dataclass(slots=True)
class Dispatcher:
    """A thread that claims, and threads that send. Several processes may each have them."""

    database: Database
    keys: ServerKeys
    clock: Clock
    begin: Begin
    pauses: Pauses
    lease: timedelta
    make_sender: Callable[[Callable[[], bool]], Sender]
    mailer: Mailer | None = None
    _sender: Sender = field(init=False)
    _lanes: Sequence[_Lane] = field(init=False)
    _counting: threading.Lock = field(init=False, default_factory=threading.Lock)
    _stopping: threading.Event = field(init=False, default_factory=threading.Event)
    _woken: threading.Event = field(init=False, default_factory=threading.Event)
    _clean_at: datetime = field(init=False)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._sender = self.make_sender(self._stopping.is_set)
        self._lanes = (_Lane(False, _SENDERS), _Lane(True, _SENDERS_TO_FAILING))
        self._clean_at = self.clock()
        self._thread = threading.Thread(target=self._run, name="webhook-dispatcher", daemon=True)

    def start(self) -> None:
        """Sending begins."""
        self._thread.start()

    def stop(self) -> None:
        """Sending has ended; what was under way waits again."""
        self._stopping.set()
        self._woken.set()
        self._thread.join()
        for lane in self._lanes:
            lane.threads.shutdown()

    def clean(self) -> None:
        """Deliveries made longer than 30 days ago are gone."""
        while not self._stopping.is_set():
            with self.database.writing() as session:
                if repository.remove_old(session, self.clock() - _KEPT, _REMOVED_AT_ONCE) < _REMOVED_AT_ONCE:
                    return

    def _run(self) -> None:
        while not self._stopping.is_set():
            pause = _POLL_S
            try:
                filled = [self._fill(lane) for lane in self._lanes]
                if any(filled):
                    pause = 0.0
                elif self.clock() >= self._clean_at:
                    self._clean_at = self.clock() + _CLEAN_EVERY
                    self.clean()
            except Exception as error:  # the loop's edge: what was away may answer again next time
                log.error("webhooks_not_claimed", **fault_of(error))
                pause = _PAUSE_AFTER_FAULT_S
            if pause:
                self._woken.wait(pause)
            self._woken.clear()

    def _fill(self, lane: _Lane) -> bool:
        """Free threads of the lane have something to send; False where there was nothing, or none is free."""
        if not lane.free:
            return False
        with self.database.reading() as session:  # SQLite's one write lock is taken only when there is work
            if not repository.is_any_due(session, self.clock(), failing=lane.failing):
                return False
        with self.begin() as transaction:
            claimed = deliveries.claim(transaction, self.keys, lane.free, self.lease, failing=lane.failing)
        self._count(lane, -len(claimed))
        for sending in claimed:
            lane.threads.submit(self._deliver, lane, sending)
        return bool(claimed)

    def _deliver(self, lane: _Lane, sending: Sending) -> None:
        try:
            self._conclude(sending)
        except Exception as error:  # the thread's edge: its lease ends, and the message is sent again
            log.error("webhook_not_concluded", delivery_id=str(sending.delivery_id), **fault_of(error))
        finally:
            self._count(lane, 1)
            self._woken.set()

    def _conclude(self, sending: Sending) -> None:
        try:
            outcome = self._sender.send(sending.message, self.clock())
        except SendingStopped:
            with self.begin() as transaction:
                deliveries.give_back(transaction, sending)
            return
        with self.begin() as transaction:
            hopeless = deliveries.finish(transaction, sending, outcome, self.pauses)
        if hopeless:
            self._give_up(hopeless)

    def _give_up(self, hopeless: Disabled) -> None:
        with self.begin() as transaction:
            is_new = deliveries.give_up(transaction, hopeless)
        if is_new:
            log.warning("webhook_disabled", endpoint_id=str(hopeless.endpoint_id), because=hopeless.because)
            self._tell(hopeless)

    def _tell(self, disabled: Disabled) -> None:
        if self.mailer is None:
            return
        with self.database.reading() as session:
            addresses = members.addresses_of_administrators(session, disabled.organization_id)
        for address in addresses:
            self.mailer.send(_notice(address, disabled))

    def _count(self, lane: _Lane, more: int) -> None:
        with self._counting:
            lane.free += more


def _notice(address: str, disabled: Disabled) -> Mail:
    text = (
        f"Chartdrop sends nothing to the webhook endpoint {disabled.endpoint_id} any more. "
        f"{_REASONS[disabled.because]}\n"
        "What happens from now on waits for 30 days, and is sent once the endpoint is enabled again:\n"
        f'PATCH /api/v1/webhooks/{disabled.endpoint_id} with {{"is_enabled": true}}.\n'
    )
    return Mail(address, "Chartdrop disabled a webhook endpoint", text)
