"""What an API key looks like: `sk_live_` or `sk_test_`, 30 random base62 characters, 6 of their CRC32.

The checksum lets anybody tell a mistyped or made-up key without asking, and lets scanners of leaked secrets be sure.
"""

import secrets
import string
import zlib
from enum import StrEnum

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_CHARACTERS = 30  # 178 bits
_CHECK_CHARACTERS = 6  # 62^6 exceeds 2^32


class Environment(StrEnum):
    """What the key is meant for."""

    LIVE = "live"
    TEST = "test"


_LABELS = {environment: f"sk_{environment}_" for environment in Environment}
_LABEL_CHARACTERS = len("sk_live_")
PREFIX_CHARACTERS = _LABEL_CHARACTERS + 4


def new_api_key(environment: Environment = Environment.LIVE) -> str:
    """A fresh key."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_CHARACTERS))
    return _LABELS[environment] + body + _checksum(body)


def is_well_formed(key: str) -> bool:
    """Whether `key` looks like a key and its checksum fits."""
    body, check = key[_LABEL_CHARACTERS:-_CHECK_CHARACTERS], key[-_CHECK_CHARACTERS:]
    return key.startswith(tuple(_LABELS.values())) and len(body) == _RANDOM_CHARACTERS and check == _checksum(body)


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = ""
    for _ in range(_CHECK_CHARACTERS):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
