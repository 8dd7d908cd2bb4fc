"""What people ask of webhooks: endpoints, their secrets, what was sent and what is to be sent again.

An act is recorded before the endpoint is locked (`deliveries.give_up` says why); refused, it leaves no entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from shared.ids import new_id
from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.kit.errors import NotFound
from syncserver.kit.paging import PageOf, page_of, place_of
from syncserver.kit.secret import ServerKeys
from syncserver.tenants.service import organization_key
from syncserver.webhooks import deliveries, repository
from syncserver.webhooks.deliveries import url_of
from syncserver.webhooks.effects import make_secret, news_of
from syncserver.webhooks.errors import DeliveryUnderWay, TooManyWebhooks, WebhookDisabled
from syncserver.webhooks.models import WebhookDelivery, WebhookEndpoint
from syncserver.webhooks.schemas import (
    TEST,
    DeliveryFault,
    DeliveryView,
    EndpointChange,
    EndpointCreated,
    EndpointForm,
    EndpointView,
    Rotation,
    SealedEndpoint,
    SealedSecrets,
    SecretRotated,
    SecretState,
    State,
)
from syncserver.webhooks.sealing import opened, sealed
from syncserver.webhooks.sending import Fault
from syncserver.webhooks.signing import Secret, new_secret, replaced

MOST = 50  # of an organization: each event is written down for each
_NO_ENDPOINT = "There is no webhook endpoint with this id."
_SENTENCES: dict[Fault, str] = {
    "url_refused": "The name leads to an address that is not public. Change the URL, or have the operator allow it.",
    "name_unresolved": "The name has no address. Check the URL's host and its DNS records.",
    "connection_failed": "Nobody answers at this address and port, or the connection broke off.",
    "timed_out": "There was no answer within 15 seconds. Answer first, then work on what came.",
    "tls_failed": "The certificate does not fit the name, is over, or comes from an authority that is not trusted.",
    "not_http": "What was answered is no HTTP.",
    "status": "The answer was no 2xx. Redirects are not followed: name the final URL.",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, for which organization, under which key its rows are sealed."""

    organization_id: UUID
    actor: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Sought:
    """Which deliveries: those of one endpoint, those that stand so; without either, all."""

    endpoint_id: UUID | None
    state: State | None


def caller(session: Session, keys: ServerKeys, organization_id: UUID, actor: str) -> Caller:
    """Who asks, with the organization's key."""
    return Caller(organization_id, actor, organization_key(session, keys, organization_id))


def create(transaction: Transaction, who: Caller, form: EndpointForm) -> EndpointCreated:
    """A new endpoint, with a secret that is shown now. Raises TooManyWebhooks."""
    session, now, secret = transaction.session, transaction.now, new_secret()
    if repository.count(session, who.organization_id) >= MOST:
        raise TooManyWebhooks(f"An organization has {MOST} endpoints at most. Delete one that is not used any more.")
    told = SealedEndpoint(url=form.url, description=form.description, secrets=[secret])
    row = WebhookEndpoint(
        organization_id=who.organization_id,
        id=new_id(),
        events=_joined(form.events),
        parallel=form.parallel,
        created_at=now,
        updated_at=now,
    )
    _keep(who, row, told)
    repository.add(session, row)
    _record(transaction, who, "webhook.created", row.id)
    return EndpointCreated(**_view(row, told, 0).model_dump(), secret=secret.text)


def page(session: Session, who: Caller, cursor: str | None, limit: int) -> PageOf[EndpointView]:
    """The organization's endpoints, the newest first."""
    rows = repository.page(session, who.organization_id, place_of(cursor), limit + 1)
    waiting = repository.waiting(session, who.organization_id, [row.id for row in rows])

    def view_of(row: WebhookEndpoint) -> EndpointView:
        return _view(row, _told(who, row), waiting.get(row.id, 0))

    return page_of(rows, limit, view_of, lambda row: (row.created_at, row.id))


def view(session: Session, who: Caller, endpoint_id: UUID) -> EndpointView:
    """The endpoint. Raises NotFound."""
    row = repository.set_up(session, who.organization_id, endpoint_id)
    if row is None:
        raise NotFound(_NO_ENDPOINT)
    waiting = repository.waiting(session, who.organization_id, [row.id])
    return _view(row, _told(who, row), waiting.get(row.id, 0))


def change(transaction: Transaction, who: Caller, endpoint_id: UUID, wanted: EndpointChange) -> EndpointView:
    """The endpoint is as `wanted` says. Raises NotFound."""
    _record(transaction, who, "webhook.changed", endpoint_id, fields=" ".join(sorted(wanted.model_fields_set)))
    row = _locked(transaction, who, endpoint_id)
    told = _told(who, row)
    given = {name: value for name, value in wanted if name in {"url", "description"} and value is not None}
    _keep(who, row, told.model_copy(update=given))
    row.events = _joined(wanted.events) if wanted.events else row.events
    row.parallel, row.updated_at = wanted.parallel or row.parallel, transaction.now
    if wanted.is_enabled is False and not row.disabled_at:
        deliveries.disable(row, "asked", transaction.now)
        _record(transaction, who, "webhook.disabled", row.id, because="asked")
    if wanted.is_enabled and row.disabled_at:
        _enable(transaction, who, row)
    deliveries.schedule(transaction.session, row, transaction.now)
    return view(transaction.session, who, endpoint_id)


def delete(transaction: Transaction, who: Caller, endpoint_id: UUID) -> None:
    """The endpoint is gone, with all that was sent and was to be sent. Raises NotFound."""
    _record(transaction, who, "webhook.deleted", endpoint_id)
    repository.remove(transaction.session, _locked(transaction, who, endpoint_id))


def rotate(transaction: Transaction, who: Caller, endpoint_id: UUID, wanted: Rotation) -> SecretRotated:
    """The endpoint has a new secret. Raises NotFound."""
    _record(transaction, who, "webhook.secret_rotated", endpoint_id)
    row = _locked(transaction, who, endpoint_id)
    told, secret, until = _told(who, row), new_secret(), _until(transaction, wanted)
    held = replaced(told.secrets, secret, until, transaction.now)
    _keep(who, row, told.model_copy(update={"secrets": held}))
    row.updated_at = transaction.now
    return _rotated(secret, held)


def secret_state(session: Session, who: Caller) -> SecretState:
    """Whether the organization has a secret for its jobs' URLs."""
    row = repository.secrets(session, who.organization_id)
    return SecretState(created_at=row.created_at if row else None)


def rotate_organizations(transaction: Transaction, who: Caller, wanted: Rotation) -> SecretRotated:
    """Messages to the URLs of jobs and batches are signed with a new secret."""
    _record(transaction, who, "webhook.secret_rotated", who.organization_id)
    row = make_secret(transaction.session, who.key, who.organization_id, transaction.now)
    place = (who.organization_id, who.organization_id)
    held, secret = opened(who.key, "secrets", place, row.sealed, SealedSecrets).secrets, new_secret()
    held = replaced(held, secret, _until(transaction, wanted), transaction.now)
    row.sealed, row.created_at = sealed(who.key, "secrets", place, SealedSecrets(secrets=held)), transaction.now
    return _rotated(secret, held)


def send_test(transaction: Transaction, who: Caller, endpoint_id: UUID) -> DeliveryView:
    """A message of the kind `webhook.test` is on its way. Raises NotFound, WebhookDisabled."""
    _record(transaction, who, "webhook.tested", endpoint_id)
    row = _enabled(_locked(transaction, who, endpoint_id))
    data: dict[str, Detail] = {"endpoint_id": str(endpoint_id)}
    news = news_of(TEST, f"msg_{new_id().hex}", transaction.now, data)
    made = deliveries.queue(transaction.session, row, news, transaction.now, None)
    return _delivery_view(who, made, row)


def delivery_page(
    session: Session, who: Caller, sought: Sought, cursor: str | None, limit: int
) -> PageOf[DeliveryView]:
    """The organization's deliveries, the newest first."""
    row = WebhookDelivery
    wanted = [row.endpoint_id == sought.endpoint_id] if sought.endpoint_id else []
    wanted += [row.state == sought.state] if sought.state else []
    found = repository.deliveries(session, who.organization_id, wanted, place_of(cursor), limit + 1)
    return page_of(found, limit, lambda both: _delivery_view(who, *both), lambda both: (both[0].created_at, both[0].id))


def delivery(session: Session, who: Caller, delivery_id: UUID) -> DeliveryView:
    """The delivery. Raises NotFound."""
    return _delivery_view(who, *_found(session, who, delivery_id, lock=False))


def redeliver(transaction: Transaction, who: Caller, delivery_id: UUID) -> DeliveryView:
    """The message is sent again, now, under its id. Raises NotFound, WebhookDisabled, DeliveryUnderWay."""
    _record(transaction, who, "webhook.redelivered", delivery_id)
    row, endpoint = _found(transaction.session, who, delivery_id, lock=True)
    _enabled(endpoint)
    if row.state == "sending":
        raise DeliveryUnderWay("The message is being sent at this moment. See first how that ends.")
    row.state, row.attempt, row.due_at, row.ended_at = "waiting", 0, transaction.now, None
    transaction.session.flush()
    deliveries.schedule(transaction.session, endpoint, transaction.now)
    return _delivery_view(who, row, endpoint)


def _enable(transaction: Transaction, who: Caller, row: WebhookEndpoint) -> None:
    row.disabled_at = row.disabled_because = row.failing_since = None
    repository.begin_anew(transaction.session, (row.organization_id, row.id), transaction.now)
    _record(transaction, who, "webhook.enabled", row.id)


def _found(session: Session, who: Caller, delivery_id: UUID, *, lock: bool) -> tuple[WebhookDelivery, WebhookEndpoint]:
    """The delivery and its endpoint; with `lock`, as they stand once nobody else changes them."""
    row = repository.delivery(session, who.organization_id, delivery_id)
    endpoint = repository.endpoint(session, who.organization_id, row.endpoint_id, lock=lock) if row else None
    if lock:
        row = repository.delivery(session, who.organization_id, delivery_id)
    if row is None or endpoint is None:
        raise NotFound("There is no delivery with this id: it was made more than 30 days ago, or never.")
    return row, endpoint


def _locked(transaction: Transaction, who: Caller, endpoint_id: UUID) -> WebhookEndpoint:
    row = repository.set_up(transaction.session, who.organization_id, endpoint_id, lock=True)
    if row is None:
        raise NotFound(_NO_ENDPOINT)
    return row


def _enabled(row: WebhookEndpoint) -> WebhookEndpoint:
    if row.disabled_at:
        raise WebhookDisabled('The endpoint is disabled. Enable it first: PATCH it with {"is_enabled": true}.')
    return row


def _until(transaction: Transaction, wanted: Rotation) -> datetime:
    return transaction.now + timedelta(hours=wanted.overlap_hours)


def _rotated(new: Secret, held: list[Secret]) -> SecretRotated:
    return SecretRotated(secret=new.text, former_until=next((one.ends_at for one in held if one.ends_at), None))


def _keep(who: Caller, row: WebhookEndpoint, told: SealedEndpoint) -> None:
    row.sealed = sealed(who.key, "endpoint", (who.organization_id, row.id), told)


def _told(who: Caller, row: WebhookEndpoint) -> SealedEndpoint:
    return opened(who.key, "endpoint", (who.organization_id, row.id), row.sealed, SealedEndpoint)


def _joined(kinds: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(kinds))


def _record(transaction: Transaction, who: Caller, action: str, subject: UUID, **details: Detail) -> None:
    transaction.record(Act(who.organization_id, who.actor, action, str(subject), details))


def _view(row: WebhookEndpoint, told: SealedEndpoint, waiting: int) -> EndpointView:
    return EndpointView.model_validate(
        {
            "id": row.id,
            "url": told.url,
            "events": row.events.split(),
            "description": told.description,
            "parallel": row.parallel,
            "is_enabled": row.disabled_at is None,
            "disabled_at": row.disabled_at,
            "disabled_because": row.disabled_because,
            "failing_since": row.failing_since,
            "arrived_at": row.arrived_at,
            "waiting": waiting,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
    )


def _delivery_view(who: Caller, row: WebhookDelivery, endpoint: WebhookEndpoint) -> DeliveryView:
    fault = DeliveryFault(code=row.fault, message=_SENTENCES[row.fault]) if row.fault else None  # type: ignore[index]
    return DeliveryView.model_validate(
        {
            "id": row.id,
            "endpoint_id": None if endpoint.digest else row.endpoint_id,
            "message_id": row.message_id,
            "event": row.kind,
            "url": url_of(who.key, row, _told(who, endpoint)),
            "body": row.body,
            "state": row.state,
            "attempts": row.attempt,
            "status": row.status,
            "error": fault,
            "created_at": row.created_at,
            "sent_at": row.sent_at,
            "due_at": row.due_at if row.state == "waiting" and not endpoint.disabled_at else None,
            "ended_at": row.ended_at,
        }
    )
