"""A device that goes on under another identity: its store was restored from a backup that the server had passed by."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.crypto.signing import is_signed, sign
from shared.wire.v1.message import Message
from shared.wire.v1.values import PublicKey, Signature

SUCCESSION_CONTEXT = b"chartdrop device succession v1\n"
"""Stands before what a device signs for its successor, so that the signature serves nothing else."""
MAX_SHARED_ROWS = 300
MAX_ANCESTORS = 32


class Ancestor(Message):
    """An identity that the device had before: entries of its audit chain name it, and are signed with its key."""

    device_id: UUID
    public_key: PublicKey


Ancestors = Annotated[list[Ancestor], Field(max_length=MAX_ANCESTORS)]
"""The first identity first."""


class SharedRow(Message):
    """A row of the outbox that the server may hold from the earlier identity: `audit_length` entries of the audit chain
    stand up to it, itself included."""

    sequence: Annotated[int, Field(ge=1, le=2**63 - 1)]
    operation_id: UUID
    audit_length: Annotated[int, Field(ge=0, le=2**63 - 1)]


class SuccessionRequest(Message):
    """`POST /api/v1/sync/succession`: the store of `device_id` goes on as `successor_id`, under another key.

    `signature` is that of the earlier identity. `shared` are rows that may be the same on both sides, the last first.
    """

    device_id: UUID
    successor_id: UUID
    public_key: PublicKey
    signature: Signature
    platform: Annotated[str, StringConstraints(max_length=100)] = ""
    app_version: Annotated[str, StringConstraints(max_length=40)] = ""
    shared: Annotated[list[SharedRow], Field(max_length=MAX_SHARED_ROWS)]

    def is_signed_with(self, public_key: str) -> bool:
        """Whether the holder of `public_key` (hexadecimal), the earlier identity's, named this successor."""
        message = _named(self.device_id, self.successor_id, self.public_key)
        return is_signed(bytes.fromhex(public_key), message, bytes.fromhex(self.signature))


def name_successor(signing_key: bytes, device_id: UUID, successor_id: UUID, public_key: str) -> str:
    """The signature (hexadecimal) with which `device_id` names who goes on in its place."""
    return sign(signing_key, _named(device_id, successor_id, public_key)).hex()


def _named(device_id: UUID, successor_id: UUID, public_key: str) -> bytes:
    return SUCCESSION_CONTEXT + f"{device_id}\n{successor_id}\n{public_key}".encode()
