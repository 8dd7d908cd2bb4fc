import hashlib
import threading
from pathlib import Path

import pytest

from desktop.events import PageRead
from desktop.journey.intake.accept import Accepted, Incoming, accept
from desktop.journey.recognition.read_document import Desk, Interrupted, conclude, read_document, recover
from desktop.vault import blobs, documents
from desktop.vault.connection import Vault
from desktop.vault.documents import Claim, DocumentState
from shared.documents import failed_reading
from shared.reading.worker import ReadingProcess
from tests.desktop.conftest import PATIENT, files_that_tell


def taken_in(vault: Vault, content: bytes) -> Accepted:
    name = f"{PATIENT}.png"
    return accept(vault, Incoming(name, hashlib.sha256(content).hexdigest(), len(content), content, "auto", 10**8))


def claimed(vault: Vault) -> Claim:
    with vault.act() as connection:
        claim = documents.claim(connection)
    assert claim is not None
    return claim


def crashed(vault: Vault, claim: Claim) -> DocumentState:
    message = f"{claim.file_name}: The reader stopped while reading it."
    return conclude(vault, claim, failed_reading(claim.file_name, claim.sha256, "reader_crashed", message))


def test_a_scan_is_read_its_page_kept_and_nothing_of_it_lies_in_the_clear(
    vault: Vault, reader: ReadingProcess, scan: Path
) -> None:
    accepted = taken_in(vault, scan.read_bytes())
    heard: list[PageRead] = []

    state = read_document(Desk(vault, reader, heard.append, threading.Event()), claimed(vault))

    assert state == "done"
    assert heard == [PageRead(accepted.document_id, 1, 1)]
    with vault.read() as connection:
        reading = documents.reading(connection, accepted.document_id)
        page = blobs.find(connection, accepted.document_id, "page", 1)
        summary = documents.get(connection, accepted.document_id)
    assert page is not None
    assert vault.blobs.read(page)[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0")
    assert any(PATIENT in line.text for line in reading.pages[0].lines)
    assert (summary.page_count, summary.pages_done) == (1, 1)
    assert not files_that_tell(vault.folder.root, *PATIENT.split())


def test_a_file_that_cannot_be_read_fails_and_the_next_is_read(vault: Vault, reader: ReadingProcess) -> None:
    desk = Desk(vault, reader, lambda _: None, threading.Event())
    accepted = taken_in(vault, b"no picture at all")

    assert read_document(desk, claimed(vault)) == "failed"

    with vault.read() as connection:
        error = documents.get(connection, accepted.document_id).error
    assert error is not None
    assert error.code == "file_type_unsupported"
    assert PATIENT in error.message


def test_work_that_is_stopped_records_nothing(vault: Vault, reader: ReadingProcess, scan: Path) -> None:
    accepted = taken_in(vault, scan.read_bytes())
    stopping = threading.Event()
    stopping.set()

    with pytest.raises(Interrupted):
        read_document(Desk(vault, reader, lambda _: None, stopping), claimed(vault))

    with vault.read() as connection:
        assert documents.get(connection, accepted.document_id).state == "processing"
        assert blobs.find(connection, accepted.document_id, "page", 1) is None


def test_a_lost_original_fails_the_document_alone(vault: Vault, reader: ReadingProcess) -> None:
    accepted = taken_in(vault, b"x")
    with vault.read() as connection:
        original = blobs.find(connection, accepted.document_id, "original")
    assert original is not None
    vault.blobs.path(original.id).unlink()

    assert read_document(Desk(vault, reader, lambda _: None, threading.Event()), claimed(vault)) == "failed"


def test_a_document_that_breaks_the_reader_three_times_is_set_aside(vault: Vault) -> None:
    accepted = taken_in(vault, b"poison")

    states = [crashed(vault, claimed(vault)) for _ in range(3)]

    assert states == ["waiting", "waiting", "quarantined"]
    with vault.act() as connection:
        assert documents.claim(connection) is None
        assert documents.get(connection, accepted.document_id).error is not None


def test_what_a_crash_left_half_read_waits_again_and_is_set_aside_at_the_third_time(vault: Vault) -> None:
    accepted = taken_in(vault, b"power cut")
    states = []
    for _ in range(3):
        claimed(vault)
        assert recover(vault) == (accepted.document_id,)
        with vault.read() as connection:
            states.append(documents.get(connection, accepted.document_id).state)

    assert states == ["waiting", "waiting", "quarantined"]


def test_the_document_that_waits_longest_is_read_first(vault: Vault) -> None:
    first, second = taken_in(vault, b"1"), taken_in(vault, b"2")

    assert [claimed(vault).id, claimed(vault).id] == [first.document_id, second.document_id]
