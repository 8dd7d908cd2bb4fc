"""What is sealed of webhooks under the organization's key: URLs, which may hold somebody's secret, and secrets."""

import hashlib
import hmac
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from shared.crypto.aead import seal, unseal

Held = TypeVar("Held", bound=BaseModel)
Place = tuple[UUID, UUID]
"""Organization and row."""


def sealed(key: bytes, what: str, place: Place, held: BaseModel) -> bytes:
    """`held`, for this row alone."""
    return seal(key, held.model_dump_json().encode(), _context(what, place))


def opened(key: bytes, what: str, place: Place, content: bytes, kind: type[Held]) -> Held:
    """What was sealed for this row."""
    return kind.model_validate_json(unseal(key, content, _context(what, place)))


def digest(key: bytes, origin: str) -> str:
    """A server's mark in the organization's rows: the same for the same server, and telling nobody which."""
    return hmac.new(key, origin.encode(), hashlib.sha256).hexdigest()


def _context(what: str, place: Place) -> bytes:
    return f"webhook-{what}:{place[0]}:{place[1]}".encode()
