"""Rows of corrections, always of one organization."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from syncserver.corrections.models import CorrectionRow


def add(session: Session, values: dict[str, object]) -> bool:
    """Whether the correction is new: one that is known stays as it is."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    added = insert(CorrectionRow).values(**values).on_conflict_do_nothing(index_elements=["organization_id", "id"])
    return session.execute(added.returning(CorrectionRow.id)).first() is not None


def of_document(session: Session, organization_id: UUID, sha256: str) -> list[CorrectionRow]:
    """Every correction of the document."""
    mine = (CorrectionRow.organization_id == organization_id, CorrectionRow.sha256 == sha256)
    return list(session.scalars(select(CorrectionRow).where(*mine)))


def some(session: Session, organization_id: UUID, ids: Collection[UUID]) -> list[CorrectionRow]:
    """Those of the corrections that there are."""
    mine = (CorrectionRow.organization_id == organization_id, CorrectionRow.id.in_(ids))
    return list(session.scalars(select(CorrectionRow).where(*mine)))
