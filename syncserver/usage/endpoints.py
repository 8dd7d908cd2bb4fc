"""`/api/v1/me` and `/api/v1/usage`."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from syncserver.identity.access import SignedInAccess
from syncserver.kit.edge import ReadSession, TheClock
from syncserver.kit.paging import DEFAULT_LIMIT, Limit
from syncserver.kit.problems import documented
from syncserver.usage import service
from syncserver.usage.schemas import Me, UsageView, UsedByKind

router = APIRouter(prefix="/api/v1", tags=["people"], responses=documented(401, 403))
_Month = Annotated[
    str | None, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="Such as 2026-03; this month without one.")
]


@router.get("/me")
def me(access: SignedInAccess, session: ReadSession, clock: TheClock) -> Me:
    """Who is asking, for which organization, and what it used this period."""
    return service.me(session, access.organization_id, access.user_id, clock())


@router.get("/usage", responses=documented(422))
def get_usage(
    access: SignedInAccess,
    session: ReadSession,
    clock: TheClock,
    month: _Month = None,
    by: Annotated[UsedByKind, Query(description="Whose usage is told apart.")] = "template",
    limit: Limit = DEFAULT_LIMIT,
) -> UsageView:
    """Pages read in a calendar month (UTC), on desktops and for the API, and who or what used most."""
    moment = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC) if month else clock()
    return service.used_by(session, access.organization_id, moment, by, limit)
