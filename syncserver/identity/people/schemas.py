"""What the routes of people take and answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import email_validator
from pydantic import AfterValidator, BaseModel, Field, SecretStr, StringConstraints, field_serializer

from syncserver.identity.roles import Role

for _private in ("local", "localhost", "test"):  # a clinic's own network may end in these
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_private)


def checked_email(value: str) -> str:
    """Lower case. Addresses of a private network (`desk@clinic.local`) are as good as public ones."""
    try:
        checked = email_validator.validate_email(value, check_deliverability=False, globally_deliverable=False)
    except email_validator.EmailNotValidError as error:
        raise ValueError("is not a valid e-mail address") from error
    return checked.normalized.lower()


Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(checked_email)]
Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]


def _text(password: SecretStr) -> SecretStr:
    try:
        password.get_secret_value().encode()
    except UnicodeEncodeError as error:  # JSON can spell half a character (\\ud800), which no form can repeat
        raise ValueError("holds what is no text") from error
    return password


NewPassword = Annotated[
    SecretStr, AfterValidator(_text), Field(description="At least 8 characters; common passwords are refused.")
]


class Registration(BaseModel):
    """A new organization and its owner."""

    email: Email
    password: NewPassword
    full_name: Label
    organization_name: Label

    @field_serializer("password", when_used="json")
    def _reveal(self, password: SecretStr) -> str:
        return password.get_secret_value()  # part of what tells a repeated request from another


class Person(BaseModel):
    """A person of an organization."""

    id: UUID
    email: str
    full_name: str
    role: Role
    is_superuser: bool
    organization_id: UUID
    organization_name: str
    created_at: datetime
