"""Ed25519 signatures (RFC 8032): 32-byte keys, 64-byte signatures, all as raw bytes."""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

_KEPT = 4  # keys: whose processes sign with more than their own are tests


def new_signing_key() -> bytes:
    """A fresh private key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def verifying_key(signing_key: bytes) -> bytes:
    """The public key of `signing_key`."""
    return _private(signing_key).public_key().public_bytes_raw()


def sign(signing_key: bytes, message: bytes) -> bytes:
    """The signature of `message`."""
    return _private(signing_key).sign(message)


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of `message` under `public_key`; malformed input is simply not signed."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(_KEPT)
def _private(signing_key: bytes) -> Ed25519PrivateKey:
    """The key, which takes as long to load as to sign with."""
    return Ed25519PrivateKey.from_private_bytes(signing_key)
