"""What webhooks sent and are to send; each may be sent again."""

from typing import Annotated, get_args
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from syncserver.console.rendering import done, older, page
from syncserver.console.route import ConsoleRoute
from syncserver.console.webhooks import ActingCaller, LookingCaller
from syncserver.events.transaction import WriteTransaction
from syncserver.kit.edge import ReadSession
from syncserver.kit.paging import DEFAULT_LIMIT
from syncserver.webhooks import service
from syncserver.webhooks.schemas import State
from syncserver.webhooks.service import Sought

HERE = "/console/webhooks/deliveries"

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@router.get("")
def show_deliveries(
    request: Request,
    who: LookingCaller,
    session: ReadSession,
    endpoint: UUID | None = None,
    state: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str | None, Query()] = None,
) -> Response:
    """The last ones first, of one endpoint or of all."""
    chosen: State | None = next((one for one in get_args(State) if one == state), None)
    found = service.delivery_page(session, who, Sought(endpoint, chosen), cursor, DEFAULT_LIMIT)
    return page(
        request,
        "deliveries",
        deliveries=found.items,
        older=older(request, found.next_cursor),
        endpoint=service.view(session, who, endpoint) if endpoint else None,
        states=get_args(State),
        state=chosen,
    )


@router.get("/{delivery_id}")
def show_delivery(request: Request, delivery_id: UUID, who: LookingCaller, session: ReadSession) -> Response:
    """One message, and how it goes."""
    return page(request, "delivery", delivery=service.delivery(session, who, delivery_id))


@router.post("/{delivery_id}/redeliver")
def redeliver(request: Request, delivery_id: UUID, who: ActingCaller, transaction: WriteTransaction) -> Response:
    """The message is sent again, under its id."""
    service.redeliver(transaction, who, delivery_id)
    return done(request, f"{HERE}/{delivery_id}", "It is sent again. Load this page again to see how that went.")
