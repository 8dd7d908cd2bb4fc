"""Rows of API keys."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from syncserver.identity.api_keys.models import ApiKey, KeyCalls
from syncserver.identity.people.models import User
from syncserver.kit.columns import table_of
from syncserver.kit.database import insert_missing
from syncserver.kit.paging import Place, newest_first

_KEYS, _USERS = table_of(ApiKey).c, table_of(User).c
_FOUND = [_KEYS.id, _KEYS.organization_id, _KEYS.user_id, _KEYS.scopes, _KEYS.expires_at]
_LIVE = (
    select(*_FOUND, _USERS.role, _USERS.is_superuser)
    .join(table_of(User), _USERS.id == _KEYS.user_id)
    .where(_KEYS.digest == bindparam("digest"), _KEYS.revoked_at.is_(None), _USERS.is_active)
)


def add(session: Session, key: ApiKey) -> None:
    session.add(key)
    session.flush()


def get(session: Session, organization_id: UUID, key_id: UUID) -> ApiKey | None:
    return session.scalar(
        select(ApiKey).where(
            ApiKey.organization_id == organization_id, ApiKey.id == key_id, ApiKey.revoked_at.is_(None)
        )
    )


def page(session: Session, organization_id: UUID, owner: UUID | None, after: Place | None, limit: int) -> list[ApiKey]:
    """Live keys, of one person or of all, the newest first."""
    statement = select(ApiKey).where(ApiKey.organization_id == organization_id, ApiKey.revoked_at.is_(None))
    if owner:
        statement = statement.where(ApiKey.user_id == owner)
    return list(session.scalars(newest_first(statement, (ApiKey.created_at, ApiKey.id), after, limit)))


def find(connection: Connection, digest: str, now: datetime) -> Row[*tuple[Any, ...]] | None:
    """The live key with this digest, with `role` and `is_superuser` of the active person it acts for."""
    found = connection.execute(_LIVE, {"digest": digest}).one_or_none()
    return None if found is None or (found.expires_at and found.expires_at <= now) else found


def count(session: Session, key_id: UUID, calls: int, last_at: datetime) -> None:
    """The key, of whichever organization, was used `calls` times more."""
    counted = update(ApiKey).where(ApiKey.id == key_id).values(calls=ApiKey.calls + calls, last_used_at=last_at)
    organization_id = session.scalar(counted.returning(ApiKey.organization_id))
    place = {"organization_id": organization_id, "day": last_at.date(), "key_id": key_id}
    insert_missing(session, KeyCalls, **place, calls=0)
    of_day = update(KeyCalls).filter_by(**place)
    session.execute(of_day.values(calls=KeyCalls.calls + calls))


def calls_since(session: Session, organization_id: UUID, day: date) -> int:
    """How often the organization's keys were used from that day (UTC) on."""
    own = (KeyCalls.organization_id == organization_id, KeyCalls.day >= day)
    return int(session.scalar(select(func.coalesce(func.sum(KeyCalls.calls), 0)).where(*own)) or 0)
