"""AES-256-GCM (NIST SP 800-38D): what is sealed can be read and trusted only with its key and its context."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import ChartdropError

KEY_BYTES = 32
_NONCE_BYTES = 12  # SP 800-38D, section 8.2.2: random 96-bit nonces, far below 2^32 uses of a key


class SealBroken(ChartdropError):
    """The key, the context or the bytes are not those that were sealed."""

    code = "seal_broken"


def seal(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """`plaintext` encrypted under the 32-byte `key` and bound to `context`: nonce, ciphertext, tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """The plaintext of `sealed`. Raises SealBroken when key, context or bytes differ from those sealed."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("The sealed data does not open: it was changed, or the key is another.") from error
