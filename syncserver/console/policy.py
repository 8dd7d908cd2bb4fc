"""What the organization lays down for its devices, and what this server may see."""

from typing import Any

from fastapi import APIRouter, Request, Response

from syncserver.console.forms import GivenForm, TheForm
from syncserver.console.rendering import done, page
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingAdministrator, AnyVisit
from syncserver.events.transaction import WriteTransaction
from syncserver.identity.policy import service
from syncserver.identity.policy.schemas import PolicyChange
from syncserver.kit.edge import ReadSession
from syncserver.tenants import service as tenants

HERE = "/console/policy"

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@router.get("")
def show_policy(request: Request, visit: AnyVisit, session: ReadSession) -> Response:
    """The policy, to be changed by who may."""
    return page(request, "policy", policy=tenants.policy(session, visit.organization_id))


@router.post("")
def change_policy(
    request: Request, visit: ActingAdministrator, form: TheForm, transaction: WriteTransaction
) -> Response:
    """The policy is as the form says; devices hear of it when they next sync."""
    service.change(transaction, visit.access, form.as_wanted(PolicyChange, **_fields(form)))
    return done(request, HERE, "The policy was changed. Devices hear of it when they next sync.")


def _fields(form: GivenForm) -> dict[str, Any]:
    """What was left empty is the devices' own matter; a form without the owners' part leaves that as it is."""
    numbers = {name: form.number(name) for name in ("retention_years", "lock_minutes")}
    return numbers | ({"server_sees": form.text("server_sees")} if form.text("server_sees") else {})
