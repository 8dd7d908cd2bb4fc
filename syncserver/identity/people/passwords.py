"""Passwords as NIST SP 800-63B-4 has it: length, a list of common ones, no composition rules; Argon2id at rest."""

import os
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from syncserver.identity.people.errors import PasswordRefused

MIN_CHARACTERS = 8  # SP 800-63B-4 asks 8 where a second factor can be added, as here
MAX_CHARACTERS = 256
_BCRYPT_BYTES = 72
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_ARGON2 = Argon2Hasher()
_HASHER = PasswordHash((_ARGON2, BcryptHasher()))  # new ones by the first; bcrypt comes from elsewhere
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
    known = password_hash or _NOBODYS
    with _AT_ONCE:
        matches = _HASHER.verify(_presented(password, known), known)
    return matches and password_hash is not None


def rehashed(password: str, password_hash: str) -> str | None:
    """A hash of today for a right `password` whose hash is of another algorithm or cost; None when it is as good."""
    is_of_today = Argon2Hasher.identify(password_hash) and not _ARGON2.check_needs_rehash(password_hash)
    return None if is_of_today else hash_password(password)


def _presented(password: str, password_hash: str) -> str | bytes:
    # bcrypt knows 72 bytes: what made such a hash cut the rest off, and the library refuses more.
    if password_hash.startswith("$2"):
        return password.encode()[:_BCRYPT_BYTES]
    return password[: MAX_CHARACTERS + 1]
