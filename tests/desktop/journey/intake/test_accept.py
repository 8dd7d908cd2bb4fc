import hashlib

import pytest

from desktop.journey.intake.accept import Accepted, Incoming, accept
from desktop.journey.intake.keep import keep_reading
from desktop.vault import audit_log, blobs, documents
from desktop.vault.connection import Vault
from desktop.vault.documents import PageImage
from desktop.vault.outcomes import record_outcome
from shared.documents import Reading, failed_reading

LIMIT = 1000


def incoming(content: bytes, name: str = "scan.pdf") -> Incoming:
    payload = content if len(content) <= LIMIT else None
    return Incoming(name, hashlib.sha256(content).hexdigest(), len(content), payload, "auto", LIMIT)


def fail(vault: Vault, accepted: Accepted) -> None:
    with vault.act() as connection:
        reading = failed_reading("scan.pdf", "a" * 64, "file_damaged", "It is damaged.")
        record_outcome(vault, connection, accepted.document_id, reading)


def test_a_file_waits_sealed_with_its_first_audit_entry(vault: Vault) -> None:
    accepted = accept(vault, incoming(b"abc"))

    with vault.read() as connection:
        original = blobs.find(connection, accepted.document_id, "original")
        assert original is not None
        assert vault.blobs.read(original) == b"abc"
        assert documents.get(connection, accepted.document_id).state == "waiting"
        assert '"document.received"' in list(audit_log.lines(connection))[-1]


def test_the_same_content_is_one_document_under_any_name(vault: Vault) -> None:
    first = accept(vault, incoming(b"abc"))
    second = accept(vault, incoming(b"abc", "copy.pdf"))

    assert second.outcome == "duplicate"
    assert second.document_id == first.document_id
    assert "scan.pdf" in second.message
    assert len(list(vault.blobs.root.glob("??/*"))) == 1


def test_what_failed_is_tried_again_when_it_comes_again(vault: Vault) -> None:
    first = accept(vault, incoming(b"abc"))
    fail(vault, first)

    again = accept(vault, incoming(b"abc"))

    assert again == first
    with vault.read() as connection:
        document = documents.get(connection, first.document_id)
    assert (document.state, document.error) == ("waiting", None)
    assert len(list(vault.blobs.root.glob("??/*"))) == 1


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (bytes(LIMIT + 1), "file_too_large")])
def test_an_empty_or_oversized_file_is_refused_with_a_document_to_show_for_it(
    vault: Vault, content: bytes, code: str
) -> None:
    for _ in range(2):
        accepted = accept(vault, incoming(content))

        assert accepted.outcome == "refused"
        assert accepted.message.startswith("scan.pdf: The file ")
        with vault.read() as connection:
            [document] = documents.listing(connection)
        assert document.state == "failed"
        assert document.error is not None
        assert document.error.code == code
    assert not list(vault.blobs.root.glob("??/*"))


def test_a_reading_made_elsewhere_is_kept_whole_and_once(vault: Vault) -> None:
    file = incoming(b"abc")
    reading = Reading(file.file_name, file.sha256, 1)
    pages = [PageImage(b"picture", "image/png")]

    kept = keep_reading(vault, file, reading, pages)
    again = keep_reading(vault, file, reading, pages)

    assert (kept.outcome, again.outcome) == ("accepted", "duplicate")
    with vault.read() as connection:
        assert documents.get(connection, kept.document_id).state == "done"
        page = blobs.find(connection, kept.document_id, "page", 1)
        assert page is not None
        assert vault.blobs.read(page) == b"picture"
    assert len(list(vault.blobs.root.glob("??/*"))) == 2
