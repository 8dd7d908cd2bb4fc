"""Proving who signs in: password, second factor, and how often that may be tried."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from sqlalchemy.orm import Session

from syncserver.events.transaction import Act, Begin
from syncserver.identity.people import service as people
from syncserver.identity.people.passwords import is_password, rehashed
from syncserver.identity.people.service import Account
from syncserver.identity.second_factor import service as second_factor
from syncserver.identity.sessions import service as sessions
from syncserver.identity.sessions.errors import SecondFactorNeeded, SecondFactorRefused, SignInRefused
from syncserver.identity.sessions.schemas import SignedIn
from syncserver.kit.database import Database
from syncserver.kit.edge import Address
from syncserver.kit.secret import ServerKeys
from syncserver.kit.throttle import Allowance, forgive, take

_PROGRAM_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where somebody signs in from, and with what program."""

    address: str
    program: str | None


def _arrival(address: Address, user_agent: Annotated[str | None, Header()] = None) -> Arrival:
    return Arrival(address, user_agent[:_PROGRAM_CHARACTERS] if user_agent else None)


TheArrival = Annotated[Arrival, Depends(_arrival)]


@dataclass(frozen=True, slots=True)
class SignInAllowances:
    """How often a sign-in may be tried: for a person at an address, at an address, for a person anywhere.

    The last one stops guesses from many addresses; it is None where the person has signed in before, so that nobody
    can keep an owner out by failing in her name.
    """

    person_here: Allowance
    address: Allowance
    person: Allowance | None

    def all(self) -> tuple[Allowance, ...]:
        return tuple(filter(None, (self.person_here, self.address, self.person)))


def allowances(email: str, address: str, is_known_here: bool) -> SignInAllowances:
    """The allowances of this sign-in."""
    email = email.strip().lower()
    return SignInAllowances(
        person_here=Allowance(f"sign-in:{email}:{address}", free=5, longest_wait_s=15 * 60),
        address=Allowance(f"sign-in-from:{address}", free=50, longest_wait_s=5 * 60),
        person=None if is_known_here else Allowance(f"sign-in-of:{email}", free=20, longest_wait_s=30),
    )


def counted(database: Database, begin: Begin, email: str, address: str) -> tuple[Account | None, SignInAllowances]:
    """Whose address it is, if anybody's, once the attempt was counted. Raises TooManyRequests."""
    with database.reading() as session:
        account = people.account(session, email)
        is_known_here = bool(account and sessions.is_known_at(session, account, address))
    taken = allowances(email, address, is_known_here)
    with begin() as counting:
        take(counting.session, counting.now, taken.all())
    return account, taken


def forgive_attempts(session: Session, taken: SignInAllowances) -> None:
    """The sign-in went well. The address gets back this attempt alone: its others may have been guesses."""
    forgive(session, tuple(filter(None, (taken.person_here, taken.person))), taken.address)


def proven(begin: Begin, keys: ServerKeys, account: Account | None, password: str, otp: str | None) -> Account:
    """The account, whose password is right, and whose second factor too if it has one.

    Raises SignInRefused, SecondFactorNeeded, SecondFactorRefused; each refusal is recorded.
    """
    account = proven_by_password(begin, account, password)
    check_second_factor(begin, keys, account, otp)
    return account


def proven_by_password(begin: Begin, account: Account | None, password: str) -> Account:
    """The account, whose password is right, and from now on hashed as today's are. Raises SignInRefused, recorded."""
    is_right = is_password(password, account.password_hash if account else None)
    if account is None or not account.is_active or not is_right:
        if account:
            _record_refusal(begin, account)
        raise SignInRefused("The e-mail address or the password is wrong.")
    if upgraded := rehashed(password, account.password_hash):
        with begin() as transaction:
            people.keep_hash(transaction.session, account.organization_id, account.user_id, upgraded)
    return account


def check_second_factor(begin: Begin, keys: ServerKeys, account: Account, otp: str | None) -> None:
    """Raises SecondFactorNeeded, or SecondFactorRefused, which is recorded; not where the person has none."""
    with begin() as checking:
        result = second_factor.check(checking, keys, account.user_id, otp)
    if result is second_factor.Result.MISSING:
        raise SecondFactorNeeded("Enter the code that your app shows, or one of your recovery codes, as `otp`.")
    if result is second_factor.Result.WRONG:
        _record_refusal(begin, account)
        raise SecondFactorRefused("The code is wrong or was used before. Wait for the next one.")


def let_in(begin: Begin, keys: ServerKeys, known: Account, taken: SignInAllowances, came: Arrival) -> SignedIn:
    """A session of somebody who has proved who it is; what it took to prove it is forgiven."""
    with begin() as transaction:
        forgive_attempts(transaction.session, taken)
        return sessions.start(transaction, keys, known, came.address, came.program)


def _record_refusal(begin: Begin, account: Account) -> None:
    with begin() as refusal:
        subject = str(account.user_id)
        refusal.record(Act(account.organization_id, f"user:{subject}", "session.refused", subject))
