"""What the audit route takes and answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries: of a chain, of an action, recorded since; None means all."""

    chain: UUID | None = None
    action: str | None = None
    since: datetime | None = None


class AuditEntryView(BaseModel):
    """An entry with what proves it; `at` is its writer's clock, `recorded_at` the server's."""

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
