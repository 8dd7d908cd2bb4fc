"""Rows of devices and codes. A device that proves itself, and a code, are found by what they present."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, select
from sqlalchemy.orm import Session

from syncserver.identity.devices.models import Device, EnrolmentCodeRow
from syncserver.kit.columns import table_of
from syncserver.kit.paging import Place, newest_first


def add(session: Session, row: Device | EnrolmentCodeRow) -> None:
    session.add(row)
    session.flush()


def code(session: Session, digest: str) -> EnrolmentCodeRow | None:
    """The code, locked until the transaction ends."""
    return session.get(EnrolmentCodeRow, digest, with_for_update=True)


def forget_codes(session: Session, organization_id: UUID, before: datetime) -> None:
    """The organization's codes that were over before then are gone."""
    session.execute(
        delete(EnrolmentCodeRow).where(
            EnrolmentCodeRow.organization_id == organization_id, EnrolmentCodeRow.expires_at < before
        )
    )


def by_id(session: Session, device_id: UUID) -> Device | None:
    """Of whichever organization: for a device that has yet to prove itself."""
    return session.get(Device, device_id)


def known(connection: Connection, device_id: UUID) -> Row[Any] | None:
    """The same, for one that has proved itself."""
    row = table_of(Device)
    return connection.execute(select(row).where(row.c.id == device_id)).one_or_none()


def get(session: Session, organization_id: UUID, device_id: UUID, lock: bool = False) -> Device | None:
    statement = select(Device).where(Device.organization_id == organization_id, Device.id == device_id)
    return session.scalar(statement.with_for_update() if lock else statement)


def away(session: Session, organization_id: UUID, before: datetime, limit: int) -> list[Device]:
    """Live devices whose last contact, or else enrolment, was before then, the longest ago first."""
    heard_at = func.coalesce(Device.last_seen_at, Device.enrolled_at)
    ours = (Device.organization_id == organization_id, Device.revoked_at.is_(None), heard_at < before)
    return list(session.scalars(select(Device).where(*ours).order_by(heard_at, Device.id).limit(limit)))


def page(session: Session, organization_id: UUID, after: Place | None, limit: int) -> list[Device]:
    """The organization's devices, the last enrolled first."""
    statement = select(Device).where(Device.organization_id == organization_id)
    return list(session.scalars(newest_first(statement, (Device.enrolled_at, Device.id), after, limit)))
