"""What the routes of API keys take and answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from syncserver.identity.api_keys.format import Environment
from syncserver.identity.api_keys.scopes import Scope
from syncserver.identity.people.schemas import Label
from syncserver.kit.moments import GivenMoment


def _split(value: object) -> object:
    """A form sends scopes as one text, separated by spaces or commas."""
    texts = value if isinstance(value, list) else [value]
    words = [word for text in texts for word in str(text or "").replace(",", " ").split()]
    return words or [Scope.READ, Scope.WRITE]


class ApiKeyForm(BaseModel):
    """A new key: its name, what it may do, and when it ends (null: never)."""

    name: Label
    scopes: Annotated[list[Scope], BeforeValidator(_split)] = Field(
        default=[Scope.READ, Scope.WRITE],
        description="`read`, `write`, or those of an area such as `jobs:write`; separated by spaces.",
    )
    environment: Environment = Field(
        default=Environment.LIVE, description="Stands in the key, for people to tell by: `test` opens the same."
    )
    expires_at: GivenMoment | None = None


class ApiKeyView(BaseModel):
    """A key without its secret; it acts for `user_id`; `calls` counts the requests it opened."""

    id: UUID
    user_id: UUID
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    calls: int


class ApiKeyCreated(BaseModel):
    """A new key. `key` is shown this once."""

    id: UUID
    name: str
    key: str
    prefix: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
