"""The organization's devices: when they were last heard of, what they still had to send; named, enrolled, revoked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from shared.wire.v1.devices import EnrolmentCode
from syncserver.console.forms import Nothing, TheForm
from syncserver.console.overview import AWAY
from syncserver.console.rendering import done, older, page, refused
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingAdministrator, AnyVisit
from syncserver.events.transaction import WriteTransaction
from syncserver.identity.devices import service
from syncserver.identity.devices.schemas import DeviceName
from syncserver.kit.edge import ReadSession, TheKeys, base_url_of
from syncserver.kit.idempotency import Once
from syncserver.kit.paging import DEFAULT_LIMIT

HERE = "/console/devices"

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@router.get("")
def show_devices(
    request: Request, visit: AnyVisit, session: ReadSession, cursor: Annotated[str | None, Query()] = None
) -> Response:
    """The list, the last enrolled first."""
    found = service.page(session, visit.organization_id, cursor, DEFAULT_LIMIT)
    away_before = visit.now - AWAY
    return page(
        request, "devices", devices=found.items, older=older(request, found.next_cursor), away_before=away_before
    )


@router.post("/codes")
def make_code(
    request: Request, visit: ActingAdministrator, form: TheForm, transaction: WriteTransaction, keys: TheKeys
) -> Response:
    """A code for one device, shown now."""
    access = visit.access
    scope = f"enrolment-codes:{access.actor}"
    once = Once(transaction.session, transaction.now, keys.answers, scope, form.once_key())
    made = once.answer(
        Nothing(),
        EnrolmentCode,
        lambda: service.issue_code(transaction, keys, access.organization_id, access.actor),
    )
    return page(request, "device_code", made=made, server=base_url_of(request))


@router.get("/{device_id}")
def show_device(request: Request, device_id: UUID, visit: AnyVisit, session: ReadSession) -> Response:
    """One device, and what can be done about it."""
    device = service.view(session, visit.organization_id, device_id)
    return page(request, "device", device=device, away_before=visit.now - AWAY)


@router.post("/{device_id}/name")
def rename(
    request: Request, device_id: UUID, visit: ActingAdministrator, form: TheForm, transaction: WriteTransaction
) -> Response:
    """The device is called otherwise."""
    wanted = form.as_wanted(DeviceName, name=form.text("name"))
    service.rename(transaction, visit.organization_id, visit.access.actor, device_id, wanted.name)
    told = f"The device is called “{wanted.name}”. It hears of that at its next contact."
    return done(request, f"{HERE}/{device_id}", told)


@router.post("/{device_id}/revoke")
def revoke(
    request: Request, device_id: UUID, visit: ActingAdministrator, form: TheForm, transaction: WriteTransaction
) -> Response:
    """The device is revoked, once somebody said that this is meant."""
    here = f"{HERE}/{device_id}"
    if not form.flag("sure"):
        return refused(request, here, "Nothing was changed: tick the box to say that you mean this device.")
    destroy = form.flag("destroy_keys")
    service.revoke(transaction, visit.organization_id, visit.access.actor, device_id, destroy_keys=destroy)
    return done(request, here, "The device is revoked: nothing opens to it any more.")
