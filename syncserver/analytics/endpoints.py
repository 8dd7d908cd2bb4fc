"""`/api/v1/analytics/…`."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Depends, Query, Request, Response

from syncserver.analytics import cost as costs
from syncserver.analytics import service
from syncserver.analytics.schemas import (
    Accuracy,
    AccuracyByField,
    AccuracyOfField,
    AccuracyOfType,
    AnalyticsStats,
    Cost,
    ErrorCause,
    Errors,
    JobsOfDay,
    JobsOverTime,
)
from syncserver.analytics.service import Asked
from syncserver.analytics.tabular import DESCRIBED, answer
from syncserver.identity.access import SignedInAccess
from syncserver.identity.api_keys import service as api_keys
from syncserver.identity.api_keys.tally import TheTally
from syncserver.kit.edge import ReadSession, TheClock
from syncserver.kit.errors import InvalidRequest
from syncserver.kit.problems import documented
from syncserver.usage import service as usage

router = APIRouter(prefix="/api/v1/analytics", tags=["analytics"], responses=documented(401, 403, 422))


def _asked(
    access: SignedInAccess,
    clock: TheClock,
    days: Annotated[int, Query(ge=1, le=366, description="So many days, today the last.")] = 30,
    tz: Annotated[
        str, Query(max_length=64, description="By whose clocks days begin: an IANA zone, such as America/New_York.")
    ] = "UTC",
) -> Asked:
    try:
        zone = ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder of the zones' is an OSError
        raise InvalidRequest("tz: This is no time zone. Name one of IANA's, such as America/New_York.") from error
    return service.asked(access.organization_id, clock(), days, zone)


Period = Annotated[Asked, Depends(_asked)]


@router.get("/stats", response_model=AnalyticsStats, responses=DESCRIBED)
def get_stats(request: Request, period: Period, session: ReadSession) -> Response:
    """What was read in the period, in numbers: how surely, how fast, and how much of it without a person."""
    return answer(request, service.stats(session, period), AnalyticsStats)


@router.get("/jobs-over-time", response_model=JobsOverTime, responses=DESCRIBED)
def get_jobs_over_time(request: Request, period: Period, session: ReadSession) -> Response:
    """Each day of the period, by the zone's clocks, also those on which nothing was read."""
    return answer(request, service.jobs_over_time(session, period), JobsOfDay)


@router.get("/accuracy", response_model=Accuracy | AccuracyByField, responses=DESCRIBED)
def get_accuracy(
    request: Request,
    period: Period,
    session: ReadSession,
    by: Annotated[
        Literal["type", "field"], Query(description="A row for each kind of document, or each field.")
    ] = "type",
) -> Response:
    """Each kind of document: confidences, what waits for a person, what goes through by itself, and how much of what
    people checked was right. By field: the last of these, for each field of each kind."""
    if by == "field":
        return answer(request, service.accuracy_by_field(session, period), AccuracyOfField)
    return answer(request, service.accuracy(session, period), AccuracyOfType)


@router.get("/errors", response_model=Errors, responses=DESCRIBED)
def get_errors(request: Request, period: Period, session: ReadSession) -> Response:
    """Why documents could not be read, the most frequent cause first."""
    return answer(request, service.errors(session, period), ErrorCause)


@router.get("/cost", response_model=Cost, responses=DESCRIBED)
def get_cost(
    request: Request, access: SignedInAccess, clock: TheClock, session: ReadSession, tally: TheTally
) -> Response:
    """What this calendar month (UTC) costs: per call, document and page, in total, projected, and on each tier."""
    tally.write()
    now = clock()
    entitled = usage.entitlement(session, access.organization_id, now)
    since = entitled.usage.period_start.date()
    calls = api_keys.calls_since(session, access.organization_id, since)
    return answer(request, costs.cost(entitled.tier, entitled.usage, calls, now), Cost)
