"""Listening, announcing where, and shutting down cleanly."""

import errno
import signal
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from syncserver.kit.errors import CannotStart

_BACKLOG = 2048
_GRACE_S = 10  # for requests under way when a signal comes


class _AnnouncingServer(uvicorn.Server):
    """Says where it listens, once it accepts."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def serve_app(app: FastAPI, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serves `app` until SIGTERM or SIGINT; `announce` is given the URL once connections are accepted.

    Raises CannotStart when the address cannot be listened at.
    """
    listener = _listen(host, port)
    url = _url(host, listener.getsockname()[1])
    config = uvicorn.Config(
        app,
        log_config=None,  # the access log is our own, without query strings
        access_log=False,
        server_header=False,
        proxy_headers=False,  # an address that a client made up must not pass for its own
        timeout_graceful_shutdown=_GRACE_S,
        backlog=_BACKLOG,
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


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
