"""A reading at rest: compressed JSON under the organization's key, bound to the document it belongs to.

Two lines: what is beside the result, which lists and errors need, and the result, many times as long, which goes into
an answer as it is.
"""

import zlib
from uuid import UUID

from shared.crypto.aead import seal, unseal
from shared.documents import Reading
from shared.wire.v1.readings import parts_to_json, reading_from_json, reading_from_parts

_LEVEL = 1  # polygons compress to a fifth or a sixth at any level; the lowest costs a sixth of the usual one's time


def seal_reading(key: bytes, organization_id: UUID, document_id: UUID, reading: Reading) -> bytes:
    """`reading`, readable with the 32-byte `key` and for this document alone."""
    return seal_parts(key, organization_id, document_id, parts_to_json(reading))


def seal_parts(key: bytes, organization_id: UUID, document_id: UUID, parts: tuple[bytes, bytes]) -> bytes:
    """The same for the two lines of a reading."""
    packed = zlib.compress(b"\n".join(parts), _LEVEL)
    return seal(key, packed, _context(organization_id, document_id))


def unseal_reading(key: bytes, organization_id: UUID, document_id: UUID, sealed: bytes) -> Reading:
    """The reading. Raises SealBroken when the row was changed or belongs to another document."""
    return reading_from_parts(*unseal_parts(key, organization_id, document_id, sealed))


def unseal_parts(key: bytes, organization_id: UUID, document_id: UUID, sealed: bytes) -> tuple[bytes, bytes]:
    """The two lines of the reading. Raises SealBroken as `unseal_reading` does."""
    lines = zlib.decompress(unseal(key, sealed, _context(organization_id, document_id)))
    beside, _, result = lines.partition(b"\n")
    return (beside, result) if result else parts_to_json(reading_from_json(lines))  # one line: an earlier version's


def _context(organization_id: UUID, document_id: UUID) -> bytes:
    return f"reading:{organization_id}:{document_id}".encode()
