"""What the routes of passwords take and answer."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, StringConstraints

from syncserver.identity.people.schemas import Email, NewPassword

Token = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PasswordChange(BaseModel):
    """The present password, and the new one."""

    current_password: SecretStr
    new_password: NewPassword


class ForgottenPassword(BaseModel):
    """Whose password is forgotten."""

    email: Email


class Sent(BaseModel):
    """What was done, told alike for known and unknown addresses."""

    message: str


class PasswordResetRequest(BaseModel):
    """A token out of an e-mail, or from whoever may issue one, and the new password."""

    token: Token
    new_password: NewPassword


class ResetIssued(BaseModel):
    """A token that sets the person's password once, to be handed over in person."""

    token: str = Field(description="Shown this once.")
    expires_at: datetime
