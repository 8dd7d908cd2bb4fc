"""One's own second factor: set up with an app, its recovery codes, taken away again."""

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from syncserver.console import account
from syncserver.console.forms import REFUSALS, TheForm, refusal_of
from syncserver.console.rendering import done, page, refused
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import ActingVisit, AnyVisit, Visit
from syncserver.events.transaction import BeginTransaction
from syncserver.identity.second_factor import proven, service
from syncserver.identity.second_factor.schemas import Confirmation, Removal, SetUpRequest
from syncserver.kit.database import Database
from syncserver.kit.edge import ReadSession, TheDatabase, TheKeys
from syncserver.kit.errors import ServerError
from syncserver.kit.tenancy import only

HERE = f"{account.HERE}/second-factor"

router = APIRouter(prefix=HERE, include_in_schema=False, route_class=ConsoleRoute)


@router.get("")
def show_second_factor(request: Request, visit: AnyVisit, session: ReadSession) -> Response:
    """What there is, and the forms to change it."""
    return page(request, "second_factor", factor=service.state(session, visit.access.user_id), refused={})


def _refused(
    request: Request, visit: Visit, database: Database, part: str, error: ServerError | ValidationError
) -> Response:
    """The page again, which says beside the form why it was not taken."""
    known = refusal_of(error)
    with database.reading(only(visit.organization_id)) as session:
        factor = service.state(session, visit.access.user_id)
    return page(request, "second_factor", known.status, factor=factor, refused={part: known.message})


@router.post("")
def begin_set_up(
    request: Request, visit: ActingVisit, form: TheForm, database: TheDatabase, begin: BeginTransaction, keys: TheKeys
) -> Response:
    """A secret for the person's app, shown now; it counts once confirmed."""
    try:
        wanted = form.as_wanted(SetUpRequest, password=form.raw("password"))
        made = proven.begin_set_up(begin, keys, visit.access, wanted)
    except REFUSALS as error:
        return _refused(request, visit, database, "set-up", error)
    return page(request, "second_factor_set_up", made=made, problem=None)


@router.post("/confirm")
def confirm(
    request: Request, visit: ActingVisit, form: TheForm, database: TheDatabase, begin: BeginTransaction, keys: TheKeys
) -> Response:
    """The second factor is on; the recovery codes are shown now."""
    try:
        codes = proven.confirm(begin, keys, visit.access, form.as_wanted(Confirmation, otp=form.text("otp")))
    except REFUSALS as error:
        known = refusal_of(error)
        with database.reading(only(visit.organization_id)) as session:
            made = service.begun(session, keys, visit.access.user_id, visit.person.email, form.text("secret"))
        if made is None:
            return refused(request, HERE, known.message)
        return page(request, "second_factor_set_up", known.status, made=made, problem=known.message)
    return page(request, "recovery_codes", codes=codes.recovery_codes, is_new=True)


@router.post("/recovery-codes")
def renew_codes(
    request: Request, visit: ActingVisit, form: TheForm, database: TheDatabase, begin: BeginTransaction, keys: TheKeys
) -> Response:
    """New recovery codes, shown now; those before open nothing any more."""
    try:
        codes = proven.renew_codes(begin, keys, visit.access, form.as_wanted(Confirmation, otp=form.text("otp")))
    except REFUSALS as error:
        return _refused(request, visit, database, "codes", error)
    return page(request, "recovery_codes", codes=codes.recovery_codes, is_new=False)


@router.post("/remove")
def remove(
    request: Request, visit: ActingVisit, form: TheForm, database: TheDatabase, begin: BeginTransaction, keys: TheKeys
) -> Response:
    """The person signs in by password alone."""
    try:
        wanted = form.as_wanted(Removal, password=form.raw("password"), otp=form.text("otp"))
        proven.remove(begin, keys, visit.access, wanted)
    except REFUSALS as error:
        return _refused(request, visit, database, "removal", error)
    return done(request, account.HERE, "The second factor is off: your password alone opens your account.")
