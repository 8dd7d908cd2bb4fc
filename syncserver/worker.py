"""`chartdrop-server worker`: a Celery worker whose tasks are wake-ups.

Threads rather than Celery's processes: every document is read in a process of its own already, which may be ended for
taking too long or too much without a thread being the worse for it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from celery import signals

from shared.clock import Clock, system_clock
from syncserver.audit.service import AuditWriter
from syncserver.events.transaction import beginner
from syncserver.kit.database import Database
from syncserver.kit.logging import fault_of, log
from syncserver.kit.secret import ServerKeys
from syncserver.kit.storage import open_storage
from syncserver.processing.celery_bell import READ_TASK, CeleryBell, make_celery
from syncserver.processing.sweeper import Sweeper
from syncserver.processing.work import Works, work_once
from syncserver.processing.workers import MakeReader, Reader
from syncserver.settings import Settings


@dataclass(slots=True)
class Readers:
    """A reader for each thread, warm from its first job on."""

    make_reader: MakeReader
    _by_thread: threading.local = field(default_factory=threading.local)
    _all: list[Reader] = field(default_factory=list)

    def mine(self) -> Reader:
        """The calling thread's."""
        if not hasattr(self._by_thread, "reader"):
            self._by_thread.reader = self.make_reader()
            self._all.append(self._by_thread.reader)
        reader: Reader = self._by_thread.reader
        return reader

    def for_all(self, act: Callable[[Reader], None]) -> None:
        """`act` was done to each."""
        for reader in list(self._all):
            act(reader)


def run_worker(
    settings: Settings, keys: ServerKeys, database: Database, make_reader: MakeReader, clock: Clock = system_clock
) -> None:
    """Reads jobs until SIGTERM or SIGINT; what is half read then waits again."""
    begin = beginner(database, clock, AuditWriter(keys), wake_relay=lambda: None)  # the relay runs beside the API
    works = Works(settings, keys, database, open_storage(settings), clock, begin)
    readers = Readers(make_reader)
    sweeper = Sweeper(works, CeleryBell(settings))
    app = make_celery(settings)
    app.task(_wake_up(works, readers), name=READ_TASK)
    _on(signals.worker_ready, sweeper.start)
    _on(signals.worker_shutting_down, lambda: _leave_off(works, readers))
    app.Worker(
        pool="threads", concurrency=settings.workers, loglevel="WARNING", quiet=True, without_gossip=True
    ).start()
    sweeper.stop()
    readers.for_all(lambda reader: reader.close())


def _wake_up(works: Works, readers: Readers) -> Callable[[str], None]:
    def read(job_id: str) -> None:
        """Reads the most urgent job, be it this one or another."""
        try:
            work_once(works, readers.mine())
        except Exception as error:  # the loop's edge: the lease ends, and the sweep has it tried again
            log.error("job_not_worked", rung_for=job_id, **fault_of(error))

    return read


def _leave_off(works: Works, readers: Readers) -> None:
    works.stopping.set()
    readers.for_all(lambda reader: reader.cancel())


def _on(signal: Any, act: Callable[[], None]) -> None:
    signal.connect(lambda **_: act(), weak=False)
