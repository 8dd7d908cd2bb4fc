"""One entry of a secret: counted before it is looked at, and refused while there is still to wait."""

from desktop.errors import SignInDelayed, SignInRefused
from desktop.people.delay import delay_after, remaining
from desktop.people.pins import normal
from desktop.vault import audit_log, people
from desktop.vault.connection import Vault
from desktop.vault.people import VainTries
from shared.clock import Steady
from shared.crypto.passwords import is_password


def check_entry(vault: Vault, steady: Steady, subject: str, kept: str, entry: str) -> None:
    """`entry` is what `kept` was made of. Raises SignInRefused, and SignInDelayed without having looked at it.

    It is counted as wrong before it is looked at: of many at once, and of one whose process is killed, each counts.
    `people.forget_tries` belongs into the caller's own transaction."""
    count = _count(vault, steady, subject)
    if _is_right(entry, kept):
        return
    with vault.act() as connection:
        act = audit_log.Act(audit_log.DEVICE, "person.sign_in_refused", subject, {"wrong_entries": count})
        audit_log.record(connection, vault.chain, act)
    wait = delay_after(count)
    raise SignInRefused(f"That is not right. {_then(wait)}", wait)


def _count(vault: Vault, steady: Steady, subject: str) -> int:
    with vault.act() as connection:
        tries, now = people.vain_tries_of(connection, subject), steady()
        if wait := remaining(tries, now):
            raise SignInDelayed(f"After several wrong entries there is a wait. {_then(wait)}", wait)
        people.note_try(connection, subject, VainTries(tries.count + 1, now))
    return tries.count + 1


def _is_right(entry: str, kept: str) -> bool:
    try:
        return is_password(normal(entry), kept)
    except UnicodeEncodeError:
        return False


def _then(wait: float) -> str:
    return f"Try again in {wait_words(wait)}." if wait else "Try again."


def wait_words(seconds: float) -> str:
    """`seconds`, rounded up, as people say it: "12 s", "3 min"."""
    whole = int(seconds) + (seconds > int(seconds))
    return f"{whole} s" if whole < 100 else f"{(whole + 59) // 60} min"
