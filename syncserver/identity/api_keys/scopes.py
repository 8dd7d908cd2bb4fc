"""What an API key may do: `read` or `write` everywhere, or in one area alone, such as `jobs:write`."""

from collections.abc import Iterable
from enum import StrEnum

_PREFIX = "/api/v1/"
_AREAS = {
    "jobs": "jobs",
    "batches": "jobs",
    "stats": "jobs",
    "analytics": "jobs",
    "templates": "templates",
    "devices": "devices",
    "users": "users",
    "invitations": "users",
    "api-keys": "api-keys",
    "audit": "audit",
    "webhooks": "webhooks",
    "billing": "billing",
    "usage": "billing",
    "checkout": "billing",
    "admin": "admin",
}
"""By the first part of a route's path. What is not named here takes `read` or `write`; `me` takes none."""


class Scope(StrEnum):
    """`read` asks, `write` changes; an area's own reach no further than the area."""

    READ = "read"
    WRITE = "write"
    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    TEMPLATES_READ = "templates:read"
    TEMPLATES_WRITE = "templates:write"
    DEVICES_READ = "devices:read"
    DEVICES_WRITE = "devices:write"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    API_KEYS_READ = "api-keys:read"
    API_KEYS_WRITE = "api-keys:write"
    AUDIT_READ = "audit:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    BILLING_READ = "billing:read"
    BILLING_WRITE = "billing:write"
    ADMIN_READ = "admin:read"


def scope_of(path: str, changes: bool) -> str | None:
    """The narrowest scope that a request to `path` takes; None when any key will do."""
    part = path.removeprefix(_PREFIX).split("/", 1)[0]
    if part == "me" and not changes:
        return None
    act = "write" if changes else "read"
    return f"{_AREAS[part]}:{act}" if part in _AREAS else act


def covers(held: Iterable[str], needed: str) -> bool:
    """Whether one of `held` is `needed`, or reaches further."""
    return not {needed, needed.rpartition(":")[2]}.isdisjoint(held)
