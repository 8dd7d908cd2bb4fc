"""The door to the server: one HTTP client, and one place where its answers become errors of ours."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpx
import truststore
from pydantic import BaseModel, ValidationError

from desktop.errors import ServerRefused, ServerUnreachable
from shared.wire.v1.problems import Problem

_TIMEOUT = httpx.Timeout(60.0, connect=10.0)  # seconds; a push may carry 8 MiB over a slow line
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LATER = frozenset({408, 425, 429})  # and every 5xx: the server may do it later

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the server's answer said of itself: its clock, and its certificate (DER; None without TLS)."""

    at: datetime | None
    certificate: bytes | None


def checked_url(url: str, *, allow_insecure: bool) -> str:
    """`url` without a final slash. Raises ServerRefused for one that would carry patients' data in the clear."""
    try:
        parts = urlsplit(url.strip())
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that are none
        is_address = False
    if not is_address:
        raise ServerRefused(f"'{url}' is no server's address. It looks like https://chartdrop.example.org.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ServerRefused("The server's address must not carry a name, a password, a query or a fragment.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not allow_insecure:
        raise ServerRefused(f"'{url}' is not encrypted. Use https, unless the server is on this machine.")
    return url.strip().rstrip("/")


class Server:
    """The server at `url`; every fault of the network or the server comes as ServerUnreachable or ServerRefused.

    With an `authority` (PEM), only certificates of that one are taken. The system's proxies are gone through
    (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), but for a server on this machine. `transport` is the way there, None for the
    network."""

    def __init__(self, url: str, authority: str | None = None, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url
        is_local = urlsplit(url).hostname in _LOOPBACK
        trust = _trust(authority) if url.startswith("https:") else False
        self._client = httpx.Client(
            base_url=url, timeout=_TIMEOUT, verify=trust, trust_env=not is_local, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def post(self, path: str, message: BaseModel | None, answer: type[Answer], token: str | None = None) -> Answer:
        """The server's answer to `message`."""
        content = message.model_dump_json().encode() if message else b""
        return self.send(path, content, answer, _headers(token, "application/json"))

    def post_form(self, path: str, form: Mapping[str, str], answer: type[Answer]) -> Answer:
        """The server's answer to an HTML form."""
        return self._sent(lambda: self._client.post(path, data=dict(form)), answer)

    def send(self, path: str, content: bytes, answer: type[Answer], headers: Mapping[str, str]) -> Answer:
        """The server's answer to `content` as it is."""
        return self._sent(lambda: self._client.post(path, content=content, headers=dict(headers)), answer)

    def seen(self) -> Seen:
        """The server answers, and this is what that says. Raises ServerUnreachable, ServerRefused."""
        with self._reached(), self._client.stream("GET", "/health") as response:
            socket = response.extensions["network_stream"].get_extra_info("ssl_object")
            seen = Seen(_date(response), socket.getpeercert(binary_form=True) if socket else None)
            response.read()
        if not response.is_success:
            raise ServerUnreachable(f"The server at {self.url} says that it is not well: its operator's log says why.")
        return seen

    def _sent(self, request: Callable[[], httpx.Response], answer: type[Answer]) -> Answer:
        with self._reached():
            response = request()
        if response.is_success:
            return self._understood(response, answer)
        if response.status_code >= 500 or response.status_code in _LATER:
            words = f"The server at {self.url} cannot answer now (status {response.status_code})."
            raise ServerUnreachable(words, _retry_after(response))
        raise refusal(self.url, response)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServerUnreachable(f"The server at {self.url} cannot be reached ({_why(error)}).") from error

    def _understood(self, response: httpx.Response, answer: type[Answer]) -> Answer:
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            raise ServerRefused(f"What answers at {self.url} is no Chartdrop server, or a much newer one.") from error


class Refusal(ServerRefused):
    """The server's problem, for code that can do something about it."""

    def __init__(self, message: str, status: int, problem: Problem) -> None:
        super().__init__(message, problem.code)
        self.status = status
        self.problem = problem


def refusal(url: str, response: httpx.Response) -> Refusal:
    """What the server said no with."""
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        problem = Problem(title=response.reason_phrase, status=response.status_code)
    words = problem.detail or problem.title or f"status {response.status_code}"
    return Refusal(f"The server at {url} refused: {words}", response.status_code, problem)


def _trust(authority: str | None) -> ssl.SSLContext:
    """The system's certificate store: proxies that inspect TLS put theirs there, and nowhere else. Or `authority`."""
    if authority is None:
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return ssl.create_default_context(cadata=authority)
    except ssl.SSLError as error:
        raise ServerRefused("The certificate authority is no certificate in PEM. Take the server's ca.pem.") from error


def _retry_after(response: httpx.Response) -> float:
    """Seconds that the server asked for (RFC 9110, 10.2.3: a number; or a date, counted by the server's own)."""
    asked = response.headers.get("Retry-After", "")
    if asked.strip().isdecimal():
        return float(asked)
    try:
        when, now = parsedate_to_datetime(asked), _date(response)
        return max(0.0, (when - now).total_seconds()) if now else 0.0
    except (ValueError, TypeError):
        return 0.0


def _date(response: httpx.Response) -> datetime | None:
    """When the server answered, by its own clock."""
    try:
        return parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None


def _headers(token: str | None, content_type: str) -> dict[str, str]:
    headers = {"Content-Type": content_type}
    return headers | {"Authorization": f"Bearer {token}"} if token else headers


def _why(error: httpx.HTTPError | httpx.InvalidURL) -> str:
    match error:
        case httpx.TimeoutException():
            return "it did not answer in time"
        case httpx.ConnectError() if "certificate" in str(error).lower():
            return "its certificate is not trusted on this machine"
        case httpx.ConnectError():
            return "no connection"
        case httpx.ProxyError():
            return "the proxy refused"
    return "the connection broke"
