"""What the operator's routes answer."""

from uuid import UUID

from pydantic import BaseModel


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
