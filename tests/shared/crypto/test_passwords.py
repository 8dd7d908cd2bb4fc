"""What is kept of a PIN: another implementation of Argon2id understands it, and nothing but the PIN fits it."""

import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from shared.crypto.keys import PassphraseCost
from shared.crypto.passwords import hash_password, is_password

CHEAP = PassphraseCost(passes=1, memory_kib=64, lanes=1)


def test_another_implementation_reads_ours_and_we_read_its() -> None:
    theirs = Argon2id(salt=b"0123456789abcdef", length=32, iterations=1, lanes=1, memory_cost=64)
    kept = theirs.derive_phc_encoded(b"482913")

    Argon2id.verify_phc_encoded(b"482913", hash_password("482913", CHEAP))  # raises where it does not fit
    assert is_password("482913", kept)
    assert not is_password("482914", kept)


def test_two_who_chose_the_same_cannot_be_told_by_it() -> None:
    assert hash_password("482913", CHEAP) != hash_password("482913", CHEAP)


@pytest.mark.usefixtures("full_hashing")
def test_the_cost_is_the_one_of_passphrases_and_travels_with_the_hash() -> None:
    assert hash_password("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_password("x", hash_password("x", CHEAP))


@pytest.mark.parametrize("kept", ["", "482913", "$argon2id$v=19$m=64,t=1,p=1$", "$2b$12$abcdefghijklmnopqrstuv"])
def test_nothing_fits_what_is_no_hash(kept: str) -> None:
    assert not is_password("482913", kept)


SEVERAL_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from shared.crypto.passwords import hash_password, is_password

kept = hash_password("482913")
with ThreadPoolExecutor(4) as threads:
    print(sum(threads.map(lambda pin: is_password(pin, kept), ["482913", "x"] * 6)))
"""


def test_several_who_sign_in_at_once_are_all_answered() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SEVERAL_AT_ONCE], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "6\n"
