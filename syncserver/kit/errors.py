"""Errors of the server: each knows its HTTP status."""

from typing import ClassVar

from shared.errors import ChartdropError


class ServerError(ChartdropError):
    """Answered as a problem with `status`; the base says 500."""

    status: ClassVar[int] = 500


class NotFound(ServerError):
    """It does not exist, or belongs to somebody else: a stranger cannot tell which."""

    code = "not_found"
    status = 404


class CannotStart(ServerError):
    """The server cannot start as it is set up."""

    code = "cannot_start"


class DatabaseUnusable(CannotStart):
    """The database cannot be reached or opened, or is not in the state that this version needs."""

    code = "database_unusable"


class DatabaseUnavailable(ServerError):
    """The database does not answer at the moment."""

    code = "database_unavailable"
    status = 503
    retryable = True


class Conflict(ServerError):
    """Two requests changed the same thing at the same moment; one of them lost."""

    code = "conflict"
    status = 409
    retryable = True


class InvalidRequest(ServerError):
    """The request is not of the documented shape."""

    code = "invalid_request"
    status = 422


class BodyTooLarge(ServerError):
    """The request's body is longer than the route takes."""

    code = "body_too_large"
    status = 413


class BodyTooSlow(ServerError):
    """The request's body stopped coming."""

    code = "body_too_slow"
    status = 408
    retryable = True


class TooManyRequests(ServerError):
    """Wait `retry_after` seconds."""

    code = "too_many_requests"
    status = 429
    retryable = True

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
