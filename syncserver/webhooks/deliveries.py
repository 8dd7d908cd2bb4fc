"""What becomes of a message: it waits, is sent, arrives or waits again; each a step of one state machine.

Every step is taken under the lock of its endpoint's row, which also says when the next is due: a claim looks at
endpoints, not at what waits, and so costs the same however long a queue is. A process that dies in the middle leaves
a lease that ends; the message is then sent again, under the same id.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from uuid import UUID

from sqlalchemy.orm import Session

from shared.ids import new_id
from syncserver.events.transaction import SERVER, Act, Detail, Transaction
from syncserver.kit.secret import ServerKeys
from syncserver.tenants.service import organization_key
from syncserver.webhooks import repository
from syncserver.webhooks.models import WebhookDelivery, WebhookEndpoint
from syncserver.webhooks.schemas import Because, Hopeless, SealedEndpoint, SealedSecrets
from syncserver.webhooks.sealing import opened, sealed
from syncserver.webhooks.sending import Message, Outcome
from syncserver.webhooks.signing import Secret, signed_headers

_JITTER = 0.2  # of a pause, up or down: what failed together is not tried together
_LONGEST_ASKED = timedelta(hours=24)  # by a Retry-After
_ENDPOINTS_AT_ONCE = 20
_FAILING_AT_ONCE = 1  # to an endpoint that fails: whether it is back is found out by one message
SealUrl = Callable[[UUID], bytes]
"""Seals a URL for the delivery with this id."""
_AGENT = f"Chartdrop/{version('chartdrop')}"


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told; `message_id` and `body` are the same to whoever is told."""

    kind: str
    message_id: str
    body: str
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """A message that this process sends, as long as `fence` is the delivery's."""

    organization_id: UUID
    endpoint_id: UUID
    delivery_id: UUID
    fence: int
    message: Message


@dataclass(frozen=True, slots=True)
class Disabled:
    """An endpoint to which nothing is to be sent any more."""

    organization_id: UUID
    endpoint_id: UUID
    because: Hopeless


@dataclass(frozen=True, slots=True)
class Pauses:
    """When what did not arrive is tried again; `chance` gives 0..1."""

    seconds: Sequence[float]
    chance: Callable[[], float]

    def after(self, attempt: int, outcome: Outcome) -> timedelta | None:
        """After this attempt, the first being 1; None after the last."""
        if attempt > len(self.seconds):
            return None
        own = timedelta(seconds=self.seconds[attempt - 1] * (1 + _JITTER * (2 * self.chance() - 1)))
        return max(own, min(outcome.retry_after or timedelta(), _LONGEST_ASKED))


def queue(
    session: Session, endpoint: WebhookEndpoint, news: News, now: datetime, sealed_url: SealUrl | None
) -> WebhookDelivery:
    """The message waits to be sent to `endpoint`, whose row is locked."""
    delivery_id = new_id()
    row = WebhookDelivery(
        organization_id=endpoint.organization_id,
        id=delivery_id,
        endpoint_id=endpoint.id,
        event_id=news.event_id,
        kind=news.kind,
        message_id=news.message_id,
        body=news.body,
        sealed_url=sealed_url(delivery_id) if sealed_url else None,
        state="waiting",
        attempt=0,
        fence=0,
        due_at=now,
        created_at=now,
    )
    repository.add(session, row)
    if not endpoint.disabled_at:
        endpoint.next_due_at = min(endpoint.next_due_at or now, now)
    return row


def claim(transaction: Transaction, keys: ServerKeys, room: int, lease: timedelta, *, failing: bool) -> list[Sending]:
    """Up to `room` messages that are due, to endpoints that fail or to the others; the caller sends them now.

    They are its own for `lease`, which is longer than a send.
    """
    session, now = transaction.session, transaction.now
    claimed: list[Sending] = []
    for endpoint in repository.due(session, now, _ENDPOINTS_AT_ONCE, failing=failing):
        if len(claimed) == room:
            break
        key = _key(endpoint)
        repository.set_back_abandoned(session, key, now)
        free = _bound(endpoint) - repository.under_way(session, key, now)
        rows = repository.next_waiting(session, key, now, max(0, min(free, room - len(claimed))))
        if rows:
            claimed += _taken(transaction, keys, endpoint, rows, lease)
        schedule(session, endpoint, now)
    return claimed


def finish(transaction: Transaction, sending: Sending, outcome: Outcome, pauses: Pauses) -> Disabled | None:
    """The message arrived, waits for another try, or failed; says where its endpoint is to be disabled for it."""
    endpoint, row = _held(transaction.session, sending)
    if endpoint is None or row is None:
        return None  # somebody deleted the endpoint, or sent the message after this one's lease had ended
    now = transaction.now
    row.status, row.fault, row.sent_at, row.lease_until = outcome.status, outcome.fault, now, None
    because: Hopeless | None = None
    if outcome.fault is None:
        row.state, row.ended_at = "delivered", now
        endpoint.arrived_at, endpoint.failing_since = now, None
    else:
        endpoint.failing_since = endpoint.failing_since or now
        because = _note_failure(endpoint, row, outcome, pauses, now)
    transaction.session.flush()
    schedule(transaction.session, endpoint, now)
    return Disabled(endpoint.organization_id, endpoint.id, because) if because else None


def give_back(transaction: Transaction, sending: Sending) -> None:
    """The message waits again, as if it had not been claimed: the server is ending."""
    endpoint, row = _held(transaction.session, sending)
    if endpoint and row:
        row.state, row.attempt, row.due_at, row.lease_until = "waiting", row.attempt - 1, transaction.now, None
        transaction.session.flush()
        schedule(transaction.session, endpoint, transaction.now)


def give_up(transaction: Transaction, found: Disabled) -> bool:
    """Nothing is sent to the endpoint any more; False where that was so before, or somebody deleted it.

    In a transaction of its own, which takes the audit log's lock first, as everybody does who takes both: the relay
    holds an organization's feed when it asks for endpoints, and whoever writes a feed holds the log.
    """
    key = found.organization_id, found.endpoint_id
    seen = repository.endpoint(transaction.session, *key)
    if seen is None or seen.disabled_at:
        return False
    details: dict[str, Detail] = {"because": found.because}
    transaction.record(Act(key[0], SERVER, "webhook.disabled", str(key[1]), details))
    if endpoint := repository.endpoint(transaction.session, *key, lock=True):
        disable(endpoint, found.because, transaction.now)
    return True


def disable(endpoint: WebhookEndpoint, because: Because, now: datetime) -> None:
    """Nothing is sent to it any more; what happens meanwhile waits."""
    endpoint.disabled_at, endpoint.disabled_because, endpoint.next_due_at = now, because, None


def schedule(session: Session, endpoint: WebhookEndpoint, now: datetime) -> None:
    """The endpoint's row, which is locked, says when a claim should look at it again."""
    if endpoint.disabled_at:
        return
    key = _key(endpoint)
    moments = [repository.first_lease_end(session, key)]
    if repository.under_way(session, key, now) < _bound(endpoint):
        moments.append(repository.first_due_at(session, key))
    endpoint.next_due_at = min((moment for moment in moments if moment), default=None)
    session.flush()


def _note_failure(
    endpoint: WebhookEndpoint, row: WebhookDelivery, outcome: Outcome, pauses: Pauses, now: datetime
) -> Hopeless | None:
    pause = None if outcome.is_gone else pauses.after(row.attempt, outcome)
    if pause is not None:
        row.state, row.due_at = "waiting", now + pause
        return None
    row.state, row.ended_at = "failed", now
    if endpoint.digest or endpoint.disabled_at:  # a server that a job named is asked again for the next job
        return None
    if outcome.is_gone:
        return "gone"
    has_arrived = endpoint.arrived_at is not None and endpoint.arrived_at >= row.created_at
    return None if has_arrived else "failing"


def _taken(
    transaction: Transaction,
    keys: ServerKeys,
    endpoint: WebhookEndpoint,
    rows: Sequence[WebhookDelivery],
    lease: timedelta,
) -> list[Sending]:
    session, now = transaction.session, transaction.now
    key = organization_key(session, keys, endpoint.organization_id)
    told = opened(key, "endpoint", _key(endpoint), endpoint.sealed, SealedEndpoint)
    secrets = told.secrets if endpoint.digest is None else _organizations(session, key, endpoint.organization_id)
    taken = []
    for row in rows:
        row.state, row.attempt, row.fence = "sending", row.attempt + 1, row.fence + 1
        row.lease_until = now + lease
        headers = {"Content-Type": "application/json", "User-Agent": _AGENT}
        headers |= signed_headers(row.message_id, row.body, secrets, now)
        message = Message(url_of(key, row, told), headers, row.body.encode())
        taken.append(Sending(row.organization_id, row.endpoint_id, row.id, row.fence, message))
    session.flush()
    return taken


def url_of(key: bytes, row: WebhookDelivery, told: SealedEndpoint) -> str:
    """Where the delivery goes: to its own URL where a job named one, else to its endpoint's."""
    if row.sealed_url is None:
        return told.url
    return opened(key, "url", (row.organization_id, row.id), row.sealed_url, SealedEndpoint).url


def seal_url(key: bytes, organization_id: UUID, url: str, delivery_id: UUID) -> bytes:
    """`url`, for this delivery alone."""
    return sealed(key, "url", (organization_id, delivery_id), SealedEndpoint(url=url))


def _organizations(session: Session, key: bytes, organization_id: UUID) -> list[Secret]:
    row = repository.secrets(session, organization_id)
    if row is None:  # made before the first message that needs it
        return []
    return opened(key, "secrets", (organization_id, organization_id), row.sealed, SealedSecrets).secrets


def _held(session: Session, sending: Sending) -> tuple[WebhookEndpoint | None, WebhookDelivery | None]:
    endpoint = repository.endpoint(session, sending.organization_id, sending.endpoint_id, lock=True)
    row = repository.delivery(session, sending.organization_id, sending.delivery_id)
    is_ours = row is not None and row.state == "sending" and row.fence == sending.fence
    return endpoint, row if is_ours else None


def _bound(endpoint: WebhookEndpoint) -> int:
    return _FAILING_AT_ONCE if endpoint.failing_since else endpoint.parallel


def _key(endpoint: WebhookEndpoint) -> repository.Key:
    return endpoint.organization_id, endpoint.id
