"""Enrolment of a device, and the short-lived tokens it works with afterwards."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.wire.v1.message import Message
from shared.wire.v1.statements import Admission
from shared.wire.v1.succession import Ancestors
from shared.wire.v1.values import Nonce, PublicKey, Signature

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
TOKEN_CONTEXT = b"chartdrop device token v1\n"
"""Stands before the challenge in what a device signs, so that the signature serves nothing else."""


class EnrolmentCode(Message):
    """A code that enrols one device, once, until `expires_at`."""

    code: str
    expires_at: datetime


class EnrolRequest(Message):
    """`POST /api/v1/devices`: a device presents its code and its Ed25519 public key (hexadecimal).

    With a `nonce`, the answer holds an admission that was made for it. `ancestors` are the identities before."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    device_id: UUID
    name: Name
    public_key: PublicKey
    platform: Annotated[str, StringConstraints(max_length=100)] = ""
    app_version: Annotated[str, StringConstraints(max_length=40)] = ""
    nonce: Nonce | None = None
    ancestors: Ancestors | None = None


class Enrolment(Message):
    """The server took the device in."""

    device_id: UUID
    organization_id: UUID
    organization_name: str
    audit_key: PublicKey | None = None
    """With which this server signs receipts for audit chains; None from a server that gives none."""
    admission: Admission | None = None
    """None where the request had no nonce."""


class ChallengeRequest(Message):
    """`POST /api/v1/devices/challenge`: the device asks for something to sign."""

    device_id: UUID


class Challenge(Message):
    """Opaque to the device; valid for a minute, by the server's clock alone."""

    challenge: Annotated[str, StringConstraints(max_length=2048)]


class TokenRequest(Message):
    """`POST /api/v1/devices/token`: the Ed25519 signature of `TOKEN_CONTEXT` + challenge (UTF-8), hexadecimal.

    With a `nonce`, a refusal of a revoked device holds a revocation that was made for it. `last_sequence` is that of
    the device's outbox: what of it the server does not hold yet, waits there."""

    device_id: UUID
    challenge: Annotated[str, StringConstraints(max_length=2048)]
    signature: Signature
    nonce: Nonce | None = None
    last_sequence: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = None


class DeviceToken(Message):
    """A bearer token for the sync routes; `expires_in` is seconds from now."""

    access_token: str
    token_type: str = "bearer"
    expires_in: Annotated[int, Field(gt=0)]
