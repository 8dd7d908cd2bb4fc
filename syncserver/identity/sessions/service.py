"""Starting, refreshing, listing and ending sessions."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shared.ids import new_id
from syncserver.events.transaction import Act, Transaction
from syncserver.identity import tokens
from syncserver.identity.people.service import Account
from syncserver.identity.roles import Role
from syncserver.identity.sessions import repository
from syncserver.identity.sessions.errors import RefreshRefused
from syncserver.identity.sessions.models import RefreshToken, UserSession
from syncserver.identity.sessions.schemas import SessionView, SignedIn
from syncserver.identity.tokens import TokenKind
from syncserver.kit.errors import NotFound
from syncserver.kit.opaque import SECRET_BYTES, digest, token_of
from syncserver.kit.paging import PageOf, page_of, place_of
from syncserver.kit.secret import ServerKeys

_LIFETIME = timedelta(days=30)  # since the last refresh
_LOST_ANSWER_GRACE = timedelta(seconds=45)  # a client whose answer was lost repeats, and is no thief
_PREFIX = "rt_"


@dataclass(frozen=True, slots=True)
class PersonInSession:
    """An active person whose session goes on."""

    session_id: UUID
    user_id: UUID
    organization_id: UUID
    role: Role
    is_superuser: bool


def person_in_session(connection: Connection, session_id: UUID) -> PersonInSession | None:
    """Whose session this is; None when it has ended."""
    found = repository.person(connection, session_id)
    if found is None:
        return None
    user_id, organization_id, role, is_superuser = found
    return PersonInSession(session_id, user_id, organization_id, Role(role), is_superuser)


def is_known_at(session: Session, account: Account, address: str) -> bool:
    """Whether the person signed in from `address` before."""
    return repository.started_from(session, account.organization_id, account.user_id, address)


def start(transaction: Transaction, keys: ServerKeys, known: Account, address: str, program: str | None) -> SignedIn:
    """A new session of somebody who has proved who it is."""
    row = UserSession(
        id=new_id(),
        organization_id=known.organization_id,
        user_id=known.user_id,
        address=address,
        program=program,
        created_at=transaction.now,
    )
    repository.add(transaction.session, row)
    transaction.record(Act(known.organization_id, f"user:{known.user_id}", "session.started", str(row.id)))
    return _tokens(transaction, keys, row, secrets.token_bytes(SECRET_BYTES))


def refresh(transaction: Transaction, keys: ServerKeys, token: str) -> SignedIn | None:
    """New tokens for an old refresh token.

    None when the token was used before: its session is ended, for somebody else may hold the token too; the caller
    commits that. The same token again within 45 s gets the same successor. Raises RefreshRefused.
    """
    found = repository.refresh_token(transaction.session, digest(token))
    if found is None or found[1].ended_at or found[0].expires_at <= transaction.now:
        raise RefreshRefused("The refresh token is not valid, or is over. Sign in again.")
    link, row = found
    if link.replaced_at and transaction.now - link.replaced_at > _LOST_ANSWER_GRACE:
        _end(transaction, (row.organization_id, row.user_id), "session.ended_by_reuse", only=row.id)
        return None
    row.seen_at = transaction.now
    successor = hmac.new(keys.refresh, token.encode(), hashlib.sha256).digest()
    if link.replaced_at:
        return _answer(transaction, keys, row, token_of(_PREFIX, successor))
    link.replaced_at = transaction.now
    return _tokens(transaction, keys, row, successor)


def end_if_idle(transaction: Transaction, token: str, longest: timedelta) -> bool:
    """Whether the session of the refresh token was not refreshed for longer than that: then it is ended."""
    found = repository.refresh_token(transaction.session, digest(token))
    if found is None or transaction.now - (found[1].seen_at or found[1].created_at) <= longest:
        return False
    row = found[1]
    return _end(transaction, (row.organization_id, row.user_id), "session.ended_by_idleness", only=row.id)


def sign_out(transaction: Transaction, token: str) -> None:
    """The session that the refresh token belongs to is ended; an unknown token ends nothing."""
    if found := repository.refresh_token(transaction.session, digest(token)):
        row = found[1]
        _end(transaction, (row.organization_id, row.user_id), "session.ended", only=row.id)


def page(
    session: Session, person: tuple[UUID, UUID], this: UUID | None, cursor: str | None, limit: int
) -> PageOf[SessionView]:
    """The sessions that go on of `person` (organization, user), the newest first."""
    rows = repository.page(session, *person, place_of(cursor), limit + 1)
    return page_of(rows, limit, lambda row: _view(row, this), lambda row: (row.created_at, row.id))


def end_one(transaction: Transaction, organization_id: UUID, user_id: UUID, session_id: UUID) -> None:
    """That session of the person's is ended: its access tokens open nothing any more. Raises NotFound."""
    if not _end(transaction, (organization_id, user_id), "session.ended", only=session_id):
        raise NotFound("You have no session with this id, or it has ended.")


def end_all(transaction: Transaction, organization_id: UUID, user_id: UUID, but: UUID | None = None) -> None:
    """Every session of the person's is ended, `but` that one."""
    _end(transaction, (organization_id, user_id), "session.ended", but=but)


def _end(
    transaction: Transaction,
    person: tuple[UUID, UUID],
    action: str,
    only: UUID | None = None,
    but: UUID | None = None,
) -> bool:
    ended = repository.end(transaction.session, person, transaction.now, only, but)
    for session_id in ended:
        transaction.record(Act(person[0], f"user:{person[1]}", action, str(session_id)))
    return bool(ended)


def _tokens(transaction: Transaction, keys: ServerKeys, row: UserSession, refresh_secret: bytes) -> SignedIn:
    token = token_of(_PREFIX, refresh_secret)
    link = RefreshToken(digest=digest(token), session_id=row.id, expires_at=transaction.now + _LIFETIME)
    repository.add(transaction.session, link)
    return _answer(transaction, keys, row, token)


def _answer(transaction: Transaction, keys: ServerKeys, row: UserSession, refresh_token: str) -> SignedIn:
    access = tokens.issue(keys, TokenKind.ACCESS, str(row.user_id), transaction.now, session=str(row.id))
    return SignedIn(access_token=access, refresh_token=refresh_token, expires_in=tokens.lifetime_s(TokenKind.ACCESS))


def _view(row: UserSession, this: UUID | None) -> SessionView:
    return SessionView(
        id=row.id,
        address=row.address,
        program=row.program,
        created_at=row.created_at,
        seen_at=row.seen_at,
        is_this=row.id == this,
    )
