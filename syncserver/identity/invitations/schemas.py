"""What the routes of invitations take and answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_serializer

from syncserver.identity.people.schemas import Email, Label, NewPassword
from syncserver.identity.roles import Role


class InvitationRequest(BaseModel):
    """Whom to invite, as what."""

    email: Email
    role: Role = Role.MEMBER


class InvitationView(BaseModel):
    """An invitation that waits."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime


class InvitationMade(InvitationView):
    """A new invitation. `token` is null when it went by e-mail; otherwise hand it over: it is shown this once."""

    token: str | None


class Acceptance(BaseModel):
    """The token out of an invitation, and who accepts it."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    full_name: Label
    password: NewPassword = Field(description="At least 8 characters; common passwords are refused.")

    @field_serializer("password", when_used="json")
    def _reveal(self, password: NewPassword) -> str:
        return password.get_secret_value()  # part of what tells a repeated request from another
