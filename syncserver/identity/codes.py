"""Codes for people to type: 50 random bits, kept as a keyed hash.

Crockford's base 32 (no I, L, O, U), so that nobody asks whether a character is a zero.
"""

import hashlib
import hmac
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS = 10
_MISREAD = str.maketrans("OIL", "011", "- ")


def new_code() -> str:
    """A fresh code, as `XXXXX-XXXXX`."""
    characters = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS))
    return f"{characters[:5]}-{characters[5:]}"


def code_digest(key: bytes, code: str) -> str:
    """The HMAC-SHA256 of `code` as it was meant: in any case, with or without dashes, O for 0 and I or L for 1."""
    return hmac.new(key, code.upper().translate(_MISREAD).encode(), hashlib.sha256).hexdigest()
