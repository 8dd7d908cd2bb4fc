"""Enrolment of a device, and the short-lived tokens it works with afterwards."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.wire.v1.message import Message

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
PublicKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
TOKEN_CONTEXT = b"chartdrop device token v1\n"
"""Stands before the challenge in what a device signs, so that the signature serves nothing else."""


class EnrolmentCode(Message):
    """A code that enrols one device, once, until `expires_at`."""

    code: str
    expires_at: datetime


class EnrolRequest(Message):
    """`POST /api/v1/devices`: a device presents its code and its Ed25519 public key (hexadecimal)."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    device_id: UUID
    name: Name
    public_key: PublicKey
    platform: Annotated[str, StringConstraints(max_length=100)] = ""
    app_version: Annotated[str, StringConstraints(max_length=40)] = ""


class Enrolment(Message):
    """The server took the device in."""

    device_id: UUID
    organization_id: UUID
    organization_name: str
    audit_key: PublicKey | None = None
    """With which this server signs receipts for audit chains; None from a server that gives none."""


class ChallengeRequest(Message):
    """`POST /api/v1/devices/challenge`: the device asks for something to sign."""

    device_id: UUID


class Challenge(Message):
    """Opaque to the device; valid for a minute, by the server's clock alone."""

    challenge: Annotated[str, StringConstraints(max_length=2048)]


class TokenRequest(Message):
    """`POST /api/v1/devices/token`: the Ed25519 signature of `TOKEN_CONTEXT` + challenge (UTF-8), hexadecimal."""

    device_id: UUID
    challenge: Annotated[str, StringConstraints(max_length=2048)]
    signature: Signature


class DeviceToken(Message):
    """A bearer token for the sync routes; `expires_in` is seconds from now."""

    access_token: str
    token_type: str = "bearer"
    expires_in: Annotated[int, Field(gt=0)]
