"""Deleting for good: nothing of the document is left but its audit entries, and only what may go goes."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, table, text
from sqlalchemy.exc import DatabaseError

from desktop.errors import DeleteRefused, DocumentUnknown
from desktop.services import Workspace
from desktop.settings import Settings
from desktop.vault import arrivals, audit_log, blobs, documents, outbox
from desktop.vault.arrivals import Arrival
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import NewDocument
from desktop.vault.erasure import delete_document, delete_expired, hold
from desktop.vault.outcomes import record_outcome
from desktop.vault.search import SearchQuery, search
from shared.ids import new_id
from shared.wire.v1.sync import DocumentRead, Operation, is_erased
from tests.desktop.conftest import PASSPHRASE, PATIENT
from tests.desktop.vault.test_search import reading_of

LONG_AGO = datetime(2010, 5, 6, tzinfo=UTC)


def keep(vault: Vault, name: str = f"{PATIENT}.pdf", at: datetime = LONG_AGO, *, read: bool = True) -> UUID:
    """A document with an original and (when it was `read`) words, an outcome and a place in a watched folder."""
    new = NewDocument(new_id(), new_id().hex * 2, name, 3, "auto")
    blob = vault.blobs.write(new.id, "original", 0, "application/pdf", b"%PDF")
    with vault.act() as connection:
        documents.add(connection, new, at)
        blobs.attach(connection, blob)
        if read:
            record_outcome(vault, connection, new.id, reading_of(name, f"Patient {PATIENT}"))
    return new.id


def lie(vault: Vault, document_id: UUID) -> UUID:
    place = Path("/scans")
    arrival = Arrival(new_id(), place, place / f"{PATIENT}.pdf", 3, 1, "a" * 64, document_id, "accepted", "")
    with vault.act() as connection:
        arrivals.note(connection, arrival, LONG_AGO)
    return arrival.id


def dumped(vault: Vault) -> str:
    """All that somebody with the key finds in the database."""
    with vault.read() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return "\n".join(
            str(row) for name in tables for row in connection.execute(select(text("*")).select_from(table(name)))
        )


def in_the_clear(vault: Vault, place: Path) -> bytes:
    """The tables without their encryption, the index's own included, as somebody with the key could copy them."""
    connection = vault.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("ATTACH DATABASE ? AS clear KEY ''", (str(place),))
        cursor.execute("SELECT sqlcipher_export('clear')")
        cursor.execute("DETACH DATABASE clear")
    finally:
        connection.close()
    return place.read_bytes()


def test_a_deleted_document_leaves_its_audit_entries_and_nothing_else(vault: Vault) -> None:
    other, gone = keep(vault, "other.pdf"), keep(vault)
    with vault.read() as connection:
        sealed = blobs.find(connection, gone, "original")
    assert sealed is not None
    assert PATIENT in dumped(vault)

    delete_document(vault, gone, audit_log.OPERATOR)

    everything = dumped(vault)
    assert f"{PATIENT}.pdf" not in everything
    assert "document.deleted" in everything
    assert not vault.blobs.path(sealed.id).exists()
    with vault.read() as connection:
        with pytest.raises(DocumentUnknown):
            documents.get(connection, gone)
        assert [hit.document.id for hit in search(connection, SearchQuery("patient")).hits] == [other]
        assert audit_log.verify(connection, vault.chain) is None
    assert (vault.folder.root / "store.db-wal").stat().st_size == 0


def test_the_index_keeps_no_word_that_only_the_deleted_document_had(vault: Vault, tmp_path: Path) -> None:
    keep(vault, "other.pdf")
    new = NewDocument(new_id(), "b" * 64, "x.pdf", 3, "auto")
    with vault.act() as connection:
        documents.add(connection, new, LONG_AGO)
        record_outcome(vault, connection, new.id, reading_of("x.pdf", "zyxomorphic"))
    assert b"yxomorphic" in in_the_clear(vault, tmp_path / "before.db")

    delete_document(vault, new.id, audit_log.OPERATOR)

    assert b"yxomorphic" not in in_the_clear(vault, tmp_path / "after.db")


def test_the_outbox_keeps_its_order_and_forgets_what_was_read(vault: Vault) -> None:
    gone = keep(vault)
    with vault.read() as connection:
        before = [(row.sequence, row.operation_id, row.occurred_at) for row in outbox.after(connection, 0)]

    delete_document(vault, gone, audit_log.OPERATOR)

    with vault.read() as connection:
        rows = list(outbox.after(connection, 0))
    assert [(row.sequence, row.operation_id, row.occurred_at) for row in rows[:-1]] == before
    assert not any(PATIENT in row.payload for row in rows)
    operations = [Operation.model_validate(_operation(row)) for row in rows]
    [erased] = [one.payload for one in operations if isinstance(one.payload, DocumentRead)]
    assert is_erased(erased)
    assert erased.document_id == gone


def _operation(row: outbox.OutboxRow) -> dict[str, object]:
    return {
        "sequence": row.sequence,
        "operation_id": row.operation_id,
        "occurred_at": row.occurred_at,
        "payload": json.loads(row.payload),
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outbox SET payload = '' WHERE document_id IS NOT NULL",
        "UPDATE outbox SET sequence = sequence + 100 WHERE document_id IS NOT NULL",
        "UPDATE outbox SET document_id = NULL WHERE document_id IS NOT NULL",
    ],
)
def test_the_outbox_rows_of_a_living_document_do_not_change(vault: Vault, statement: str) -> None:
    keep(vault)

    with pytest.raises(DatabaseError, match="append-only"), vault.act() as connection:
        connection.execute(text(statement))


def test_what_is_held_stays_until_the_hold_is_released(vault: Vault) -> None:
    held = keep(vault)
    hold(vault, held, audit_log.OPERATOR, held=True)

    with pytest.raises(DeleteRefused, match="legal hold"):
        delete_document(vault, held, audit_log.OPERATOR)
    assert list(delete_expired(vault, 7)) == []

    hold(vault, held, audit_log.OPERATOR, held=False)
    delete_document(vault, held, audit_log.OPERATOR)
    with vault.read() as connection:
        told = "\n".join(audit_log.lines(connection))
    for action in ("document.held", "document.released", "document.deleted"):
        assert action in told


def test_what_still_lies_in_a_watched_folder_is_not_deleted_under_it(vault: Vault) -> None:
    lying = keep(vault)
    arrival = lie(vault, lying)

    with pytest.raises(DeleteRefused, match="watched folder"):
        delete_document(vault, lying, audit_log.OPERATOR)

    with vault.act() as connection:
        arrivals.settle(connection, arrival, LONG_AGO)
    delete_document(vault, lying, audit_log.OPERATOR)
    assert f"{PATIENT}.pdf" not in dumped(vault)


def test_only_what_is_older_than_it_has_to_be_kept_expires(settings: Settings) -> None:
    leap_day = datetime(2028, 2, 29, 12, tzinfo=UTC)
    vault = open_vault(settings, lambda: None, lambda: leap_day)
    seven_years_ago = datetime(2021, 2, 28, 12, tzinfo=UTC)
    old, waiting = keep(vault, at=seven_years_ago - timedelta(seconds=1)), keep(vault, at=LONG_AGO, read=False)
    young = keep(vault, at=seven_years_ago)

    assert list(delete_expired(vault, 7)) == [old]

    with vault.read() as connection:
        assert {summary.id for summary in documents.listing(connection)} == {waiting, young}
        assert sum("document.expired" in line for line in audit_log.lines(connection)) == 1
    vault.close()


def test_a_workspace_at_work_deletes_what_has_expired(settings: Settings) -> None:
    vault = open_vault(settings, lambda: None)
    old = keep(vault)
    gone = _Gone()
    workspace = Workspace(vault, settings)
    workspace.events.subscribe(gone)

    workspace.start(None)

    assert gone.event.wait(30)
    with pytest.raises(DocumentUnknown):
        workspace.document(old)
    workspace.close()


class _Gone:
    """Hears of a change."""

    def __init__(self) -> None:
        self.event = threading.Event()

    def __call__(self, _: object) -> None:
        self.event.set()


def test_keeping_for_ever_is_a_choice(settings: Settings) -> None:
    for_ever = settings.model_copy(update={"retention_years": 0})
    vault = open_vault(for_ever, lambda: PASSPHRASE)
    old = keep(vault)
    workspace = Workspace(vault, for_ever)
    workspace.start(None)

    assert workspace.document(old).id == old
    workspace.close()
