"""A few threads, each with a reading process of its own, that read whatever waits in the vault."""

import threading
from collections.abc import Callable
from uuid import UUID

from sqlalchemy.exc import OperationalError

from desktop.events import DocumentChanged, PageRead, WatchTrouble
from desktop.journey.recognition.read_document import Desk, Interrupted, read_document
from desktop.settings import Settings, default_workers
from desktop.vault import documents
from desktop.vault.connection import Vault
from desktop.vault.documents import Claim
from desktop.vault.log import log_fault
from shared.reading.settings import MEGABYTE, Limits, ReadingSettings
from shared.reading.worker import ReadingProcess

_IDLE_SECONDS = 2.0  # how late a document is noticed that another process put into the store
_TROUBLE_SECONDS = 5.0  # before the next try when the disk is full or the store is busy
_STOP_SECONDS = 10.0  # how long a stop waits for the page that is being read

Publish = Callable[[DocumentChanged | PageRead | WatchTrouble], None]


class RecognitionPool:
    """Reads what waits, oldest first, from `start` to `stop`; `finished` is called after each document."""

    def __init__(self, vault: Vault, settings: Settings, publish: Publish, finished: Callable[[UUID], None]) -> None:
        self._vault = vault
        self._publish = publish
        self._finished = finished
        self._reading = reading_settings(settings)
        self._stopping = threading.Event()
        self._work = threading.Condition()
        self._claims: dict[str, Claim] = {}
        self._threads = [
            threading.Thread(target=self._run, name=f"recognition-{number}", daemon=True)
            for number in range(1, settings.workers + 1)
        ]

    def start(self) -> None:
        """Waiting documents are being read."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """A document waits: nobody sleeps on."""
        with self._work:
            self._work.notify_all()

    def stop(self) -> None:
        """Nothing is read any more; what was half read waits again, without a strike."""
        self._stopping.set()
        self.wake()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)
        for claim in list(self._claims.values()):  # a page took longer than we wait; its thread records nothing more
            self._give_back(claim, forgive=True)

    def _run(self) -> None:
        with ReadingProcess(self._reading) as reader:
            desk = Desk(self._vault, reader, self._publish, self._stopping)
            while not self._stopping.is_set():
                try:
                    if not self._read_next(desk):
                        self._sleep(_IDLE_SECONDS)
                except Interrupted:
                    return
                except Exception as error:  # the edge of the loop: one document must not end the others
                    log_fault("recognition_round_failed", error)
                    self._sleep(_TROUBLE_SECONDS)

    def _read_next(self, desk: Desk) -> bool:
        with self._vault.act() as connection:
            claim = documents.claim(connection)
        if claim is None:
            return False
        self._claims[threading.current_thread().name] = claim
        self._publish(DocumentChanged(claim.id))
        try:
            read_document(desk, claim)
        except Interrupted:
            self._give_back(claim, forgive=True)
            raise
        except (OSError, OperationalError) as error:  # the disk's fault, not the document's
            self._give_back(claim, forgive=True)
            self._publish(WatchTrouble(str(self._vault.folder.root), "The store cannot be written. Is the disk full?"))
            raise error
        except Exception:
            self._give_back(claim, forgive=False)
            raise
        finally:
            self._claims.pop(threading.current_thread().name, None)
        self._publish(DocumentChanged(claim.id))
        self._finished(claim.id)
        return True

    def _give_back(self, claim: Claim, *, forgive: bool) -> None:
        with self._vault.act() as connection:
            documents.release(connection, claim.id, forgive=forgive)

    def _sleep(self, seconds: float) -> None:
        with self._work:
            if not self._stopping.is_set():
                self._work.wait(seconds)


def reading_settings(settings: Settings) -> ReadingSettings:
    """How each of the settings' workers reads: the processors are shared out among them."""
    limits = Limits(file_bytes=settings.max_file_mb * MEGABYTE)
    return ReadingSettings(limits=limits, threads=max(1, default_workers() // settings.workers))
