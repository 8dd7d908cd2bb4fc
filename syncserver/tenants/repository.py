"""Rows of organizations."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from syncserver.tenants.models import Organization, Policy


def add(session: Session, organization: Organization) -> None:
    session.add(organization)
    session.flush()


def get(session: Session, organization_id: UUID) -> Organization:
    return session.get_one(Organization, organization_id)


def any_of_all(session: Session) -> Organization | None:
    """Some organization, whichever: for a look at whether the master key fits."""
    return session.scalar(select(Organization).limit(1))


def all_of_all(session: Session) -> list[Organization]:
    """Every organization, locked until the transaction ends."""
    return list(session.scalars(select(Organization).order_by(Organization.id).with_for_update()))


def policy(session: Session, organization_id: UUID) -> Policy | None:
    """The organization's policy; None before it laid anything down."""
    return session.get(Policy, organization_id)


def set_policy(session: Session, policy: Policy) -> None:
    """The policy stands in place of the organization's last one."""
    session.merge(policy)


def all_ids(session: Session) -> list[UUID]:
    return list(session.scalars(select(Organization.id).order_by(Organization.created_at, Organization.id)))
