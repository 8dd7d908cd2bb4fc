"""The algorithms are the published ones: vectors of their own standards pass through our functions."""

from shared.crypto.aead import unseal
from shared.crypto.keys import PassphraseCost, derive_key, key_from_passphrase
from shared.crypto.signing import is_signed, new_signing_key, sign, verifying_key


def test_aes_256_gcm_test_case_16_of_the_gcm_specification() -> None:
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    context = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    ciphertext = bytes.fromhex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    )
    tag = bytes.fromhex("76fc6ece0f4e1768cddf8853bb2d551b")

    assert unseal(key, nonce + ciphertext + tag, context) == bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )


def test_ed25519_test_2_of_rfc_8032() -> None:
    private = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = sign(private, b"\x72")

    assert verifying_key(private) == public
    assert signature.hex().startswith("92a009a9f0d4cab8720e820b5f642540")
    assert is_signed(public, b"\x72", signature)


def test_a_signature_holds_for_its_message_and_key_alone() -> None:
    key, other = new_signing_key(), new_signing_key()
    signature = sign(key, b"entry 1")

    assert not is_signed(verifying_key(key), b"entry 2", signature)
    assert not is_signed(verifying_key(other), b"entry 1", signature)
    assert not is_signed(b"no key", b"entry 1", b"no signature")


def test_our_own_vectors_never_change() -> None:
    """What is stored today must open with tomorrow's program."""
    cheap = PassphraseCost(passes=1, memory_kib=32, lanes=4)

    assert key_from_passphrase("correct horse", b"0123456789abcdef", cheap).hex() == GOLDEN_PASSPHRASE_KEY
    assert derive_key(bytes(range(32)), "chartdrop store").hex() == GOLDEN_DERIVED_KEY


GOLDEN_PASSPHRASE_KEY = "15e85ad2836ba697b4903b83ef8c2132af2c395c9b368baa3b0b4b57cc7809a3"
GOLDEN_DERIVED_KEY = "89621317ef66b9ef41f4f13d81c6f26fec14102e696bd41205e6cfb9c72a4ba8"
