"""Rows of feeds and changes."""

from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from syncserver.changes.models import Change, Feed
from syncserver.kit.database import insert_into


def next_seq(session: Session, organization_id: UUID) -> int:
    """The number of the feed's next change; nobody else gets one before this transaction ends."""
    insert = insert_into(session, Feed).values(organization_id=organization_id, epoch=uuid4(), last_seq=1)
    counted = insert.on_conflict_do_update(index_elements=["organization_id"], set_={"last_seq": Feed.last_seq + 1})
    return session.execute(counted.returning(Feed.last_seq)).scalar_one()


def put(session: Session, values: dict[str, object]) -> None:
    """The change stands in place of the entity's last one."""
    insert = insert_into(session, Change).values(revision=1, **values)
    newer = {name: insert.excluded[name] for name in ("seq", "op", "payload", "changed_at")}
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["organization_id", "entity", "entity_id"],
            set_=newer | {"revision": Change.revision + 1},
        )
    )


def feed(session: Session, organization_id: UUID) -> Feed | None:
    """The organization's feed as it is now; None before its first change."""
    return session.scalar(select(Feed).where(Feed.organization_id == organization_id))


def after(session: Session, organization_id: UUID, seq: int, limit: int) -> list[Change]:
    """What follows `seq`, in order."""
    mine = select(Change).where(Change.organization_id == organization_id, Change.seq > seq)
    return list(session.scalars(mine.order_by(Change.seq).limit(limit)))


def organizations(session: Session) -> list[UUID]:
    """Whoever has a feed."""
    return list(session.scalars(select(Feed.organization_id).order_by(Feed.organization_id)))


def set_epoch(session: Session, organization_id: UUID, epoch: UUID) -> None:
    session.execute(update(Feed).where(Feed.organization_id == organization_id).values(epoch=epoch))
