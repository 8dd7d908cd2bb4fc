"""`/api/v1/sync/push` and `/api/v1/sync/succession`."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request

from shared.wire.v1.devices import Enrolment
from shared.wire.v1.succession import SuccessionRequest
from shared.wire.v1.sync import PushAnswer, PushRequest
from syncserver.events.transaction import Begin, BeginTransaction, ServerTransaction
from syncserver.identity.access import DeviceAccess, TheDevice
from syncserver.ingest import service, succession
from syncserver.ingest.bodies import parse_push
from syncserver.kit.edge import Address, TheKeys
from syncserver.kit.problems import documented
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only
from syncserver.kit.throttle import Allowance, take
from syncserver.kit.turns import Turns

PUSH_PATH = "/api/v1/sync/push"
PUSH_SCHEMA: dict[str, Any] = PushRequest.model_json_schema(ref_template="#/components/schemas/{model}")
"""Described by hand, because the body is read by hand: `$defs` belong among the document's components."""

router = APIRouter(tags=["sync"])


async def _turns_of(request: Request) -> Turns:
    turns: Turns = request.app.state.pushes
    return turns


TheTurns = Annotated[Turns, Depends(_turns_of)]


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
async def push(
    request: Request,
    device: TheDevice,
    begin: BeginTransaction,
    keys: TheKeys,
    turns: TheTurns,
    content_encoding: Annotated[str, Header(description="`gzip`, or nothing.")] = "",
) -> PushAnswer:
    """Takes rows of a device's outbox, each once and in order. Answered after the commit."""
    body = await request.body()  # only once the device has proved itself
    return await turns.take(device.device_id, partial(_applied, begin, keys, device, body, content_encoding))


def _applied(begin: Begin, keys: ServerKeys, device: DeviceAccess, body: bytes, encoding: str) -> PushAnswer:
    pushed = parse_push(body, encoding)  # before the transaction: what it locks waits for no parser
    with begin(only(device.organization_id)) as transaction:
        return service.apply(transaction, keys, device, pushed)


@router.post("/api/v1/sync/succession", status_code=201, responses=documented(401, 403, 409, 422, 429))
def succeed_device(
    request: SuccessionRequest, begin: BeginTransaction, transaction: ServerTransaction, keys: TheKeys, address: Address
) -> Enrolment:
    """Enrols a device in the place of one whose store was restored from a backup, by that one's signature.

    The same request again gets the same answer."""
    with begin() as counting:
        take(counting.session, counting.now, (Allowance(f"enrol:{address}", free=60, longest_wait_s=60),))
    return succession.succeed(transaction, keys, request)
