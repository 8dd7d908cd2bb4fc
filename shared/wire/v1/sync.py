"""Push: what a device did while it was alone, in its own order."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.documents import Reading, failed_reading
from shared.wire.v1.corrections import CorrectionMade
from shared.wire.v1.message import Message
from shared.wire.v1.values import PublicKey, Sha256, Signature

MAX_OPERATIONS = 500  # a push; PROTOCOL.md, section 4
MAX_PUSH_BYTES = 8 * 1024 * 1024  # of JSON, before compression


class DocumentRead(Message):
    """A document was read. `status` is that of the job the server shows for it."""

    kind: Literal["document.read"] = "document.read"
    document_id: UUID
    sha256: Sha256
    status: Literal["completed", "failed"]
    received_at: datetime
    finished_at: datetime
    reading: Reading


ERASED = "document_deleted"
"""The error's code in the reading that stands for one whose document was deleted on its device."""


def erased_reading(read: DocumentRead) -> DocumentRead:
    """`read` without anything that stood on the document (PROTOCOL.md, section 4.7)."""
    message = "The document was deleted on the device that read it."
    return read.model_copy(update={"status": "failed", "reading": failed_reading("", read.sha256, ERASED, message)})


def is_erased(read: DocumentRead) -> bool:
    """Whether `read` stands for a reading that its device no longer has."""
    return read.reading.error is not None and read.reading.error.code == ERASED


class AuditRecorded(Message):
    """An entry of the device's audit chain, as `shared.audit.entry_to_json` writes it."""

    kind: Literal["audit.recorded"] = "audit.recorded"
    entry: Annotated[str, StringConstraints(max_length=16_384)]


class UsageCounted(Message):
    """`pages` pages of `document_id` were read; counted once for a document and attempt."""

    kind: Literal["usage.counted"] = "usage.counted"
    document_id: UUID
    attempt: Annotated[int, Field(ge=1)]
    pages: Annotated[int, Field(ge=0)]


Happening = DocumentRead | AuditRecorded | UsageCounted | CorrectionMade
"""What an operation tells of."""
Payload = Annotated[Happening, Field(discriminator="kind")]


class Operation(Message):
    """One row of a device's outbox. `sequence` counts from 1 without gaps, for the life of the device."""

    sequence: Annotated[int, Field(ge=1)]
    operation_id: UUID
    occurred_at: datetime
    payload: Payload


class PushRequest(Message):
    """`POST /api/v1/sync/push`: operations in sequence order without gaps."""

    operations: Annotated[list[Operation], Field(min_length=1, max_length=MAX_OPERATIONS)]


class AuditReceipt(Message):
    """How far the device's audit chain has come on the server, signed (PROTOCOL.md, section 4.8)."""

    chain: UUID
    sequence: Annotated[int, Field(ge=1)]
    digest: Sha256
    at: Annotated[str, StringConstraints(max_length=40)]
    server_key: PublicKey
    signature: Signature


class PushAnswer(Message):
    """Sent after the commit: everything up to `accepted_through` is safe on the server."""

    accepted_through: Annotated[int, Field(ge=0)]
    audit_receipt: AuditReceipt | None = None
    """None before the first entry of the device's chain."""
