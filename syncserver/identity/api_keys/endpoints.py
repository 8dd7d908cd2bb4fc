"""`/api/v1/api-keys`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form

from syncserver.events.transaction import WriteTransaction
from syncserver.identity.access import Access, SignedInAccess
from syncserver.identity.api_keys import service
from syncserver.identity.api_keys.schemas import ApiKeyCreated, ApiKeyForm, ApiKeyView
from syncserver.identity.api_keys.tally import TheTally
from syncserver.kit.edge import ReadSession, TheKeys
from syncserver.kit.idempotency import IdempotencyKey, Once
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented

router = APIRouter(prefix="/api/v1/api-keys", tags=["API keys"], responses=documented(401, 403, 422))


@router.post("", status_code=201, responses=documented(409))
def create_api_key(
    form: Annotated[ApiKeyForm, Form()],
    access: SignedInAccess,
    transaction: WriteTransaction,
    keys: TheKeys,
    idempotency_key: IdempotencyKey = None,
) -> ApiKeyCreated:
    """Makes an API key for the person who asks. The key is shown in this answer alone.

    Asked with a key, the new one reaches no further than it, and ends no later.
    """
    service.check_reach(access.key, form)
    scope = f"api-keys:{access.actor}"
    once = Once(transaction.session, transaction.now, keys.answers, scope, idempotency_key)
    return once.answer(
        form,
        ApiKeyCreated,
        lambda: service.create(transaction, access.organization_id, access.user_id, access.actor, form),
    )


@router.get("")
def list_api_keys(
    access: SignedInAccess,
    session: ReadSession,
    tally: TheTally,
    cursor: CursorText = None,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[ApiKeyView]:
    """API keys without their secrets, the newest first: one's own; owners and admins see the organization's."""
    tally.write()
    return service.page(session, access.organization_id, _whose(access), cursor, limit)


@router.delete("/{key_id}", status_code=204, responses=documented(404))
def revoke_api_key(key_id: UUID, access: SignedInAccess, transaction: WriteTransaction) -> None:
    """Revokes an API key of one's own (owners and admins: of anybody's): it opens nothing any more."""
    service.revoke(transaction, access.organization_id, _whose(access), access.actor, key_id)


def _whose(access: Access) -> UUID | None:
    return None if access.is_administrator else access.user_id
