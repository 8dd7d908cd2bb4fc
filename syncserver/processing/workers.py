"""Who reads the jobs: threads of this process, or workers that a broker wakes. The database knows what is to do."""

from collections.abc import Callable, Sequence
from threading import Event
from typing import Protocol
from uuid import UUID

from shared.documents import Reading
from shared.reading.worker import PageDone
from shared.templates import Template


class Workers(Protocol):
    """A bell, and those who hear it. Whoever hears it claims what is most urgent, be it this job or another."""

    def start(self) -> None:
        """Jobs are being read, if it is this process that reads them."""

    def stop(self) -> None:
        """This process reads nothing any more; what was half read waits again."""

    def ring(self, job_ids: Sequence[UUID], *, again: bool = False) -> None:
        """These jobs wait. `again`: who was told already need not be told twice. Never raises; the sweep rings anew."""

    def check(self) -> None:
        """Raises QueueUnusable unless a bell would be heard."""


class Reader(Protocol):
    """Reads one document at a time, in a process of its own: `shared.reading.worker.ReadingProcess`."""

    def follow(self, templates: tuple[Template, ...]) -> None:
        """What is read from now on may follow these beside the product's."""

    def read(
        self,
        payload: bytes,
        file_name: str,
        template: str = ...,
        on_page: Callable[[PageDone], None] | None = ...,
        unwanted: Event | None = ...,
    ) -> Reading:
        """What stands in `payload`. Raises ReadingCancelled after `cancel` or `close`, or when `unwanted` is set."""

    def cancel(self) -> None:
        """What is being read is broken off."""

    def close(self) -> None:
        """No process is left."""


MakeReader = Callable[[], Reader]
