"""`/api/v1/devices`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from shared.wire.v1.devices import (
    Challenge,
    ChallengeRequest,
    DeviceToken,
    Enrolment,
    EnrolmentCode,
    EnrolRequest,
    TokenRequest,
)
from syncserver.events.transaction import BeginTransaction, ServerTransaction, WriteTransaction
from syncserver.identity.access import AdministratorAccess, SignedInAccess
from syncserver.identity.devices import service
from syncserver.identity.devices.schemas import DeviceName, DeviceView
from syncserver.identity.errors import DeviceRevoked
from syncserver.kit.edge import Address, ReadSession, TheClock, TheKeys
from syncserver.kit.idempotency import IdempotencyKey, Once
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented
from syncserver.kit.throttle import Allowance, take

router = APIRouter(prefix="/api/v1/devices", tags=["devices"], responses=documented(401, 403, 422))


class _NoBody(BaseModel):
    """A request without a body: every repetition under a key is the same."""


@router.post("/enrolment-codes", status_code=201, responses=documented(409))
def issue_enrolment_code(
    access: AdministratorAccess,
    transaction: WriteTransaction,
    keys: TheKeys,
    idempotency_key: IdempotencyKey = None,
) -> EnrolmentCode:
    """Makes a code that enrols one device within 15 minutes (owners and admins)."""
    scope = f"enrolment-codes:{access.actor}"
    once = Once(transaction.session, transaction.now, keys.answers, scope, idempotency_key)
    return once.answer(
        _NoBody(),
        EnrolmentCode,
        lambda: service.issue_code(transaction, keys, access.organization_id, access.actor),
    )


@router.post("", status_code=201, responses=documented(409, 429))
def enrol_device(
    request: EnrolRequest, begin: BeginTransaction, transaction: ServerTransaction, keys: TheKeys, address: Address
) -> Enrolment:
    """Enrols a device that presents a code. The same request again gets the same answer."""
    with begin() as counting:
        take(counting.session, counting.now, (Allowance(f"enrol:{address}", free=60, longest_wait_s=60),))
    return service.enrol(transaction, keys, request)


@router.post("/challenge")
def challenge_device(request: ChallengeRequest, clock: TheClock, keys: TheKeys) -> Challenge:
    """Gives a device something to sign, valid for a minute."""
    return service.challenge(clock(), keys, request)


@router.post("/token")
def issue_device_token(request: TokenRequest, begin: BeginTransaction, keys: TheKeys) -> DeviceToken:
    """Exchanges a signed challenge for a token of 10 minutes. A revoked device learns of it, signed, by its nonce."""
    with begin() as transaction:
        answer = service.exchange(transaction, keys, request)
    if isinstance(answer, DeviceRevoked):  # that it was told stays, although it is refused
        raise answer
    return answer


@router.get("")
def list_devices(
    access: SignedInAccess, session: ReadSession, cursor: CursorText = None, limit: Limit = DEFAULT_LIMIT
) -> PageOf[DeviceView]:
    """The organization's devices, the last enrolled first."""
    return service.page(session, access.organization_id, cursor, limit)


@router.patch("/{device_id}", responses=documented(404))
def rename_device(
    device_id: UUID, wanted: DeviceName, access: AdministratorAccess, transaction: WriteTransaction
) -> DeviceView:
    """Calls a device by another name (owners and admins); it hears of it when it next pulls."""
    return service.rename(transaction, access.organization_id, access.actor, device_id, wanted.name)


@router.delete("/{device_id}", status_code=204, responses=documented(404))
def revoke_device(
    device_id: UUID,
    access: AdministratorAccess,
    transaction: WriteTransaction,
    destroy_keys: Annotated[
        bool, Query(description="It destroys the keys of its store when it learns of it. There is no way back.")
    ] = False,
) -> None:
    """Revokes a device (owners and admins): its tokens open nothing any more, and it locks itself at its next contact.

    With a new enrolment code it may come back, unless its keys were to be destroyed. Done again with `destroy_keys`,
    a device that was revoked without is told so."""
    service.revoke(transaction, access.organization_id, access.actor, device_id, destroy_keys=destroy_keys)
