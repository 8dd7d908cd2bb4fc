"""What a month used, by whom, and what it costs."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from syncserver.analytics import cost as costs
from syncserver.console.rendering import page
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import AnyVisit, Visit
from syncserver.identity.api_keys import service as api_keys
from syncserver.identity.api_keys.tally import TheTally
from syncserver.identity.devices import service as devices
from syncserver.identity.members import service as members
from syncserver.kit.edge import ReadSession
from syncserver.usage import service as usage
from syncserver.usage.catalogue import CATALOGUE
from syncserver.usage.schemas import UsedByKind

_MONTH = Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")
_MOST, _NAMED = 50, 100
_BY: dict[UsedByKind, str] = {"template": "Kind of document", "device": "Device", "person": "Person"}

router = APIRouter(prefix="/console/usage", include_in_schema=False, route_class=ConsoleRoute)


@router.get("")
def show_usage(
    request: Request,
    visit: AnyVisit,
    session: ReadSession,
    tally: TheTally,
    month: Annotated[str | None, _MONTH] = None,
    by: UsedByKind = "template",
) -> Response:
    """Pages of a month, told apart; this month's cost, also on every tier."""
    tally.write()
    moment = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC) if month else visit.now
    entitled = usage.entitlement(session, visit.organization_id, visit.now)
    calls = api_keys.calls_since(session, visit.organization_id, entitled.usage.period_start.date())
    return page(
        request,
        "usage",
        month=moment.strftime("%Y-%m"),
        by=by,
        kinds=_BY,
        used=usage.used_by(session, visit.organization_id, moment, by, _MOST),
        names=_names(session, visit, by),
        cost=costs.cost(entitled.tier, entitled.usage, calls, visit.now),
        tiers=CATALOGUE.tiers,
        is_trial=entitled.usage.is_bounded,
    )


def _names(session: Session, visit: Visit, by: UsedByKind) -> dict[str | None, str]:
    """What the ids stand for; those of people for owners and admins alone."""
    if by == "device":
        return {str(one.id): one.name for one in devices.page(session, visit.organization_id, None, _NAMED).items}
    if by == "person" and visit.access.is_administrator:
        people = members.page(session, visit.organization_id, None, _NAMED).items
        return {str(one.id): one.full_name for one in people}
    return {}
