"""Answering a pull: what follows the device's cursor, within bounds."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy.orm import Session

from shared.wire.v1.lease import Lease, Terms, sign_lease
from shared.wire.v1.pull import (
    CORRECTION,
    ENTITLEMENT,
    LEASE_DAYS,
    MAX_CHANGES,
    MAX_PULL_BYTES,
    PROTOCOL,
    Change,
    Cursor,
    PullAnswer,
    PullRequest,
)
from syncserver.changes import service as changes
from syncserver.changes.service import FeedChange, FeedHead
from syncserver.corrections import service as corrections
from syncserver.corrections.service import Shelf
from syncserver.feed.errors import ResyncRequired
from syncserver.identity.access import DeviceAccess
from syncserver.kit.secret import ServerKeys
from syncserver.tenants.service import organization_key
from syncserver.usage import service as usage

_LEASE = timedelta(days=LEASE_DAYS)


def pull(session: Session, keys: ServerKeys, access: DeviceAccess, request: PullRequest, now: datetime) -> PullAnswer:
    """The changes behind the request's cursor. Raises ResyncRequired."""
    head = changes.head(session, access.organization_id)
    _check_cursor(head, request.cursor)
    page = _page(session, keys, access.organization_id, head, request.cursor.seq if request.cursor else 0)
    is_leased = request.lease or any(change.entity == ENTITLEMENT for change in page)
    return PullAnswer(
        protocol=min(request.protocol, PROTOCOL),
        cursor=_behind(head, page, request.cursor),
        changes=page,
        more=bool(head and page and page[-1].seq < head.last_seq),
        lease=_lease(session, keys, access, now) if is_leased else None,
    )


def _check_cursor(head: FeedHead | None, cursor: Cursor | None) -> None:
    if cursor and (head is None or cursor.epoch != head.epoch or cursor.seq > head.last_seq):
        raise ResyncRequired("This server was restored from a backup since: forget the cursor, and begin anew.")


def _page(
    session: Session, keys: ServerKeys, organization_id: UUID, head: FeedHead | None, seq: int
) -> Sequence[Change]:
    """With nothing new, the feed's one row was all that was read."""
    if head is None or head.last_seq <= seq:
        return []
    rows = changes.after(session, organization_id, seq, MAX_CHANGES)
    said = _said(session, keys, organization_id, rows)
    found = [_on_the_wire(row, said.get(row.id, row.payload)) for row in rows]
    room, taken = MAX_PULL_BYTES, 0
    for change in found:
        room -= len(json.dumps(change.payload))
        if room < 0 and taken:
            break
        taken += 1
    return found[:taken]


def _said(
    session: Session, keys: ServerKeys, organization_id: UUID, rows: Sequence[FeedChange]
) -> dict[str, Mapping[str, JsonValue]]:
    """What corrections say, by their ids: it is about patients, and sealed in a table of its own."""
    ids = [UUID(row.id) for row in rows if row.kind == CORRECTION]
    if not ids:
        return {}
    shelf = Shelf(organization_id, organization_key(session, keys, organization_id))
    states = corrections.states(session, shelf, ids)
    return {str(one): state.model_dump(mode="json") for one, state in states.items()}


def _behind(head: FeedHead | None, page: Sequence[Change], cursor: Cursor | None) -> Cursor | None:
    return Cursor(epoch=head.epoch, seq=page[-1].seq) if head and page else cursor


def _on_the_wire(change: FeedChange, payload: Mapping[str, JsonValue] | None) -> Change:
    return Change(
        seq=change.seq,
        entity=change.kind,
        entity_id=change.id,
        revision=change.revision,
        op=change.op,
        payload=dict(payload) if payload else None,
    )


def _lease(session: Session, keys: ServerKeys, access: DeviceAccess, now: datetime) -> Lease:
    entitled = usage.entitlement(session, access.organization_id, now)
    terms = Terms(
        organization_id=access.organization_id,
        device_id=access.device_id,
        tier=entitled.tier,
        included_pages=entitled.quota,
        used_pages=entitled.usage.pages,
        period_start=entitled.usage.period_start,
        period_end=entitled.usage.period_end,
        at=now,
        until=now + _LEASE,
    )
    return sign_lease(keys.audit, terms)
