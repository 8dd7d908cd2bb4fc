"""Which PINs and passwords are taken, and recovery codes."""

import secrets
import unicodedata

from desktop.errors import PersonRefused
from desktop.vault.people import name_key

SHORTEST_PIN = 6  # NIST SP 800-63B-4, section 3.1.1.1, for PINs that only this device checks, with delays
LONGEST_PIN = 256
_RUN = "01234567890123456789"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that is read as something else
_GROUPS, _GROUP_LENGTH = 5, 5  # 125 bits


def normal(pin: str) -> str:
    """`pin` as it is hashed: the same word typed on another keyboard is the same (RFC 8265, section 4.2)."""
    return unicodedata.normalize("NFC", pin)


def check_pin(pin: str, name: str) -> str:
    """`pin` as it is hashed. Raises PersonRefused for what somebody at the next desk would guess."""
    if not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
        raise PersonRefused(f"A PIN or password has at least {SHORTEST_PIN} characters, and at most {LONGEST_PIN}.")
    if _is_guessed_first(pin) or name_key(pin) == name_key(name):
        raise PersonRefused("This PIN is among the first that anybody tries. Choose another.")
    try:
        normal(pin).encode()
    except UnicodeEncodeError:
        raise PersonRefused("The PIN holds bytes that are no text. Choose another.") from None
    return normal(pin)


def _is_guessed_first(pin: str) -> bool:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    is_run = pin in _RUN or pin in _RUN[::-1]
    return is_run or len(set(pin)) == 1 or pin.lower() in FREQUENCY_LISTS["passwords"]


def new_recovery_code() -> str:
    """Five groups of five, to be written down."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))


def plain_code(typed: str) -> str:
    """A recovery code as it was made, however it was typed: small letters, O for 0, I or L for 1, without dashes."""
    read = typed.upper().translate(str.maketrans("OIL", "011"))
    return "".join(letter for letter in read if letter in _LETTERS)
