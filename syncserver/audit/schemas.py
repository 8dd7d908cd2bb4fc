"""What the audit routes take and answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from shared.audit import TreeHead


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries: of a chain, of an actor, of an action, recorded since and before `until`; None means all."""

    chain: UUID | None = None
    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditEntryView(BaseModel):
    """An entry with what proves it; `at` is its writer's clock, `recorded_at` the server's.

    `writer` is set where the entry itself names another chain: an identity that the chain's device had before."""

    chain: UUID
    sequence: int
    at: str
    actor: str
    action: str
    subject: str
    details: dict[str, str | int | bool]
    previous: str
    digest: str
    signature: str
    recorded_at: datetime
    writer: UUID | None = None


class TreeHeadView(BaseModel):
    """The log `tree` (the organization's id) had `size` entries under `root` (RFC 9162), signed at `at`.

    Signed with Ed25519 is `chartdrop audit tree head v1`, a line feed, and the canonical JSON (RFC 8785) of `at`,
    `root`, `size` and `tree`. Whoever keeps a head elsewhere can prove that anything up to it was changed.
    """

    tree: UUID
    size: int
    root: str
    at: str
    server_key: str
    signature: str

    @classmethod
    def of(cls, head: TreeHead) -> Self:
        """As the wire has it."""
        return cls.model_validate(head, from_attributes=True)

    def head(self) -> TreeHead:
        """As it was signed."""
        return TreeHead(**self.model_dump(exclude={"tree"}), tree=str(self.tree))


class InclusionProof(BaseModel):
    """That the entry with this digest is leaf `leaf_index` of the tree under `head` (RFC 9162, section 2.1.3).

    The leaf holds the digest's 32 bytes: `leaf_hash` is the SHA-256 of a zero byte and those.
    """

    head: TreeHeadView
    leaf_index: int
    digest: str
    leaf_hash: str
    path: list[str]


class ConsistencyProof(BaseModel):
    """That the tree under `head` begins with the one that had `first_size` leaves (RFC 9162, section 2.1.4)."""

    head: TreeHeadView
    first_size: int
    path: list[str]
