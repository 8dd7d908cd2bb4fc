"""Who is asking: every route but the open ones takes one of these as an argument.

Looked up in a transaction of its own, ended before the endpoint's begins, so that counting a key's use never holds a
lock for the length of a request.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from syncserver.identity import tokens
from syncserver.identity.api_keys import service as api_keys
from syncserver.identity.api_keys.schemas import Scope
from syncserver.identity.api_keys.service import UsedKey
from syncserver.identity.devices import service as devices
from syncserver.identity.errors import NotAllowed, NotSignedIn
from syncserver.identity.people import service as people
from syncserver.identity.roles import Role
from syncserver.identity.tokens import TokenKind
from syncserver.kit.edge import TheClock, TheDatabase, TheKeys

_BEARER = OAuth2PasswordBearer(tokenUrl="/api/v1/login", refreshUrl="/api/v1/refresh", auto_error=False)
_API_KEY = APIKeyHeader(name="X-API-Key", auto_error=False, description="A key made at `/api/v1/api-keys`.")
_DEVICE = HTTPBearer(scheme_name="Device token", auto_error=False, description="From `/api/v1/devices/token`.")
_READING_METHODS = frozenset({"GET", "HEAD"})
_CHANGING_ROLES = frozenset({Role.OWNER, Role.ADMIN, Role.MEMBER})
_ADMINISTRATORS = frozenset({Role.OWNER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Access:
    """A person, or an API key that acts for one, of one organization."""

    organization_id: UUID
    user_id: UUID
    role: Role
    actor: str
    key: UsedKey | None = None


@dataclass(frozen=True, slots=True)
class DeviceAccess:
    """A device that proved its key, of one organization."""

    organization_id: UUID
    device_id: UUID

    @property
    def actor(self) -> str:
        return f"device:{self.device_id}"


def _signed_in(  # noqa: PLR0913, PLR0917 - FastAPI hands each part over as an argument
    request: Request,
    database: TheDatabase,
    clock: TheClock,
    keys: TheKeys,
    bearer: Annotated[str | None, Depends(_BEARER)],
    api_key: Annotated[str | None, Depends(_API_KEY)],
) -> Access:
    changes = request.method not in _READING_METHODS
    access = _by_api_key(database, clock, api_key, changes) if api_key else _by_token(database, clock, keys, bearer)
    if changes and access.role not in _CHANGING_ROLES:
        raise NotAllowed("Your role may read, but not change anything.")
    return access


def _administrator(access: Annotated[Access, Depends(_signed_in)]) -> Access:
    if access.role not in _ADMINISTRATORS:
        raise NotAllowed("This is for owners and admins of the organization.")
    return access


def _device(
    database: TheDatabase,
    clock: TheClock,
    keys: TheKeys,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_DEVICE)],
) -> DeviceAccess:
    if bearer is None:
        raise NotSignedIn("A device token is needed: ask for one at /api/v1/devices/token.")
    claims = tokens.read(keys, TokenKind.DEVICE, bearer.credentials, clock())
    with database.reading() as session:
        device = devices.live_device(session, UUID(claims.subject))
    return DeviceAccess(device.organization_id, device.id)


def _by_api_key(database: TheDatabase, clock: TheClock, api_key: str, changes: bool) -> Access:
    with database.writing() as session:
        key = api_keys.use(session, api_key, clock())
    if key is None:
        raise NotSignedIn("The API key is not valid: it is mistyped, was revoked, or is over.")
    if (Scope.WRITE if changes else Scope.READ) not in key.scopes:
        raise NotAllowed("The API key's scopes do not allow this.")
    return Access(key.organization_id, key.user_id, key.role, f"api-key:{key.id}", key)


def _by_token(database: TheDatabase, clock: TheClock, keys: TheKeys, bearer: str | None) -> Access:
    if bearer is None:
        raise NotSignedIn("Sign in first: send `Authorization: Bearer …` or `X-API-Key: sk_…`.")
    claims = tokens.read(keys, TokenKind.ACCESS, bearer, clock())
    with database.reading() as session:
        user = people.person_in_session(session, UUID(claims.session))
    if user is None or str(user.user_id) != claims.subject:
        raise NotSignedIn("The session has ended. Sign in again.")
    return Access(user.organization_id, user.user_id, user.role, f"user:{user.user_id}")


SignedInAccess = Annotated[Access, Depends(_signed_in)]
AdministratorAccess = Annotated[Access, Depends(_administrator)]
TheDevice = Annotated[DeviceAccess, Depends(_device)]
