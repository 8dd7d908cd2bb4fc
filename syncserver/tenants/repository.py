"""Rows of organizations."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from syncserver.tenants.models import Organization


def add(session: Session, organization: Organization) -> None:
    session.add(organization)
    session.flush()


def get(session: Session, organization_id: UUID) -> Organization:
    return session.get_one(Organization, organization_id)


def any_of_all(session: Session) -> Organization | None:
    """Some organization, whichever: for a look at whether the master key fits."""
    return session.scalar(select(Organization).limit(1))
