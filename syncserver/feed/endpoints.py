"""`/api/v1/sync/pull`."""

from fastapi import APIRouter

from shared.wire.v1.pull import PullAnswer, PullRequest
from syncserver.feed import service
from syncserver.identity.access import TheDevice
from syncserver.kit.edge import ReadSession, TheClock, TheKeys
from syncserver.kit.problems import documented

router = APIRouter(tags=["sync"])


@router.post("/api/v1/sync/pull", responses=documented(401, 403, 409, 422))
def pull(request: PullRequest, device: TheDevice, session: ReadSession, keys: TheKeys, clock: TheClock) -> PullAnswer:
    """What changed at the organization behind the device's cursor, in order; all there is, without a cursor."""
    return service.pull(session, keys, device, request, clock())
