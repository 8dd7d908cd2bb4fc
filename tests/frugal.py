"""What a suite does some thousand times is done at a lower price, where the price is not what is looked at.

*Hashing*: what people type is stretched for 0.2 s each time. What is kept says what it was stretched by, so the product
checks it as it would any other; the price outside of tests is seen by `tests/shared/crypto/test_passwords.py`,
`tests/desktop/vault/test_keys.py` and `tests/syncserver/test_passwords.py`.

*Reading*: a page costs twice as much with two threads as with one, as those that wait spin. Here it takes one, as tests
run beside each other on all processors.
"""

import os
import re
import shutil

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from desktop.journey.recognition import sharing
from shared.crypto import keys
from shared.crypto.keys import PassphraseCost
from syncserver.identity.people import passwords
from syncserver.processing import readers

_QUICK = PassphraseCost(passes=1, memory_kib=8, lanes=1)
_FULL = keys.COST_OF_NEW  # as it was imported, before anything was patched


def be_frugal(patch: pytest.MonkeyPatch) -> None:
    """In this process all is done at the lower price."""
    _hash_at(_QUICK, patch)
    for sharer in (sharing, readers):
        patch.setattr(sharer, "processors", lambda: 1)


def on_one_processor() -> list[str]:
    """What a command begins with that shall use one processor, whatever it starts: that of this worker of xdist's."""
    if shutil.which("taskset") is None:
        return []
    mine = sorted(os.sched_getaffinity(0))
    number = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
    return ["taskset", "--cpu-list", str(mine[number % len(mine)])]


def hash_at_full_cost(patch: pytest.MonkeyPatch) -> PassphraseCost:
    """In this process hashing costs what the product asks for, which is returned."""
    _hash_at(_FULL, patch)
    return _FULL


def _hash_at(cost: PassphraseCost, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keys, "COST_OF_NEW", cost)
    argon2 = Argon2Hasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
    patch.setattr(passwords, "_ARGON2", argon2)
    patch.setattr(passwords, "_HASHER", PasswordHash((argon2, BcryptHasher())))
    patch.setattr(passwords, "_NOBODYS", argon2.hash("the password of nobody"))
