"""Who is read first, and how reading is broken off: the real pool on a real store."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from uuid import UUID

import pytest

from desktop.errors import CancelRefused
from desktop.events import PageRead
from desktop.journey.intake.accept import Incoming, accept
from desktop.journey.recognition.pool import RecognitionPool
from desktop.journey.recognition.read_document import Interrupted, cancel, conclude
from desktop.settings import Settings
from desktop.vault import audit_log, documents
from desktop.vault.arrivals import SeenFile
from desktop.vault.connection import Vault
from desktop.vault.documents import Claim, DocumentSummary
from shared.documents import failed_reading
from tests.desktop.conftest import quick_settings
from tests.shared.reading.conftest import long_second_page

WAIT_SECONDS = 60.0


def dropped(vault: Vault, content: bytes) -> UUID:
    """A document that came by itself, through the drop folder."""
    path = Path("/scans") / hashlib.sha256(content).hexdigest()
    return _taken_in(vault, content, SeenFile(path.parent, path, len(content), 0))


def added(vault: Vault, content: bytes) -> UUID:
    """A document that a person handed in."""
    return _taken_in(vault, content, None)


def _taken_in(vault: Vault, content: bytes, seen: SeenFile | None) -> UUID:
    sha256 = hashlib.sha256(content).hexdigest()
    return accept(vault, Incoming("scan.pdf", sha256, len(content), content, "auto", 10**8, seen)).document_id


def claimed(vault: Vault) -> Claim:
    with vault.act() as connection:
        claim = documents.claim(connection)
    assert claim is not None
    return claim


def summary(vault: Vault, document_id: UUID) -> DocumentSummary:
    with vault.read() as connection:
        return documents.get(connection, document_id)


@contextmanager
def working(
    vault: Vault, settings: Settings, on_page: Callable[[], None] = lambda: None
) -> Iterator["SimpleQueue[UUID]"]:
    """A pool at work, and the documents that it has finished."""
    finished: SimpleQueue[UUID] = SimpleQueue()
    pool = RecognitionPool(vault, settings, lambda e: on_page() if isinstance(e, PageRead) else None, finished.put)
    pool.start()
    try:
        yield finished
    finally:
        pool.stop()


def test_what_a_person_waits_for_is_read_first_and_yet_every_fourth_turn_is_the_oldest_ones(
    vault: Vault, settings: Settings
) -> None:
    batch = [dropped(vault, b"batch %d" % number) for number in range(4)]
    person = [added(vault, b"person %d" % number) for number in range(5)]

    with working(vault, settings) as finished:
        order = [finished.get(timeout=WAIT_SECONDS) for _ in range(9)]

    assert order == [*person[:3], batch[0], *person[3:], *batch[1:]]


def test_a_document_that_somebody_opens_or_tries_again_overtakes_the_batch(vault: Vault) -> None:
    first, opened, again = (dropped(vault, content) for content in (b"1", b"2", b"3"))
    with vault.act() as connection:
        documents.hasten(connection, opened)
        documents.wait_again(connection, again, vault.clock(), urgent=True)

    assert [claimed(vault).id for _ in range(3)] == [opened, again, first]


def test_no_document_is_read_by_two_at_the_same_time(vault: Vault) -> None:
    waiting = {dropped(vault, b"%d" % number) for number in range(24)}
    claims: SimpleQueue[Claim] = SimpleQueue()

    def take_four() -> None:
        for _ in range(4):
            claims.put(claimed(vault))

    threads = [threading.Thread(target=take_four) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = [claims.get_nowait().id for _ in range(24)]
    assert set(found) == waiting


def test_a_cancelled_document_has_failed_by_a_persons_wish_and_its_reader_records_nothing(vault: Vault) -> None:
    document_id = added(vault, b"long")
    old = claimed(vault)

    cancel(vault, document_id)

    error = summary(vault, document_id).error
    assert error is not None
    assert error.code == "cancelled"
    assert "Try it again" in error.message
    with vault.read() as connection:
        assert sum('"document.cancelled"' in line for line in audit_log.lines(connection)) == 1
        assert audit_log.verify(connection, vault.chain) is None
    with pytest.raises(CancelRefused):
        cancel(vault, document_id)

    with vault.act() as connection:  # tried again, and read by another by now
        documents.wait_again(connection, document_id, vault.clock(), urgent=True)
    new = claimed(vault)
    with pytest.raises(Interrupted):
        conclude(vault, old, failed_reading(old.file_name, old.sha256, "file_damaged", "too late"))
    with vault.act() as connection:
        documents.release(connection, old)
        assert documents.holds(connection, new)


def test_cancelling_ends_the_page_that_is_being_read_and_the_next_document_is_read(
    vault: Vault, settings: Settings
) -> None:
    long, after = added(vault, long_second_page()), added(vault, b"next")
    begun, finished = threading.Event(), SimpleQueue[UUID]()
    pool = RecognitionPool(vault, settings, lambda e: begun.set() if isinstance(e, PageRead) else None, finished.put)
    pool.start()
    assert begun.wait(WAIT_SECONDS)

    cancel(vault, long)
    pool.drop(long)

    assert finished.get(timeout=WAIT_SECONDS) == after
    pool.stop()
    error = summary(vault, long).error
    assert error is not None
    assert error.code == "cancelled"


def test_stopping_does_not_wait_for_the_page_and_the_document_waits_without_a_strike(
    vault: Vault, settings: Settings
) -> None:
    document_id = added(vault, long_second_page())
    begun = threading.Event()
    with working(vault, settings, begun.set):
        assert begun.wait(WAIT_SECONDS)
        started = time.monotonic()

    assert time.monotonic() - started < 3.0  # a page takes longer than that where this is measured
    assert summary(vault, document_id).state == "waiting"
    assert claimed(vault).strikes == 1


@pytest.mark.soak
def test_four_hundred_files_at_once_are_read_in_the_order_of_their_arrival(vault: Vault, tmp_path: Path) -> None:
    arrived = [dropped(vault, b"%d" % number) for number in range(400)]

    with working(vault, quick_settings(tmp_path / "unused")) as finished:
        order = [finished.get(timeout=WAIT_SECONDS) for _ in range(400)]

    assert order == arrived
