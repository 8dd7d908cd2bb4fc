"""What wraps every request: correlation id, access log, security headers, a limit on the body, faults as problems."""

import asyncio
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncserver.kit.errors import BodyTooLarge, BodyTooSlow, ServerError
from syncserver.kit.logging import fault_of, log
from syncserver.kit.metrics import Metrics
from syncserver.kit.problems import response_to, unexpected_response

BODY_WAIT_S = 30.0  # between two pieces of a body: whoever sends a byte a minute holds a place for hours
MAX_BODY_BYTES = 1024 * 1024  # of a route that says nothing else; forms and JSON of people are far smaller
_CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000",  # browsers heed it over TLS alone
}


@dataclass(slots=True)
class _Exchange:
    """One request on its way: how much came, how it was answered."""

    limit: int
    received: int = 0
    is_whole: bool = False
    refusal: ServerError | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)


class RequestFrame:
    """Outermost of our middleware: nothing of ours is raised or logged past it."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        larger_bodies: Iterable[tuple[str, int]] = (),
        body_wait_s: float = BODY_WAIT_S,
    ) -> None:
        self._app, self._metrics, self._body_wait_s = app, metrics, body_wait_s
        self._larger_bodies = dict(larger_bodies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(self._larger_bodies.get(scope["path"], MAX_BODY_BYTES))
        exchange.headers = {**_SECURITY_HEADERS, "X-Correlation-ID": _correlation_id(scope)}
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=exchange.headers["X-Correlation-ID"])
        started = time.perf_counter()
        with self._metrics.under_way.track_inprogress():
            await self._answer(scope, receive, send, exchange)
        elapsed_s = time.perf_counter() - started
        self._metrics.count(scope, exchange.status, elapsed_s)
        elapsed_ms = round(elapsed_s * 1000, 1)
        log.info("request", method=scope["method"], path=scope["path"], status=exchange.status, ms=elapsed_ms)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, exchange: _Exchange) -> None:
        async def limited_receive() -> Message:
            if exchange.is_whole:  # what comes now is a client that leaves: however late
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._body_wait_s)
            except TimeoutError:
                exchange.refusal = BodyTooSlow(f"Nothing of the body came for {self._body_wait_s:g} s. Send it again.")
                raise exchange.refusal from None
            exchange.is_whole = not message.get("more_body", False)
            exchange.received += len(message.get("body", b""))
            if exchange.received > exchange.limit:
                exchange.refusal = _too_large(exchange.limit)
                raise exchange.refusal
            return message

        async def app_send(message: Message) -> None:
            if not exchange.refusal:  # FastAPI answers 400 to any fault while it reads a body: ours follows instead
                await framed_send(message)

        async def framed_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in exchange.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if _declared_length(scope) > exchange.limit:
                raise _too_large(exchange.limit)
            await self._app(scope, limited_receive, app_send)
            if exchange.refusal:
                raise exchange.refusal
        except (BodyTooLarge, BodyTooSlow) as error:
            await response_to(error)(scope, receive, framed_send)
        except Exception as error:  # the edge: whatever it is, the client gets a problem and the log its place
            log.error("fault", **fault_of(error))
            if not exchange.status:
                await unexpected_response()(scope, receive, framed_send)


def _correlation_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("X-Correlation-ID", "")
    return given if _CORRELATION_ID.fullmatch(given) else secrets.token_hex(8)


def _declared_length(scope: Scope) -> int:
    declared = Headers(scope=scope).get("Content-Length", "0")
    return int(declared) if declared.isdecimal() else 0


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"The body is larger than the {limit // 1024} KiB that this address takes.")
