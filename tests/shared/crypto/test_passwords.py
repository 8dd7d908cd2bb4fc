"""What is kept of a PIN: another implementation of Argon2id understands it, and nothing but the PIN fits it."""

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from shared.crypto.keys import PassphraseCost
from shared.crypto.passwords import hash_password, is_password

CHEAP = PassphraseCost(passes=1, memory_kib=64, lanes=1)


def test_the_standard_library_of_passwords_reads_ours_and_we_read_its() -> None:
    theirs = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)

    assert theirs.verify("482913", hash_password("482913", CHEAP))
    assert is_password("482913", theirs.hash("482913"))
    assert not is_password("482914", theirs.hash("482913"))


def test_two_who_chose_the_same_cannot_be_told_by_it() -> None:
    assert hash_password("482913", CHEAP) != hash_password("482913", CHEAP)


def test_the_cost_is_the_one_of_passphrases_and_travels_with_the_hash() -> None:
    assert hash_password("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("kept", ["", "482913", "$argon2id$v=19$m=64,t=1,p=1$", "$2b$12$abcdefghijklmnopqrstuv"])
def test_nothing_fits_what_is_no_hash(kept: str) -> None:
    assert not is_password("482913", kept)
