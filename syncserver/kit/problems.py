"""Errors as RFC 9457 problems: every error leaves the server through here, and never quotes what was sent."""

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from shared.wire.v1.problems import Problem
from syncserver.kit.errors import Conflict, DatabaseUnavailable, InvalidRequest, ServerError, TooManyRequests
from syncserver.kit.logging import fault_of, log

_MEDIA_TYPE = "application/problem+json"
_MAX_NAMED_FAULTS = 10
_UNAVAILABLE = (OperationalError, InterfaceError, PoolExhausted)
_TITLES = {422: "Unprocessable Content", 413: "Content Too Large"}  # RFC 9110; Python 3.11 has the older phrases


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """`problem` as an answer."""
    return Response(
        problem.model_dump_json(exclude_none=True), problem.status, dict(headers or {}), media_type=_MEDIA_TYPE
    )


def problem(status: int, code: str, detail: str, retryable: bool = False) -> Problem:
    """A problem whose title is that of its status."""
    return Problem(
        title=_TITLES.get(status, HTTPStatus(status).phrase),
        status=status,
        detail=detail,
        code=code,
        retryable=retryable,
    )


def response_to(error: ServerError) -> Response:
    """The answer that `error` gives."""
    body = problem(error.status, error.code, error.message, error.retryable)
    body = body.model_copy(update={name: getattr(error, name, None) for name in ("accepted_through", "revocation")})
    headers = {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem_response(body, headers)


def unexpected_response() -> Response:
    """The answer to a fault of ours: what happened stands in the log alone."""
    detail = "Something went wrong on the server. Its log names the fault under this answer's X-Correlation-ID."
    return problem_response(problem(500, "unexpected", detail, retryable=True))


def invalid_request(error: ValidationError) -> InvalidRequest:
    """What is wrong with a body that was read by hand."""
    return InvalidRequest(_named_faults(error.errors(include_input=False, include_url=False)))


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of the problems that a route answers with."""
    return {
        status: {
            "description": _TITLES.get(status, HTTPStatus(status).phrase),
            "content": {_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def known_error(error: Exception) -> ServerError | None:
    """What `error` is to who asked; None for a fault of ours."""
    match error:
        case ServerError():
            return error
        case RequestValidationError():
            return InvalidRequest(_named_faults(error.errors()))
        case ValidationError():
            return invalid_request(error)
        case _:
            return _of_database(error)


def _of_database(error: Exception) -> ServerError | None:
    if isinstance(error, DataError):  # a NUL character, a number beyond the column: PostgreSQL refuses to hold it
        return InvalidRequest("The request holds a value that cannot be stored.")
    if isinstance(error, IntegrityError):
        return Conflict("Another request changed the same thing at the same moment. Try again.")
    if isinstance(error, _UNAVAILABLE):
        log.error("database_unavailable", **fault_of(error))
        return DatabaseUnavailable("The database does not answer at the moment. Try again shortly.")
    return None


def install_problems(app: FastAPI) -> None:
    """Every error of `app` is answered with a problem."""
    for known in (ServerError, RequestValidationError, DataError, IntegrityError, *_UNAVAILABLE):
        app.add_exception_handler(known, _known)
    app.add_exception_handler(HTTPException, _http_error)


def _known(_: Request, error: Exception) -> Response:
    known = known_error(error)
    assert known is not None  # noqa: S101 - registered for these types alone
    return response_to(known)


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
    details = {
        404: "There is nothing at this address.",
        405: f"This address does not take {request.method}.",
    }
    code = HTTPStatus(error.status_code).name.lower()
    body = problem(error.status_code, code, details.get(error.status_code, str(error.detail)))
    return problem_response(body, error.headers)


def _named_faults(faults: Sequence[Any]) -> str:
    """One clause for each fault: where it is and what is wrong, without the value."""
    clauses = [_clause(fault) for fault in faults[:_MAX_NAMED_FAULTS]]
    if len(faults) > _MAX_NAMED_FAULTS:
        clauses.append(f"and {len(faults) - _MAX_NAMED_FAULTS} more")
    return "; ".join(clauses) + "."


def _clause(fault: Mapping[str, Any]) -> str:
    place = [str(part) for part in fault["loc"] if part not in ("body", "query", "path", "header")]
    message = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{'.'.join(place)}: {message}" if place else message
