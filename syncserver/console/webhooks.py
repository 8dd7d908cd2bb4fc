"""Webhook endpoints: where messages go, of what, and how that goes; their secrets are shown once."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from syncserver.console.forms import REFUSALS, GivenForm, TheForm, refusal_of
from syncserver.console.rendering import done, older, page, refused
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingAdministrator, AdministratorVisit
from syncserver.events.transaction import Begin, BeginTransaction, Transaction, WriteTransaction
from syncserver.kit.edge import ReadSession, TheDatabase, TheKeys
from syncserver.kit.idempotency import Once
from syncserver.kit.paging import DEFAULT_LIMIT
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only
from syncserver.processing.intake import CheckWebhookUrl
from syncserver.webhooks import service
from syncserver.webhooks.schemas import (
    KINDS,
    EndpointChange,
    EndpointCreated,
    EndpointForm,
    EndpointView,
    Rotation,
    SecretRotated,
)
from syncserver.webhooks.service import Caller, Sought

HERE = "/console/webhooks"
_LAST_DELIVERIES = 10

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


def _looking(visit: AdministratorVisit, database: TheDatabase, keys: TheKeys) -> Caller:
    with database.reading(only(visit.organization_id)) as session:
        return service.caller(session, keys, visit.organization_id, visit.access.actor)


def _acting(visit: ActingAdministrator, database: TheDatabase, keys: TheKeys) -> Caller:
    return _looking(visit, database, keys)


async def _check(request: Request) -> CheckWebhookUrl:
    check: CheckWebhookUrl = request.app.state.intake.check_webhook_url
    return check


LookingCaller = Annotated[Caller, Depends(_looking)]
"""An owner or admin looks, with the organization's key."""
ActingCaller = Annotated[Caller, Depends(_acting)]
"""An owner or admin sends a form, with the organization's key."""
_CheckUrl = Annotated[CheckWebhookUrl, Depends(_check)]


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form of an endpoint shows."""

    url: str = ""
    description: str = ""
    events: tuple[str, ...] = KINDS
    parallel: str = "4"

    @classmethod
    def of_view(cls, view: EndpointView) -> "Draft":
        """As the endpoint is."""
        return cls(view.url, view.description, tuple(view.events), str(view.parallel))

    @classmethod
    def of_form(cls, form: GivenForm) -> "Draft":
        """As it was filled in."""
        return cls(form.text("url"), form.text("description"), tuple(form.texts("events")), form.text("parallel"))


@router.get("")
def show_endpoints(
    request: Request, who: LookingCaller, session: ReadSession, cursor: Annotated[str | None, Query()] = None
) -> Response:
    """The endpoints, the newest first."""
    found = service.page(session, who, cursor, DEFAULT_LIMIT)
    secret = service.secret_state(session, who)
    return page(request, "webhooks", endpoints=found.items, older=older(request, found.next_cursor), secret=secret)


@router.get("/new")
def show_new(request: Request, _: LookingCaller) -> Response:
    """The form for another endpoint."""
    return page(request, "webhook_form", endpoint=None, draft=Draft(), kinds=KINDS, problem=None)


@router.post("")
def create(
    request: Request, who: ActingCaller, form: TheForm, check: _CheckUrl, begin: BeginTransaction, keys: TheKeys
) -> Response:
    """Another endpoint, whose secret is shown now."""
    try:
        wanted = form.as_wanted(EndpointForm, **_fields(form))
        check(wanted.url)
        with begin(only(who.organization_id)) as transaction:
            made = _once(transaction, keys, who, form).answer(
                wanted, EndpointCreated, lambda: service.create(transaction, who, wanted)
            )
    except REFUSALS as error:
        return _again(request, form, None, error)
    return page(request, "webhook_secret", endpoint=made, secret=made.secret, former_until=None)


@router.post("/secret")
def rotate_of_jobs(
    request: Request, who: ActingCaller, form: TheForm, begin: BeginTransaction, keys: TheKeys
) -> Response:
    """Another secret for the URLs that jobs and batches name, shown now."""
    rotated = _rotated(begin, keys, who, form, None)
    return page(request, "webhook_secret", endpoint=None, secret=rotated.secret, former_until=rotated.former_until)


@router.get("/{endpoint_id:uuid}")
def show_endpoint(request: Request, endpoint_id: UUID, who: LookingCaller, session: ReadSession) -> Response:
    """One endpoint and its last deliveries."""
    endpoint = service.view(session, who, endpoint_id)
    sought = Sought(endpoint_id, None)
    last = service.delivery_page(session, who, sought, None, _LAST_DELIVERIES)
    return page(request, "webhook", endpoint=endpoint, deliveries=last.items, has_more=last.next_cursor is not None)


@router.get("/{endpoint_id:uuid}/change")
def show_change(request: Request, endpoint_id: UUID, who: LookingCaller, session: ReadSession) -> Response:
    """The form to change it by."""
    endpoint = service.view(session, who, endpoint_id)
    return page(request, "webhook_form", endpoint=endpoint.id, draft=Draft.of_view(endpoint), kinds=KINDS, problem=None)


@router.post("/{endpoint_id:uuid}/change")
def change(
    request: Request, endpoint_id: UUID, who: ActingCaller, form: TheForm, check: _CheckUrl, begin: BeginTransaction
) -> Response:
    """The endpoint is as the form says."""
    try:
        wanted = form.as_wanted(EndpointChange, **_fields(form))
        check(form.text("url"))
        with begin(only(who.organization_id)) as transaction:
            service.change(transaction, who, endpoint_id, wanted)
    except REFUSALS as error:
        return _again(request, form, endpoint_id, error)
    return done(request, f"{HERE}/{endpoint_id}", "The endpoint was changed.")


@router.post("/{endpoint_id:uuid}/enabled")
def enable(
    request: Request, endpoint_id: UUID, who: ActingCaller, form: TheForm, transaction: WriteTransaction
) -> Response:
    """Messages go there, or wait."""
    is_enabled = form.flag("is_enabled")
    service.change(transaction, who, endpoint_id, EndpointChange(is_enabled=is_enabled))
    told = "Enabled: what waited is sent now." if is_enabled else "Disabled: what happens meanwhile waits."
    return done(request, f"{HERE}/{endpoint_id}", told)


@router.post("/{endpoint_id:uuid}/test")
def send_test(request: Request, endpoint_id: UUID, who: ActingCaller, transaction: WriteTransaction) -> Response:
    """A message that tells nothing is on its way."""
    made = service.send_test(transaction, who, endpoint_id)
    return done(
        request, f"{HERE}/deliveries/{made.id}", "A test is on its way. Load this page again to see how it went."
    )


@router.post("/{endpoint_id:uuid}/secret")
def rotate(
    request: Request, endpoint_id: UUID, who: ActingCaller, form: TheForm, begin: BeginTransaction, keys: TheKeys
) -> Response:
    """Another secret for the endpoint, shown now."""
    rotated = _rotated(begin, keys, who, form, endpoint_id)
    with begin(only(who.organization_id)) as transaction:
        endpoint = service.view(transaction.session, who, endpoint_id)
    return page(request, "webhook_secret", endpoint=endpoint, secret=rotated.secret, former_until=rotated.former_until)


@router.post("/{endpoint_id:uuid}/delete")
def delete(
    request: Request, endpoint_id: UUID, who: ActingCaller, form: TheForm, transaction: WriteTransaction
) -> Response:
    """The endpoint is gone, with what waits for it, once somebody said that this is meant."""
    if not form.flag("sure"):
        return refused(request, f"{HERE}/{endpoint_id}", "Nothing was deleted: tick the box to say that you mean it.")
    service.delete(transaction, who, endpoint_id)
    return done(request, HERE, "The endpoint was deleted, with what waited for it.")


def _rotated(begin: Begin, keys: ServerKeys, who: Caller, form: GivenForm, endpoint_id: UUID | None) -> SecretRotated:
    wanted = form.as_wanted(Rotation, overlap_hours=form.number("overlap_hours"))
    with begin(only(who.organization_id)) as transaction:

        def act() -> SecretRotated:
            if endpoint_id is None:
                return service.rotate_organizations(transaction, who, wanted)
            return service.rotate(transaction, who, endpoint_id, wanted)

        scoped = _Rotated(endpoint_id=endpoint_id, overlap_hours=wanted.overlap_hours)
        return _once(transaction, keys, who, form).answer(scoped, SecretRotated, act)


class _Rotated(BaseModel):
    """What a repeated rotation is compared by."""

    endpoint_id: UUID | None
    overlap_hours: int


def _once(transaction: Transaction, keys: ServerKeys, who: Caller, form: GivenForm) -> Once:
    scope = f"console-webhooks:{who.actor}"
    return Once(transaction.session, transaction.now, keys.answers, scope, form.once_key())


def _fields(form: GivenForm) -> dict[str, object]:
    return {
        "url": form.text("url"),
        "description": form.text("description"),
        "events": form.texts("events"),
        "parallel": form.number("parallel"),
    }


def _again(request: Request, form: GivenForm, endpoint_id: UUID | None, error: Exception) -> Response:
    """The form as it was filled in, with what is wrong."""
    assert isinstance(error, REFUSALS)  # noqa: S101 - caught as such
    known = refusal_of(error)
    shown = {"endpoint": endpoint_id, "draft": Draft.of_form(form), "kinds": KINDS, "problem": known.message}
    return page(request, "webhook_form", known.status, **shown)
