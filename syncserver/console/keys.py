"""API keys: made, shown once, ended. One's own; owners and admins see everybody's."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from syncserver.console.forms import REFUSALS, GivenForm, TheForm, refusal_of
from syncserver.console.rendering import done, older, page
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import AnyVisit, ChangingVisit, Visit
from syncserver.events.transaction import BeginTransaction, WriteTransaction
from syncserver.identity.api_keys import service
from syncserver.identity.api_keys.format import Environment
from syncserver.identity.api_keys.schemas import ApiKeyCreated, ApiKeyForm
from syncserver.identity.api_keys.scopes import Scope
from syncserver.identity.api_keys.tally import TheTally
from syncserver.identity.members import service as members
from syncserver.kit.edge import ReadSession, TheDatabase, TheKeys, base_url_of
from syncserver.kit.errors import ServerError
from syncserver.kit.idempotency import Once
from syncserver.kit.paging import DEFAULT_LIMIT
from syncserver.kit.tenancy import only

HERE = "/console/keys"
_PEOPLE_NAMED = 100

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@dataclass(frozen=True, slots=True)
class Refused:
    """A key that was not made: what was asked, and why not."""

    form: GivenForm
    error: ServerError


@router.get("")
def show_keys(
    request: Request,
    visit: AnyVisit,
    session: ReadSession,
    tally: TheTally,
    cursor: Annotated[str | None, Query()] = None,
) -> Response:
    """Keys that open something, the newest first."""
    tally.write()
    return _listed(request, visit, session, cursor)


def _listed(
    request: Request, visit: Visit, session: Session, cursor: str | None = None, was_refused: Refused | None = None
) -> Response:
    found = service.page(session, visit.organization_id, _whose(visit), cursor, DEFAULT_LIMIT)
    return page(
        request,
        "keys",
        was_refused.error.status if was_refused else 200,
        keys=found.items,
        older=older(request, found.next_cursor),
        names=_names(session, visit),
        scopes=list(Scope),
        environments=list(Environment),
        refused=was_refused,
        chosen=set(was_refused.form.texts("scopes")) if was_refused else {Scope.READ, Scope.WRITE},
    )


@router.post("")
def make_key(
    request: Request, visit: ChangingVisit, form: TheForm, database: TheDatabase, begin: BeginTransaction, keys: TheKeys
) -> Response:
    """A new key, shown now."""
    try:
        made = _made(visit, form, begin, keys)
    except REFUSALS as error:
        with database.reading(only(visit.organization_id)) as session:
            return _listed(request, visit, session, was_refused=Refused(form, refusal_of(error)))
    return page(request, "key_made", made=made, server=base_url_of(request))


def _made(visit: Visit, form: GivenForm, begin: BeginTransaction, keys: TheKeys) -> ApiKeyCreated:
    wanted = form.as_wanted(
        ApiKeyForm,
        name=form.text("name"),
        scopes=form.texts("scopes"),
        environment=form.text("environment") or Environment.LIVE,
        expires_at=form.text("expires_at") or None,
    )
    access = visit.access
    with begin(only(visit.organization_id)) as transaction:
        once = Once(transaction.session, transaction.now, keys.answers, f"api-keys:{access.actor}", form.once_key())
        return once.answer(
            wanted,
            ApiKeyCreated,
            lambda: service.create(transaction, access.organization_id, access.user_id, access.actor, wanted),
        )


@router.get("/{key_id}")
def show_key(request: Request, key_id: UUID, visit: AnyVisit, session: ReadSession) -> Response:
    """One key, to be ended."""
    key = service.view(session, visit.organization_id, _whose(visit), key_id)
    return page(request, "key", key=key)


@router.post("/{key_id}/end")
def end_key(request: Request, key_id: UUID, visit: ChangingVisit, transaction: WriteTransaction) -> Response:
    """The key opens nothing any more."""
    service.revoke(transaction, visit.organization_id, _whose(visit), visit.access.actor, key_id)
    return done(request, HERE, "The key was ended: it opens nothing any more.")


def _whose(visit: Visit) -> UUID | None:
    return None if visit.access.is_administrator else visit.access.user_id


def _names(session: Session, visit: Visit) -> dict[UUID, str]:
    """What the people are called whose keys one sees."""
    if not visit.access.is_administrator:
        return {visit.access.user_id: visit.person.full_name}
    return {one.id: one.full_name for one in members.page(session, visit.organization_id, None, _PEOPLE_NAMED).items}
