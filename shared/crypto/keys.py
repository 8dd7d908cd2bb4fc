"""Where keys come from: randomness, a passphrase, or another key."""

import secrets
import threading
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.crypto.aead import KEY_BYTES

SALT_BYTES = 16
_ONE_AT_A_TIME = threading.Lock()  # cryptography 50.0.2 stands still where two threads compute Argon2id at once


@dataclass(frozen=True, slots=True)
class PassphraseCost:
    """Argon2id's cost (RFC 9106): passes, memory in KiB, lanes. The default takes about 0.1 s."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


COST_OF_NEW = PassphraseCost()
"""What passphrases and PINs are stretched by that are set from now on; those of before say what theirs took."""


def new_key() -> bytes:
    """32 random bytes from the operating system."""
    return secrets.token_bytes(KEY_BYTES)


def new_salt() -> bytes:
    """16 random bytes (RFC 9106, section 3.1)."""
    return secrets.token_bytes(SALT_BYTES)


def key_from_passphrase(passphrase: str, salt: bytes, cost: PassphraseCost) -> bytes:
    """32 bytes from `passphrase` by Argon2id; the same passphrase, salt and cost give the same key."""
    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    with _ONE_AT_A_TIME:
        return kdf.derive(passphrase.encode())


def derive_key(key: bytes, purpose: str) -> bytes:
    """32 bytes from `key` for one `purpose` alone (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(key)
