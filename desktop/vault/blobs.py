"""Originals and page images as files of AES-256-GCM: a key a file, wrapped in the database, bound to its document."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, delete, insert, select

from desktop.errors import StoreDamaged
from desktop.vault.files import sync_folder, write_durably
from desktop.vault.schema import blobs
from shared.crypto.aead import SealBroken, seal, unseal
from shared.crypto.keys import new_key

BlobKind = Literal["original", "page"]
_ORPHAN_SECONDS = 3600  # far longer than any transaction that a file may be waiting for


@dataclass(frozen=True, slots=True)
class Blob:
    """A sealed file on the disk that belongs to nothing until `attach`. `number` is the page's, 0 for originals."""

    id: UUID
    document_id: UUID
    kind: BlobKind
    number: int
    media_type: str
    size: int
    wrapped_key: bytes


@dataclass(frozen=True, slots=True)
class BlobFolder:
    """Where the sealed files lie. `wrapping_key` seals the key of each; `older_key` may still open some of them, while
    a rotation has not ended."""

    root: Path
    wrapping_key: bytes
    older_key: bytes | None = None

    def write(self, document_id: UUID, kind: BlobKind, number: int, media_type: str, content: bytes) -> Blob:
        """`content` is sealed on the disk, durably, under a name that says nothing."""
        blob_id, key = uuid4(), new_key()
        context = _context(blob_id, document_id, kind, number)
        path = self.path(blob_id)
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self.root)
        write_durably(path, seal(key, content, context))
        return Blob(blob_id, document_id, kind, number, media_type, len(content), seal(self.wrapping_key, key, context))

    def read(self, blob: Blob) -> bytes:
        """What was written. Raises StoreDamaged when the file is gone or changed."""
        return self._opened(blob)[1]

    def read_sealed(self, blob: Blob) -> bytes:
        """The file as it lies there, which was seen to open. Raises StoreDamaged."""
        return self._opened(blob)[0]

    def _opened(self, blob: Blob) -> tuple[bytes, bytes]:
        context = _context(blob.id, blob.document_id, blob.kind, blob.number)
        try:
            sealed = self.path(blob.id).read_bytes()
            return sealed, unseal(self._key_of(blob, context), sealed, context)
        except (OSError, SealBroken) as error:
            raise StoreDamaged(f"The stored file {self.path(blob.id)} is missing or was changed.") from error

    def wrapped_anew(self, blob: Blob) -> bytes:
        """The blob's key under the `wrapping_key`, whichever it was under. Raises StoreDamaged."""
        context = _context(blob.id, blob.document_id, blob.kind, blob.number)
        try:
            return seal(self.wrapping_key, self._key_of(blob, context), context)
        except SealBroken as error:
            raise StoreDamaged(f"The key of the stored file {self.path(blob.id)} was changed.") from error

    def _key_of(self, blob: Blob, context: bytes) -> bytes:
        try:
            return unseal(self.wrapping_key, blob.wrapped_key, context)
        except SealBroken:
            if self.older_key is None:
                raise
            return unseal(self.older_key, blob.wrapped_key, context)

    def path(self, blob_id: UUID) -> Path:
        name = blob_id.hex
        return self.root / name[:2] / name

    def remove(self, gone: Iterable[Blob]) -> None:
        """The files are gone; their keys went with their rows, so that a copy of them opens no more."""
        for blob in gone:
            self.path(blob.id).unlink(missing_ok=True)

    def remove_orphans(self, known: frozenset[UUID]) -> int:
        """Files that a crash left without a row are gone; how many there were. Their keys never were stored."""
        removed, before = 0, time.time() - _ORPHAN_SECONDS
        names = {blob_id.hex for blob_id in known}
        for path in self.root.glob("??/*"):
            if path.stat().st_mtime < before and path.name not in names:
                path.unlink(missing_ok=True)
                removed += 1
        return removed


def attach(connection: Connection, blob: Blob) -> None:
    """The file belongs to its document."""
    connection.execute(
        insert(blobs).values(
            id=str(blob.id),
            document_id=str(blob.document_id),
            kind=blob.kind,
            number=blob.number,
            media_type=blob.media_type,
            size=blob.size,
            wrapped_key=blob.wrapped_key,
        )
    )


def find(connection: Connection, document_id: UUID, kind: BlobKind, number: int = 0) -> Blob | None:
    """The document's original, or the image of page `number` (from 1)."""
    row = connection.execute(
        select(blobs).where(blobs.c.document_id == str(document_id), blobs.c.kind == kind, blobs.c.number == number)
    ).one_or_none()
    return _blob(row) if row else None


def detach(connection: Connection, document_id: UUID, *kinds: BlobKind) -> tuple[Blob, ...]:
    """The document has no files of these `kinds` (none named: no files); those it had, for `BlobFolder.remove` later.

    Remove them after the commit alone: before it, the document may yet need them."""
    meant = (blobs.c.document_id == str(document_id)) & blobs.c.kind.in_(kinds or ("original", "page"))
    gone = tuple(_blob(row) for row in connection.execute(select(blobs).where(meant)))
    connection.execute(delete(blobs).where(meant))
    return gone


def stored(connection: Connection) -> tuple[Blob, ...]:
    """Every file, of whichever document."""
    return tuple(_blob(row) for row in connection.execute(select(blobs)))


def known(connection: Connection) -> frozenset[UUID]:
    """Every file that belongs to a document."""
    return frozenset(UUID(name) for name in connection.execute(select(blobs.c.id)).scalars())


def _blob(row: Row[Any]) -> Blob:
    document_id = UUID(row.document_id)
    return Blob(UUID(row.id), document_id, row.kind, row.number, row.media_type, row.size, row.wrapped_key)


def _context(blob_id: UUID, document_id: UUID, kind: BlobKind, number: int) -> bytes:
    return f"chartdrop blob v1|{blob_id}|{document_id}|{kind}|{number}".encode()
