"""PINs and passwords at rest: Argon2id (RFC 9106) as a PHC string, which carries its salt and cost."""

from pwdlib.hashers.argon2 import Argon2Hasher

from shared.crypto import keys
from shared.crypto.keys import PassphraseCost

# Not `cryptography`, whose Argon2id of several lanes never ends when two threads of a process compute it at once
# (measured with 50.0.2): a window where two people are quick would stand still.


def hash_password(password: str, cost: PassphraseCost | None = None) -> str:
    """What to keep instead of `password`; takes about 0.1 s, and so does every guess."""
    cost = cost or keys.COST_OF_NEW
    hasher = Argon2Hasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
    return hasher.hash(password)


def is_password(password: str, kept: str) -> bool:
    """Whether `kept` was made of `password`; of what is no hash, nothing was."""
    return Argon2Hasher.identify(kept) and Argon2Hasher().verify(password, kept)
