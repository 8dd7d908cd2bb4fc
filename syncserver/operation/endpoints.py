"""`/api/v1/admin/stats` and `/api/v1/admin/top-users`."""

from typing import Annotated

from fastapi import APIRouter, Query

from syncserver.identity.access import SuperuserAccess
from syncserver.identity.api_keys.tally import TheTally
from syncserver.kit.edge import ServerReadSession, TheClock
from syncserver.kit.paging import Limit, PageOf
from syncserver.kit.problems import documented
from syncserver.operation import service
from syncserver.operation.schemas import ServerStats, TopUser

router = APIRouter(prefix="/api/v1/admin", tags=["operator"], responses=documented(401, 403, 422))


@router.get("/stats")
def get_server_stats(_: SuperuserAccess, session: ServerReadSession, tally: TheTally) -> ServerStats:
    """The whole server in numbers (operator)."""
    tally.write()
    return service.stats(session)


@router.get("/top-users")
def list_top_users(
    _: SuperuserAccess,
    session: ServerReadSession,
    clock: TheClock,
    days: Annotated[
        int, Query(ge=1, le=3660, description="Pages of the last so many days (UTC), today the last.")
    ] = 30,
    limit: Limit = 10,
) -> PageOf[TopUser]:
    """The owners of the organizations that had the most pages read (operator)."""
    return service.top_users(session, clock(), days, limit)
