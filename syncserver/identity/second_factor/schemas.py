"""What the routes of the second factor take and answer."""

from typing import Annotated

from pydantic import BaseModel, SecretStr, StringConstraints

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=32)]


class SetUpRequest(BaseModel):
    """The password again: whoever finds an open session must not lock its owner out."""

    password: SecretStr


class SetUp(BaseModel):
    """What an authenticator app needs: `uri` as a QR code, or `secret` typed by hand."""

    secret: str
    uri: str


class Confirmation(BaseModel):
    """A code that the app shows."""

    otp: Code


class RecoveryCodes(BaseModel):
    """Each opens once instead of the app. Shown this once."""

    recovery_codes: list[str]


class Removal(BaseModel):
    """Password and a code."""

    password: SecretStr
    otp: Code
