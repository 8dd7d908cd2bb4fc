"""Writing changes into an organization's feed, and reading them in order.

Numbers of a sequence become visible out of the order of the commits: of changes read behind such a cursor, a third were
missed while 16 writers were at work. Here the number comes from a row that its writer holds until the commit, so that
whoever sees a number sees every one before it, for the price that an organization's writers wait for each other: each
writes its change last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from shared.wire.v1.pull import Op
from syncserver.changes import repository
from syncserver.changes.models import Payload
from syncserver.events.transaction import Act, Transaction

__all__ = [
    "Entity",
    "FeedChange",
    "FeedHead",
    "Payload",
    "after",
    "begin_epoch",
    "head",
    "organizations",
    "put",
    "remove",
]


@dataclass(frozen=True, slots=True)
class Entity:
    """What changed: its kind, as `shared.wire.v1.pull` names it, and its id."""

    organization_id: UUID
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class FeedHead:
    """How far a feed has come, in which life of it."""

    epoch: UUID
    last_seq: int


@dataclass(frozen=True, slots=True)
class FeedChange:
    """A change as it stands in the feed."""

    seq: int
    kind: str
    id: str
    revision: int
    op: str
    payload: Payload | None


def put(session: Session, entity: Entity, payload: Payload | None, now: datetime) -> None:
    """Devices will hear that the entity is now so. The last thing in its transaction, but for the commit."""
    _write(session, entity, Op.PUT, payload, now)


def remove(session: Session, entity: Entity, now: datetime) -> None:
    """Devices will hear that the entity is no more. The last thing in its transaction, but for the commit."""
    _write(session, entity, Op.DELETE, None, now)


def head(session: Session, organization_id: UUID) -> FeedHead | None:
    """How far the organization's feed has come; None before its first change."""
    feed = repository.feed(session, organization_id)
    return FeedHead(feed.epoch, feed.last_seq) if feed else None


def after(session: Session, organization_id: UUID, seq: int, limit: int) -> Sequence[FeedChange]:
    """The first `limit` changes behind `seq`, in order."""
    rows = repository.after(session, organization_id, seq, limit)
    return [FeedChange(row.seq, row.entity, row.entity_id, row.revision, row.op, row.payload) for row in rows]


def organizations(session: Session) -> list[UUID]:
    """The organizations that have a feed."""
    return repository.organizations(session)


def begin_epoch(transaction: Transaction, organization_id: UUID) -> None:
    """The feed begins another life: devices may know more than this database does, which was restored."""
    transaction.record(Act(organization_id, "operator", "feed.restarted", str(organization_id)))
    repository.set_epoch(transaction.session, organization_id, uuid4())


def _write(session: Session, entity: Entity, op: Op, payload: Payload | None, now: datetime) -> None:
    session.flush()  # what changed is written before its number is taken, not while others wait for it
    seq = repository.next_seq(session, entity.organization_id)
    values = {"organization_id": entity.organization_id, "entity": entity.kind, "entity_id": entity.id}
    repository.put(session, values | {"seq": seq, "op": str(op), "payload": payload, "changed_at": now})
