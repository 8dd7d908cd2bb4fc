"""What the routes of devices answer, besides the messages of the protocol."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.wire.v1.devices import Name


class DeviceName(BaseModel):
    """What a device is to be called."""

    model_config = ConfigDict(extra="forbid")

    name: Name


class DeviceView(BaseModel):
    """A device of the organization; `accepted_through` is the last sequence of its outbox that the server holds.

    `waiting` is how many operations it had still to send at its last contact; null from one that does not say.
    `revocation_heard_at` is when it learned that it is revoked, with `destroy_keys` that it is to destroy its keys.
    `predecessor_id` is the device that it was until its store was restored from a backup."""

    id: UUID
    name: str
    platform: str
    app_version: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None
    destroy_keys: bool
    revocation_heard_at: datetime | None
    waiting: int | None
    accepted_through: int
    predecessor_id: UUID | None = None
