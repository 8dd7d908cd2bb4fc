"""Setting a password, at the edge: every attempt is counted and kept, whatever becomes of what follows it."""

from uuid import UUID

from syncserver.events.transaction import Begin
from syncserver.identity.passwords import proof, service
from syncserver.identity.passwords.schemas import PasswordChange, PasswordResetRequest
from syncserver.identity.people.passwords import check_password, hash_password
from syncserver.kit.tenancy import only
from syncserver.kit.throttle import Allowance, take


def change(begin: Begin, user_id: UUID, wanted: PasswordChange, this_session: UUID | None) -> None:
    """The person has the new password; every session but this one is ended.

    Raises PasswordWrong, PasswordRefused, TooManyRequests."""
    account = proof.prove(begin, user_id, wanted.current_password.get_secret_value())
    password = wanted.new_password.get_secret_value()
    check_password(password, account.personal_words())
    hashed = hash_password(password)  # 0.1 s, before the transaction holds a lock
    with begin(only(account.organization_id)) as transaction:
        service.change(transaction, account, hashed, this_session)


def reset(begin: Begin, wanted: PasswordResetRequest, address: str) -> None:
    """The token's person has the new password, and every session is ended.

    Raises ResetRefused, PasswordRefused, TooManyRequests."""
    with begin() as counting:
        take(counting.session, counting.now, (Allowance(f"reset:{address}", free=20, longest_wait_s=60),))
    with begin() as looking:
        account = service.resettable(looking, wanted.token)
    password = wanted.new_password.get_secret_value()
    check_password(password, account.personal_words())
    hashed = hash_password(password)
    with begin() as transaction:
        service.reset(transaction, wanted.token, hashed)
