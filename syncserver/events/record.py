"""The outbox: events that effects follow, written in the transaction of what they tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from syncserver.events.transaction import ANNOUNCED, Detail
from syncserver.kit.columns import Base
from syncserver.kit.database import insert_all


class Event(Base):
    """Something that happened; `details` hold identifiers and counts alone."""

    __tablename__ = "events"
    __table_args__ = (
        Index(
            "ix_events_undelivered",
            "id",
            postgresql_where=text("delivered_at IS NULL"),
            sqlite_where=text("delivered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[str]
    details: Mapped[dict[str, Detail]] = mapped_column(JSON)
    happened_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]


def announce(session: Session, organization_id: UUID, kind: str, details: dict[str, Detail], now: datetime) -> None:
    """The effects of `kind` will see this event, at least once, after the commit."""
    session.info[ANNOUNCED] = True
    session.add(Event(organization_id=organization_id, kind=kind, details=details, happened_at=now))


@dataclass(frozen=True, slots=True)
class Told:
    """What happened, before it is an event: its kind, and its details in identifiers and counts."""

    kind: str
    details: Mapping[str, Detail]


def announce_all(session: Session, organization_id: UUID, told: Sequence[Told], now: datetime) -> None:
    """The same of many, in this order."""
    beside = {"organization_id": organization_id, "happened_at": now}
    insert_all(session, Event, [{**beside, "kind": one.kind, "details": one.details} for one in told])
    if told:
        session.info[ANNOUNCED] = True
