"""What the server asks of a storage, whichever it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from syncserver.kit.errors import NotFound, ServerError

PIECE_BYTES = 1024 * 1024  # of an object, as it is handed on
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")


class ObjectMissing(NotFound):
    """Nothing is stored under this name."""

    code = "object_missing"


class StorageUnavailable(ServerError):
    """The storage does not do what it was asked at the moment."""

    code = "storage_unavailable"
    status = 503
    retryable = True


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What is known of an object without reading it; `size` in bytes."""

    name: str
    size: int
    stored_at: datetime


class Storage(Protocol):
    """Objects by name (`originals/…`: lower-case letters, digits, dashes, slashes). Any thread may call it.

    Every method raises StorageUnavailable when the storage does not answer.
    """

    def put(self, name: str, source: BinaryIO) -> None:
        """What `source` holds from here on is stored, whole, in place of what was there; it survives a power cut."""

    def get(self, name: str) -> Iterator[bytes]:
        """The object in pieces. Raises ObjectMissing, before the first piece."""

    def stat(self, name: str) -> StoredObject:
        """The object's size and age. Raises ObjectMissing."""

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Every object whose name begins with `prefix`, in order of name."""

    def delete(self, name: str) -> None:
        """Nothing is stored under this name any more, whether there was or not."""

    def check(self) -> None:
        """An object can be stored here now."""


def checked_name(name: str) -> str:
    """`name`, which can be no path out of the storage. Raises ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an object")
    return name


def missing() -> ObjectMissing:
    """Says so."""
    return ObjectMissing("It is not in the storage any more.")
