"""Workers in this process: threads, each with a reading process of its own that stays warm from its first job on."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from syncserver.kit.logging import fault_of, log
from syncserver.processing.errors import QueueUnusable
from syncserver.processing.work import Works, work_once
from syncserver.processing.workers import MakeReader, Reader

_IDLE_S = 2.0  # how late a job is noticed that another process took, or whose back-off is over
_TROUBLE_S = 5.0  # before the next try when the database does not answer


@dataclass(slots=True)
class Pool:
    """The port's in-process adapter."""

    works: Works
    make_reader: MakeReader
    _bell: threading.Condition = field(default_factory=threading.Condition)
    _rings: int = 0
    _readers: list[Reader] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """As the port says."""
        self._threads = [
            threading.Thread(target=self._run, name=f"worker-{number}", daemon=True)
            for number in range(1, self.works.settings.workers + 1)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """As the port says."""
        self.works.stopping.set()
        self.ring([])
        for reader in list(self._readers):
            reader.cancel()
        for thread in self._threads:
            thread.join()

    def ring(self, job_ids: Sequence[UUID], *, again: bool = False) -> None:  # noqa: ARG002 - all is in the database
        """As the port says."""
        with self._bell:
            self._rings += 1
            self._bell.notify_all()

    def check(self) -> None:
        """As the port says."""
        if not all(thread.is_alive() for thread in self._threads):
            raise QueueUnusable("A worker of this process has ended.")

    def _run(self) -> None:
        reader: Reader | None = None
        while not self.works.stopping.is_set():
            rings = self._rings
            try:
                reader = reader or self._new_reader()
                pause = 0.0 if work_once(self.works, reader) else _IDLE_S
            except Exception as error:  # the loop's edge: one job must not end the others
                log.error("job_not_worked", **fault_of(error))
                pause = _TROUBLE_S
            if pause:
                self._sleep(pause, rings)
        if reader:
            reader.close()

    def _new_reader(self) -> Reader:
        reader = self.make_reader()
        self._readers.append(reader)
        return reader

    def _sleep(self, seconds: float, rings: int) -> None:
        """Sleeps until the bell rings, or not at all when it rang since the count stood at `rings`."""
        with self._bell:
            self._bell.wait_for(lambda: self._rings != rings or self.works.stopping.is_set(), seconds)
