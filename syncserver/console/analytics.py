"""Statistics of a period: charts, and beside each the same as a table."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Query, Request, Response

from syncserver.analytics import service
from syncserver.console.rendering import page
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import AnyVisit
from syncserver.kit.edge import ReadSession
from syncserver.kit.errors import InvalidRequest

PERIODS = {7: "7 days", 30: "30 days", 90: "90 days", 366: "a year"}
_FIELDS_SHOWN = 20
"""Of the fields that people checked, the most corrected ones: all of them has the API."""

router = APIRouter(prefix="/console/analytics", include_in_schema=False, route_class=ConsoleRoute)


@router.get("")
def show_statistics(
    request: Request,
    visit: AnyVisit,
    session: ReadSession,
    days: Annotated[int, Query(ge=1, le=366)] = 30,
    tz: Annotated[str, Query(max_length=64)] = "UTC",
) -> Response:
    """What was read in the period, how surely, how fast, and what blocked the rest."""
    asked = service.asked(visit.organization_id, visit.now, days, _zone(tz))
    return page(
        request,
        "analytics",
        periods=PERIODS,
        days=days,
        tz=tz,
        stats=service.stats(session, asked),
        over_time=service.jobs_over_time(session, asked).items,
        accuracy=service.accuracy(session, asked).items,
        by_field=service.accuracy_by_field(session, asked).items,
        fields_shown=_FIELDS_SHOWN,
        errors=service.errors(session, asked).items,
    )


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder of the zones' is an OSError
        raise InvalidRequest("There is no such time zone. Name one of IANA's, such as America/New_York.") from error
