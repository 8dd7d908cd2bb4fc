"""Rows of counted pages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from syncserver.usage.models import PagesRead


def is_counted(session: Session, organization_id: UUID, document_id: UUID, attempt: int) -> bool:
    return session.get(PagesRead, (organization_id, document_id, attempt)) is not None


def add(session: Session, row: PagesRead) -> None:
    session.add(row)


def pages(session: Session, organization_id: UUID, since: datetime, before: datetime) -> int:
    """The pages counted from `since` until just before `before`."""
    total = session.scalar(
        select(func.coalesce(func.sum(PagesRead.pages), 0)).where(
            PagesRead.organization_id == organization_id,
            PagesRead.counted_at >= since,
            PagesRead.counted_at < before,
        )
    )
    return int(total or 0)
