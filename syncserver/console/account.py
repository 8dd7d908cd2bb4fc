"""One's own account, whatever one's role: the password, and where one is signed in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from syncserver.console.forms import REFUSALS, TheForm, refusal_of
from syncserver.console.navigation import ACCOUNT
from syncserver.console.rendering import done, older, page
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingVisit, AnyVisit, Visit
from syncserver.events.transaction import BeginTransaction, WriteTransaction
from syncserver.identity.passwords import changing
from syncserver.identity.passwords.schemas import PasswordChange
from syncserver.identity.second_factor import service as second_factor
from syncserver.identity.sessions import service as sessions
from syncserver.kit.edge import ReadSession, TheDatabase
from syncserver.kit.errors import ServerError
from syncserver.kit.paging import DEFAULT_LIMIT
from syncserver.kit.tenancy import only

HERE = ACCOUNT.path

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@router.get("")
def show_account(
    request: Request, visit: AnyVisit, session: ReadSession, cursor: Annotated[str | None, Query()] = None
) -> Response:
    """The account: password, second factor, sessions."""
    return _shown(request, visit, session, cursor)


def _shown(
    request: Request, visit: Visit, session: Session, cursor: str | None = None, was_refused: ServerError | None = None
) -> Response:
    access = visit.access
    person = (access.organization_id, access.user_id)
    found = sessions.page(session, person, access.session_id, cursor, DEFAULT_LIMIT)
    return page(
        request,
        "account",
        was_refused.status if was_refused else 200,
        sessions=found.items,
        older=older(request, found.next_cursor),
        factor=second_factor.state(session, access.user_id),
        refused=was_refused,
    )


@router.post("/password")
def change_password(
    request: Request, visit: ActingVisit, form: TheForm, database: TheDatabase, begin: BeginTransaction
) -> Response:
    """The new password counts, and every other session has ended."""
    given = {"current_password": form.raw("current_password"), "new_password": form.raw("new_password")}
    try:
        wanted = form.as_wanted(PasswordChange, **given)
        changing.change(begin, visit.access.user_id, wanted, visit.access.session_id)
    except REFUSALS as error:
        with database.reading(only(visit.organization_id)) as session:
            return _shown(request, visit, session, was_refused=refusal_of(error))
    return done(request, HERE, "The new password counts. Wherever else you were signed in, you are no more.")


@router.post("/sessions/end-others")
def end_other_sessions(request: Request, visit: ActingVisit, transaction: WriteTransaction) -> Response:
    """This session goes on, and no other of one's own."""
    access = visit.access
    sessions.end_all(transaction, access.organization_id, access.user_id, but=access.session_id)
    return done(request, HERE, "Every other session was ended.")


@router.post("/sessions/{session_id}/end")
def end_session(request: Request, session_id: UUID, visit: ActingVisit, transaction: WriteTransaction) -> Response:
    """One of one's own sessions is ended."""
    sessions.end_one(transaction, visit.organization_id, visit.access.user_id, session_id)
    return done(request, HERE, "The session was ended: its browser or program is signed out.")
