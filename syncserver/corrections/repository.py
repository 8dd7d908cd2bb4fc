"""Rows of corrections, always of one organization."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from syncserver.corrections.models import CorrectionRow
from syncserver.kit.database import insert_new


def add(session: Session, values: dict[str, object]) -> bool:
    """Whether the correction is new: one that is known stays as it is."""
    return insert_new(session, CorrectionRow, **values)


def of_document(session: Session, organization_id: UUID, sha256: str) -> list[CorrectionRow]:
    """Every correction of the document."""
    mine = (CorrectionRow.organization_id == organization_id, CorrectionRow.sha256 == sha256)
    return list(session.scalars(select(CorrectionRow).where(*mine)))


def some(session: Session, organization_id: UUID, ids: Collection[UUID]) -> list[CorrectionRow]:
    """Those of the corrections that there are."""
    mine = (CorrectionRow.organization_id == organization_id, CorrectionRow.id.in_(ids))
    return list(session.scalars(select(CorrectionRow).where(*mine)))
