"""`/api/v1/jobs` and `/api/v1/stats`."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from syncserver.documents import service
from syncserver.documents.schemas import JobDetail, JobFilter, JobView, Origin, Stats, Status
from syncserver.events.looks import TheLooks
from syncserver.events.transaction import Act
from syncserver.identity.access import SignedInAccess
from syncserver.kit.database import Database
from syncserver.kit.edge import ReadSession, TheDatabase, TheKeys
from syncserver.kit.moments import GivenMoment
from syncserver.kit.paging import DEFAULT_LIMIT, CursorText, Limit, PageOf
from syncserver.kit.problems import documented
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only

router = APIRouter(prefix="/api/v1", tags=["jobs"], responses=documented(401, 403, 422))


def _opened(database: Database, keys: ServerKeys, organization_id: UUID, job_id: UUID) -> bytes:
    with database.reading(only(organization_id)) as session:
        return service.view(session, keys, organization_id, job_id)


@router.get("/jobs")
def list_jobs(
    access: SignedInAccess,
    session: ReadSession,
    status: Annotated[Status | None, Query()] = None,
    batch_id: Annotated[UUID | None, Query(description="Of this batch.")] = None,
    since: Annotated[GivenMoment | None, Query(description="Changed on this server at or after this moment.")] = None,
    document_type: Annotated[str | None, Query(max_length=200, description="A template's name, or `unknown`.")] = None,
    origin: Annotated[Origin | None, Query(description="`desktop`: read there and synced; `api`: sent here.")] = None,
    cursor: CursorText = None,
    limit: Limit = DEFAULT_LIMIT,
) -> PageOf[JobView]:
    """The organization's jobs, the last recorded first."""
    wanted = JobFilter(status, since, document_type, origin, batch_id)
    return service.page(session, access.organization_id, wanted, cursor, limit)


@router.get("/jobs/{job_id}", responses=documented(404), response_model=JobDetail)
async def get_job(
    job_id: UUID, access: SignedInAccess, database: TheDatabase, keys: TheKeys, looks: TheLooks
) -> Response:
    """One job with what was read. Each look is written into the audit log."""
    job = await asyncio.to_thread(_opened, database, keys, access.organization_id, job_id)
    await looks.record(Act(access.organization_id, access.actor, "document.viewed", str(job_id)))
    return Response(job, media_type="application/json")


@router.get("/stats")
def get_stats(access: SignedInAccess, session: ReadSession) -> Stats:
    """The organization's jobs in numbers."""
    return service.stats(session, access.organization_id)
