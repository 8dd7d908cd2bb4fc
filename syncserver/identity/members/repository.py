"""Rows of people, of one organization or, for the operator, of all."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from syncserver.identity.people.models import User
from syncserver.identity.roles import Role
from syncserver.kit.columns import Moment


def get(session: Session, organization_id: UUID, user_id: UUID) -> User | None:
    return session.scalar(select(User).where(User.organization_id == organization_id, User.id == user_id))


def organization_of(session: Session, user_id: UUID) -> UUID | None:
    """Whose the person is, of whichever organization: for the operator."""
    return session.scalar(select(User.organization_id).where(User.id == user_id))


def lock(session: Session, organization_id: UUID, user_id: UUID) -> list[User]:
    """The person, if there, and the organization's owners who can sign in, locked until the transaction ends.

    By one statement in the order of their ids: two owners who put each other out would block each other for good if
    each held the other before it asked for all owners.
    """
    is_owner = and_(User.role == Role.OWNER, User.is_active)
    statement = select(User).where(User.organization_id == organization_id, or_(User.id == user_id, is_owner))
    locked = statement.order_by(User.id).with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(locked))


def page(session: Session, organization_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[User]:
    """The organization's people, who came first first."""
    return _page(session, select(User).where(User.organization_id == organization_id), after, limit)


def addresses(session: Session, organization_id: UUID, roles: Sequence[Role]) -> list[str]:
    """The e-mail addresses of those people of the organization who can sign in and have one of `roles`."""
    mine = and_(User.organization_id == organization_id, User.is_active, User.role.in_(roles))
    return list(session.scalars(select(User.email).where(mine).order_by(User.email)))


def page_of_all(session: Session, email: str | None, after: tuple[datetime, UUID] | None, limit: int) -> list[User]:
    """The people of all organizations, or the one with this address: for the operator."""
    statement = select(User).where(User.email == email) if email else select(User)
    return _page(session, statement, after, limit)


def _page(session: Session, statement: Select[User], after: tuple[datetime, UUID] | None, limit: int) -> list[User]:
    if after:
        statement = statement.where(tuple_(User.created_at, User.id) > tuple_(*after, types=[Moment(), User.id.type]))
    return list(session.scalars(statement.order_by(User.created_at, User.id).limit(limit)))
