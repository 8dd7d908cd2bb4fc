"""A desktop as the server sees one: an identity, an outbox, HTTP; after PROTOCOL.md, not after our own client."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from shared.audit import AuditChain, SignedEntry, entry_from_json, entry_to_json
from shared.clock import system_clock
from shared.crypto.signing import new_signing_key, sign, verifying_key
from shared.documents import FieldValue, Page, Reading, TemplateRef, TextLine, Timings, failed_reading
from shared.documents.reading import Value
from shared.ids import new_id
from shared.wire.v1.corrections import CorrectionMade, StampSent
from shared.wire.v1.devices import TOKEN_CONTEXT
from shared.wire.v1.readings import reading_to_json
from shared.wire.v1.succession import name_successor
from shared.wire.v1.sync import AuditRecorded, DocumentRead, Happening, Operation, PushRequest, UsageCounted

PATIENT = "Wilhelmina Featherstonehaugh"
FILE_NAME = "featherstonehaugh-admission.pdf"
SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0))
SHA256 = "ab" * 32
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

Json = Any


class Answer(Protocol):
    """What any HTTP client answers with."""

    @property
    def status_code(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    def json(self) -> Json: ...


class Http(Protocol):
    """An HTTP client: Starlette's within this process, or one over a socket."""

    def post(
        self, url: str, *, json: Json = ..., content: bytes | None = ..., headers: dict[str, str] | None = ...
    ) -> Answer: ...


def admission(pages: int = 2, confidence: float = 0.9) -> Reading:
    """The reading of an admission form, with a patient's name in its file name, fields, tables and lines."""
    name = FieldValue(PATIENT, PATIENT.upper(), confidence, 1, SQUARE)
    line = TextLine(f"Patient: {PATIENT}", 0.98, SQUARE)
    return Reading(
        file_name=FILE_NAME,
        sha256=SHA256,
        page_count=pages,
        document_type="hospice_admission",
        document_type_confidence=0.93,
        template=TemplateRef("hospice_admission", 1),
        pages=tuple(Page(number, 1700, 2200, 200, 0, -0.4, (line,)) for number in range(1, pages + 1)),
        fields={"patient_name": name, "npi": None},
        tables={"medications": ({"name": name, "dose": None},)},
        timings_ms=Timings(total=1500),
    )


@dataclass
class Desktop:
    """One desktop; `http` reaches the server."""

    http: Http
    id: UUID = field(default_factory=uuid4)
    key: bytes = field(default_factory=new_signing_key)
    outbox: list[Operation] = field(default_factory=list)
    last_entry: SignedEntry | None = None
    audit_key: str = ""

    def enrol(self, code: str, **changes: str) -> Answer:
        """Presents `code`."""
        request = {
            "code": code,
            "device_id": str(self.id),
            "name": "Front desk",
            "public_key": verifying_key(self.key).hex(),
            "platform": "Linux",
            "app_version": "0.1.0",
        }
        answer = self.http.post("/api/v1/devices", json=request | changes)
        self.audit_key = answer.json().get("audit_key", self.audit_key)
        return answer

    def challenge(self) -> str:
        """Something to sign."""
        answer = self.http.post("/api/v1/devices/challenge", json={"device_id": str(self.id)})
        assert answer.status_code == 200
        return str(answer.json()["challenge"])

    def prove(self, challenge: str, **more: Json) -> Answer:
        """Signs the challenge and asks for a token."""
        signature = sign(self.key, TOKEN_CONTEXT + challenge.encode()).hex()
        proof = {"device_id": str(self.id), "challenge": challenge, "signature": signature} | more
        return self.http.post("/api/v1/devices/token", json=proof)

    def token(self) -> str:
        """A fresh token."""
        answer = self.prove(self.challenge())
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def read(self, document_id: UUID | None = None, reading: Reading | None = None) -> UUID:
        """A document was read: its row, an audit entry and its pages stand in the outbox."""
        document_id, reading = document_id or new_id(), reading or admission()
        attempt = 1 + sum(
            isinstance(row.payload, DocumentRead) and row.payload.document_id == document_id for row in self.outbox
        )
        self.write(
            DocumentRead(
                document_id=document_id,
                sha256=SHA256,
                status="failed" if reading.error else "completed",
                received_at=NOW,
                finished_at=NOW,
                reading=reading,
            )
        )
        self.audit("document.read", str(document_id))
        self.write(UsageCounted(document_id=document_id, attempt=attempt, pages=reading.page_count))
        return document_id

    def fail(self) -> UUID:
        """A document could not be read."""
        return self.read(reading=failed_reading(FILE_NAME, SHA256, "encrypted", "The file is encrypted."))

    def correct(
        self,
        value: Value | None,
        *,
        path: str = "fields.patient_name",
        replaces: tuple[UUID, ...] = (),
        milliseconds: int = 1_772_357_400_000,
        sha256: str = SHA256,
    ) -> UUID:
        """Somebody said what stands there: their correction is in the outbox."""
        said = CorrectionMade(
            correction_id=new_id(),
            sha256=sha256,
            path=path,
            value=value,
            read=PATIENT,
            base=PATIENT,
            replaces=replaces,
            actor="person:1",
            person="Dana Ortiz",
            stamp=StampSent(milliseconds=milliseconds, count=0),
        )
        self.write(said)
        return said.correction_id

    def audit(self, action: str, subject: str) -> None:
        """An entry of the audit chain stands in the outbox."""
        pen = AuditChain(str(self.id), self.key, system_clock)
        self.last_entry = pen.next_entry(self.last_entry, "person:1", action, subject, {"pages": 2})
        self.write(AuditRecorded(entry=entry_to_json(self.last_entry)))

    def write(self, payload: Happening) -> None:
        """A row of the outbox."""
        sequence = len(self.outbox) + 1
        self.outbox.append(Operation(sequence=sequence, operation_id=new_id(), occurred_at=NOW, payload=payload))

    def push(self, rows: list[Operation] | None = None, token: str | None = None) -> Answer:
        """Sends `rows`, or the whole outbox."""
        body = PushRequest(operations=self.outbox if rows is None else rows).model_dump_json()
        return self.send(body.encode(), token)

    def pull(self, cursor: Json = None, token: str | None = None, **more: Json) -> Answer:
        """Asks for what follows `cursor`."""
        headers = {"Authorization": f"Bearer {token or self.token()}"}
        return self.http.post("/api/v1/sync/pull", json={"protocol": 1, "cursor": cursor} | more, headers=headers)

    def send(self, body: bytes, token: str | None = None, **headers: str) -> Answer:
        """Sends `body` as it is."""
        headers |= {"Authorization": f"Bearer {token or self.token()}", "Content-Type": "application/json"}
        return self.http.post("/api/v1/sync/push", content=body, headers=headers)


class Successor(Desktop):
    """What a desktop goes on as that was restored from a backup, which its first `shared` rows were in."""

    def __init__(self, before: Desktop, shared: int | None = None) -> None:
        super().__init__(before.http, audit_key=before.audit_key)
        self.before = before
        self.outbox = before.outbox[:shared]
        self.last_entry = ([None, *self._entries()])[-1]

    def _entries(self) -> list[SignedEntry]:
        return [entry_from_json(one.payload.entry) for one in self.outbox if isinstance(one.payload, AuditRecorded)]

    def audit_before(self, action: str) -> None:
        """An entry that the earlier identity wrote."""
        own = self.id, self.key
        self.id, self.key = self.before.id, self.before.key
        self.audit(action, str(self.before.id))
        self.id, self.key = own

    def fork(self) -> None:
        """The first entry under the new identity."""
        self.audit("device.forked", str(self.before.id))

    def introduce(self, **changes: Json) -> Answer:
        """Tells the server who goes on here, with the rows that may be the same."""
        own = verifying_key(self.key).hex()
        request = {
            "device_id": str(self.before.id),
            "successor_id": str(self.id),
            "public_key": own,
            "signature": name_successor(self.before.key, self.before.id, self.id, own),
            "shared": self.shared(),
        }
        return self.http.post("/api/v1/sync/succession", json=request | changes)

    def shared(self) -> Json:
        """Rows of the outbox, the last first, each with the length of the audit chain up to it."""
        length, rows = 0, list[Json]()
        for row in self.outbox:
            length += isinstance(row.payload, AuditRecorded)
            rows.append({"sequence": row.sequence, "operation_id": str(row.operation_id), "audit_length": length})
        return rows[::-1][:300]


def as_json(reading: Reading) -> Json:
    """`reading` as the contract prints it."""
    return json.loads(reading_to_json(reading))
