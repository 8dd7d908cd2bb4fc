"""What the server says under its signature: members as RFC 8785 JSON, behind a context that tells what they state."""

from collections.abc import Mapping

import rfc8785

from shared.crypto.signing import is_signed, sign, verifying_key

Members = Mapping[str, str | int]


def state(signing_key: bytes, context: bytes, members: Members) -> tuple[str, str]:
    """The server's public key and its signature of the members, both hexadecimal."""
    return verifying_key(signing_key).hex(), sign(signing_key, _stated(context, members)).hex()


def is_stated(server_key: str, signature: str, context: bytes, members: Members) -> bool:
    """Whether the holder of `server_key` signed the members; whose key that is, the caller knows."""
    try:
        return is_signed(bytes.fromhex(server_key), _stated(context, members), bytes.fromhex(signature))
    except ValueError:  # no hexadecimal, or no text and number that JSON can hold
        return False


def _stated(context: bytes, members: Members) -> bytes:
    return context + rfc8785.dumps(dict(members))
