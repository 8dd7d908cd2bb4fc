"""The reading processes of one run of a command. Light to load, so that they warm up while the rest is loaded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event
from types import TracebackType

from desktop.journey.recognition.sharing import reading_settings
from desktop.settings import Settings
from shared.documents import Reading
from shared.reading.worker import PageDone, ReadingProcess
from shared.templates import Template


class Readers:
    """As many reading processes as help with so many `documents`, from the start of the block to its end.

    One document gets every processor; of several, each is read on a processor of its own."""

    def __init__(self, settings: Settings, documents: int) -> None:
        self.count = max(1, min(documents, settings.workers))
        self._closing = Event()
        reading = reading_settings(settings, self.count)
        self._all = [ReadingProcess(reading) for _ in range(self.count)]
        self._idle: SimpleQueue[ReadingProcess] = SimpleQueue()
        for reader in self._all:
            reader.warm_up()
            self._idle.put(reader)

    def __enter__(self) -> "Readers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def follow(self, own: tuple[Template, ...]) -> None:
        """What is read from now on may follow these, too."""
        for reader in self._all:
            reader.follow(own)

    def read(self, payload: bytes, file_name: str, template: str, on_page: Callable[[PageDone], None]) -> Reading:
        """What stands in `payload`, as soon as a process is free. For any thread. Raises ReadingCancelled."""
        with self._one() as reader:
            return reader.read(payload, file_name, template, on_page, self._closing)

    def close(self) -> None:
        """No process is left; what was being read is broken off, and nothing more is begun."""
        self._closing.set()
        for reader in self._all:
            reader.close()

    @contextmanager
    def _one(self) -> Iterator[ReadingProcess]:
        reader = self._idle.get()
        try:
            yield reader
        finally:
            self._idle.put(reader)
