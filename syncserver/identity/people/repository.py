"""Rows of people and sessions. What is found by a secret (an address, a token) names its organization itself."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from syncserver.identity.people.models import RefreshToken, User, UserSession


def by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email))


def get(session: Session, organization_id: UUID, user_id: UUID) -> User:
    return session.scalars(select(User).where(User.organization_id == organization_id, User.id == user_id)).one()


def add(session: Session, row: User | UserSession | RefreshToken) -> None:
    session.add(row)
    session.flush()


def by_session(session: Session, session_id: UUID) -> User | None:
    """The active person whose session this is, if it has not ended."""
    return session.scalar(
        select(User)
        .join(UserSession, UserSession.user_id == User.id)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None), User.is_active)
    )


def signed_in_from(session: Session, user: User, address: str) -> bool:
    """Whether the person once signed in from there."""
    statement = select(UserSession.id).where(
        UserSession.organization_id == user.organization_id,
        UserSession.user_id == user.id,
        UserSession.address == address,
    )
    return session.scalar(statement.limit(1)) is not None


def refresh_token(session: Session, digest: str) -> tuple[RefreshToken, UserSession] | None:
    """The token and its session, the token locked until the transaction ends."""
    row = session.execute(
        select(RefreshToken, UserSession)
        .join(UserSession, UserSession.id == RefreshToken.session_id)
        .where(RefreshToken.digest == digest)
        .with_for_update()
    ).one_or_none()
    return (row[0], row[1]) if row else None


def end_session(session: Session, organization_id: UUID, session_id: UUID, now: datetime) -> None:
    session.execute(
        update(UserSession)
        .where(
            UserSession.organization_id == organization_id,
            UserSession.id == session_id,
            UserSession.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
