"""The routers of every page, and the page of what is at none of their addresses."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from syncserver.console import (
    account,
    analytics,
    assets,
    audit,
    billing,
    deliveries,
    devices,
    joining,
    keys,
    operation,
    overview,
    people,
    policy,
    second_factor,
    signing_in,
    templates,
    usage,
    webhooks,
)
from syncserver.console.route import ConsoleRoute, error_page
from syncserver.console.visit import AnyVisit

_nowhere = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsoleRoute)


@_nowhere.get("/")
def begin() -> Response:
    """As some write the first page's address."""
    return RedirectResponse("/console", status_code=308)


@_nowhere.api_route("/{path:path}", methods=["GET", "POST"])
def nothing_here(request: Request, _: AnyVisit) -> Response:
    """What is at no address of the console's."""
    return error_page(request, 404, "There is nothing at this address. Use the list of pages, or go back.")


CONSOLE = (
    overview.router,
    signing_in.router,
    joining.router,
    account.router,
    second_factor.router,
    analytics.router,
    usage.router,
    templates.router,
    devices.router,
    people.router,
    policy.router,
    billing.router,
    keys.router,
    deliveries.router,
    webhooks.router,
    audit.router,
    operation.router,
    assets.router,
    _nowhere,
)
