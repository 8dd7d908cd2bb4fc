"""AES-256-GCM over chunks, for what is too large to hold twice: nothing of it can be cut off, swapped or repeated.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015, section 6), as age and Tink use it: every chunk has
its number and whether it is the last in its nonce. Each stream has a key of its own, so that numbers serve as nonces.
"""

import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.crypto.aead import SealBroken
from shared.crypto.keys import derive_key

CHUNK_BYTES = 64 * 1024  # of plaintext
_SALT_BYTES = 32
_TAG_BYTES = 16
_MARK = b"CDS1"


class StreamSealer:
    """Seals what is given to `update`, bit by bit; `finish` ends the stream. Memory: one chunk."""

    def __init__(self, key: bytes, context: bytes) -> None:
        salt = secrets.token_bytes(_SALT_BYTES)
        self._aead = _cipher(key, salt)
        self._context = context
        self._number = 0
        self._waiting = bytearray()
        self._ready = bytearray(_MARK + salt)

    def update(self, data: bytes) -> bytes:
        """The sealed bytes that are ready by now."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:  # a full chunk waits: it may be the last
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return self._taken()

    def finish(self) -> bytes:
        """The rest. Nothing may follow."""
        self._seal(bytes(self._waiting), last=True)
        return self._taken()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._ready += self._aead.encrypt(_nonce(self._number, last=last), chunk, self._context)
        self._number += 1

    def _taken(self) -> bytes:
        ready, self._ready = bytes(self._ready), bytearray()
        return ready


def unseal_stream(key: bytes, sealed: Iterable[bytes], context: bytes) -> Iterator[bytes]:
    """The plaintext, each chunk verified before it is handed on.

    Raises SealBroken where bytes, key or context differ from those sealed; what was handed on until then was right.
    """
    waiting = bytearray()
    aead: AESGCM | None = None
    number, whole = 0, CHUNK_BYTES + _TAG_BYTES
    for piece in sealed:
        waiting += piece
        if aead is None:
            if len(waiting) < len(_MARK) + _SALT_BYTES:
                continue
            aead = _cipher(key, _take_salt(waiting))
        while len(waiting) > whole:
            yield _opened(aead, _nonce(number, last=False), bytes(waiting[:whole]), context)
            del waiting[:whole]
            number += 1
    if aead is None:
        raise SealBroken("The sealed data does not open: its beginning is missing.")
    yield _opened(aead, _nonce(number, last=True), bytes(waiting), context)


def _take_salt(waiting: bytearray) -> bytes:
    mark, salt = waiting[: len(_MARK)], bytes(waiting[len(_MARK) : len(_MARK) + _SALT_BYTES])
    if mark != _MARK:
        raise SealBroken("The sealed data does not open: it is of no kind that is known.")
    del waiting[: len(_MARK) + _SALT_BYTES]
    return salt


def _opened(aead: AESGCM, nonce: bytes, chunk: bytes, context: bytes) -> bytes:
    try:
        return aead.decrypt(nonce, chunk, context)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("The sealed data does not open: it was changed, or the key is another.") from error


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(derive_key(key, f"chartdrop stream v1 {salt.hex()}"))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
