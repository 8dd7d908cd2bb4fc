"""Signing in, in two steps where there is a second factor, and signing out; light or dark."""

import secrets
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from syncserver.console import cookies, marks
from syncserver.console.cookies import STEP, STRANGER, THEMES
from syncserver.console.forms import TOKEN_FIELD, GivenForm, TheForm
from syncserver.console.rendering import page, refused
from syncserver.console.route import SIGN_IN, ConsoleRoute
from syncserver.console.visit import ActingVisit, AnyVisit, check_form
from syncserver.events.transaction import BeginTransaction
from syncserver.identity import tokens
from syncserver.identity.errors import NotSignedIn
from syncserver.identity.people import service as people
from syncserver.identity.sessions import service as sessions
from syncserver.identity.sessions import sign_in
from syncserver.identity.sessions.errors import SecondFactorNeeded
from syncserver.identity.sessions.schemas import SignedIn
from syncserver.identity.sessions.sign_in import TheArrival
from syncserver.identity.tokens import TokenKind
from syncserver.kit.edge import TheClock, TheDatabase, TheKeys
from syncserver.kit.errors import TooManyRequests
from syncserver.kit.secret import ServerKeys

HOME = "/console"
_Onward = Annotated[str, Query(alias="next")]
"""The page that somebody who had to sign in first was going to."""

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsoleRoute)


def stranger_of(request: Request) -> str:
    """What a browser without a session is told from others by."""
    return request.cookies.get(STRANGER) or secrets.token_hex(16)


def strangers_page(request: Request, keys: ServerKeys, name: str, status: int = 200, **values: object) -> Response:
    """A page with a form for a browser without a session."""
    stranger = stranger_of(request)
    response = page(request, name, status, **values | {"token": marks.form_token(keys, stranger)})
    cookies.keep(request, response, STRANGER, stranger)
    return response


def check_strangers_form(request: Request, keys: ServerKeys, form: GivenForm) -> None:
    """Raises FormNotOurs."""
    check_form(request, keys, request.cookies.get(STRANGER, ""), form.text(TOKEN_FIELD))


@router.get("/sign-in")
def show_sign_in(request: Request, keys: TheKeys, onward: _Onward = "") -> Response:
    """The form to sign in with."""
    return strangers_page(request, keys, "sign_in", onward=onward, email="", problem=None)


@router.post("/sign-in")
def take_password(
    request: Request,
    form: TheForm,
    database: TheDatabase,
    begin: BeginTransaction,
    keys: TheKeys,
    clock: TheClock,
    came: TheArrival,
) -> Response:
    """A session, or the question for a code."""
    check_strangers_form(request, keys, form)
    email, password = form.text("email"), form.raw("password")
    try:
        account, taken = sign_in.counted(database, begin, email, came.address)
        known = sign_in.proven_by_password(begin, account, password)
        sign_in.check_second_factor(begin, keys, known, None)
    except SecondFactorNeeded:
        assert account is not None  # noqa: S101 - its password was right
        step = tokens.issue(keys, TokenKind.SECOND_STEP, str(account.user_id), clock())
        response = RedirectResponse(f"{SIGN_IN}/code?next={quote(form.text('next'))}", status_code=303)
        cookies.keep(request, response, STEP, step)
        return response
    except (NotSignedIn, TooManyRequests) as error:
        return strangers_page(
            request, keys, "sign_in", error.status, onward=form.text("next"), email=email, problem=error.message
        )
    return _onward(request, form, sign_in.let_in(begin, keys, known, taken, came))


@router.get("/sign-in/code")
def show_second_step(request: Request, keys: TheKeys, onward: _Onward = "") -> Response:
    """The form for a code of the second factor."""
    return strangers_page(request, keys, "second_step", onward=onward, problem=None)


@router.post("/sign-in/code")
def take_code(
    request: Request,
    form: TheForm,
    database: TheDatabase,
    begin: BeginTransaction,
    keys: TheKeys,
    clock: TheClock,
    came: TheArrival,
) -> Response:
    """A session for somebody whose password was right a moment ago."""
    check_strangers_form(request, keys, form)
    try:
        claims = tokens.read(keys, TokenKind.SECOND_STEP, request.cookies.get(STEP, ""), clock())
    except NotSignedIn:
        return refused(request, SIGN_IN, "The code has to come within five minutes. Begin again with your password.")
    with database.reading() as session:
        account = people.account_of(session, UUID(claims.subject))
    try:
        _, taken = sign_in.counted(database, begin, account.email, came.address)
        sign_in.check_second_factor(begin, keys, account, form.text("otp"))
    except (NotSignedIn, TooManyRequests) as error:
        return strangers_page(
            request, keys, "second_step", error.status, onward=form.text("next"), problem=error.message
        )
    return _onward(request, form, sign_in.let_in(begin, keys, account, taken, came))


def _onward(request: Request, form: GivenForm, started: SignedIn) -> Response:
    """On to where the person was going, signed in."""
    response = RedirectResponse(GivenForm({"back": (form.text("next"),)}).back() or HOME, status_code=303)
    cookies.keep_tokens(request, response, started)
    cookies.forget(request, response, STEP)
    return response


@router.post("/sign-out")
def sign_out(request: Request, visit: ActingVisit, begin: BeginTransaction) -> Response:
    """The session is ended, here and wherever its tokens are."""
    assert visit.access.session_id is not None  # noqa: S101 - every visit has one
    with begin() as transaction:
        sessions.end_one(transaction, visit.organization_id, visit.access.user_id, visit.access.session_id)
    request.state.renewed = None
    response = RedirectResponse(SIGN_IN, status_code=303)
    cookies.forget_tokens(request, response)
    return response


@router.get("/stay", status_code=204)
def stay(_: AnyVisit) -> Response:
    """Somebody is there: the session goes on."""
    return Response(status_code=204)


@router.post("/theme")
def choose_theme(request: Request, _: ActingVisit, form: TheForm) -> Response:
    """Light, dark, or as the system has it, in this browser."""
    theme = form.text("theme")
    response = RedirectResponse(form.back() or HOME, status_code=303)
    if theme in THEMES:
        cookies.keep_theme(request, response, theme)
    return response


@router.get("/returned")
def come_back(request: Request) -> Response:
    """Where Stripe sends people back to. A browser sends no cookies along from there: this page goes on by itself."""
    return page(request, "returned")
