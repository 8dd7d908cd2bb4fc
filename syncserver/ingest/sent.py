"""The operations of a push as they were sent: each checked, and under a digest by which it is known again.

A row may come again in another spelling (members in another order, blanks between them), and with members that this
version does not know, which a newer one will: the digest is of what was sent, and the same for all spellings. Nearly
all that comes is what documents said, as our own desktops spell it. That is not taken apart a second time for its
digest: it is parsed once, by what parses fastest, written once, and where the two are the same to the letter, its
digest is that of its bytes. Of what stands on its pages those bytes alone are kept: as objects, the pages of one push
had the garbage collector go through half a million of them, again and again, which took longer than all the rest.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from pydantic import ValidationError

from shared.documents import Reading
from shared.wire.v1.corrections import CorrectionMade
from shared.wire.v1.policy import is_withheld
from shared.wire.v1.readings import parts_to_json, reading_to_json, spelled_pages, spelled_parts, spelled_reading
from shared.wire.v1.sync import MAX_OPERATIONS, DocumentRead, Operation, PushRequest
from syncserver.kit.problems import invalid_request

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_BY_BYTES = "bytes:"
"""Before the digest of an operation whose pages count byte for byte; others are of canonical JSON, whole."""
_NOT_QUITE = (msgspec.MsgspecError, ValueError, RecursionError)
_TAIL = b"}}"
"""What follows a reading, as desktops write it: the last member of the last member."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An operation, the bytes that it came as, and its digest.

    The reading in a document's operation is without its pages; `parts` is all of it, as `parts_to_json` writes it.
    `withheld` says of one that tells of a document whether it is without what stood there, None of others."""

    operation: Operation
    raw: bytes
    digest: str
    withheld: bool | None = None
    parts: tuple[bytes, bytes] | None = None

    def is_known_as(self, digest: str) -> bool:
        """Whether it says what the operation with this digest said."""
        if digest == self.digest:
            return True
        if digest.startswith(_BY_BYTES):
            return digest in _digests_by_bytes(self)
        return digest == _digest(self.raw)


class _Body(msgspec.Struct):
    operations: Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=MAX_OPERATIONS)]


class _Document(msgspec.Struct):
    kind: Literal["document.read"]
    document_id: UUID
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    status: Literal["completed", "failed"]
    received_at: datetime
    finished_at: datetime
    reading: msgspec.Raw


class _Operation(msgspec.Struct):
    sequence: Annotated[int, msgspec.Meta(ge=1)]
    operation_id: UUID
    occurred_at: datetime
    payload: _Document


class _Reading(msgspec.Struct):
    pages: msgspec.Raw


class _Payload(msgspec.Struct):
    reading: _Reading


class _Telling(msgspec.Struct):
    payload: _Payload


_BODY, _OPERATION = msgspec.json.Decoder(_Body), msgspec.json.Decoder(_Operation)


def parse_operations(text: bytes) -> tuple[Sent, ...]:
    """The operations of the push in `text`. Raises InvalidRequest."""
    try:
        several = [bytes(raw) for raw in _BODY.decode(text).operations]
    except _NOT_QUITE:  # or with what pydantic takes and JSON does not know: NaN
        _check(text)
        several = [json.dumps(one).encode() for one in json.loads(text)["operations"]]
    try:
        return tuple(_spelled(raw) or _otherwise_spelled(raw) for raw in several)
    except ValidationError:
        _check(text)  # says where in the push
        raise


def _check(text: bytes) -> None:
    try:
        PushRequest.model_validate_json(text)
    except ValidationError as error:
        raise invalid_request(error) from None  # the cause would quote the body


def _spelled(raw: bytes) -> Sent | None:
    """The operation, if it tells of a document as our desktops spell it."""
    try:
        found = _OPERATION.decode(raw)
    except _NOT_QUITE:
        return None
    spelling = bytes(found.payload.reading)
    if not raw.endswith(spelling + _TAIL) or (reading := spelled_reading(spelling)) is None:
        return None
    pages, parts, read = spelled_pages(spelling), spelled_parts(spelling), _document(found.payload, reading)
    beside = json.loads(_without(raw, pages, len(raw) - len(spelling + _TAIL)))
    digest = _digest_by_bytes(beside, spelling[pages])
    return Sent(_operation(found, read), raw, digest, is_withheld(read), parts)


def _without(raw: bytes, pages: slice, reading_at: int) -> bytes:
    return raw[: reading_at + pages.start] + b"0" + raw[reading_at + pages.stop :]


def _document(said: _Document, reading: Reading) -> DocumentRead:
    """What pydantic would make of it, which was checked by then."""
    return DocumentRead.model_construct(
        document_id=said.document_id,
        sha256=said.sha256,
        status=said.status,
        received_at=said.received_at,
        finished_at=said.finished_at,
        reading=reading,
    )


def _operation(found: _Operation, read: DocumentRead) -> Operation:
    return Operation.model_construct(
        sequence=found.sequence,
        operation_id=found.operation_id,
        occurred_at=found.occurred_at,
        payload=_without_pages(read),
    )


def _without_pages(read: DocumentRead) -> DocumentRead:
    return read.model_copy(update={"reading": replace(read.reading, pages=())})


def _otherwise_spelled(raw: bytes) -> Sent:
    operation, digest = Operation.model_validate_json(raw), _digest(raw)
    match operation.payload:
        case DocumentRead() as read:
            slim = operation.model_copy(update={"payload": _without_pages(read)})
            return Sent(slim, raw, digest, is_withheld(read), parts_to_json(read.reading))
        case CorrectionMade() as said:
            return Sent(operation, raw, digest, said.is_erased)
    return Sent(operation, raw, digest)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(_CANONICAL(json.loads(raw)).encode()).hexdigest()


def _digest_by_bytes(beside: Any, pages: bytes) -> str:
    said = _CANONICAL(beside).encode() + b"\n" + pages
    return _BY_BYTES + hashlib.sha256(said).hexdigest()


def _digests_by_bytes(sent: Sent) -> Iterator[str]:
    """Of a document's operation in whatever spelling: with the bytes of its pages as they are, which an earlier
    version may have written otherwise than this one; and in this version's, where that says all that was sent."""
    payload = Operation.model_validate_json(sent.raw).payload
    if not isinstance(payload, DocumentRead):
        return
    beside = json.loads(sent.raw)
    said = beside["payload"]["reading"].pop("pages", [])
    beside["payload"]["reading"]["pages"] = 0
    with suppress(*_NOT_QUITE):
        yield _digest_by_bytes(beside, bytes(msgspec.json.decode(sent.raw, type=_Telling).payload.reading.pages))
    respelled = reading_to_json(payload.reading)
    pages = respelled[spelled_pages(respelled)]
    if json.loads(pages) == said:
        yield _digest_by_bytes(beside, pages)
