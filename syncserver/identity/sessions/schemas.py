"""What the routes of sessions take and answer."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, StringConstraints


class SignedIn(BaseModel):
    """Tokens after a sign-in or a refresh; `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int


class RefreshRequest(BaseModel):
    """A refresh token, to be exchanged or ended."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SessionView(BaseModel):
    """A session that goes on: from where and with what program the person signed in, and when it was last refreshed.

    `is_this` marks the one that asks.
    """

    id: UUID
    address: str
    program: str | None
    created_at: datetime
    seen_at: datetime | None
    is_this: bool
