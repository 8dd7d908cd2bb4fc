"""Setting up, checking and taking away a second factor."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from sqlalchemy.orm import Session

from shared.crypto.aead import seal, unseal
from syncserver.events.transaction import Act, Transaction
from syncserver.identity.codes import code_digest, new_code
from syncserver.identity.second_factor import repository, totp
from syncserver.identity.second_factor.errors import CodeRefused, SecondFactorMissing, SecondFactorOn
from syncserver.identity.second_factor.models import SecondFactor
from syncserver.identity.second_factor.schemas import RecoveryCodes, SetUp
from syncserver.kit.secret import ServerKeys

_RECOVERY_CODES = 10


class Result(Enum):
    """What came of a check."""

    PASSED = auto()
    MISSING = auto()
    WRONG = auto()


@dataclass(frozen=True, slots=True)
class FactorState:
    """A second factor that counts: since when, and how many recovery codes were not used yet."""

    on_since: datetime
    codes_left: int


def check(transaction: Transaction, keys: ServerKeys, user_id: UUID, code: str | None) -> Result:
    """Whether `code` opens; passed when the person has no second factor. A code that opened opens no more."""
    factor = repository.get(transaction.session, user_id)
    if factor is None or factor.confirmed_at is None:
        return Result.PASSED
    if not code:
        return Result.MISSING
    if _take(transaction, keys, factor, code.strip()):
        return Result.PASSED
    digest = code_digest(keys.codes, code)
    if repository.use_code(transaction.session, user_id, digest, transaction.now):
        transaction.record(_act(factor, f"user:{user_id}", "second-factor.recovery_code_used"))
        return Result.PASSED
    return Result.WRONG


def state(session: Session, user_id: UUID) -> FactorState | None:
    """The person's second factor; None without one that counts."""
    on_since = repository.on_since(session, user_id)
    return FactorState(on_since, repository.unused_codes(session, user_id)) if on_since else None


def begin(transaction: Transaction, keys: ServerKeys, organization_id: UUID, user_id: UUID, email: str) -> SetUp:
    """A secret for the person's app; it counts once confirmed. Raises SecondFactorOn."""
    factor = repository.get(transaction.session, user_id)
    if factor and factor.confirmed_at:
        raise SecondFactorOn("A second factor is set up. Take it away first to set up another.")
    secret = totp.new_secret()
    sealed = seal(keys.second_factors, secret, _context(user_id))
    if factor:
        factor.sealed_secret = sealed
    else:
        factor = SecondFactor(user_id=user_id, organization_id=organization_id, sealed_secret=sealed, last_step=0)
        repository.add(transaction.session, factor)
    transaction.record(_act(factor, f"user:{user_id}", "second-factor.begun"))
    return SetUp(secret=totp.as_text(secret), uri=totp.uri(secret, email))


def begun(session: Session, keys: ServerKeys, user_id: UUID, email: str, secret: str) -> SetUp | None:
    """The set-up that waits to be confirmed, for who was shown its secret; None unless it is that one."""
    sealed = repository.unconfirmed_secret(session, user_id)
    held = unseal(keys.second_factors, sealed, _context(user_id)) if sealed else None
    if held is None or not hmac.compare_digest(totp.as_text(held).encode(), secret.encode()):
        return None
    return SetUp(secret=totp.as_text(held), uri=totp.uri(held, email))


def confirm(transaction: Transaction, keys: ServerKeys, user_id: UUID, code: str) -> RecoveryCodes:
    """The second factor is on. Raises SecondFactorMissing, SecondFactorOn, CodeRefused."""
    factor = repository.get(transaction.session, user_id)
    if factor is None:
        raise SecondFactorMissing("Begin the set-up first, at /api/v1/me/second-factor.")
    if factor.confirmed_at:
        raise SecondFactorOn("The second factor is on already.")
    if not _take(transaction, keys, factor, code):
        raise CodeRefused("This is not the code that the app should show. Is the clock of both devices right?")
    factor.confirmed_at = transaction.now
    transaction.record(_act(factor, f"user:{user_id}", "second-factor.confirmed"))
    return _new_codes(transaction, keys, factor)


def renew_codes(transaction: Transaction, keys: ServerKeys, user_id: UUID, code: str) -> RecoveryCodes:
    """Ten fresh recovery codes instead of those before. Raises SecondFactorMissing, CodeRefused."""
    factor = _confirmed(transaction, user_id)
    if not _take(transaction, keys, factor, code):
        raise CodeRefused("The code is wrong or was used before. Wait for the next one.")
    transaction.record(_act(factor, f"user:{user_id}", "second-factor.recovery_codes_renewed"))
    return _new_codes(transaction, keys, factor)


def remove(transaction: Transaction, keys: ServerKeys, user_id: UUID, code: str) -> None:
    """The person signs in by password alone. Raises SecondFactorMissing, CodeRefused."""
    factor = _confirmed(transaction, user_id)
    if check(transaction, keys, user_id, code) is not Result.PASSED:
        raise CodeRefused("The code is wrong or was used before. Wait for the next one.")
    repository.remove(transaction.session, user_id)
    transaction.record(_act(factor, f"user:{user_id}", "second-factor.removed"))


def take_away(transaction: Transaction, organization_id: UUID, user_id: UUID, actor: str) -> None:
    """Somebody lost phone and codes: `actor` vouches. Raises SecondFactorMissing."""
    if not repository.remove(transaction.session, user_id):
        raise SecondFactorMissing("This person has no second factor.")
    transaction.record(Act(organization_id, actor, "second-factor.taken_away", str(user_id)))


def rewrap_secrets(session: Session, old: ServerKeys, new: ServerKeys) -> int:
    """Secrets are sealed under the new key, and apps stay as they are; how many people need new recovery codes.

    Only keyed hashes of the codes are kept, and nobody has what they were made of."""
    for factor in repository.all_of_all(session):
        secret = unseal(old.second_factors, factor.sealed_secret, _context(factor.user_id))
        factor.sealed_secret = seal(new.second_factors, secret, _context(factor.user_id))
    return repository.forget_codes(session)


def _confirmed(transaction: Transaction, user_id: UUID) -> SecondFactor:
    factor = repository.get(transaction.session, user_id)
    if factor is None or factor.confirmed_at is None:
        raise SecondFactorMissing("There is no second factor.")
    return factor


def _take(transaction: Transaction, keys: ServerKeys, factor: SecondFactor, code: str) -> bool:
    secret = unseal(keys.second_factors, factor.sealed_secret, _context(factor.user_id))
    step = totp.matching_step(secret, code, transaction.now, factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    return True


def _new_codes(transaction: Transaction, keys: ServerKeys, factor: SecondFactor) -> RecoveryCodes:
    codes = [new_code() for _ in range(_RECOVERY_CODES)]
    digests = [code_digest(keys.codes, code) for code in codes]
    repository.replace_codes(transaction.session, factor.organization_id, factor.user_id, digests)
    return RecoveryCodes(recovery_codes=codes)


def _act(factor: SecondFactor, actor: str, action: str) -> Act:
    return Act(factor.organization_id, actor, action, str(factor.user_id))


def _context(user_id: UUID) -> bytes:
    return f"second-factor:{user_id}".encode()
