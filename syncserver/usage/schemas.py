"""What `/api/v1/me` and `/api/v1/usage` answer."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from syncserver.identity.people.schemas import Person
from syncserver.identity.roles import Role
from syncserver.kit.paging import PageOf

UsedByKind = Literal["device", "person", "template"]


class OrganizationView(BaseModel):
    """The organization of the person who asks."""

    id: UUID
    name: str
    tier: str


class Counted(BaseModel):
    """Pages that were read, and how many readings of documents they belong to."""

    pages: int
    documents: int


class Usage(Counted):
    """What was read in the calendar month (UTC) from `period_start` until `period_end`.

    The tier's price includes `included_pages`; where `is_bounded`, nothing is read for the API beyond them, elsewhere
    `extra_pages` are charged one by one.
    """

    period_start: datetime
    period_end: datetime
    included_pages: int
    is_bounded: bool
    extra_pages: int


class UsedBy(Counted):
    """What one device, person or template had read; `id` is null for what has none (a person's at a desktop)."""

    id: str | None


class UsageView(Usage):
    """A month's usage, and who or what used most of it: one page alone."""

    by: UsedByKind
    most: PageOf[UsedBy]


class Me(BaseModel):
    """Who is asking, for whom, and what was used this period."""

    user: Person
    organization: OrganizationView
    role: Role
    tier: str
    usage: Usage
