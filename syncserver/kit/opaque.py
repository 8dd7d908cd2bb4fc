"""Opaque tokens: 256 random bits as text; what is stored is their SHA-256, for such a secret needs no slower hash."""

import base64
import hashlib
import secrets

SECRET_BYTES = 32


def new_token(prefix: str) -> str:
    """A fresh token; `prefix` tells people and scanners of leaked secrets what it is."""
    return token_of(prefix, secrets.token_bytes(SECRET_BYTES))


def token_of(prefix: str, secret: bytes) -> str:
    """The token that stands for `secret`."""
    return prefix + base64.urlsafe_b64encode(secret).decode().rstrip("=")


def digest(token: str) -> str:
    """SHA-256 of `token`, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
