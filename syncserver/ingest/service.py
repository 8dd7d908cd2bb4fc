"""Applying a push: all of it in one transaction, or nothing."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from shared.wire.v1.corrections import CorrectionMade
from shared.wire.v1.sync import (
    AuditReceipt,
    AuditRecorded,
    DocumentRead,
    Happening,
    Operation,
    PushAnswer,
    UsageCounted,
    is_erased,
)
from syncserver.audit import service as audit
from syncserver.corrections import service as corrections
from syncserver.corrections.service import CORRECTED, Shelf
from syncserver.documents import service as documents
from syncserver.documents.figures import DOCUMENT_READ, details_of, figures_of
from syncserver.documents.service import ReadDocument
from syncserver.events.record import Told, announce_all
from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.identity.access import DeviceAccess
from syncserver.identity.devices import service as devices
from syncserver.identity.devices.service import LiveDevice
from syncserver.ingest import repository
from syncserver.ingest.errors import SequenceGap, SequenceReused
from syncserver.ingest.sent import Sent
from syncserver.kit.errors import InvalidRequest
from syncserver.kit.secret import ServerKeys
from syncserver.tenants.service import check_content_wanted, organization_key

_MAX_PAGES = 100_000  # of one document
_MAX_READING_MS = 7 * 24 * 3600 * 1000
_YEARS = range(1990, 3000)


def apply(transaction: Transaction, keys: ServerKeys, access: DeviceAccess, push: Sequence[Sent]) -> PushAnswer:
    """Every operation of `push` is applied once. Raises SequenceGap, SequenceReused, AuditChainBroken and others."""
    device = devices.lock_device(transaction.session, access.organization_id, access.device_id)
    _check_order(device, [sent.operation.sequence for sent in push])
    _check_repeated(transaction, device, push)
    fresh = [sent for sent in push if sent.operation.sequence > device.accepted_through]
    if not fresh:
        return _answer(transaction, keys, device, device.accepted_through)
    operations = [sent.operation for sent in fresh]
    _check_wanted(transaction, device, fresh)
    for operation in operations:
        _check_bounds(operation)
    _remember(transaction, device, fresh)
    kept = _apply_all(transaction, keys, device, fresh)
    first, last = operations[0].sequence, operations[-1].sequence
    devices.accept_through(transaction, device.organization_id, device.id, last)
    span = {"first": first, "last": last}
    transaction.record(Act(device.organization_id, access.actor, "device.synced", str(device.id), span))
    for said in kept:
        corrections.tell(transaction, device.organization_id, said.correction_id)
    return _answer(transaction, keys, device, last)


def _answer(transaction: Transaction, keys: ServerKeys, device: LiveDevice, through: int) -> PushAnswer:
    receipt = audit.receipt(transaction.session, keys, device, transaction.now)
    signed = AuditReceipt.model_validate(asdict(receipt)) if receipt else None
    return PushAnswer(accepted_through=through, audit_receipt=signed)


def _check_order(device: LiveDevice, sequences: list[int]) -> None:
    in_order = sequences == list(range(sequences[0], sequences[0] + len(sequences)))
    if sequences[0] > device.accepted_through + 1 or not in_order:
        raise SequenceGap(
            f"The server holds this device's rows through {device.accepted_through}: send what follows, without gaps.",
            device.accepted_through,
        )


def _check_repeated(transaction: Transaction, device: LiveDevice, push: Sequence[Sent]) -> None:
    first, last = push[0].operation.sequence, push[-1].operation.sequence
    if first > device.accepted_through:
        return
    held = repository.applied(transaction.session, device.organization_id, device.id, first, last)
    for sent in push:
        digest, was_withheld = held.get(sent.operation.sequence, (sent.digest, False))
        if not sent.is_known_as(digest) and not _is_another_form(sent, was_withheld):
            raise SequenceReused(
                f"Row {sent.operation.sequence} came before with other content. "
                "Was the device restored from a backup? It goes on with an identity of its own.",
                sent.operation.sequence - 1,
            )


def _is_another_form(sent: Sent, was_withheld: bool) -> bool:
    """PROTOCOL.md, 4.7 and 4.9: what it tells is no longer on the device, or was withheld in one of both forms."""
    tells_of_document = isinstance(sent.operation.payload, DocumentRead | CorrectionMade)
    return tells_of_document and (was_withheld or _is_without_content(sent))


def _check_wanted(transaction: Transaction, device: LiveDevice, fresh: Sequence[Sent]) -> None:
    """Raises ContentNotWanted where the organization lets the server see metadata only."""
    if not all(map(_is_without_content, fresh)):
        check_content_wanted(transaction.session, device.organization_id)


def _is_without_content(sent: Sent) -> bool:
    """Whether it says nothing of what stands on a document."""
    payload = sent.operation.payload
    return sent.withheld is not False or (isinstance(payload, DocumentRead) and is_erased(payload))


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


def _remember(transaction: Transaction, device: LiveDevice, fresh: Sequence[Sent]) -> None:
    beside = {"organization_id": device.organization_id, "device_id": device.id, "applied_at": transaction.now}
    rows = [
        {
            **beside,
            "sequence": sent.operation.sequence,
            "operation_id": sent.operation.operation_id,
            "digest": sent.digest,
            "withheld": sent.withheld,
        }
        for sent in fresh
    ]
    repository.add_all(transaction.session, rows)


def _apply_all(
    transaction: Transaction, keys: ServerKeys, device: LiveDevice, fresh: Sequence[Sent]
) -> list[CorrectionMade]:
    """The corrections that are new, which devices are told of once all else is written.

    Rows of one kind are written together; in their order, which those of other kinds do not depend on."""
    shelf = Shelf(device.organization_id, organization_key(transaction.session, keys, device.organization_id))
    documents.store_all(transaction, shelf, list(_documents(device, fresh, transaction.now)))
    payloads = [sent.operation.payload for sent in fresh]
    entries = [one.entry for one in payloads if isinstance(one, AuditRecorded)]
    audit.continue_device_chain(transaction, device, entries)
    told = [event for one in payloads for event in _events_of(device, one, transaction.now)]
    announce_all(transaction.session, device.organization_id, told, transaction.now)
    said = [one for one in payloads if isinstance(one, CorrectionMade)]
    kept = [one for one in said if corrections.keep(transaction, shelf, device.id, one)]
    if kept:
        _announce_corrected(transaction, device.organization_id, {one.sha256 for one in kept})
    return kept


def _announce_corrected(transaction: Transaction, organization_id: UUID, sha256s: Collection[str]) -> None:
    documents.note_corrected(transaction, organization_id, sha256s)
    told = [Told(CORRECTED, {"sha256": sha256}) for sha256 in sorted(sha256s)]
    announce_all(transaction.session, organization_id, told, transaction.now)


def _events_of(device: LiveDevice, payload: Happening, now: datetime) -> Iterator[Told]:
    """What the effects will see of it."""
    match payload:
        case DocumentRead() as read:
            figures = figures_of(read.document_id, read.reading, _sound(read.finished_at, now))
            if not figures.is_erased:
                yield Told(DOCUMENT_READ, details_of(figures))
            yield Told("document.synced", {**_by(device, read.document_id), "status": read.status})
        case UsageCounted() as counted:
            yield Told(
                "pages.read",
                {**_by(device, counted.document_id), "attempt": counted.attempt, "pages": counted.pages},
            )


def _by(device: LiveDevice, document_id: UUID) -> dict[str, Detail]:
    return {"document_id": str(document_id), "device_id": str(device.id)}


def _documents(device: LiveDevice, fresh: Sequence[Sent], now: datetime) -> Iterator[ReadDocument]:
    for sent in fresh:
        match sent.operation.payload:
            case DocumentRead() as read if sent.parts:
                yield ReadDocument(
                    document_id=read.document_id,
                    device_id=device.id,
                    sha256=read.sha256,
                    status=read.status,
                    received_at=_sound(read.received_at, now),
                    finished_at=_sound(read.finished_at, now),
                    reading=read.reading,
                    parts=sent.parts,
                )


def _sound(moment: datetime, now: datetime) -> datetime:
    """A moment that no clock meant (an empty battery's) is ours: refused, the device would never get past it."""
    return moment if moment.year in _YEARS else now
