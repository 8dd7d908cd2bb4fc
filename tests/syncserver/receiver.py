"""An integrator's server: a real one over HTTP, which writes down what comes and answers as it is told."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic

from shared.clock import system_clock
from syncserver.kit.certificates import AUTHORITY, SERVER, SERVER_KEY, make_certificates


@dataclass(frozen=True)
class Received:
    """One request, as it came."""

    path: str
    headers: Mapping[str, str]
    body: str
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass(frozen=True)
class Reply:
    """What is answered, and after how long."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    after_s: float = 0


Answer = Callable[[Received], Reply]


@dataclass
class Receiver:
    """A running receiver. `answer` may be changed at any time."""

    url: str
    got: list[Received] = field(default_factory=list)
    answer: Answer = lambda _: Reply()
    ending: threading.Event = field(default_factory=threading.Event)

    def url_at(self, path: str) -> str:
        return self.url + path


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(self.path, headers, body, monotonic())
            receiver.got.append(received)
            reply = receiver.answer(received)
            if receiver.ending.wait(reply.after_s):
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": "0", **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    return Handler


class _Quiet(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A sender that was killed half-way is no fault."""


@contextmanager
def receiving(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on loopback, at a port of its own."""
    receiver = Receiver("")
    server = _Quiet((host, 0), _handler(receiver))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'https' if tls else 'http'}://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()


def certified(place: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """How a server called `name` shows who it is, and how a client trusts that."""
    make_certificates(place, [name], system_clock())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(place / SERVER, place / SERVER_KEY)
    return server, ssl.create_default_context(cafile=str(place / AUTHORITY))
