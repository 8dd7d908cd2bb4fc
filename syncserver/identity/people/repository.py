"""Rows of people. Who is found by an address or a session names the organization itself."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from syncserver.identity.people.models import User


def by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email))


def by_id(session: Session, user_id: UUID) -> User:
    """Of whichever organization: for somebody who proves to be that person."""
    return session.get_one(User, user_id)


def get(session: Session, organization_id: UUID, user_id: UUID) -> User:
    return session.scalars(select(User).where(User.organization_id == organization_id, User.id == user_id)).one()


def add(session: Session, user: User) -> None:
    session.add(user)
    session.flush()
