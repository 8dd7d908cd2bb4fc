"""What the operator's routes answer."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from syncserver.usage.catalogue import TierId


class ServerStats(BaseModel):
    """The whole server in numbers; `pages` were read and counted, `api_calls` came with keys that still are."""

    organizations: int
    users: int
    devices: int
    jobs: int
    completed: int
    failed: int
    pages: int
    api_calls: int


class TopUser(BaseModel):
    """An owner of an organization, with the pages that it had read, and the calls of this person's keys."""

    user_id: UUID
    email: str
    full_name: str
    organization_id: UUID
    organization_name: str
    pages: int
    api_calls: int


class OrganizationView(BaseModel):
    """An organization as the operator sees it; `pages` were read in the calendar month (UTC)."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    tier: str
    created_at: datetime
    people: int
    devices: int
    pages: int


class TierChange(BaseModel):
    """Which tier an organization is put on; `trial` is the free one."""

    model_config = ConfigDict(extra="forbid")

    tier: Literal[TierId, "trial"]


class Queue(BaseModel):
    """Something that waits to be done; `since` is since when the first of it could have been."""

    name: str
    waiting: int
    since: datetime | None
