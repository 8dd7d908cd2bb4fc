"""Sealed streams: what comes out is what went in, or nothing does."""

import secrets
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto.aead import SealBroken
from shared.crypto.keys import new_key
from shared.crypto.stream import CHUNK_BYTES, StreamSealer, unseal_stream

KEY, CONTEXT = new_key(), b"original:1"
SEALED_CHUNK = CHUNK_BYTES + 16
HEADER = 36


def sealed_in_pieces(key: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    sealer = StreamSealer(key, CONTEXT)
    yield from map(sealer.update, chunks)
    yield sealer.finish()


def sealed(plaintext: bytes, key: bytes = KEY) -> bytes:
    return b"".join(sealed_in_pieces(key, [plaintext]))


def opened(stream: bytes, context: bytes = CONTEXT, key: bytes = KEY) -> bytes:
    return b"".join(unseal_stream(key, [stream], context))


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_was_sealed_opens(length: int) -> None:
    plaintext = secrets.token_bytes(length)

    assert opened(sealed(plaintext)) == plaintext


@given(st.lists(st.binary(max_size=CHUNK_BYTES), max_size=6), st.integers(1, 100_000))
def test_how_the_bytes_arrive_changes_nothing(pieces: list[bytes], step: int) -> None:
    stream = b"".join(sealed_in_pieces(KEY, pieces))

    def in_steps() -> Iterator[bytes]:
        yield from (stream[place : place + step] for place in range(0, len(stream), step))

    assert b"".join(unseal_stream(KEY, in_steps(), CONTEXT)) == b"".join(pieces)


def test_the_same_bytes_are_never_sealed_alike() -> None:
    assert sealed(b"one page") != sealed(b"one page")


@pytest.mark.parametrize(
    "damage",
    [
        lambda stream: stream[:-1],
        lambda stream: stream[: HEADER + SEALED_CHUNK],  # whole chunks from the end
        lambda stream: stream[: HEADER + 2 * SEALED_CHUNK],
        lambda stream: stream[:HEADER],
        lambda stream: stream[:3],
        lambda _: b"",
        lambda stream: stream + b"\0",
        lambda stream: b"CDS2" + stream[4:],
        lambda stream: stream[:HEADER] + stream[HEADER + SEALED_CHUNK :],
        lambda stream: (  # two chunks swapped
            stream[:HEADER]
            + stream[HEADER + SEALED_CHUNK : HEADER + 2 * SEALED_CHUNK]
            + stream[HEADER : HEADER + SEALED_CHUNK]
            + stream[HEADER + 2 * SEALED_CHUNK :]
        ),
        lambda stream: stream[:100] + bytes([stream[100] ^ 1]) + stream[101:],
        lambda stream: stream[:10] + bytes([stream[10] ^ 1]) + stream[11:],
    ],
)
def test_what_was_changed_does_not_open(damage: Callable[[bytes], bytes]) -> None:
    stream = sealed(secrets.token_bytes(2 * CHUNK_BYTES + 10))

    with pytest.raises(SealBroken):
        opened(damage(stream))


def test_it_opens_with_its_key_and_context_alone() -> None:
    stream = sealed(b"one page")

    with pytest.raises(SealBroken):
        opened(stream, context=b"original:2")
    with pytest.raises(SealBroken):
        opened(stream, key=new_key())
