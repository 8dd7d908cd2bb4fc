"""`/api/v1/sync/push` and `/api/v1/sync/succession`."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request

from shared.wire.v1.devices import Enrolment
from shared.wire.v1.succession import SuccessionRequest
from shared.wire.v1.sync import PushAnswer, PushRequest
from syncserver.events.transaction import BeginTransaction, ServerTransaction, WriteTransaction
from syncserver.identity.access import TheDevice
from syncserver.ingest import service, succession
from syncserver.ingest.bodies import parse_push
from syncserver.kit.edge import Address, TheKeys
from syncserver.kit.problems import documented
from syncserver.kit.throttle import Allowance, take

PUSH_PATH = "/api/v1/sync/push"
PUSH_SCHEMA: dict[str, Any] = PushRequest.model_json_schema(ref_template="#/components/schemas/{model}")
"""Described by hand, because the body is read by hand: `$defs` belong among the document's components."""

router = APIRouter(tags=["sync"])


async def _body(request: Request, _: TheDevice) -> bytes:
    """The body as it came, read only once the device has proved itself."""
    return await request.body()


@router.post(
    PUSH_PATH,
    responses=documented(400, 401, 403, 409, 413, 415, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PushRequest"}}},
        }
    },
)
def push(
    device: TheDevice,
    body: Annotated[bytes, Depends(_body)],
    transaction: WriteTransaction,
    keys: TheKeys,
    content_encoding: Annotated[str, Header(description="`gzip`, or nothing.")] = "",
) -> PushAnswer:
    """Takes rows of a device's outbox, each once and in order. Answered after the commit."""
    return service.apply(transaction, keys, device, parse_push(body, content_encoding))


@router.post("/api/v1/sync/succession", status_code=201, responses=documented(401, 403, 409, 422, 429))
def succeed_device(
    request: SuccessionRequest, begin: BeginTransaction, transaction: ServerTransaction, keys: TheKeys, address: Address
) -> Enrolment:
    """Enrols a device in the place of one whose store was restored from a backup, by that one's signature.

    The same request again gets the same answer."""
    with begin() as counting:
        take(counting.session, counting.now, (Allowance(f"enrol:{address}", free=60, longest_wait_s=60),))
    return succession.succeed(transaction, keys, request)
