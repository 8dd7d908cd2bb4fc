"""Listening, announcing where, and shutting down cleanly."""

import errno
import gc
import signal
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from syncserver.kit.errors import CannotStart

_BACKLOG = 2048
_ALLOCATED_BEFORE_LOOKING = 20_000
"""Objects, before the garbage collector goes through the young ones: a page that is parsed is a thousand of them."""
_GRACE_S = 10  # for requests under way when a signal comes


class _AnnouncingServer(uvicorn.Server):
    """Says where it listens, once it accepts."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.collect()
            gc.freeze()  # what was made by now stays: to look through it every so often held requests up
            gc.set_threshold(_ALLOCATED_BEFORE_LOOKING)
            self._announce()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key, PEM files."""

    certificate: Path
    key: Path


def serve_app(
    app: FastAPI, host: str, port: int, announce: Callable[[str], None], tls: Certificate | None = None
) -> None:
    """Serves `app` until SIGTERM or SIGINT; `announce` is given the URL once connections are accepted.

    With a certificate it speaks TLS 1.3 alone. Raises CannotStart when the address cannot be listened at, or the
    certificate not be used.
    """
    context = tls_context(tls) if tls else None
    listener = _listen(host, port)
    url = _url("https" if tls else "http", host, listener.getsockname()[1])
    config = uvicorn.Config(
        app,
        log_config=None,  # the access log is our own, without query strings
        access_log=False,
        server_header=False,
        proxy_headers=False,  # an address that a client made up must not pass for its own
        timeout_graceful_shutdown=_GRACE_S,
        backlog=_BACKLOG,
        ssl_context_factory=(lambda *_: context) if context else None,
    )
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: None)  # uvicorn raises the signal again after a clean shutdown; that is the end
    _AnnouncingServer(config, lambda: announce(url)).run([listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror as error:
        raise CannotStart(f"{host} is no address of this machine: {error.strerror}.") from error
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {port} on {host} is in use. Choose another, or --port 0 for a free one."
            ) from error
        raise CannotStart(f"Cannot listen at port {port} on {host}: {error.strerror}.") from error
    return listener


def tls_context(tls: Certificate) -> ssl.SSLContext:
    """What a server with this certificate speaks. Raises CannotStart for one that cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(tls.certificate, tls.key)
    except (OSError, ssl.SSLError) as error:
        raise CannotStart(
            f"The certificate {tls.certificate} with the key {tls.key} cannot be used: {error.strerror or error}."
        ) from error
    return context


def _url(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
