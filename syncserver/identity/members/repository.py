"""Rows of people, of one organization or, for the operator, of all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from syncserver.identity.people.models import User
from syncserver.identity.roles import Role
from syncserver.kit.columns import Moment


def get(session: Session, organization_id: UUID, user_id: UUID) -> User | None:
    """The person, locked until the transaction ends."""
    statement = select(User).where(User.organization_id == organization_id, User.id == user_id)
    return session.scalar(statement.with_for_update())


def get_of_all(session: Session, user_id: UUID) -> User | None:
    """The person of whichever organization, locked until the transaction ends: for the operator."""
    return session.get(User, user_id, with_for_update=True)


def lock_active_owners(session: Session, organization_id: UUID) -> set[UUID]:
    """Who owns the organization and can sign in; two owners who put each other out wait for each other here."""
    statement = select(User.id).where(User.organization_id == organization_id, User.role == Role.OWNER, User.is_active)
    return set(session.scalars(statement.order_by(User.id).with_for_update()))


def page(session: Session, organization_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[User]:
    """The organization's people, who came first first."""
    return _page(session, select(User).where(User.organization_id == organization_id), after, limit)


def page_of_all(session: Session, email: str | None, after: tuple[datetime, UUID] | None, limit: int) -> list[User]:
    """The people of all organizations, or the one with this address: for the operator."""
    statement = select(User).where(User.email == email) if email else select(User)
    return _page(session, statement, after, limit)


def _page(session: Session, statement: Select[User], after: tuple[datetime, UUID] | None, limit: int) -> list[User]:
    if after:
        statement = statement.where(tuple_(User.created_at, User.id) > tuple_(*after, types=[Moment(), User.id.type]))
    return list(session.scalars(statement.order_by(User.created_at, User.id).limit(limit)))
