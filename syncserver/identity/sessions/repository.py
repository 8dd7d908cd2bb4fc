"""Rows of sessions. What is found by a secret (a token) names its organization itself."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Uuid, bindparam, select, update
from sqlalchemy.orm import Session

from syncserver.identity.people.models import User
from syncserver.identity.sessions.models import RefreshToken, UserSession
from syncserver.kit.columns import table_of
from syncserver.kit.paging import Place, newest_first

_USERS, _SESSIONS = table_of(User).c, table_of(UserSession).c
_PERSON = (
    select(_USERS.id, _USERS.organization_id, _USERS.role, _USERS.is_superuser)
    .join(table_of(UserSession), _SESSIONS.user_id == _USERS.id)
    .where(_SESSIONS.id == bindparam("session", type_=Uuid()), _SESSIONS.ended_at.is_(None), _USERS.is_active)
)


def add(session: Session, row: UserSession | RefreshToken) -> None:
    session.add(row)
    session.flush()


def person(connection: Connection, session_id: UUID) -> tuple[UUID, UUID, str, bool] | None:
    """Id, organization, role and whether superuser of the active person whose session this is, if it has not ended."""
    row = connection.execute(_PERSON, {"session": session_id}).one_or_none()
    return (row[0], row[1], row[2], row[3]) if row else None


def started_from(session: Session, organization_id: UUID, user_id: UUID, address: str) -> bool:
    """Whether the person once signed in from there."""
    statement = select(UserSession.id).where(
        UserSession.organization_id == organization_id,
        UserSession.user_id == user_id,
        UserSession.address == address,
    )
    return session.scalar(statement.limit(1)) is not None


def refresh_token(session: Session, digest: str) -> tuple[RefreshToken, UserSession] | None:
    """The token and its session, both locked until the transaction ends."""
    row = session.execute(
        select(RefreshToken, UserSession)
        .join(UserSession, UserSession.id == RefreshToken.session_id)
        .where(RefreshToken.digest == digest)
        .with_for_update()
    ).one_or_none()
    return (row[0], row[1]) if row else None


def page(session: Session, organization_id: UUID, user_id: UUID, after: Place | None, limit: int) -> list[UserSession]:
    """The person's sessions that have not ended, the newest first."""
    row = UserSession
    statement = select(row).where(
        row.organization_id == organization_id, row.user_id == user_id, row.ended_at.is_(None)
    )
    return list(session.scalars(newest_first(statement, (row.created_at, row.id), after, limit)))


def end(
    session: Session, person: tuple[UUID, UUID], now: datetime, only: UUID | None = None, but: UUID | None = None
) -> list[UUID]:
    """Which sessions of `person` (organization, user) ended by this: `only` that one, or all `but` that one."""
    row = UserSession
    statement = update(row).where(row.organization_id == person[0], row.user_id == person[1], row.ended_at.is_(None))
    if only:
        statement = statement.where(row.id == only)
    if but:
        statement = statement.where(row.id != but)
    return list(session.scalars(statement.values(ended_at=now).returning(row.id)))
