import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto.aead import SealBroken, seal, unseal
from shared.crypto.keys import derive_key, new_key


@given(st.binary(max_size=4096), st.binary(max_size=64))
def test_what_is_sealed_opens_again_with_its_key_and_context(plaintext: bytes, context: bytes) -> None:
    key = new_key()

    assert unseal(key, seal(key, plaintext, context), context) == plaintext


@given(st.binary(min_size=1, max_size=64), st.data())
def test_one_changed_bit_anywhere_is_found_out(plaintext: bytes, data: st.DataObject) -> None:
    key = new_key()
    sealed = bytearray(seal(key, plaintext, b"document 1"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(SealBroken):
        unseal(key, bytes(sealed), b"document 1")


def test_a_seal_does_not_open_in_another_context_or_with_another_key() -> None:
    key = new_key()
    sealed = seal(key, b"page 1", b"document 1")

    with pytest.raises(SealBroken):
        unseal(key, sealed, b"document 2")
    with pytest.raises(SealBroken):
        unseal(new_key(), sealed, b"document 1")
    with pytest.raises(SealBroken):
        unseal(key, b"short", b"document 1")


def test_the_same_page_sealed_twice_looks_different() -> None:
    key = new_key()

    assert seal(key, b"page 1", b"") != seal(key, b"page 1", b"")


def test_keys_for_two_purposes_have_nothing_in_common() -> None:
    key = new_key()

    assert derive_key(key, "store") == derive_key(key, "store")
    assert derive_key(key, "store") != derive_key(key, "blobs")
