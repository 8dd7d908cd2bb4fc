"""What events lead to: a message for each endpoint that is told of such, and for the URL that a job or batch named."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from shared.clock import Clock, to_rfc3339
from shared.ids import new_id
from syncserver.events.record import Event
from syncserver.events.transaction import Detail
from syncserver.kit.logging import log
from syncserver.kit.secret import ServerKeys
from syncserver.processing import batches
from syncserver.processing import service as processing
from syncserver.tenants.service import organization_key
from syncserver.webhooks import deliveries, repository
from syncserver.webhooks.addresses import read_url
from syncserver.webhooks.deliveries import News, SealUrl
from syncserver.webhooks.errors import WebhookUrlRefused
from syncserver.webhooks.models import WebhookEndpoint, WebhookSecret
from syncserver.webhooks.schemas import SealedEndpoint, SealedSecrets
from syncserver.webhooks.sealing import digest, sealed
from syncserver.webhooks.signing import new_secret

_INTERESTED = "interested"
"""In `Session.info`: the endpoints of an organization that are told of a kind of event."""
_PARALLEL = 4  # to one server that jobs name
_STATUS = {"job.completed": "completed", "job.failed": "failed", "batch.completed": "completed"}


@dataclass(frozen=True, slots=True)
class Follow:
    """The effect of every kind of event that webhooks tell of."""

    keys: ServerKeys
    clock: Clock

    def __call__(self, session: Session, event: Event) -> None:
        news, now = _news(event), self.clock()
        for endpoint in _interested(session, event):
            _queue_once(session, endpoint, news, now)
        if url := _named_url(session, self.keys, event):
            try:
                self._queue_for(session, news, event.organization_id, url, now)
            except WebhookUrlRefused:  # taken by an earlier version, which asked less; the relay must go on
                log.warning("webhook_url_refused", event_id=event.id)

    def _queue_for(self, session: Session, news: News, organization_id: UUID, url: str, now: datetime) -> None:
        origin = read_url(url).origin
        key = organization_key(session, self.keys, organization_id)
        if repository.secrets(session, organization_id) is None:
            make_secret(session, key, organization_id, now)
        endpoint = repository.of_server(session, _server(key, organization_id, origin, now))
        _queue_once(session, endpoint, news, now, partial(deliveries.seal_url, key, organization_id, url))


def news_of(
    kind: str, message_id: str, happened_at: datetime, data: dict[str, Detail], event_id: int | None = None
) -> News:
    """The message, as Standard Webhooks lays it out: thin, so that whoever wants more asks for it with a key."""
    body = {"type": kind, "timestamp": to_rfc3339(happened_at), "data": data}
    return News(kind, message_id, json.dumps(body, separators=(",", ":")), event_id)


def make_secret(session: Session, key: bytes, organization_id: UUID, now: datetime) -> WebhookSecret:
    """What jobs' URLs are signed with, locked: made now where there was none."""
    first = SealedSecrets(secrets=[new_secret()])
    content = sealed(key, "secrets", (organization_id, organization_id), first)
    blank = WebhookSecret(organization_id=organization_id, sealed=content, created_at=now)
    return repository.locked_secrets(session, blank)


def _news(event: Event) -> News:
    """Its id comes from the event: the same from whichever process, and another after a restore counted anew."""
    message_id = f"msg_{uuid5(event.organization_id, f'{event.id}:{to_rfc3339(event.happened_at)}').hex}"
    status: dict[str, Detail] = {"status": _STATUS[event.kind]} if event.kind in _STATUS else {}
    return news_of(event.kind, message_id, event.happened_at, event.details | status, event.id)


def _queue_once(
    session: Session, endpoint: WebhookEndpoint, news: News, now: datetime, sealed_url: SealUrl | None = None
) -> None:
    assert news.event_id is not None  # noqa: S101 - it comes from an event
    if not repository.is_made(session, endpoint.organization_id, endpoint.id, news.event_id):
        deliveries.queue(session, endpoint, news, now, sealed_url)


def _interested(session: Session, event: Event) -> list[WebhookEndpoint]:
    """Asked once in a transaction for all events alike: they are locked until it ends."""
    asked: dict[tuple[UUID, str], list[WebhookEndpoint]] = session.info.setdefault(_INTERESTED, {})
    of = (event.organization_id, event.kind)
    if of not in asked:
        asked[of] = repository.interested(session, *of)
    return asked[of]


def _named_url(session: Session, keys: ServerKeys, event: Event) -> str | None:
    if event.kind in ("job.completed", "job.failed"):
        return processing.webhook_url(session, keys, event.organization_id, UUID(str(event.details["job_id"])))
    if event.kind == "batch.completed":
        return batches.webhook_url(session, keys, event.organization_id, UUID(str(event.details["batch_id"])))
    return None


def _server(key: bytes, organization_id: UUID, origin: str, now: datetime) -> WebhookEndpoint:
    endpoint_id = new_id()
    return WebhookEndpoint(
        organization_id=organization_id,
        id=endpoint_id,
        digest=digest(key, origin),
        sealed=sealed(key, "endpoint", (organization_id, endpoint_id), SealedEndpoint(url=origin)),
        events="",
        parallel=_PARALLEL,
        created_at=now,
        updated_at=now,
    )
