"""Who is asking: every route but the open ones takes one of these as an argument.

Looked up in a transaction of its own, ended before the endpoint's begins, so that counting a key's use never holds a
lock for the length of a request.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from shared.clock import Clock
from syncserver.identity import tokens
from syncserver.identity.api_keys import service as api_keys
from syncserver.identity.api_keys.scopes import covers, scope_of
from syncserver.identity.api_keys.service import UsedKey
from syncserver.identity.api_keys.tally import Tally, tally_of
from syncserver.identity.devices import service as devices
from syncserver.identity.errors import NotAllowed, NotSignedIn
from syncserver.identity.roles import Role
from syncserver.identity.sessions import service as sessions
from syncserver.identity.sessions.service import PersonInSession
from syncserver.identity.tokens import Claims, TokenKind
from syncserver.kit.database import Database
from syncserver.kit.edge import TheClock, TheDatabase, TheKeys, clock_of, database_of, keys_of, name_tenant
from syncserver.kit.secret import ServerKeys

_BEARER = OAuth2PasswordBearer(tokenUrl="/api/v1/login", refreshUrl="/api/v1/refresh", auto_error=False)
_API_KEY = APIKeyHeader(name="X-API-Key", auto_error=False, description="A key made at `/api/v1/api-keys`.")
_DEVICE = HTTPBearer(scheme_name="Device token", auto_error=False, description="From `/api/v1/devices/token`.")
_READING_METHODS = frozenset({"GET", "HEAD"})
_CHANGING_ROLES = frozenset({Role.OWNER, Role.ADMIN, Role.MEMBER})
_ADMINISTRATORS = frozenset({Role.OWNER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Access:
    """A person in a session, or an API key that acts for one, of one organization."""

    organization_id: UUID
    user_id: UUID
    role: Role
    actor: str
    is_superuser: bool
    key: UsedKey | None = None
    session_id: UUID | None = None

    @property
    def is_administrator(self) -> bool:
        return self.role in _ADMINISTRATORS


@dataclass(frozen=True, slots=True)
class DeviceAccess:
    """A device that proved its key, of one organization."""

    organization_id: UUID
    device_id: UUID

    @property
    def actor(self) -> str:
        return f"device:{self.device_id}"


async def _known(
    request: Request,
    bearer: Annotated[str | None, Depends(_BEARER)],
    api_key: Annotated[str | None, Depends(_API_KEY)],
) -> Access:
    # Asked for by hand: each part that FastAPI hands over costs every request of every route as much as a query.
    database, clock = await database_of(request), await clock_of(request)
    if api_key:
        access = await asyncio.to_thread(_by_api_key, database, clock, await tally_of(request), api_key)
        _check_scopes(access, request)
    else:
        access = await asyncio.to_thread(_by_token, database, clock, await keys_of(request), bearer)
    name_tenant(request, access.organization_id)
    return access


def check_may_change(access: Access) -> None:
    """Raises NotAllowed for a role that may only read."""
    if access.role not in _CHANGING_ROLES:
        raise NotAllowed("Your role may read, but not change anything.")


def check_administrator(access: Access) -> None:
    """Raises NotAllowed unless it is an owner or admin."""
    if not access.is_administrator:
        raise NotAllowed("This is for owners and admins of the organization.")


def check_operator(access: Access) -> None:
    """Raises NotAllowed unless it is the operator."""
    if not access.is_superuser:
        raise NotAllowed("This is for the operator of the server.")


async def _signed_in(request: Request, access: Annotated[Access, Depends(_known)]) -> Access:
    if _changes(request):
        check_may_change(access)
    return access


async def _administrator(access: Annotated[Access, Depends(_signed_in)]) -> Access:
    check_administrator(access)
    return access


async def _person(access: Annotated[Access, Depends(_known)]) -> Access:
    if access.key:
        raise NotAllowed("This is for people: sign in. An API key cannot do it.")
    return access


async def _administrator_person(
    access: Annotated[Access, Depends(_administrator)], _: Annotated[Access, Depends(_person)]
) -> Access:
    return access


async def _superuser(request: Request, access: Annotated[Access, Depends(_known)]) -> Access:
    check_operator(access)
    if _changes(request) and access.key:
        raise NotAllowed("This is for people: sign in. An API key cannot do it.")
    return access


def _changes(request: Request) -> bool:
    return request.method not in _READING_METHODS


def _check_scopes(access: Access, request: Request) -> None:
    needed = scope_of(request.url.path, _changes(request))
    if access.key and needed and not covers(access.key.scopes, needed):
        raise NotAllowed(f"The API key's scopes do not allow this: it takes {needed}.")


def _device(
    request: Request,
    database: TheDatabase,
    clock: TheClock,
    keys: TheKeys,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_DEVICE)],
) -> DeviceAccess:
    if bearer is None:
        raise NotSignedIn("A device token is needed: ask for one at /api/v1/devices/token.")
    claims = tokens.read(keys, TokenKind.DEVICE, bearer.credentials, clock())
    with database.asking() as connection:
        device = devices.live_device(connection, UUID(claims.subject))
    name_tenant(request, device.organization_id)
    return DeviceAccess(device.organization_id, device.id)


def _by_api_key(database: Database, clock: Clock, tally: Tally, api_key: str) -> Access:
    now = clock()
    with database.asking() as connection:
        key = api_keys.find(connection, api_key, now)
    if key is None:
        raise NotSignedIn("The API key is not valid: it is mistyped, was revoked, or is over.")
    tally.count(key.id, now)
    return Access(key.organization_id, key.user_id, key.role, f"api-key:{key.id}", key.is_superuser, key=key)


def _by_token(database: Database, clock: Clock, keys: ServerKeys, bearer: str | None) -> Access:
    if bearer is None:
        raise NotSignedIn("Sign in first: send `Authorization: Bearer …` or `X-API-Key: sk_…`.")
    claims = tokens.read(keys, TokenKind.ACCESS, bearer, clock())
    with database.asking() as connection:
        user = sessions.person_in_session(connection, UUID(claims.session))
    return access_of(user, claims)


def access_of(user: PersonInSession | None, claims: Claims) -> Access:
    """The access of the person in the session that `claims` name. Raises NotSignedIn where it has ended."""
    if user is None or str(user.user_id) != claims.subject:
        raise NotSignedIn("The session has ended. Sign in again.")
    actor = f"user:{user.user_id}"
    return Access(user.organization_id, user.user_id, user.role, actor, user.is_superuser, session_id=user.session_id)


SignedInAccess = Annotated[Access, Depends(_signed_in)]
"""Somebody of the organization, who may change something if the request does."""
AdministratorAccess = Annotated[Access, Depends(_administrator)]
"""An owner or admin, or a key of one."""
PersonAccess = Annotated[Access, Depends(_person)]
"""A person, of whichever role, for what is that person's own; no API key."""
AdministratorPersonAccess = Annotated[Access, Depends(_administrator_person)]
"""An owner or admin in person."""
SuperuserAccess = Annotated[Access, Depends(_superuser)]
"""The operator; with an API key, to read alone."""
TheDevice = Annotated[DeviceAccess, Depends(_device)]
