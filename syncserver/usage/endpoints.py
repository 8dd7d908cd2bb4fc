"""`/api/v1/me`."""

from fastapi import APIRouter

from syncserver.identity.access import SignedInAccess
from syncserver.kit.edge import ReadSession, TheClock
from syncserver.kit.problems import documented
from syncserver.usage import service
from syncserver.usage.schemas import Me

router = APIRouter(prefix="/api/v1", tags=["people"], responses=documented(401, 403))


@router.get("/me")
def me(access: SignedInAccess, session: ReadSession, clock: TheClock) -> Me:
    """Who is asking, for which organization, and what it used this period."""
    return service.me(session, access.organization_id, access.user_id, clock())
