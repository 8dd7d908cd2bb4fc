"""`/api/v1/webhooks`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from syncserver.events.transaction import WriteTransaction
from syncserver.identity.access import AdministratorAccess
from syncserver.kit.edge import ReadSession, TheDatabase, TheKeys
from syncserver.kit.idempotency import IdempotencyKey, Once
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented
from syncserver.kit.tenancy import only
from syncserver.processing.intake import CheckWebhookUrl
from syncserver.webhooks import service
from syncserver.webhooks.schemas import (
    DeliveryView,
    EndpointChange,
    EndpointCreated,
    EndpointForm,
    EndpointView,
    Rotation,
    SecretRotated,
    SecretState,
    State,
)
from syncserver.webhooks.service import Caller, Sought

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"], responses=documented(401, 403, 422))


def _caller(access: AdministratorAccess, database: TheDatabase, keys: TheKeys) -> Caller:
    """Looked up in a transaction of its own: a URL is checked before the request's begins."""
    with database.reading(only(access.organization_id)) as session:
        return service.caller(session, keys, access.organization_id, access.actor)


async def _check(request: Request) -> CheckWebhookUrl:
    check: CheckWebhookUrl = request.app.state.intake.check_webhook_url
    return check


TheCaller = Annotated[Caller, Depends(_caller)]
CheckUrl = Annotated[CheckWebhookUrl, Depends(_check)]


@router.post("", status_code=201, responses=documented(409))
def create_webhook(
    form: EndpointForm,
    caller: TheCaller,
    check: CheckUrl,
    transaction: WriteTransaction,
    keys: TheKeys,
    idempotency_key: IdempotencyKey = None,
) -> EndpointCreated:
    """An endpoint that is told what happens (owners and admins, as all of these). Its secret is shown this once."""
    check(form.url)
    scope = f"webhooks:{caller.actor}"
    once = Once(transaction.session, transaction.now, keys.answers, scope, idempotency_key)
    return once.answer(form, EndpointCreated, lambda: service.create(transaction, caller, form))


@router.get("")
def list_webhooks(
    caller: TheCaller, session: ReadSession, cursor: CursorText = None, limit: Limit = DEFAULT_LIMIT
) -> PageOf[EndpointView]:
    """The organization's endpoints, the newest first; one that was disabled says since when and why."""
    return service.page(session, caller, cursor, limit)


@router.get("/secret")
def get_webhook_secret(caller: TheCaller, session: ReadSession) -> SecretState:
    """Since when there is a secret for the URLs that jobs and batches name."""
    return service.secret_state(session, caller)


@router.post("/secret", status_code=201)
def rotate_webhook_secret(wanted: Rotation, caller: TheCaller, transaction: WriteTransaction) -> SecretRotated:
    """A new secret for the URLs that jobs and batches name, shown this once. The one before signs on for a while."""
    return service.rotate_organizations(transaction, caller, wanted)


@router.get("/deliveries")
def list_webhook_deliveries(
    caller: TheCaller,
    session: ReadSession,
    endpoint_id: UUID | None = None,
    state: Annotated[State | None, Query(description="Those that stand so alone.")] = None,
    cursor: CursorText = None,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[DeliveryView]:
    """What was sent and is to be sent, the newest first; kept for 30 days."""
    return service.delivery_page(session, caller, Sought(endpoint_id, state), cursor, limit)


@router.get("/deliveries/{delivery_id}", responses=documented(404))
def get_webhook_delivery(delivery_id: UUID, caller: TheCaller, session: ReadSession) -> DeliveryView:
    """A message, and how it goes."""
    return service.delivery(session, caller, delivery_id)


@router.post("/deliveries/{delivery_id}/redeliver", status_code=202, responses=documented(404, 409))
def redeliver_webhook(delivery_id: UUID, caller: TheCaller, transaction: WriteTransaction) -> DeliveryView:
    """Sends a message again, at once and under the same `webhook-id`, whether it arrived or not."""
    return service.redeliver(transaction, caller, delivery_id)


@router.get("/{endpoint_id}", responses=documented(404))
def get_webhook(endpoint_id: UUID, caller: TheCaller, session: ReadSession) -> EndpointView:
    """An endpoint, without its secret."""
    return service.view(session, caller, endpoint_id)


@router.patch("/{endpoint_id}", responses=documented(404))
def change_webhook(
    endpoint_id: UUID, wanted: EndpointChange, caller: TheCaller, check: CheckUrl, transaction: WriteTransaction
) -> EndpointView:
    """Changes an endpoint, disables it, or enables it again: what happened meanwhile is sent then."""
    if wanted.url is not None:
        check(wanted.url)
    return service.change(transaction, caller, endpoint_id, wanted)


@router.delete("/{endpoint_id}", status_code=204, responses=documented(404))
def delete_webhook(endpoint_id: UUID, caller: TheCaller, transaction: WriteTransaction) -> None:
    """Deletes an endpoint, with what waits for it."""
    service.delete(transaction, caller, endpoint_id)


@router.post("/{endpoint_id}/secret", status_code=201, responses=documented(404))
def rotate_secret_of_webhook(
    endpoint_id: UUID, wanted: Rotation, caller: TheCaller, transaction: WriteTransaction
) -> SecretRotated:
    """A new secret for the endpoint, shown this once. Messages bear a signature by the one before for a while."""
    return service.rotate(transaction, caller, endpoint_id, wanted)


@router.post("/{endpoint_id}/test", status_code=202, responses=documented(404, 409))
def test_webhook(endpoint_id: UUID, caller: TheCaller, transaction: WriteTransaction) -> DeliveryView:
    """Sends a message of the kind `webhook.test`; `GET /api/v1/webhooks/deliveries/{delivery_id}` says how it went."""
    return service.send_test(transaction, caller, endpoint_id)
