"""What the routes of webhooks take and answer."""

from datetime import datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints, model_validator

from syncserver.webhooks.addresses import MAX_URL_CHARACTERS
from syncserver.webhooks.signing import Secret

EventKind = Literal["job.completed", "job.failed", "batch.completed", "document.synced"]
KINDS: tuple[EventKind, ...] = get_args(EventKind)
TEST = "webhook.test"
State = Literal["waiting", "sending", "delivered", "failed"]
Hopeless = Literal["gone", "failing"]
Because = Literal[Hopeless, "asked"]

Url = Annotated[str, StringConstraints(min_length=1, max_length=MAX_URL_CHARACTERS)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Kinds = Annotated[list[EventKind], Field(min_length=1, max_length=len(KINDS))]
Parallel = Annotated[StrictInt, Field(ge=1, le=10, description="How many are sent at once at most; 1 keeps order.")]


class EndpointForm(BaseModel):
    """A new endpoint: where to, and of what it is told."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    events: Kinds = list(KINDS)
    description: Description = ""
    parallel: Parallel = 4


class EndpointChange(BaseModel):
    """What is to change; what is left out stays. Enabled again, it gets what waited meanwhile."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    events: Kinds | None = None
    description: Description | None = None
    parallel: Parallel | None = None
    is_enabled: StrictBool | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> "EndpointChange":
        if not self.model_fields_set:
            raise ValueError("names nothing to change")
        return self


class Rotation(BaseModel):
    """How long the secret before signs beside the new one; 0 where it became known to others."""

    model_config = ConfigDict(extra="forbid")

    overlap_hours: Annotated[StrictInt, Field(ge=0, le=168)] = 24


class EndpointView(BaseModel):
    """An endpoint without its secret. `waiting` counts what is still to be sent.

    `disabled_because`: `gone` (it answered 410), `failing` (nothing arrived for three days), `asked`.
    """

    id: UUID
    url: str
    events: list[EventKind]
    description: str
    parallel: int
    is_enabled: bool
    disabled_at: datetime | None
    disabled_because: Because | None
    failing_since: datetime | None
    arrived_at: datetime | None = Field(description="When something arrived there for the last time.")
    waiting: int
    created_at: datetime
    updated_at: datetime


class EndpointCreated(EndpointView):
    """A new endpoint. `secret` is shown this once."""

    secret: str


class SecretRotated(BaseModel):
    """The new secret, shown this once; until `former_until` messages bear a signature by the one before as well."""

    secret: str
    former_until: datetime | None


class SecretState(BaseModel):
    """Since when there is a secret for the URLs of jobs and batches; null before the first."""

    created_at: datetime | None


class DeliveryFault(BaseModel):
    """Why the last try did not arrive."""

    code: str
    message: str


class DeliveryView(BaseModel):
    """A message, and how it goes. `endpoint_id` is null where a job or batch named the URL itself.

    `id` names the delivery here; `message_id` is the `webhook-id` that the receiver sees, with every try and every
    redelivery the same. `status` is the HTTP status of the last try; `due_at` when the next comes.
    """

    id: UUID
    endpoint_id: UUID | None
    message_id: str
    event: str
    url: str
    body: str
    state: State
    attempts: int
    status: int | None
    error: DeliveryFault | None
    created_at: datetime
    sent_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None


class SealedEndpoint(BaseModel):
    """What is sealed of an endpoint."""

    url: str
    description: str = ""
    secrets: list[Secret] = Field(default=[])


class SealedSecrets(BaseModel):
    """What is sealed of an organization's secrets."""

    secrets: list[Secret]
