"""Pages for who has a code: to join an organization that invites, or to set a new password."""

from fastapi import APIRouter, Request, Response

from syncserver.console.forms import REFUSALS, TheForm, refusal_of
from syncserver.console.rendering import done
from syncserver.console.route import SIGN_IN, ConsoleRoute
from syncserver.console.signing_in import check_strangers_form, strangers_page
from syncserver.events.transaction import BeginTransaction
from syncserver.identity.invitations import service as invitations
from syncserver.identity.invitations.schemas import Acceptance
from syncserver.identity.passwords import changing
from syncserver.identity.passwords.schemas import PasswordResetRequest
from syncserver.identity.people import service as people
from syncserver.identity.people.passwords import check_password, hash_password
from syncserver.kit.edge import Address, TheKeys
from syncserver.kit.throttle import Allowance, take

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsoleRoute)


@router.get("/join")
def show_join(request: Request, keys: TheKeys) -> Response:
    """The form for an invitation's code."""
    return strangers_page(request, keys, "join", code="", full_name="", problem=None)


@router.post("/join")
def join(request: Request, form: TheForm, begin: BeginTransaction, keys: TheKeys, address: Address) -> Response:
    """The person belongs to the organization, and signs in next."""
    check_strangers_form(request, keys, form)
    code, full_name = form.text("code"), form.text("full_name")
    try:
        _join(
            form.as_wanted(Acceptance, token=code, full_name=full_name, password=form.raw("password")), begin, address
        )
    except REFUSALS as error:
        known = refusal_of(error)
        return strangers_page(
            request, keys, "join", known.status, code=code, full_name=full_name, problem=known.message
        )
    return done(request, SIGN_IN, "You have joined. Sign in with the password that you chose.")


def _join(wanted: Acceptance, begin: BeginTransaction, address: str) -> None:
    with begin() as counting:
        take(counting.session, counting.now, (Allowance(f"accept:{address}", free=20, longest_wait_s=60),))
    password = wanted.password.get_secret_value()
    with begin() as looking:
        invited = invitations.invited(looking, wanted.token)
    check_password(password, people.personal_words(invited.email, wanted.full_name, invited.organization_name))
    hashed = hash_password(password)
    with begin() as transaction:
        invitations.accept(transaction, wanted.token, wanted.full_name, hashed)


@router.get("/reset")
def show_reset(request: Request, keys: TheKeys) -> Response:
    """The form for a code of a new password."""
    return strangers_page(request, keys, "reset", code="", problem=None)


@router.post("/reset")
def reset(request: Request, form: TheForm, begin: BeginTransaction, keys: TheKeys, address: Address) -> Response:
    """The password is set, and every session ended."""
    check_strangers_form(request, keys, form)
    code = form.text("code")
    try:
        wanted = form.as_wanted(PasswordResetRequest, token=code, new_password=form.raw("password"))
        changing.reset(begin, wanted, address)
    except REFUSALS as error:
        known = refusal_of(error)
        return strangers_page(request, keys, "reset", known.status, code=code, problem=known.message)
    return done(request, SIGN_IN, "The new password counts, and every session has ended. Sign in with it.")
