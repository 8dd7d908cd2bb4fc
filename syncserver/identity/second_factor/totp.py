"""Codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s, which is all that every app can do)."""

import base64
import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_SECRET_BYTES = 20  # RFC 4226, section 4, R6 recommends 160 bits
_DIGITS = 6
_STEP_S = 30
_DRIFT_STEPS = 1  # a phone's clock may be half a minute off (RFC 6238, section 5.2)
_ISSUER = "Chartdrop"


def new_secret() -> bytes:
    """A fresh secret."""
    return secrets.token_bytes(_SECRET_BYTES)


def as_text(secret: bytes) -> str:
    """The secret as apps take it by hand: base 32."""
    return base64.b32encode(secret).decode()


def uri(secret: bytes, account: str) -> str:
    """The `otpauth:` URI that a QR code shows to an app."""
    return _totp(secret).get_provisioning_uri(account, _ISSUER)


def matching_step(secret: bytes, code: str, now: datetime, after: int) -> int | None:
    """The 30 s since 1970 that `code` is for, near `now` and later than `after`; None when it is for none of them."""
    current = int(now.timestamp()) // _STEP_S
    steps = range(max(current - _DRIFT_STEPS, after + 1), current + _DRIFT_STEPS + 1)
    expected = [(step, _totp(secret).generate(step * _STEP_S)) for step in steps]
    return next((step for step, text in expected if hmac.compare_digest(text, code.encode())), None)


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _DIGITS, SHA1(), _STEP_S)  # noqa: S303 - as HMAC, SHA-1 is sound (RFC 6238, section 1.2)
