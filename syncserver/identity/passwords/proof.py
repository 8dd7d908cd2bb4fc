"""Asking for the password again before something that would outlast a session, and how often that may be tried."""

from uuid import UUID

from syncserver.events.transaction import Act, Begin
from syncserver.identity.passwords.errors import PasswordWrong
from syncserver.identity.people import service as people
from syncserver.identity.people.passwords import is_password
from syncserver.identity.people.service import Account
from syncserver.kit.throttle import Allowance, give_back, take


def count(begin: Begin, user_id: UUID) -> None:
    """One more attempt of the person's to prove something. Raises TooManyRequests."""
    with begin() as counting:
        take(counting.session, counting.now, (_allowance(user_id),))


def prove(begin: Begin, user_id: UUID, password: str) -> Account:
    """The person's account, whose password this is. Raises PasswordWrong, TooManyRequests."""
    count(begin, user_id)
    with begin() as looking:
        account = people.account_of(looking.session, user_id)
    if not is_password(password, account.password_hash):
        with begin() as refusal:
            actor, subject = f"user:{user_id}", str(user_id)
            refusal.record(Act(account.organization_id, actor, "password.refused", subject))
        raise PasswordWrong("The password is wrong.")
    with begin() as forgiving:
        give_back(forgiving.session, _allowance(user_id))
    return account


def _allowance(user_id: UUID) -> Allowance:
    return Allowance(f"proof:{user_id}", free=5, longest_wait_s=15 * 60)
