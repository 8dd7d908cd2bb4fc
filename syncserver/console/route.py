"""What every page's route does besides: keeps the session's cookies, and answers errors with pages."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from syncserver.console import cookies, marks
from syncserver.console.errors import FormNotOurs, SignInFirst
from syncserver.console.forms import BACK_FIELD, GivenForm
from syncserver.console.marks import Notice
from syncserver.console.rendering import page, refused
from syncserver.identity.errors import NotAllowed
from syncserver.kit.errors import NotFound, ServerError
from syncserver.kit.logging import fault_of, log
from syncserver.kit.problems import known_error

SIGN_IN = "/console/sign-in"
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_TITLES = {
    403: "This is not open to you",
    404: "There is no such page",
    500: "Something went wrong",
    503: "Not at the moment",
}
_UNEXPECTED = "Nothing more was done. The server's log names the fault under the reference below."


class ConsoleRoute(APIRoute):
    """A page's route."""

    def get_route_handler(self) -> _Handler:
        """As FastAPI's, within the edge."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
            except Exception as error:  # the edge: whatever it is, a person gets a page
                response = await _answer_to(request, error)
            if renewed := getattr(request.state, "renewed", None):
                cookies.keep_tokens(request, response, renewed)
            return response

        return answer


async def _answer_to(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):  # a form that is none
        return error_page(request, error.status_code, f"{error.detail}. Open the page again.")
    known = _known(error)
    if known is None:
        log.error("fault", **fault_of(error))
        return error_page(request, 500, _UNEXPECTED)
    if isinstance(known, SignInFirst):
        return _sign_in_first(request, known)
    if _asks_for_part(request):
        return Response(headers={"HX-Redirect": _asked(request)})  # the whole page says what is wrong
    if request.method == "POST" and not isinstance(known, NotAllowed | NotFound | FormNotOurs):
        form = await request.form()
        back = GivenForm({BACK_FIELD: (str(form.get(BACK_FIELD, "")),)}).back()
        if back:
            return refused(request, back, known.message)
    return error_page(request, known.status, known.message)


def _known(error: Exception) -> ServerError | None:
    if isinstance(error, RequestValidationError) and any(fault["loc"][0] == "path" for fault in error.errors()):
        return NotFound("There is nothing at this address.")
    return known_error(error)


def error_page(request: Request, status: int, message: str) -> Response:
    """A page that says what happened and what to do."""
    title = _TITLES.get(status, "That did not work")
    phrase = HTTPStatus(status).phrase
    return page(request, "error", status, title=title, message=message, code=status, phrase=phrase)


def _sign_in_first(request: Request, error: SignInFirst) -> Response:
    onward = f"{SIGN_IN}?next={quote(_asked(request))}" if request.method == "GET" else SIGN_IN
    if cookies.held_tokens(request):
        onward = marks.with_notice(request.app.state.keys, onward, Notice("refused", error.message))
    response: Response = RedirectResponse(onward, status_code=303)
    if _asks_for_part(request):
        response = Response(headers={"HX-Redirect": onward})
    cookies.forget_tokens(request, response)
    return response


def _asks_for_part(request: Request) -> bool:
    """Whether htmx asks, for a part of a page."""
    return "HX-Request" in request.headers


def _asked(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
