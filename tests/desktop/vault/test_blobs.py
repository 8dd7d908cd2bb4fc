import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from desktop.errors import StoreDamaged
from desktop.vault import blobs, documents
from desktop.vault.connection import Vault
from desktop.vault.documents import NewDocument
from shared.ids import new_id

CONTENT = b"%PDF a page about a patient"


@pytest.fixture
def blob(vault: Vault) -> blobs.Blob:
    new = NewDocument(new_id(), "a" * 64, "scan.pdf", len(CONTENT), "auto")
    written = vault.blobs.write(new.id, "original", 0, "application/pdf", CONTENT)
    with vault.act() as connection:
        documents.add(connection, new, vault.clock())
        blobs.attach(connection, written)
    return written


def test_a_file_is_sealed_under_a_name_that_says_nothing(vault: Vault, blob: blobs.Blob) -> None:
    path = vault.blobs.path(blob.id)

    assert CONTENT not in path.read_bytes()
    assert path.suffix == ""
    assert path.stat().st_mode & 0o777 == 0o600
    with vault.read() as connection:
        found = blobs.find(connection, blob.document_id, "original")
    assert found == blob
    assert vault.blobs.read(found) == CONTENT


def test_a_file_opens_for_its_own_document_alone(vault: Vault, blob: blobs.Blob) -> None:
    with pytest.raises(StoreDamaged):
        vault.blobs.read(replace(blob, document_id=new_id()))


def test_a_changed_or_missing_file_is_told_from_a_whole_one(vault: Vault, blob: blobs.Blob) -> None:
    path = vault.blobs.path(blob.id)
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(StoreDamaged):
        vault.blobs.read(blob)

    path.unlink()
    with pytest.raises(StoreDamaged):
        vault.blobs.read(blob)


def test_what_a_crash_left_without_a_document_is_removed_later_and_nothing_else(vault: Vault, blob: blobs.Blob) -> None:
    old = vault.blobs.write(new_id(), "page", 1, "image/png", b"x")
    fresh = vault.blobs.write(new_id(), "page", 1, "image/png", b"x")
    for path in (vault.blobs.path(old.id), vault.blobs.path(blob.id)):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    with vault.read() as connection:
        known = blobs.known(connection)

    assert vault.blobs.remove_orphans(known) == 1

    assert not vault.blobs.path(old.id).exists()
    assert vault.blobs.path(fresh.id).exists()
    assert vault.blobs.path(blob.id).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says which file a descriptor is of")
def test_a_folder_made_for_a_file_is_on_the_disk_too(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    flush = os.fsync

    def note_and_flush(descriptor: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", note_and_flush)
    written = vault.blobs.write(new_id(), "page", 1, "image/png", b"x")

    folder = vault.blobs.path(written.id).parent
    assert {str(folder.resolve()), str(folder.parent.resolve())} <= set(flushed)


class Counted(frozenset[UUID]):
    """Counts how often somebody goes through it."""

    times = 0

    def __iter__(self) -> Iterator[UUID]:
        self.times += 1
        return super().__iter__()


def test_what_is_known_is_gone_through_once_however_many_files_there_are(vault: Vault) -> None:
    pages = [vault.blobs.write(new_id(), "page", 1, "image/png", b"x").id for _ in range(3)]
    for page in pages:
        os.utime(vault.blobs.path(page), (0, 0))
    known = Counted(pages)

    assert vault.blobs.remove_orphans(known) == 0
    assert known.times == 1
