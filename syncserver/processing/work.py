"""One job's way through a worker: claimed, its original opened, read page by page, its end written."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from shared.clock import Clock
from shared.crypto.aead import SealBroken
from shared.documents import Reading, failed_reading
from shared.reading.worker import PageDone, ReadingCancelled
from syncserver.events.transaction import Begin
from syncserver.kit.database import Database
from syncserver.kit.logging import fault_of, log
from syncserver.kit.secret import ServerKeys
from syncserver.kit.storage import ObjectMissing, Storage, StorageUnavailable
from syncserver.processing import originals, queue
from syncserver.processing.errors import ClaimLost
from syncserver.processing.queue import Claim
from syncserver.processing.workers import Reader
from syncserver.settings import Settings
from syncserver.templates import service as templates
from syncserver.tenants.service import organization_key

_BEATS_A_LEASE = 3  # how often a worker says that it lives before its lease would end
_LONGEST_BEAT_S = 5.0  # after which it finds out, at the latest, that nobody wants its job any more


@dataclass(frozen=True, slots=True)
class Works:
    """What every worker of a process shares."""

    settings: Settings
    keys: ServerKeys
    database: Database
    storage: Storage
    clock: Clock
    begin: Begin
    stopping: threading.Event = field(default_factory=threading.Event)


def work_once(works: Works, reader: Reader) -> bool:
    """The most urgent job that waits was read, or tried; False when none waits or the process is stopping."""
    claim = None if works.stopping.is_set() else _claim(works)
    if claim is None:
        return False
    log.info("job_claimed", job_id=str(claim.job_id), attempt=claim.attempt)
    try:
        with _Heartbeat(works, claim, reader) as heart:
            reading = _read(works, reader, claim, heart.unwanted)
        with works.begin() as transaction:
            queue.finish(transaction, works.keys, works.settings, claim, reading)
    except (ReadingCancelled, ClaimLost):
        _let_go(works, claim)
    return True


def _claim(works: Works) -> Claim | None:
    with works.database.reading() as session:  # SQLite's one write lock is taken only when there is work
        if not queue.is_any_waiting(session, works.clock()):
            return None
    with works.begin() as transaction:
        return queue.claim(transaction, works.keys, works.settings)


def _read(works: Works, reader: Reader, claim: Claim, unwanted: threading.Event) -> Reading:
    with works.database.reading() as session:
        key = organization_key(session, works.keys, claim.organization_id)
        own = templates.usable(session, claim.organization_id)
    try:
        payload = b"".join(originals.opened(works.storage, key, claim.organization_id, claim.job_id))
    except (ObjectMissing, SealBroken, StorageUnavailable) as error:
        log.warning("original_not_opened", job_id=str(claim.job_id), code=error.code)
        return failed_reading(claim.file_name, "", error.code, f"{claim.file_name}: {error.message}")
    reader.follow(own)
    return reader.read(payload, claim.file_name, claim.template, _on_page(works, claim), unwanted)


def _on_page(works: Works, claim: Claim) -> Callable[[PageDone], None]:
    def note(page: PageDone) -> None:
        with works.begin() as transaction:
            queue.note_page(transaction, claim, page.number, page.page_count)

    return note


def _let_go(works: Works, claim: Claim) -> None:
    """Where this process is stopping, the job waits again; else it is somebody else's by now, or the sweep's."""
    if not works.stopping.is_set():
        log.info("job_let_go", job_id=str(claim.job_id))
        return
    try:
        with works.begin() as transaction:
            queue.give_back(transaction, works.keys, claim)
    except ClaimLost:
        log.info("job_let_go", job_id=str(claim.job_id))


class _Heartbeat:
    """Keeps the claim while a document is read; breaks the reading off when the claim is lost or over."""

    def __init__(self, works: Works, claim: Claim, reader: Reader) -> None:
        self._works, self._claim, self._reader = works, claim, reader
        self.unwanted = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> "_Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        pause = min(self._works.settings.lease_s / _BEATS_A_LEASE, _LONGEST_BEAT_S)
        while not self._done.wait(pause):
            try:
                if self._works.stopping.is_set() or self._works.clock() >= self._claim.ends_at:
                    raise ClaimLost("The time is over.")
                with self._works.begin() as transaction:
                    queue.renew(transaction, self._works.settings, self._claim)
            except ClaimLost:
                self._break_off()
            except Exception as error:  # the loop's edge: the database may answer again before the lease ends
                log.warning("lease_not_renewed", job_id=str(self._claim.job_id), **fault_of(error))

    def _break_off(self) -> None:
        self.unwanted.set()
        self._reader.cancel()
