"""Rows of API keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from syncserver.identity.api_keys.models import ApiKey
from syncserver.identity.people.models import User
from syncserver.kit.columns import Moment


def add(session: Session, key: ApiKey) -> None:
    session.add(key)
    session.flush()


def get(session: Session, organization_id: UUID, key_id: UUID) -> ApiKey | None:
    return session.scalar(
        select(ApiKey).where(
            ApiKey.organization_id == organization_id, ApiKey.id == key_id, ApiKey.revoked_at.is_(None)
        )
    )


def page(
    session: Session, organization_id: UUID, owner: UUID | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[ApiKey]:
    """Live keys, of one person or of all, the newest first."""
    statement = select(ApiKey).where(ApiKey.organization_id == organization_id, ApiKey.revoked_at.is_(None))
    if owner:
        statement = statement.where(ApiKey.user_id == owner)
    if after:
        statement = statement.where(
            tuple_(ApiKey.created_at, ApiKey.id) < tuple_(*after, types=[Moment(), ApiKey.id.type])
        )
    return list(session.scalars(statement.order_by(ApiKey.created_at.desc(), ApiKey.id.desc()).limit(limit)))


def find(session: Session, digest: str, now: datetime) -> tuple[ApiKey, User] | None:
    """The live key with this digest and the active person it acts for."""
    found = session.execute(
        select(ApiKey, User)
        .join(User, User.id == ApiKey.user_id)
        .where(ApiKey.digest == digest, ApiKey.revoked_at.is_(None), User.is_active)
    ).one_or_none()
    if found is None or (found[0].expires_at and found[0].expires_at <= now):
        return None
    return found[0], found[1]


def count(session: Session, key_id: UUID, calls: int, last_at: datetime) -> None:
    """The key, of whichever organization, was used `calls` times more."""
    session.execute(update(ApiKey).where(ApiKey.id == key_id).values(calls=ApiKey.calls + calls, last_used_at=last_at))
