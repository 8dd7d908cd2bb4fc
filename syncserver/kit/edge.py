"""The edge of a request: one transaction, committed before the answer is sent."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from shared.clock import Clock
from syncserver.kit.database import Database
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import TenantOf

Network = IPv4Network | IPv6Network


async def database_of(request: Request) -> Database:
    """The server's database."""
    database: Database = request.app.state.database
    return database


async def clock_of(request: Request) -> Clock:
    """The server's clock."""
    clock: Clock = request.app.state.clock
    return clock


async def keys_of(request: Request) -> ServerKeys:
    """The server's keys."""
    keys: ServerKeys = request.app.state.keys
    return keys


async def address_of(request: Request) -> str:
    """Where the request comes from: the last address in front of the proxies that the settings trust."""
    peer = request.client.host if request.client else "unknown"
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")] + [peer]
    return last_untrusted(chain, request.app.state.trusted_proxies)


def last_untrusted(chain: Sequence[str], trusted: Sequence[Network]) -> str:
    """The last of `chain` that no trusted proxy could have vouched for; only those after it say the truth.

    A part that is no address is a client's invention, and ends the search at the proxy that passed it on.
    """
    address = chain[-1]
    for part in reversed(chain):
        if not _is_address(part):
            break
        address = part
        if not any(ip_address(part) in network for network in trusted):
            break
    return address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def name_tenant(request: Request, organization_id: UUID) -> None:
    """The request is this organization's: its transactions see that one's rows alone."""
    request.state.organization_id = organization_id


def tenant_of(request: Request) -> TenantOf:
    """Whose request it turns out to be, once that is known; nobody's until then."""
    return lambda: getattr(request.state, "organization_id", None)


def base_url_of(request: Request) -> str:
    """Where the server is, as whoever asks wrote it; without a slash at the end."""
    return str(request.base_url).rstrip("/")


def is_over_tls(request: Request) -> bool:
    """Whether whoever asks speaks TLS, to this server or to a proxy that the settings trust."""
    if request.url.scheme == "https":
        return True
    peer = request.client.host if request.client else ""
    trusted: Sequence[Network] = request.app.state.trusted_proxies
    is_proxy = _is_address(peer) and any(ip_address(peer) in network for network in trusted)
    return is_proxy and request.headers.get("X-Forwarded-Proto", "").strip().lower() == "https"


def _reading(request: Request, database: Annotated[Database, Depends(database_of)]) -> Iterator[Session]:
    with database.reading(tenant_of(request)) as session:
        yield session


def _reading_all(database: Annotated[Database, Depends(database_of)]) -> Iterator[Session]:
    with database.reading() as session:
        yield session


TheDatabase = Annotated[Database, Depends(database_of)]
TheClock = Annotated[Clock, Depends(clock_of)]
TheKeys = Annotated[ServerKeys, Depends(keys_of)]
Address = Annotated[str, Depends(address_of)]
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
"""A transaction that only reads, what is of the organization that asks; it ends before the answer is sent."""
ServerReadSession = Annotated[Session, Depends(_reading_all, scope="function")]
"""A transaction that only reads, of every organization: for the operator."""
