"""Signatures after Standard Webhooks (https://www.standardwebhooks.com, version 1): HMAC-SHA256, `v1`.

The published library's own `sign` is not used here: it takes a moment that has no zone, or another than UTC, for UTC.
The tests verify with it.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel

_PREFIX = "whsec_"
_SECRET_BYTES = 32  # the specification: 24 to 64


class Secret(BaseModel):
    """A shared secret; one that was replaced signs beside its successor until `ends_at`."""

    text: str
    ends_at: datetime | None = None


def new_secret() -> Secret:
    """A fresh secret, written as integrators are shown it."""
    return Secret(text=_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode())


def replaced(held: Iterable[Secret], new: Secret, until: datetime, now: datetime) -> list[Secret]:
    """`new`, and the one before it until `until`; no more than these two sign."""
    before = [secret.model_copy(update={"ends_at": until}) for secret in held if secret.ends_at is None]
    return [new, *(secret for secret in before if until > now)]


def signed_headers(message_id: str, body: str, held: Sequence[Secret], now: datetime) -> dict[str, str]:
    """What a message bears: its id, when it was sent, and a signature by every secret that has not ended."""
    seconds = int(now.timestamp())
    signed = f"{message_id}.{seconds}.{body}".encode()
    live = [secret for secret in held if secret.ends_at is None or secret.ends_at > now]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in live),
    }


def _signature(secret: Secret, signed: bytes) -> str:
    key = base64.b64decode(secret.text.removeprefix(_PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
