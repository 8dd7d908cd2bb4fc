"""Rows of webhooks. Only the claim and the cleaning look across organizations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from syncserver.kit.database import insert_missing
from syncserver.kit.paging import Place, newest_first
from syncserver.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookSecret

Key = tuple[UUID, UUID]
"""Organization and endpoint."""


def add(session: Session, row: WebhookEndpoint | WebhookDelivery) -> None:
    session.add(row)
    session.flush()


def endpoint(
    session: Session, organization_id: UUID, endpoint_id: UUID, *, lock: bool = False
) -> WebhookEndpoint | None:
    return session.get(
        WebhookEndpoint, (organization_id, endpoint_id), with_for_update=lock or None, populate_existing=lock
    )


def set_up(session: Session, organization_id: UUID, endpoint_id: UUID, *, lock: bool = False) -> WebhookEndpoint | None:
    """The endpoint, unless it stands for a server that jobs named."""
    found = endpoint(session, organization_id, endpoint_id, lock=lock)
    return found if found and found.digest is None else None


def count(session: Session, organization_id: UUID) -> int:
    """How many endpoints the organization set up."""
    return session.scalar(select(func.count()).select_from(WebhookEndpoint).where(_set_up_by(organization_id))) or 0


def page(session: Session, organization_id: UUID, after: Place | None, limit: int) -> list[WebhookEndpoint]:
    """Endpoints that the organization set up, the newest first."""
    row = WebhookEndpoint
    statement = select(row).where(_set_up_by(organization_id))
    return list(session.scalars(newest_first(statement, (row.created_at, row.id), after, limit)))


def interested(session: Session, organization_id: UUID, kind: str) -> list[WebhookEndpoint]:
    """Endpoints that are told of such events, locked, in the order of their ids."""
    statement = select(WebhookEndpoint).where(_set_up_by(organization_id)).order_by(WebhookEndpoint.id)
    found = session.scalars(statement.with_for_update().execution_options(populate_existing=True))
    return [row for row in found if kind in row.events.split()]


def of_server(session: Session, blank: WebhookEndpoint) -> WebhookEndpoint:
    """The queue of the server with the digest of `blank`, locked; made as `blank` is where there was none."""
    mine = and_(WebhookEndpoint.organization_id == blank.organization_id, WebhookEndpoint.digest == blank.digest)
    statement = select(WebhookEndpoint).where(mine).with_for_update().execution_options(populate_existing=True)
    if found := session.scalar(statement):
        return found
    add(session, blank)
    return blank


def remove(session: Session, row: WebhookEndpoint) -> None:
    """It is gone, and all that was to be sent to it."""
    session.delete(row)
    session.flush()


def secrets(session: Session, organization_id: UUID) -> WebhookSecret | None:
    return session.get(WebhookSecret, organization_id)


def locked_secrets(session: Session, blank: WebhookSecret) -> WebhookSecret:
    """The organization's secrets, locked; those of `blank` where there were none."""
    values = {"organization_id": blank.organization_id, "sealed": blank.sealed, "created_at": blank.created_at}
    insert_missing(session, WebhookSecret, **values)
    return session.get_one(WebhookSecret, blank.organization_id, with_for_update=True, populate_existing=True)


def is_made(session: Session, organization_id: UUID, endpoint_id: UUID, event_id: int) -> bool:
    """Whether the endpoint is told of this event already."""
    row = WebhookDelivery
    same = and_(row.organization_id == organization_id, row.endpoint_id == endpoint_id, row.event_id == event_id)
    return session.scalar(select(row.id).where(same)) is not None


def delivery(session: Session, organization_id: UUID, delivery_id: UUID) -> WebhookDelivery | None:
    return session.get(WebhookDelivery, (organization_id, delivery_id), populate_existing=True)


def deliveries(
    session: Session, organization_id: UUID, wanted: Sequence[ColumnElement[bool]], after: Place | None, limit: int
) -> list[tuple[WebhookDelivery, WebhookEndpoint]]:
    """Deliveries with their endpoints, the newest first."""
    row = WebhookDelivery
    statement = select(row, WebhookEndpoint).join(WebhookEndpoint, _of_delivery())
    statement = statement.where(row.organization_id == organization_id, *wanted)
    found = session.execute(newest_first(statement, (row.created_at, row.id), after, limit))
    return [(one, its) for one, its in found]


def waiting(session: Session, organization_id: UUID, endpoint_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How much of each endpoint waits or is being sent."""
    row = WebhookDelivery
    mine = and_(row.organization_id == organization_id, row.endpoint_id.in_(endpoint_ids))
    statement = select(row.endpoint_id, func.count()).where(mine, row.state.in_(("waiting", "sending")))
    return {one[0]: one[1] for one in session.execute(statement.group_by(row.endpoint_id))}


def is_any_due(session: Session, now: datetime, *, failing: bool) -> bool:
    return session.scalar(select(WebhookEndpoint.id).where(_due(now, failing)).limit(1)) is not None


def due(session: Session, now: datetime, limit: int, *, failing: bool) -> list[WebhookEndpoint]:
    """Endpoints of which something is due, locked; those that others look at are passed over."""
    statement = select(WebhookEndpoint).where(_due(now, failing)).order_by(WebhookEndpoint.next_due_at).limit(limit)
    return list(session.scalars(statement.with_for_update(skip_locked=True)))


def under_way(session: Session, key: Key, now: datetime) -> int:
    """How much of the endpoint is being sent at this moment."""
    row = WebhookDelivery
    alive = and_(_of(key), row.state == "sending", row.lease_until >= now)
    return session.scalar(select(func.count()).select_from(row).where(alive)) or 0


def set_back_abandoned(session: Session, key: Key, now: datetime) -> None:
    """What nobody sends any more, because its process died, waits again: at once."""
    row = WebhookDelivery
    dead = and_(_of(key), row.state == "sending", row.lease_until < now)
    session.execute(update(row).where(dead).values(state="waiting", due_at=now, lease_until=None))


def next_waiting(session: Session, key: Key, now: datetime, limit: int) -> list[WebhookDelivery]:
    """What is due, in the order in which it became so."""
    row = WebhookDelivery
    statement = select(row).where(_of(key), row.state == "waiting", row.due_at <= now)
    return list(session.scalars(statement.order_by(row.due_at, row.id).limit(limit)))


def first_due_at(session: Session, key: Key) -> datetime | None:
    """When something of the endpoint that waits is due first."""
    row = WebhookDelivery
    found: datetime | None = session.scalar(select(func.min(row.due_at)).where(_of(key), row.state == "waiting"))
    return found


def first_lease_end(session: Session, key: Key) -> datetime | None:
    """When the first lease of what is being sent ends."""
    row = WebhookDelivery
    found: datetime | None = session.scalar(select(func.min(row.lease_until)).where(_of(key), row.state == "sending"))
    return found


def begin_anew(session: Session, key: Key, now: datetime) -> None:
    """What waits is due now, with all its tries before it."""
    row = WebhookDelivery
    session.execute(update(row).where(_of(key), row.state == "waiting").values(due_at=now, attempt=0))


def remove_old(session: Session, before: datetime, limit: int) -> int:
    """Some deliveries made before are gone, whatever became of them; how many."""
    row = WebhookDelivery
    old = select(row.organization_id, row.id).where(row.created_at < before, row.state != "sending").limit(limit)
    keys = [tuple(one) for one in session.execute(old)]
    session.execute(delete(row).where(tuple_(row.organization_id, row.id).in_(keys)))
    return len(keys)


def _set_up_by(organization_id: UUID) -> ColumnElement[bool]:
    return and_(WebhookEndpoint.organization_id == organization_id, WebhookEndpoint.digest.is_(None))


def _due(now: datetime, failing: bool) -> ColumnElement[bool]:
    is_failing = WebhookEndpoint.failing_since.is_not(None)
    return and_(WebhookEndpoint.next_due_at <= now, is_failing if failing else ~is_failing)


def _of(key: Key) -> ColumnElement[bool]:
    return and_(WebhookDelivery.organization_id == key[0], WebhookDelivery.endpoint_id == key[1])


def _of_delivery() -> ColumnElement[bool]:
    return and_(
        WebhookEndpoint.organization_id == WebhookDelivery.organization_id,
        WebhookEndpoint.id == WebhookDelivery.endpoint_id,
    )
