"""`/api/v1/sync/pull`."""

import asyncio
from datetime import datetime

from fastapi import APIRouter

from shared.wire.v1.pull import CORRECTION, PullAnswer, PullRequest
from syncserver.events.looks import TheLooks
from syncserver.events.transaction import Act
from syncserver.feed import service
from syncserver.identity.access import DeviceAccess, TheDevice
from syncserver.kit.database import Database
from syncserver.kit.edge import TheClock, TheDatabase, TheKeys
from syncserver.kit.problems import documented
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only

router = APIRouter(tags=["sync"])


def _answer(
    database: Database, keys: ServerKeys, device: DeviceAccess, request: PullRequest, now: datetime
) -> PullAnswer:
    with database.reading(only(device.organization_id)) as session:
        return service.pull(session, keys, device, request, now)


@router.post("/api/v1/sync/pull", responses=documented(401, 403, 409, 422))
async def pull(
    request: PullRequest, device: TheDevice, database: TheDatabase, keys: TheKeys, clock: TheClock, looks: TheLooks
) -> PullAnswer:
    """What changed at the organization behind the device's cursor, in order; all there is, without a cursor.

    That corrections were handed out, which tell of patients, is written into the audit log."""
    answer = await asyncio.to_thread(_answer, database, keys, device, request, clock())
    if told := sum(change.entity == CORRECTION for change in answer.changes):
        act = Act(device.organization_id, device.actor, "corrections.fetched", str(device.device_id), {"count": told})
        await looks.record(act)
    return answer
