"""Taking over what people elsewhere said of documents that are held here (PROTOCOL.md, section 7.7)."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Connection

from desktop.vault import audit_log, corrections, documents, feed
from desktop.vault.connection import Vault
from shared.wire.v1.corrections import CorrectionState, correction_of
from shared.wire.v1.pull import Change

_ID: TypeAdapter[UUID] = TypeAdapter(UUID)


@dataclass(frozen=True, slots=True)
class Taken:
    """A correction that was taken over: of which document, and whether it was not known before."""

    document_id: UUID
    is_new: bool


def take(vault: Vault, connection: Connection, change: Change) -> Taken | None:
    """The correction is kept, and `refresh` of its document due; None where that is not held here.

    Raises pydantic.ValidationError for what is no correction."""
    state, correction_id = CorrectionState.model_validate(change.payload), _ID.validate_python(change.entity_id)
    document = documents.find_by_content(connection, state.sha256)
    if document is None:
        feed.pass_by(connection, state.sha256, change.seq)
        return None
    correction = correction_of(correction_id, state, state.device_id, state.received_at)
    is_new = corrections.add(connection, document.id, correction)
    if is_new:
        details = {"field": state.path, "device": str(state.device_id)}
        act = audit_log.Act(audit_log.DEVICE, "correction.fetched", str(document.id), details)
        audit_log.record(connection, vault.chain, act)
    return Taken(document.id, is_new)
