"""What people decided on a whole document: approved as it is shown, or rejected and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.sqlite import insert

from desktop.vault.schema import verdicts
from shared.clock import to_rfc3339


class Decision(StrEnum):
    """How somebody decided."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision; `reason` is said of a rejection, `person` is empty where nobody has a name."""

    decision: Decision
    reason: str
    person: str
    given_at: datetime


def give(connection: Connection, document_id: UUID, verdict: Verdict) -> None:
    """It is decided so; an earlier decision counts no more."""
    values = {
        "verdict": verdict.decision.value,
        "reason": verdict.reason,
        "person": verdict.person,
        "given_at": to_rfc3339(verdict.given_at),
    }
    row = insert(verdicts).values(document_id=str(document_id), **values)
    connection.execute(row.on_conflict_do_update(index_elements=["document_id"], set_=values))


def withdraw(connection: Connection, document_id: UUID) -> None:
    """Nothing is decided: what was read is another by now."""
    connection.execute(delete(verdicts).where(verdicts.c.document_id == str(document_id)))
