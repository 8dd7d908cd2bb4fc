"""Pull: what changed at the organization, in the order of the server's commits."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints

from shared.wire.v1.lease import Lease
from shared.wire.v1.message import Message

PROTOCOL = 1
"""The newest version of the protocol that this code speaks."""
MAX_CHANGES = 100  # a pull; PROTOCOL.md, section 5
MAX_PULL_BYTES = 1024 * 1024  # of payloads as JSON
LEASE_DAYS = 14  # PROTOCOL.md, section 5
LEASE_GRACE_DAYS = 7  # likewise
_LARGEST = 2**63 - 1  # that the databases of both sides can hold

Number = Annotated[int, Field(ge=0, le=_LARGEST)]


class Cursor(Message):
    """Everything up to `seq` of the feed's life `epoch` is known."""

    epoch: UUID
    seq: Number


class PullRequest(Message):
    """`POST /api/v1/sync/pull`: what follows `cursor`; everything there is, without one."""

    protocol: Annotated[int, Field(ge=1)] = PROTOCOL
    cursor: Cursor | None = None
    lease: bool = False
    """Whether the device wants a lease, although nothing about it changed."""


class Op(StrEnum):
    """What became of an entity; a device skips a change with another op, as one of an unknown kind."""

    PUT = "put"
    DELETE = "delete"


class Change(Message):
    """The newest state of one entity. `revision` grows with each of its changes, within one epoch.

    `entity` is a kind of `KINDS`, or one that this version does not know; the kind says what `payload` holds."""

    seq: Annotated[int, Field(ge=1, le=_LARGEST)]
    entity: Annotated[str, StringConstraints(max_length=40)]
    entity_id: Annotated[str, StringConstraints(max_length=200)]
    revision: Annotated[int, Field(ge=1, le=_LARGEST)]
    op: Annotated[str, StringConstraints(max_length=40)]
    payload: JsonValue = None


class PullAnswer(Message):
    """Changes in the order of `seq`. With `more`, the device asks again at once, from `cursor`.

    `cursor` is None as long as nothing ever changed."""

    protocol: Annotated[int, Field(ge=1)] = PROTOCOL
    cursor: Cursor | None
    changes: Annotated[list[Change], Field(max_length=MAX_CHANGES)]
    more: bool
    lease: Lease | None = None


class TemplateState(Message):
    """Payload of a `template`: the published version of the schema template `entity_id`, as it was written."""

    version: Annotated[int, Field(ge=1, le=_LARGEST)]
    format: Literal["toml", "json"]
    source: Annotated[str, StringConstraints(max_length=1_000_000)]


class DeviceState(Message):
    """Payload of a `device`: the device with the UUID `entity_id`."""

    name: Annotated[str, StringConstraints(max_length=100)]
    is_revoked: bool


class PersonState(Message):
    """Payload of a `person`: somebody who belongs to the organization, as long as they are active.

    `role` is `owner`, `admin`, `member` or `read_only`; a device takes one that it does not know for the last."""

    name: Annotated[str, StringConstraints(max_length=200)]
    role: Annotated[str, StringConstraints(max_length=40)]
    is_active: bool


TEMPLATE, DEVICE, ENTITLEMENT, POLICY, CORRECTION = "template", "device", "entitlement", "policy", "correction"
PERSON = "person"
KINDS = (CORRECTION, DEVICE, ENTITLEMENT, PERSON, POLICY, TEMPLATE)
"""The kinds that this version knows, in order of name. An `entitlement` has no payload: its terms are in the lease."""
