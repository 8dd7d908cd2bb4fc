"""What `/api/v1/me` answers."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from syncserver.identity.people.schemas import Person
from syncserver.identity.roles import Role


class OrganizationView(BaseModel):
    """The organization of the person who asks."""

    id: UUID
    name: str
    tier: str


class Usage(BaseModel):
    """Pages read in the calendar month (UTC) from `period_start` until `period_end`.

    `included_pages` is null when the tier is not bounded here.
    """

    period_start: datetime
    period_end: datetime
    pages: int
    included_pages: int | None


class Me(BaseModel):
    """Who is asking, for whom, and what was used this period."""

    user: Person
    organization: OrganizationView
    role: Role
    tier: str
    usage: Usage
