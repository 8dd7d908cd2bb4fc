"""The wire of the simulation: requests reach the server's application in this process, or something happens to them.

What the application would do in threads it does in this one: in an order that nothing else decides, and faster.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import anyio.to_thread
import httpx
import pytest
from fastapi import FastAPI

_LOOP = asyncio.new_event_loop()


class InProcess(httpx.BaseTransport):
    """An honest wire."""

    def __init__(self, app: Callable[[], FastAPI]) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asked(self._app(), request, request.read())


@dataclass
class HostileWire(httpx.BaseTransport):
    """Drops, repeats, delays, cuts short and swaps what passes, as `chance` has it; honest once `is_healed`.

    `step` is called before a request leaves and after its answer came: there the power may go."""

    app: Callable[[], FastAPI]
    chance: Random
    step: Callable[[], None]
    is_healed: bool = False
    log: list[str] = field(default_factory=list)
    _late: list[tuple[httpx.Request, bytes]] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        self.step()
        fate = "arrives" if self.is_healed else self.chance.choices(tuple(_FATES), tuple(_FATES.values()))[0]
        self.log.append(f"{request.url.path} {fate}")
        response = self._meet(fate, request, body)
        self.step()
        return response

    def _meet(self, fate: str, request: httpx.Request, body: bytes) -> httpx.Response:
        match fate:
            case "is lost":
                raise httpx.ConnectError("lost")
            case "is late":  # and comes after others that were sent later
                self._late.append((request, body))
                raise httpx.ReadTimeout("late")
            case "is cut short":
                self._deliver(request, body[: len(body) // 2])
                raise httpx.WriteError("cut")
            case "comes twice":
                self._deliver(request, body)
            case "meets an older one" if self._late:
                self._deliver(*self._late.pop(self.chance.randrange(len(self._late))))
            case "is not served":
                return httpx.Response(503, text="busy")
        response = self._deliver(request, body)
        match fate:
            case "has its answer lost":
                raise httpx.ReadError("lost")
            case "has its answer cut":
                return httpx.Response(response.status_code, content=response.content[: len(response.content) // 2])
        return response

    def _deliver(self, request: httpx.Request, body: bytes) -> httpx.Response:
        return asked(self.app(), request, body)


_FATES = {
    "arrives": 70,
    "is lost": 4,
    "is late": 4,
    "is cut short": 3,
    "comes twice": 5,
    "meets an older one": 5,
    "is not served": 3,
    "has its answer lost": 4,
    "has its answer cut": 2,
}


def asked(app: FastAPI, request: httpx.Request, body: bytes) -> httpx.Response:
    """The application's answer."""
    with _in_this_thread():
        return _LOOP.run_until_complete(_answer(app, request, body))


@contextmanager
def _in_this_thread() -> Iterator[None]:
    async def here(function: Callable[..., Any], *given: Any, **_: object) -> Any:
        return function(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anyio.to_thread, "run_sync", here)
        patch.setattr(asyncio, "to_thread", here)
        yield


async def _answer(app: FastAPI, request: httpx.Request, body: bytes) -> httpx.Response:
    """The application's answer, by ASGI."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw if name.lower() != b"content-length"],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 8000),
    }
    incoming = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return incoming.pop() if incoming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in sent)
    return httpx.Response(sent[0]["status"], headers=sent[0]["headers"], content=content)
