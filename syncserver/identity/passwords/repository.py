"""Rows of password resets, found by the token."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from syncserver.identity.passwords.models import PasswordReset


def replace(session: Session, row: PasswordReset) -> None:
    """The person's one token is `row`."""
    session.execute(delete(PasswordReset).where(PasswordReset.user_id == row.user_id))
    session.add(row)
    session.flush()


def live(session: Session, digest: str, now: datetime) -> PasswordReset | None:
    """The token, neither over nor used, locked until the transaction ends."""
    row = session.get(PasswordReset, digest, with_for_update=True)
    return row if row and row.used_at is None and row.expires_at > now else None


def forget(session: Session, user_id: UUID) -> None:
    """No token sets the person's password any more."""
    session.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id))
