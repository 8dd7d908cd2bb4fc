"""A few threads, each with a warm reading process of its own, that read whatever waits in the vault."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from desktop.events import DocumentChanged, PageRead, WatchTrouble
from desktop.journey.recognition.read_document import Desk, Interrupted, read_document
from desktop.journey.recognition.sharing import reading_settings
from desktop.settings import Settings
from desktop.vault import documents, entitlement, revocation
from desktop.vault.connection import Vault
from desktop.vault.documents import Claim
from desktop.vault.entitlement import Pause
from desktop.vault.log import log_fault
from shared.reading.worker import ReadingProcess
from shared.templates import Template

_IDLE_SECONDS = 2.0  # how late a document is noticed that another process put into the store
_TROUBLE_SECONDS = 5.0  # before the next try when the disk is full or the store is busy
_URGENT_IN_A_ROW = 3  # then the oldest of all has its turn, so that a busy person does not starve the drop folder

Publish = Callable[[DocumentChanged | PageRead | WatchTrouble], None]


@dataclass(frozen=True, slots=True)
class _Task:
    """A document in work: who reads it, and what tells its thread that nobody wants it any more."""

    reader: ReadingProcess
    unwanted: threading.Event

    def drop(self) -> None:
        """The reading ends now, and its outcome is not recorded."""
        self.unwanted.set()
        self.reader.cancel()


class RecognitionPool:
    """Reads what waits from `start` to `stop`: what a person waits for first, the oldest first within that.

    `finished` is called after each document; `own` gives the clinic's templates, before each document anew."""

    def __init__(
        self,
        vault: Vault,
        settings: Settings,
        publish: Publish,
        finished: Callable[[UUID], None],
        own: Callable[[], tuple[Template, ...]] = tuple,
    ) -> None:
        self._vault = vault
        self._publish = publish
        self._finished = finished
        self._own = own
        self._reading = reading_settings(settings, settings.workers)
        self._stopping = threading.Event()
        self._work = threading.Condition()  # guards what follows
        self._wakes = 0
        self._urgent_in_a_row = 0
        self._told: Pause | None = None
        self._tasks: dict[Claim, _Task] = {}
        self._owed: dict[Claim, bool] = {}  # to be given back, and whether without the strike
        self._threads = [
            threading.Thread(target=self._run, name=f"recognition-{number}", daemon=True)
            for number in range(1, settings.workers + 1)
        ]

    def start(self) -> None:
        """Waiting documents are being read; the processes for those that come are warming up."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """A document waits: nobody sleeps on."""
        with self._work:
            self._wakes += 1
            self._work.notify_all()

    def drop(self, document_id: UUID) -> None:
        """The document is not being read any more, here; its process does not end its page."""
        with self._work:
            tasks = [task for claim, task in self._tasks.items() if claim.id == document_id]
        for task in tasks:
            task.drop()

    def stop(self) -> None:
        """Nothing is read any more; what was half read waits again, without a strike."""
        self._stopping.set()
        self.wake()
        with self._work:
            tasks = list(self._tasks.values())
        for task in tasks:
            task.drop()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        with ReadingProcess(self._reading) as reader:
            while not self._stopping.is_set():
                wakes = self._wakes
                try:
                    self._give_back()
                    reader.warm_up()
                    if not self._read_next(reader):
                        self._sleep(_IDLE_SECONDS, wakes)
                except Exception as error:  # the edge of the loop: one document must not end the others
                    log_fault("recognition_round_failed", error)
                    self._sleep(_TROUBLE_SECONDS)

    def _read_next(self, reader: ReadingProcess) -> bool:
        claim = self._claim()
        if claim is None:
            return False
        self._publish(DocumentChanged(claim.id))
        try:
            reader.follow(self._own())
            read_document(self._desk(reader, claim), claim)
        except Interrupted:
            self._give_back(claim, forgive=True)
            return True
        except (OSError, OperationalError):  # the disk's fault, not the document's
            self._publish(WatchTrouble(str(self._vault.folder.root), "The store cannot be written. Is the disk full?"))
            self._give_back(claim, forgive=True)
            raise
        except Exception:
            self._give_back(claim, forgive=False)
            raise
        finally:
            with self._work:
                self._tasks.pop(claim, None)
        self._publish(DocumentChanged(claim.id))
        self._finished(claim.id)
        return True

    def _claim(self) -> Claim | None:
        with self._work:
            oldest = self._urgent_in_a_row >= _URGENT_IN_A_ROW
        with self._vault.act() as connection:
            may_read = self._may_read(connection)
            claim = documents.claim(connection, oldest=oldest) if may_read else None
        if claim is not None:
            with self._work:
                self._urgent_in_a_row = self._urgent_in_a_row + 1 if claim.urgent else 0
        return claim

    def _may_read(self, connection: Connection) -> bool:
        """Whether anything new is read; why not is told once, as long as something waits for it."""
        paused = entitlement.pause(connection, self._vault.clock())
        if paused and paused != self._told and documents.counts(connection).waiting:
            self._publish(WatchTrouble(str(self._vault.folder.root), paused.sentence))
            self._told = paused
        elif paused is None:
            self._told = None
        return paused is None and revocation.held(connection) is None

    def _desk(self, reader: ReadingProcess, claim: Claim) -> Desk:
        task = _Task(reader, threading.Event())
        with self._work:
            self._tasks[claim] = task
        if self._stopping.is_set():  # set before `stop` looked for tasks, so that none is overlooked
            task.unwanted.set()
        return Desk(self._vault, reader, self._publish, task.unwanted)

    def _give_back(self, claim: Claim | None = None, *, forgive: bool = False) -> None:
        """The document waits again, and so do those that a full disk kept from it before."""
        with self._work:
            if claim is not None:
                self._owed[claim] = forgive
            owed = dict(self._owed)
        for one, is_forgiven in owed.items():
            with self._vault.act() as connection:
                documents.release(connection, one, forgive=is_forgiven)
            with self._work:
                self._owed.pop(one, None)

    def _sleep(self, seconds: float, wakes: int | None = None) -> None:
        """Sleeps until woken, or not at all when woken since the count stood at `wakes`."""
        with self._work:
            since = self._wakes if wakes is None else wakes
            self._work.wait_for(lambda: self._wakes != since or self._stopping.is_set(), seconds)
