"""A door that answers as a test says, over a real socket: for what no server of ours would say."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Answering = Callable[[Any], tuple[int, Any]]
_API = "/api/v1"


class Door:
    """Lets every device in, takes every push and has nothing to fetch, but for `answers`: by path below the API's, from
    what was asked to status and body (a text as it is, anything else as JSON)."""

    def __init__(self) -> None:
        self.answers: dict[str, Answering] = {}
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator[Self]:
        """It answers at `url`."""
        with ThreadingHTTPServer(("127.0.0.1", 0), _handler(self)) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.url = f"http://127.0.0.1:{server.server_port}"
            yield self
            server.shutdown()

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """What is said to `body`."""
        self.asked.append(path)
        if path in self.answers:
            is_json = body.startswith(b"{")
            status, said = self.answers[path](json.loads(body) if is_json else None)
            return status, said.encode() if isinstance(said, str) else json.dumps(said).encode()
        agreeable: dict[str, object] = {"challenge": "c", "access_token": "t", "expires_in": 600}
        agreeable |= {"accepted_through": 99, "cursor": None, "changes": [], "more": False}
        return 200, json.dumps(agreeable).encode()


def _handler(door: Door) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, sent = door.answer(self.path.removeprefix(_API), body)
            self.send_response(status)
            for name, value in door.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed between the tests' dots."""

    return Handler
