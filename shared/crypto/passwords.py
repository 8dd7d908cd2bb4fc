"""PINs and passwords at rest: Argon2id (RFC 9106) as a PHC string, which carries its salt and cost."""

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from shared.crypto.aead import KEY_BYTES
from shared.crypto.keys import PassphraseCost, new_salt


def hash_password(password: str, cost: PassphraseCost | None = None) -> str:
    """What to keep instead of `password`; takes about 0.1 s, and so does every guess."""
    cost = cost or PassphraseCost()
    hasher = Argon2id(
        salt=new_salt(), length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return hasher.derive_phc_encoded(password.encode())


def is_password(password: str, kept: str) -> bool:
    """Whether `kept` was made of `password`; of what is no hash, nothing was."""
    try:
        Argon2id.verify_phc_encoded(password.encode(), kept)
    except InvalidKey:
        return False
    return True
