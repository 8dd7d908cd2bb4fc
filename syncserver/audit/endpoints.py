"""`/api/v1/audit`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from syncserver.audit import service
from syncserver.audit.schemas import AuditEntryView, EntryFilter
from syncserver.identity.access import AdministratorAccess
from syncserver.kit.edge import ReadSession
from syncserver.kit.moments import GivenMoment
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented

router = APIRouter(prefix="/api/v1/audit", tags=["audit"], responses=documented(401, 403, 422))


@router.get("")
def query_audit(
    access: AdministratorAccess,
    session: ReadSession,
    chain: Annotated[UUID | None, Query(description="The organization's id, or a device's.")] = None,
    action: Annotated[str | None, Query(max_length=100, description="Such as `document.viewed`.")] = None,
    since: Annotated[GivenMoment | None, Query(description="Recorded by the server at or after this moment.")] = None,
    cursor: CursorText = None,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[AuditEntryView]:
    """The audit log (owners and admins), the last recorded first: acts on this server, and on each device."""
    return service.page(session, access.organization_id, EntryFilter(chain, action, since), cursor, limit)
