"""One message on its way: to the addresses that were checked, within a time that nobody stretches.

httpcore's own connection, over a network backend of ours: it connects to what was looked up once, whatever the name
means by then, while TLS and the Host header keep to the name. Nothing is read from the environment (no proxy), no
redirect is followed, and of the answer only the head is read.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpcore
import truststore

from syncserver.webhooks.addresses import (
    IPAddress,
    Networks,
    Resolve,
    Target,
    addresses_of,
    check_addresses,
    look_up,
    read_url,
)
from syncserver.webhooks.errors import WebhookUrlRefused

SEND_WITHIN_S = 15.0  # from looking the name up to the last byte of the answer's head
_CONNECT_WITHIN_S = 5.0  # to one address: a host that drops packets must not use the rest up
_SLICE_S = 0.5  # how often whoever waits looks whether it is still to
_GONE = 410

Fault = Literal["url_refused", "name_unresolved", "connection_failed", "timed_out", "tls_failed", "not_http", "status"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended: with an HTTP status, or before there was one. Without a `fault` the message arrived."""

    fault: Fault | None = None
    status: int | None = None
    retry_after: timedelta | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the endpoint says that it is not there any more, and will not be."""
        return self.status == _GONE


class SendingStopped(Exception):
    """The server is ending: whether the message arrived is not known."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted, and to where."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends messages to public addresses and to `allowed` networks, until `is_stopping` says so."""

    allowed: Networks
    is_stopping: Callable[[], bool]
    resolve: Resolve = look_up
    within_s: float = SEND_WITHIN_S
    trust: ssl.SSLContext | None = None
    """Certificates to trust; the operating system's unless said."""

    def send(self, message: Message, now: datetime) -> Outcome:
        """How it went. Raises SendingStopped."""
        deadline = _Deadline(time.monotonic() + self.within_s, self.is_stopping)
        try:
            target = read_url(message.url)
            addresses = addresses_of(target, self.resolve, min(deadline.left(), _CONNECT_WITHIN_S))
            check_addresses(target, addresses, self.allowed)
            return self._post(target, _Pinned(addresses, deadline), message, now)
        except (WebhookUrlRefused, OSError, *_HTTP_FAULTS) as error:
            return Outcome(_fault_of(error))

    def _post(self, target: Target, backend: httpcore.NetworkBackend, message: Message, now: datetime) -> Outcome:
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        trust = self.trust or _SYSTEMS_TRUST
        timeouts = {"timeout": {"connect": _CONNECT_WITHIN_S, "read": self.within_s, "write": self.within_s}}
        own = {"Host": target.host_header, "Content-Length": str(len(message.body))}
        headers = [*own.items(), *message.headers.items()]
        with (
            httpcore.ConnectionPool(ssl_context=trust, network_backend=backend, max_keepalive_connections=0) as pool,
            pool.stream("POST", url, headers=headers, content=message.body, extensions=timeouts) as answer,
        ):
            return _outcome(answer, now)


# The first that fits. httpcore's own errors are no OSErrors; what is one here comes from looking the name up.
_FAULTS: dict[type[Exception], Fault] = {
    httpcore.TimeoutException: "timed_out",
    httpcore.ProtocolError: "not_http",
    httpcore.NetworkError: "connection_failed",
}
_HTTP_FAULTS = (httpcore.TimeoutException, httpcore.ProtocolError, httpcore.NetworkError)
_SYSTEMS_TRUST = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, slots=True)
class _Deadline:
    at: float
    is_stopping: Callable[[], bool]

    def left(self) -> float:
        """Seconds. Raises SendingStopped, or httpcore's ReadTimeout when there are none."""
        if self.is_stopping():
            raise SendingStopped
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("The time is over.")
        return left


class _Pinned(httpcore.NetworkBackend):
    """Connects to the checked addresses, one after the other, whichever host it is asked for."""

    def __init__(self, addresses: Sequence[IPAddress], deadline: _Deadline) -> None:
        self._addresses, self._deadline = addresses, deadline
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - looked up already
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is nearer
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        fault: httpcore.NetworkError | httpcore.TimeoutException = httpcore.ConnectError("There is no address.")
        for address in self._addresses:
            within = min(self._deadline.left(), _CONNECT_WITHIN_S)
            try:
                stream = self._system.connect_tcp(str(address), port, within, local_address, socket_options)
                return _Timed(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault


class _Timed(httpcore.NetworkStream):
    """A connection that ends at the deadline, however often the other side sends a byte."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        while True:
            try:
                return self._stream.read(max_bytes, min(self._deadline.left(), _SLICE_S))
            except httpcore.ReadTimeout:
                self._deadline.left()  # raises once it is over

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        within = min(self._deadline.left(), _CONNECT_WITHIN_S)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, within), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _outcome(answer: httpcore.Response, now: datetime) -> Outcome:
    if 200 <= answer.status < 300:
        return Outcome(status=answer.status)
    given = {name.lower(): value for name, value in answer.headers}.get(b"retry-after", b"")
    return Outcome("status", answer.status, _retry_after(given.decode("ascii", "replace"), now))


def _retry_after(text: str, now: datetime) -> timedelta | None:
    """RFC 9110, section 10.2.3: seconds, or a date."""
    try:
        return timedelta(seconds=int(text)) if text.isdecimal() else max(parsedate_to_datetime(text) - now, timedelta())
    except (ValueError, TypeError, OverflowError):
        return None


def _fault_of(error: Exception) -> Fault:
    if isinstance(error, WebhookUrlRefused):
        return "url_refused"
    if any(isinstance(cause, ssl.SSLError) for cause in error.args):  # httpcore wraps what happened
        return "tls_failed"
    return next((fault for kind, fault in _FAULTS.items() if isinstance(error, kind)), "name_unresolved")
