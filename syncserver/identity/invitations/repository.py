"""Rows of invitations. One that is accepted is found by its token, and names its organization itself."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from syncserver.identity.invitations.models import Invitation
from syncserver.kit.paging import Place, newest_first


def add(session: Session, invitation: Invitation) -> None:
    session.add(invitation)
    session.flush()


def end_others(session: Session, organization_id: UUID, email: str, now: datetime) -> None:
    """No invitation of the organization to this address waits any more."""
    row = Invitation
    statement = update(row).where(row.organization_id == organization_id, row.email == email, row.ended_at.is_(None))
    session.execute(statement.values(ended_at=now))


def waiting(session: Session, organization_id: UUID, invitation_id: UUID) -> Invitation | None:
    """The invitation, unless it has ended."""
    row = Invitation
    return session.scalar(
        select(row).where(row.organization_id == organization_id, row.id == invitation_id, row.ended_at.is_(None))
    )


def by_token(session: Session, digest: str, now: datetime) -> Invitation | None:
    """The invitation that waits under this token, locked until the transaction ends."""
    row = Invitation
    statement = select(row).where(row.digest == digest, row.ended_at.is_(None), row.expires_at > now)
    return session.scalar(statement.with_for_update())


def page(session: Session, organization_id: UUID, now: datetime, after: Place | None, limit: int) -> list[Invitation]:
    """The organization's invitations that wait, the newest first."""
    row = Invitation
    statement = select(row).where(row.organization_id == organization_id, row.ended_at.is_(None), row.expires_at > now)
    return list(session.scalars(newest_first(statement, (row.created_at, row.id), after, limit)))
