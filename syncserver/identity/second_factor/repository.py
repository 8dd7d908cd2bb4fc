"""Rows of second factors."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from syncserver.identity.second_factor.models import RecoveryCode, SecondFactor


def get(session: Session, user_id: UUID) -> SecondFactor | None:
    """The person's second factor, locked until the transaction ends."""
    return session.scalar(select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update())


def on_since(session: Session, user_id: UUID) -> datetime | None:
    """When the person's second factor was confirmed; None without one, or before that."""
    return session.scalar(select(SecondFactor.confirmed_at).where(SecondFactor.user_id == user_id))


def unconfirmed_secret(session: Session, user_id: UUID) -> bytes | None:
    """The sealed secret of a set-up that waits to be confirmed."""
    mine = (SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_(None))
    return session.scalar(select(SecondFactor.sealed_secret).where(*mine))


def unused_codes(session: Session, user_id: UUID) -> int:
    """How many of the person's recovery codes still open."""
    mine = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def add(session: Session, factor: SecondFactor) -> None:
    session.add(factor)
    session.flush()


def replace_codes(session: Session, organization_id: UUID, user_id: UUID, digests: list[str]) -> None:
    """These are the person's recovery codes, and no others."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(digest=digest, organization_id=organization_id, user_id=user_id) for digest in digests)
    session.flush()


def use_code(session: Session, user_id: UUID, digest: str, now: datetime) -> bool:
    """Whether this was one of the person's codes, unused until now."""
    code = RecoveryCode
    statement = update(code).where(code.user_id == user_id, code.digest == digest, code.used_at.is_(None))
    return session.scalar(statement.values(used_at=now).returning(code.digest)) is not None


def remove(session: Session, user_id: UUID) -> bool:
    """The person has no second factor any more; whether there was one."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    statement = delete(SecondFactor).where(SecondFactor.user_id == user_id).returning(SecondFactor.user_id)
    return session.scalar(statement) is not None


def all_of_all(session: Session) -> list[SecondFactor]:
    """Everybody's second factors, locked until the transaction ends."""
    return list(session.scalars(select(SecondFactor).order_by(SecondFactor.user_id).with_for_update()))


def forget_codes(session: Session) -> int:
    """Nobody has recovery codes any more; how many people had."""
    people = set(session.scalars(delete(RecoveryCode).returning(RecoveryCode.user_id)))
    return len(people)
