"""Passwords as NIST SP 800-63B-4 has it: length, a list of common ones, no composition rules; Argon2id at rest."""

import os
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from syncserver.identity.people.errors import PasswordRefused

MIN_CHARACTERS = 8  # SP 800-63B-4 asks 8 where a second factor can be added, as here
MAX_CHARACTERS = 256
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_HASHER = PasswordHash((Argon2Hasher(),))
_AT_ONCE = BoundedSemaphore(max(2, os.cpu_count() or 1))  # a hash takes 64 MiB: forty at once would take 2.5 GB
_NOBODYS = _HASHER.hash("the password of nobody")


def check_password(password: str, personal: tuple[str, ...]) -> None:
    """Raises PasswordRefused unless `password` is long enough, not common and not one of the `personal` words."""
    if len(password) < MIN_CHARACTERS:
        raise PasswordRefused(f"The password is too short: choose at least {MIN_CHARACTERS} characters.")
    if len(password) > MAX_CHARACTERS:
        raise PasswordRefused(f"The password is too long: at most {MAX_CHARACTERS} characters.")
    if password.lower() in _COMMON or len(set(password)) == 1:
        raise PasswordRefused("This password is among the first that anybody tries. Choose another.")
    if password.lower() in {word.lower() for word in personal}:
        raise PasswordRefused("The password is your name, address or organization. Choose another.")


def hash_password(password: str) -> str:
    """The Argon2id hash of `password`, with its salt and cost; takes about 0.1 s."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether `password` is the one hashed; with None it takes as long, and is False."""
    with _AT_ONCE:
        matches = _HASHER.verify(password[: MAX_CHARACTERS + 1], password_hash or _NOBODYS)
    return matches and password_hash is not None
