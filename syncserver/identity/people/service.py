"""Registering, signing in, and sessions that live by refresh tokens."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from shared.ids import new_id
from syncserver.events.transaction import Act, Transaction
from syncserver.identity import tokens
from syncserver.identity.people import repository
from syncserver.identity.people.errors import EmailTaken, RefreshRefused
from syncserver.identity.people.models import RefreshToken, User, UserSession
from syncserver.identity.people.schemas import Person, SignedIn
from syncserver.identity.roles import Role
from syncserver.identity.tokens import TokenKind
from syncserver.kit.secret import ServerKeys
from syncserver.kit.throttle import Allowance, forgive
from syncserver.tenants import service as tenants

_SESSION_LIFETIME = timedelta(days=30)  # since the last refresh
_LOST_ANSWER_GRACE = timedelta(seconds=45)  # a client whose answer was lost repeats, and is no thief
_OPERATORS = "Operators"


@dataclass(frozen=True, slots=True)
class Account:
    """What a sign-in needs to know of somebody."""

    user_id: UUID
    organization_id: UUID
    password_hash: str
    is_active: bool
    is_known_here: bool


@dataclass(frozen=True, slots=True)
class PersonInSession:
    """An active person whose session goes on."""

    user_id: UUID
    organization_id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who registers; the password is hashed already."""

    email: str
    full_name: str
    organization_name: str
    password_hash: str


def register(transaction: Transaction, keys: ServerKeys, newcomer: Newcomer) -> Person:
    """A new organization with its owner. Raises EmailTaken."""
    session = transaction.session
    if repository.by_email(session, newcomer.email):
        raise EmailTaken("An account with this e-mail address exists. Sign in instead.")
    tenant = tenants.found(session, keys, newcomer.organization_name, transaction.now)
    user = _add_user(transaction, newcomer, tenant.id, is_superuser=False)
    transaction.record(Act(tenant.id, f"user:{user.id}", "organization.registered", str(tenant.id)))
    return person(session, tenant.id, user.id)


def make_superuser(transaction: Transaction, keys: ServerKeys, email: str, password_hash: str) -> bool:
    """The person with this address is a superuser with this password; True when the account is new."""
    session = transaction.session
    user = repository.by_email(session, email)
    if is_new := user is None:
        tenant = tenants.found(session, keys, _OPERATORS, transaction.now)
        user = _add_user(transaction, Newcomer(email, email, _OPERATORS, password_hash), tenant.id, is_superuser=True)
    user.is_superuser, user.is_active, user.password_hash = True, True, password_hash
    transaction.record(Act(user.organization_id, "operator", "superuser.created", str(user.id)))
    return is_new


def person(session: Session, organization_id: UUID, user_id: UUID) -> Person:
    """The person, with the organization's name."""
    user = repository.get(session, organization_id, user_id)
    return Person(
        id=user.id,
        email=user.email,
        full_name=user.full_name,
        role=Role(user.role),
        is_superuser=user.is_superuser,
        organization_id=organization_id,
        organization_name=tenants.tenant(session, organization_id).name,
        created_at=user.created_at,
    )


def account(session: Session, email: str, address: str) -> Account | None:
    """The account with this e-mail address, if there is one."""
    user = repository.by_email(session, email.strip().lower())
    if user is None:
        return None
    known = repository.signed_in_from(session, user, address)
    return Account(user.id, user.organization_id, user.password_hash, user.is_active, known)


def person_in_session(session: Session, session_id: UUID) -> PersonInSession | None:
    """Whose session this is; None when it has ended."""
    user = repository.by_session(session, session_id)
    return PersonInSession(user.id, user.organization_id, Role(user.role)) if user else None


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


def sign_in_allowances(email: str, address: str, is_known_here: bool) -> SignInAllowances:
    """The allowances of this sign-in."""
    email = email.strip().lower()
    return SignInAllowances(
        person_here=Allowance(f"sign-in:{email}:{address}", free=5, longest_wait_s=15 * 60),
        address=Allowance(f"sign-in-from:{address}", free=50, longest_wait_s=5 * 60),
        person=None if is_known_here else Allowance(f"sign-in-of:{email}", free=20, longest_wait_s=30),
    )


def forgive_sign_in(session: Session, allowances: SignInAllowances) -> None:
    """The sign-in went well. The address gets back this attempt alone: its others may have been guesses."""
    forgive(session, tuple(filter(None, (allowances.person_here, allowances.person))), allowances.address)


def start_session(transaction: Transaction, keys: ServerKeys, known: Account, address: str) -> SignedIn:
    """A new session of somebody whose password was right."""
    row = UserSession(
        id=new_id(),
        organization_id=known.organization_id,
        user_id=known.user_id,
        address=address,
        created_at=transaction.now,
    )
    repository.add(transaction.session, row)
    transaction.record(Act(known.organization_id, f"user:{known.user_id}", "session.started", str(row.id)))
    return _tokens(transaction, keys, row, secrets.token_bytes(32))


def refresh(transaction: Transaction, keys: ServerKeys, token: str) -> SignedIn | None:
    """New tokens for an old refresh token.

    None when the token was used before: its session is ended, for somebody else may hold the token too; the caller
    commits that. The same token again within 45 s gets the same successor. Raises RefreshRefused.
    """
    found = repository.refresh_token(transaction.session, _digest(token))
    if found is None or found[1].ended_at or found[0].expires_at <= transaction.now:
        raise RefreshRefused("The refresh token is not valid, or is over. Sign in again.")
    link, row = found
    if link.replaced_at and transaction.now - link.replaced_at > _LOST_ANSWER_GRACE:
        _end(transaction, row, "session.ended_by_reuse")
        return None
    successor = hmac.new(keys.refresh, token.encode(), hashlib.sha256).digest()
    if link.replaced_at:
        return _answer(transaction, keys, row, _as_text(successor))
    link.replaced_at = transaction.now
    return _tokens(transaction, keys, row, successor)


def sign_out(transaction: Transaction, token: str) -> None:
    """The session that the refresh token belongs to is ended; an unknown token ends nothing."""
    if found := repository.refresh_token(transaction.session, _digest(token)):
        _end(transaction, found[1], "session.ended")


def _end(transaction: Transaction, row: UserSession, action: str) -> None:
    repository.end_session(transaction.session, row.organization_id, row.id, transaction.now)
    transaction.record(Act(row.organization_id, f"user:{row.user_id}", action, str(row.id)))


def _add_user(transaction: Transaction, newcomer: Newcomer, organization_id: UUID, is_superuser: bool) -> User:
    user = User(
        id=new_id(),
        organization_id=organization_id,
        email=newcomer.email,
        full_name=newcomer.full_name,
        password_hash=newcomer.password_hash,
        role=Role.OWNER,
        is_superuser=is_superuser,
        is_active=True,
        created_at=transaction.now,
    )
    repository.add(transaction.session, user)
    return user


def _tokens(transaction: Transaction, keys: ServerKeys, row: UserSession, refresh_secret: bytes) -> SignedIn:
    token = _as_text(refresh_secret)
    expires_at = transaction.now + _SESSION_LIFETIME
    link = RefreshToken(digest=_digest(token), session_id=row.id, expires_at=expires_at)
    repository.add(transaction.session, link)
    return _answer(transaction, keys, row, token)


def _answer(transaction: Transaction, keys: ServerKeys, row: UserSession, refresh_token: str) -> SignedIn:
    access = tokens.issue(keys, TokenKind.ACCESS, str(row.user_id), transaction.now, session=str(row.id))
    return SignedIn(access_token=access, refresh_token=refresh_token, expires_in=tokens.lifetime_s(TokenKind.ACCESS))


def _as_text(secret: bytes) -> str:
    return "rt_" + base64.urlsafe_b64encode(secret).decode().rstrip("=")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
