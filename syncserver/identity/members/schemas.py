"""What the routes of people take and answer."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from syncserver.identity.people.schemas import Label
from syncserver.identity.roles import Role


class UserView(BaseModel):
    """A person of an organization; who is not active cannot sign in, and keys of theirs open nothing."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organization_id: UUID
    email: str
    full_name: str
    role: Role
    is_superuser: bool
    is_active: bool
    created_at: datetime


class UserChange(BaseModel):
    """What is to change; what is null or missing stays."""

    model_config = ConfigDict(extra="forbid")

    full_name: Label | None = None
    role: Role | None = None
    is_active: StrictBool | None = Field(default=None, description="False: the person is signed out everywhere.")


class ActiveChange(BaseModel):
    """Whether the person may sign in."""

    model_config = ConfigDict(extra="forbid")

    is_active: StrictBool
