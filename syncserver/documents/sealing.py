"""A reading at rest: compressed JSON under the organization's key, bound to the document it belongs to."""

import zlib
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from shared.crypto.aead import seal, unseal
from shared.documents import Reading
from shared.wire.v1.readings import reading_from_json, reading_to_json

_LEVEL = 3  # polygons compress to a sixth at any level; the lower ones cost a third of the time


def seal_reading(key: bytes, organization_id: UUID, document_id: UUID, reading: Reading) -> bytes:
    """`reading`, readable with the 32-byte `key` and for this document alone."""
    packed = zlib.compress(reading_to_json(reading), _LEVEL)
    return seal(key, packed, _context(organization_id, document_id))


def unseal_reading(key: bytes, organization_id: UUID, document_id: UUID, sealed: bytes) -> Reading:
    """The reading. Raises SealBroken when the row was changed or belongs to another document."""
    return reading_from_json(zlib.decompress(unseal(key, sealed, _context(organization_id, document_id))))


def unseal_members(key: bytes, organization_id: UUID, document_id: UUID, sealed: bytes) -> dict[str, Any]:
    """The reading's JSON as it was sealed, by its members. Raises SealBroken as `unseal_reading` does."""
    members: dict[str, Any] = from_json(zlib.decompress(unseal(key, sealed, _context(organization_id, document_id))))
    return members


def _context(organization_id: UUID, document_id: UUID) -> bytes:
    return f"reading:{organization_id}:{document_id}".encode()
