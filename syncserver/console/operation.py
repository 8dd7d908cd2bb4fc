"""For the operator: whether the server works, what waits, who uses it most, and organizations with their tiers."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from syncserver.console.forms import TheForm
from syncserver.console.rendering import done, older, page
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingOperator, OperatorVisit
from syncserver.events.transaction import ServerTransaction
from syncserver.identity.api_keys.tally import TheTally
from syncserver.kit.edge import ServerReadSession
from syncserver.kit.health import outcome_of
from syncserver.kit.paging import DEFAULT_LIMIT
from syncserver.operation import service
from syncserver.operation.schemas import TierChange
from syncserver.tenants.service import TRIAL
from syncserver.usage.catalogue import CATALOGUE

HERE = "/console/operation"
_TOP = 10
_TOP_DAYS = 30
TIERS = {TRIAL: "Free trial"} | {one.id: one.name for one in CATALOGUE.tiers}

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@router.get("")
def show_system(request: Request, visit: OperatorVisit, session: ServerReadSession, tally: TheTally) -> Response:
    """The whole server: what works, how much there is, what waits."""
    tally.write()
    checks: Mapping[str, Callable[[], None]] = request.app.state.checks
    return page(
        request,
        "system",
        checks={name: outcome_of(name, check) for name, check in checks.items()},
        version=request.app.version,
        stats=service.stats(session),
        queues=service.queues(session, visit.now),
        top=service.top_users(session, visit.now, _TOP_DAYS, _TOP).items,
        days=_TOP_DAYS,
    )


@router.get("/organizations")
def show_organizations(
    request: Request, visit: OperatorVisit, session: ServerReadSession, cursor: Annotated[str | None, Query()] = None
) -> Response:
    """Every organization, the newest first."""
    found = service.organizations(session, visit.now, cursor, DEFAULT_LIMIT)
    return page(
        request, "organizations", organizations=found.items, older=older(request, found.next_cursor), tiers=TIERS
    )


@router.get("/organizations/{organization_id}")
def show_organization(
    request: Request, organization_id: UUID, visit: OperatorVisit, session: ServerReadSession
) -> Response:
    """One organization, to be put on a tier."""
    organization = service.organization(session, organization_id, visit.now)
    return page(request, "organization", organization=organization, tiers=TIERS)


@router.post("/organizations/{organization_id}/tier")
def change_tier(
    request: Request, organization_id: UUID, visit: ActingOperator, form: TheForm, transaction: ServerTransaction
) -> Response:
    """The organization is on that tier."""
    wanted = form.as_wanted(TierChange, tier=form.text("tier"))
    service.change_tier(transaction, organization_id, wanted.tier, visit.access.actor)
    told = f"The organization is on the tier {TIERS[wanted.tier]} now."
    return done(request, f"{HERE}/organizations/{organization_id}", told)
