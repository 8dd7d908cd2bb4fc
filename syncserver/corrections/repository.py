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


def of_documents(session: Session, organization_id: UUID, sha256s: Collection[str]) -> list[CorrectionRow]:
    """Every correction of the documents."""
    mine = (CorrectionRow.organization_id == organization_id, CorrectionRow.sha256.in_(sha256s))
    return list(session.scalars(select(CorrectionRow).where(*mine)))


def said_of(session: Session, organization_id: UUID, sha256s: Collection[str]) -> set[str]:
    """Those of the documents that there are corrections of."""
    mine = (CorrectionRow.organization_id == organization_id, CorrectionRow.sha256.in_(sha256s))
    return set(session.scalars(select(CorrectionRow.sha256).where(*mine).distinct()))


def contents(session: Session, organization_id: UUID, after: str, limit: int) -> list[str]:
    """The documents that there are corrections of, in the order of their hashes, behind `after`."""
    column = CorrectionRow.sha256
    mine = (CorrectionRow.organization_id == organization_id, column > after)
    return list(session.scalars(select(column).where(*mine).distinct().order_by(column).limit(limit)))


def some(session: Session, organization_id: UUID, ids: Collection[UUID]) -> list[CorrectionRow]:
    """Those of the corrections that there are."""
    mine = (CorrectionRow.organization_id == organization_id, CorrectionRow.id.in_(ids))
    return list(session.scalars(select(CorrectionRow).where(*mine)))
