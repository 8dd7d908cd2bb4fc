"""Rows of applied operations."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from syncserver.ingest.models import AppliedOperation
from syncserver.kit.database import insert_all


def applied(
    session: Session, organization_id: UUID, device_id: UUID, first: int, last: int
) -> dict[int, tuple[str, bool]]:
    """The device's applied operations from `first` to `last`, by sequence: the digest, and whether it was withheld."""
    rows = session.execute(
        select(AppliedOperation.sequence, AppliedOperation.digest, AppliedOperation.withheld).where(
            AppliedOperation.organization_id == organization_id,
            AppliedOperation.device_id == device_id,
            AppliedOperation.sequence.between(first, last),
        )
    )
    return {row.sequence: (row.digest, bool(row.withheld)) for row in rows}


def operation_ids(
    session: Session, organization_id: UUID, device_ids: Collection[UUID], sequences: Collection[int]
) -> set[tuple[int, UUID]]:
    """Which operations of the devices were applied under these sequences."""
    row = AppliedOperation
    theirs = (row.organization_id == organization_id, row.device_id.in_(device_ids), row.sequence.in_(sequences))
    return {
        (found.sequence, found.operation_id)
        for found in session.execute(select(row.sequence, row.operation_id).where(*theirs))
    }


def add_all(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Each of the rows is an applied operation."""
    insert_all(session, AppliedOperation, rows)
