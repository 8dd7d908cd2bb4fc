"""Browsers at the console, as far as HTTP goes: cookies, forms with their tokens, no scripts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi.testclient import TestClient

from tests.syncserver.conftest import PASSWORD, Server

HOME, SIGN_IN = "/console", "/console/sign-in"
_TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


class Seen(Protocol):
    """What a browser got."""

    @property
    def status_code(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def headers(self) -> Any: ...  # a multi-dictionary: a page sets several cookies


@dataclass
class Browser:
    """One browser; it follows no redirect by itself, so that a test sees each."""

    http: TestClient

    def get(self, path: str, **params: str) -> Seen:
        return self.http.get(path, params=params or None, follow_redirects=False)

    def token_on(self, path: str) -> str:
        """The token of the forms on that page."""
        found = _TOKEN.search(self.get(path).text)
        assert found, path
        return found.group(1)

    def send(self, path: str, fields: Mapping[str, object] | None = None, on: str = HOME) -> Seen:
        """Sends a form that stands on the page `on`."""
        data = {"token": self.token_on(on), "back": on} | dict(fields or {})
        return self.http.post(path, data=data, follow_redirects=False)


def browser(server: Server) -> Browser:
    """A browser that nobody signed in with."""
    return Browser(TestClient(server.http.app, raise_server_exceptions=False))


def visitor(server: Server, email: str, password: str = PASSWORD) -> Browser:
    """A browser of the person's, signed in."""
    own = browser(server)
    answer = own.send(SIGN_IN, {"email": email, "password": password}, on=SIGN_IN)
    assert (answer.status_code, answer.headers["location"]) == (303, HOME), answer.text
    return own
