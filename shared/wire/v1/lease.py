"""A lease: what an organization is entitled to, and until when that counts without a network; signed by the server."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.crypto.signing import is_signed, sign, verifying_key
from shared.wire.v1.message import Message
from shared.wire.v1.values import PublicKey, Signature

LEASE_CONTEXT = b"chartdrop lease v1\n"
"""Stands before the terms in what a server signs, so that the signature serves nothing else."""


class Terms(Message):
    """What the server says of an organization to one of its devices, by its own clock (PROTOCOL.md, section 5).

    Pages are those of the calendar month (UTC) from `period_start` until `period_end`; `included_pages` is None where
    the tier is not bounded. The terms count from `at` until `until`.
    """

    organization_id: UUID
    device_id: UUID
    tier: Annotated[str, StringConstraints(max_length=40)]
    included_pages: Annotated[int, Field(ge=0)] | None
    used_pages: Annotated[int, Field(ge=0)]
    period_start: datetime
    period_end: datetime
    at: datetime
    until: datetime


class Lease(Message):
    """Terms under the server's signature: over the text as it is, so that a newer server's members count in it."""

    terms: Annotated[str, StringConstraints(max_length=4096)]
    server_key: PublicKey
    signature: Signature

    def is_genuine(self) -> bool:
        """Whether the holder of `server_key` signed the terms; whose key that is, the caller knows."""
        key, signature = bytes.fromhex(self.server_key), bytes.fromhex(self.signature)
        return is_signed(key, _signed_bytes(self.terms), signature)

    def read(self) -> Terms:
        """The terms. Raises pydantic.ValidationError for a text that holds none."""
        return Terms.model_validate_json(self.terms)


def sign_lease(signing_key: bytes, terms: Terms) -> Lease:
    """`terms`, signed with the server's private key."""
    text = terms.model_dump_json()
    signature = sign(signing_key, _signed_bytes(text)).hex()
    return Lease(terms=text, server_key=verifying_key(signing_key).hex(), signature=signature)


def _signed_bytes(terms: str) -> bytes:
    return LEASE_CONTEXT + terms.encode()
