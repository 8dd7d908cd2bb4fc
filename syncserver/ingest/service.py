"""Applying a push: all of it in one transaction, or nothing."""

from dataclasses import asdict
from datetime import datetime

from shared.wire.v1.corrections import CorrectionMade
from shared.wire.v1.policy import is_withheld
from shared.wire.v1.sync import (
    AuditReceipt,
    AuditRecorded,
    DocumentRead,
    Operation,
    PushAnswer,
    UsageCounted,
    is_erased,
)
from syncserver.audit import service as audit
from syncserver.corrections import service as corrections
from syncserver.corrections.service import Shelf
from syncserver.documents import service as documents
from syncserver.documents.figures import announce_read, figures_of
from syncserver.documents.service import ReadDocument
from syncserver.events.record import announce
from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.identity.access import DeviceAccess
from syncserver.identity.devices import service as devices
from syncserver.identity.devices.service import LiveDevice
from syncserver.ingest import repository
from syncserver.ingest.bodies import Push
from syncserver.ingest.errors import SequenceGap, SequenceReused
from syncserver.ingest.models import AppliedOperation
from syncserver.kit.errors import InvalidRequest
from syncserver.kit.secret import ServerKeys
from syncserver.tenants.service import check_content_wanted, organization_key

_MAX_PAGES = 100_000  # of one document
_MAX_READING_MS = 7 * 24 * 3600 * 1000
_YEARS = range(1990, 3000)


def apply(transaction: Transaction, keys: ServerKeys, access: DeviceAccess, push: Push) -> PushAnswer:
    """Every operation of `push` is applied once. Raises SequenceGap, SequenceReused, AuditChainBroken and others."""
    device = devices.lock_device(transaction.session, access.organization_id, access.device_id)
    operations = push.request.operations
    _check_order(device, operations)
    _check_repeated(transaction, device, push)
    known = device.accepted_through - operations[0].sequence + 1
    fresh = operations[max(known, 0) :]
    if not fresh:
        return _answer(transaction, keys, device, device.accepted_through)
    _check_wanted(transaction, device, fresh)
    for operation in fresh:
        _check_bounds(operation)
    _remember(transaction, device, fresh, push.digests[-len(fresh) :])
    kept = _apply_all(transaction, keys, device, fresh)
    devices.accept_through(transaction, device.organization_id, device.id, fresh[-1].sequence)
    span = {"first": fresh[0].sequence, "last": fresh[-1].sequence}
    transaction.record(Act(device.organization_id, access.actor, "device.synced", str(device.id), span))
    for said in kept:
        corrections.tell(transaction, device.organization_id, said.correction_id)
    return _answer(transaction, keys, device, fresh[-1].sequence)


def _answer(transaction: Transaction, keys: ServerKeys, device: LiveDevice, through: int) -> PushAnswer:
    receipt = audit.receipt(transaction.session, keys, device, transaction.now)
    signed = AuditReceipt.model_validate(asdict(receipt)) if receipt else None
    return PushAnswer(accepted_through=through, audit_receipt=signed)


def _check_order(device: LiveDevice, operations: list[Operation]) -> None:
    first = operations[0].sequence
    in_order = all(operation.sequence == first + place for place, operation in enumerate(operations))
    if first > device.accepted_through + 1 or not in_order:
        raise SequenceGap(
            f"The server holds this device's rows through {device.accepted_through}: send what follows, without gaps.",
            device.accepted_through,
        )


def _check_repeated(transaction: Transaction, device: LiveDevice, push: Push) -> None:
    operations = push.request.operations
    span = (operations[0].sequence, operations[-1].sequence)
    held = repository.applied(transaction.session, device.organization_id, device.id, *span)
    for operation, digest in zip(operations, push.digests, strict=True):
        held_digest, was_withheld = held.get(operation.sequence, (digest, False))
        if held_digest != digest and not _is_another_form(operation, was_withheld):
            raise SequenceReused(
                f"Row {operation.sequence} came before with other content. "
                "Was the device restored from a backup? It goes on with an identity of its own.",
                operation.sequence - 1,
            )


def _is_another_form(operation: Operation, was_withheld: bool) -> bool:
    """PROTOCOL.md, 4.7 and 4.9: what it tells is no longer on the device, or was withheld in one of both forms."""
    tells_of_document = isinstance(operation.payload, DocumentRead | CorrectionMade)
    return tells_of_document and (was_withheld or _is_without_content(operation))


def _check_wanted(transaction: Transaction, device: LiveDevice, operations: list[Operation]) -> None:
    """Raises ContentNotWanted where the organization lets the server see metadata only."""
    if not all(map(_is_without_content, operations)):
        check_content_wanted(transaction.session, device.organization_id)


def _is_without_content(operation: Operation) -> bool:
    """Whether it says nothing of what stands on a document."""
    match operation.payload:
        case DocumentRead() as read:
            return is_withheld(read) or is_erased(read)
        case CorrectionMade() as said:
            return said.is_erased
    return True


def _check_bounds(operation: Operation) -> None:
    """Raises InvalidRequest where a number would bill somebody, spoil an average, or cannot be stored."""
    payload = operation.payload
    match payload:
        case DocumentRead():
            is_sound = (
                0 <= payload.reading.page_count <= _MAX_PAGES
                and 0 <= payload.reading.timings_ms.total <= _MAX_READING_MS
                and all(0 <= confidence <= 1 for confidence in documents.found_confidences(payload.reading))
            )
        case UsageCounted():
            is_sound = payload.pages <= _MAX_PAGES and payload.attempt <= _MAX_PAGES
        case AuditRecorded() | CorrectionMade():
            is_sound = True
    if not is_sound:
        raise InvalidRequest(
            f"Row {operation.sequence}: a count of pages, an attempt or a confidence is out of all bounds."
        )


def _remember(
    transaction: Transaction, device: LiveDevice, operations: list[Operation], digests: tuple[str, ...]
) -> None:
    rows = [
        AppliedOperation(
            organization_id=device.organization_id,
            device_id=device.id,
            sequence=operation.sequence,
            operation_id=operation.operation_id,
            digest=digest,
            applied_at=transaction.now,
            withheld=_came_withheld(operation),
        )
        for operation, digest in zip(operations, digests, strict=True)
    ]
    repository.add_all(transaction.session, rows)


def _came_withheld(operation: Operation) -> bool | None:
    match operation.payload:
        case DocumentRead() as read:
            return is_withheld(read)
        case CorrectionMade() as said:
            return said.is_erased
    return None


def _apply_all(
    transaction: Transaction, keys: ServerKeys, device: LiveDevice, operations: list[Operation]
) -> list[CorrectionMade]:
    """The corrections that are new, which devices are told of once all else is written."""
    key = organization_key(transaction.session, keys, device.organization_id)
    kept: list[CorrectionMade] = []
    for operation in operations:
        match operation.payload:
            case DocumentRead() as read:
                document = _document(device, read, transaction.now)
                documents.store(transaction, device.organization_id, key, document)
                figures = figures_of(read.document_id, read.reading, document.finished_at)
                announce_read(transaction, device.organization_id, figures)
                synced: dict[str, Detail] = {
                    "document_id": str(read.document_id),
                    "device_id": str(device.id),
                    "status": read.status,
                }
                announce(transaction.session, device.organization_id, "document.synced", synced, transaction.now)
            case AuditRecorded(entry=line):
                audit.continue_device_chain(transaction, device, [line])
            case CorrectionMade() as said:
                if corrections.keep(transaction, Shelf(device.organization_id, key), device.id, said):
                    kept.append(said)
            case UsageCounted() as counted:
                details: dict[str, Detail] = {
                    "document_id": str(counted.document_id),
                    "attempt": counted.attempt,
                    "pages": counted.pages,
                    "device_id": str(device.id),
                }
                announce(transaction.session, device.organization_id, "pages.read", details, transaction.now)
    if kept:
        documents.note_corrected(transaction, device.organization_id, {said.sha256 for said in kept})
    return kept


def _document(device: LiveDevice, read: DocumentRead, now: datetime) -> ReadDocument:
    """A moment that no clock meant (an empty battery's) is ours: refused, the device would never get past it."""
    received_at, finished_at = (
        moment if moment.year in _YEARS else now for moment in (read.received_at, read.finished_at)
    )
    return ReadDocument(
        document_id=read.document_id,
        device_id=device.id,
        sha256=read.sha256,
        status=read.status,
        received_at=received_at,
        finished_at=finished_at,
        reading=read.reading,
    )
