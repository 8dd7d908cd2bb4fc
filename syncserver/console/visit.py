"""Who visits a page: the session in the browser's cookies, gone on with as long as somebody is there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from syncserver.console import cookies, marks
from syncserver.console.cookies import HeldTokens
from syncserver.console.errors import FormNotOurs, SignInFirst
from syncserver.console.forms import TOKEN_FIELD, TheForm
from syncserver.events.transaction import Begin, BeginTransaction
from syncserver.identity import tokens
from syncserver.identity.access import Access, access_of, check_administrator, check_may_change, check_operator
from syncserver.identity.errors import NotSignedIn
from syncserver.identity.people import service as people
from syncserver.identity.people.schemas import Person
from syncserver.identity.sessions import service as sessions
from syncserver.identity.sessions.schemas import SignedIn
from syncserver.identity.tokens import Claims, TokenKind
from syncserver.kit.edge import TheClock, TheDatabase, TheKeys, name_tenant
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only

IDLE = timedelta(minutes=15)
"""After which somebody who left is signed out (45 CFR 164.312(a)(2)(iii))."""
_FRESH = timedelta(minutes=1)
"""How long a page is shown without noting that somebody is there: so much earlier than `IDLE` may it end."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody signed in, at a page."""

    access: Access
    person: Person
    token: str
    now: datetime

    @property
    def organization_id(self) -> UUID:
        return self.access.organization_id


def _session(request: Request, keys: TheKeys, clock: TheClock, begin: BeginTransaction) -> Claims:
    """Whom the cookies name; their tokens are renewed where a minute went by. Raises SignInFirst."""
    held = cookies.held_tokens(request)
    if held is None:
        raise SignInFirst("Sign in to see this page.")
    now = clock()
    try:
        claims = tokens.read(keys, TokenKind.ACCESS, held.access, now)
        if now.timestamp() - claims.issued_at < _FRESH.total_seconds():
            return claims
    except NotSignedIn:
        pass  # it lasts ten minutes; the session may go on
    renewed = _renewed(begin, keys, held)
    request.state.renewed = renewed
    return tokens.read(keys, TokenKind.ACCESS, renewed.access_token, now)


def _renewed(begin: Begin, keys: ServerKeys, held: HeldTokens) -> SignedIn:
    with begin() as transaction:
        is_idle = sessions.end_if_idle(transaction, held.refresh, IDLE)
        try:
            renewed = None if is_idle else sessions.refresh(transaction, keys, held.refresh)
        except NotSignedIn as error:
            raise SignInFirst("Your session has ended. Sign in again.") from error
    if is_idle:
        raise SignInFirst("Nobody was here for 15 minutes, so you were signed out. Sign in again.")
    if renewed is None:
        raise SignInFirst("Somebody else used this session's cookie too, so it was ended. Sign in again.")
    return renewed


def _visit(
    request: Request,
    claims: Annotated[Claims, Depends(_session)],
    database: TheDatabase,
    keys: TheKeys,
    clock: TheClock,
) -> Visit:
    with database.asking() as connection:
        user = sessions.person_in_session(connection, UUID(claims.session))
    try:
        access = access_of(user, claims)
    except NotSignedIn as error:
        raise SignInFirst("Your session has ended. Sign in again.") from error
    name_tenant(request, access.organization_id)
    with database.reading(only(access.organization_id)) as session:
        person = people.person(session, access.organization_id, access.user_id)
    visit = Visit(access, person, marks.form_token(keys, claims.session), clock())
    request.state.visit = visit
    return visit


def check_form(request: Request, keys: ServerKeys, holder: str, given: str) -> None:
    """Raises FormNotOurs unless the form came from a page of ours that `holder` was given."""
    is_foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if is_foreign or not marks.is_form_token(keys, holder, given):
        raise FormNotOurs("This form is not one that this page gave you. Nothing was changed: open the page again.")


def _acting(request: Request, visit: Annotated[Visit, Depends(_visit)], form: TheForm, keys: TheKeys) -> Visit:
    check_form(request, keys, str(visit.access.session_id), form.text(TOKEN_FIELD))
    return visit


def _allowed(visiting: Callable[..., Visit], check: Callable[[Access], None]) -> Callable[..., Visit]:
    """The visit, of somebody who may, by the check that the API's routes make too."""

    def checked(visit: Annotated[Visit, Depends(visiting)]) -> Visit:
        check(visit.access)
        return visit

    return checked


AnyVisit = Annotated[Visit, Depends(_visit)]
"""Somebody of the organization looks."""
ActingVisit = Annotated[Visit, Depends(_acting)]
"""Somebody sends a form of their own concern, whatever their role."""
ChangingVisit = Annotated[Visit, Depends(_allowed(_acting, check_may_change))]
"""Somebody whose role may change something sends a form."""
AdministratorVisit = Annotated[Visit, Depends(_allowed(_visit, check_administrator))]
"""An owner or admin looks."""
ActingAdministrator = Annotated[Visit, Depends(_allowed(_acting, check_administrator))]
"""An owner or admin sends a form."""
OperatorVisit = Annotated[Visit, Depends(_allowed(_visit, check_operator))]
"""The operator looks."""
ActingOperator = Annotated[Visit, Depends(_allowed(_acting, check_operator))]
"""The operator sends a form."""
