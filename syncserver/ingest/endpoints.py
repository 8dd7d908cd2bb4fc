"""`/api/v1/sync/push`."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request

from shared.wire.v1.sync import PushAnswer, PushRequest
from syncserver.events.transaction import WriteTransaction
from syncserver.identity.access import TheDevice
from syncserver.ingest import service
from syncserver.ingest.bodies import parse_push
from syncserver.kit.edge import TheKeys
from syncserver.kit.problems import documented

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
