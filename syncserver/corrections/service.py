"""Keeping corrections, telling devices of them, and opening them for whoever shows a document."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from shared.crypto.aead import seal, unseal
from shared.documents.corrections import Correction
from shared.wire.v1.corrections import CorrectionMade, CorrectionState, correction_of, state_of
from shared.wire.v1.pull import CORRECTION
from syncserver.changes import service as changes
from syncserver.changes.service import Entity
from syncserver.corrections import repository
from syncserver.corrections.models import CorrectionRow
from syncserver.events.transaction import Transaction

CORRECTED = "document.corrected"
"""The event that people said something more of a document: `sha256`, of its content."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Whose corrections, and the 32-byte key that they are sealed under."""

    organization_id: UUID
    key: bytes


def keep(transaction: Transaction, shelf: Shelf, device_id: UUID, said: CorrectionMade) -> bool:
    """The correction is kept; False for one that is known, or that was erased before it came.

    Devices hear of it by `tell`."""
    if said.is_erased:
        return False
    sealed = seal(shelf.key, said.model_dump_json().encode(), _context(shelf.organization_id, said.correction_id))
    values = {"organization_id": shelf.organization_id, "id": said.correction_id, "device_id": device_id}
    clear = {"sha256": said.sha256, "received_at": transaction.now}
    return repository.add(transaction.session, {**values, **clear, "sealed": sealed})


def tell(transaction: Transaction, organization_id: UUID, correction_id: UUID) -> None:
    """Devices will hear of the correction. The last thing in its transaction, but for the commit."""
    changes.put(transaction.session, Entity(organization_id, CORRECTION, str(correction_id)), None, transaction.now)


def of_document(session: Session, shelf: Shelf, sha256: str) -> tuple[Correction, ...]:
    """All that people said of the document."""
    return of_documents(session, shelf, (sha256,))[sha256]


def of_documents(session: Session, shelf: Shelf, sha256s: Collection[str]) -> dict[str, tuple[Correction, ...]]:
    """All that people said of each of the documents."""
    found: dict[str, list[Correction]] = {sha256: [] for sha256 in sha256s}
    for row in repository.of_documents(session, shelf.organization_id, sha256s):
        found[row.sha256].append(correction_of(row.id, _opened(shelf, row), row.device_id, row.received_at))
    return {sha256: tuple(said) for sha256, said in found.items()}


def said_of(session: Session, organization_id: UUID, sha256s: Collection[str]) -> set[str]:
    """Those of the documents that people said something of."""
    return repository.said_of(session, organization_id, sha256s)


def contents(session: Session, organization_id: UUID, after: str, limit: int) -> list[str]:
    """The documents that people said something of, by their hashes, in the order of these."""
    return repository.contents(session, organization_id, after, limit)


def states(session: Session, shelf: Shelf, ids: Collection[UUID]) -> dict[UUID, CorrectionState]:
    """What devices hear of the corrections."""
    rows = repository.some(session, shelf.organization_id, ids)
    return {row.id: state_of(_opened(shelf, row), row.device_id, row.received_at) for row in rows}


def _opened(shelf: Shelf, row: CorrectionRow) -> CorrectionMade:
    return CorrectionMade.model_validate_json(unseal(shelf.key, row.sealed, _context(shelf.organization_id, row.id)))


def _context(organization_id: UUID, correction_id: UUID) -> bytes:
    return f"correction:{organization_id}:{correction_id}".encode()
