"""Devices with much to send: enrolled, each with the pushes that its outbox makes, packed as the desktop packs them.

A document is a page with the polygons of its words, about 28 kB of JSON; beside it stand, as on a desktop, the entry
that it came in, the one that it was read, and its page.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from desktop.journey.sync.pack import Push, pack
from desktop.vault.outbox import OutboxRow
from shared.audit import AuditChain, entry_to_json
from shared.clock import system_clock, to_rfc3339
from shared.ids import new_id
from shared.wire.v1.readings import reading_to_json
from shared.wire.v1.sync import AuditRecorded, UsageCounted
from tests.quality.vault.pages import invent_language, invent_reading
from tests.syncserver.desktop import Desktop

ROWS_A_DOCUMENT = 4
_DISTINCT = 200  # readings; the documents of all devices are read so, in turns
_AT = to_rfc3339(datetime(2026, 3, 1, 9, 30, tzinfo=UTC))


@dataclass(slots=True)
class Device:
    """An enrolled device: the files of its pushes, in order, and its token."""

    desktop: Desktop
    bodies: list[Path]
    token: str = ""


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings as JSON, with their SHA-256."""

    several: Sequence[tuple[str, str]]

    @property
    def mean_bytes(self) -> float:
        return sum(len(json) for json, _ in self.several) / len(self.several)


def invent_readings() -> Readings:
    """The same at every call."""
    chance, language = random.Random(5), invent_language(random.Random(1))  # noqa: S311 - no secret
    several = [invent_reading(chance, language, number, with_words=True) for number in range(_DISTINCT)]
    return Readings([(reading_to_json(one).decode(), one.sha256) for one in several])


def enrolled(http: httpx.Client, bearer: dict[str, str], place: Path, readings: Readings, documents: int) -> Device:
    """A new device with so many documents to send; its pushes lie in files at `place`."""
    desktop = Desktop(http)
    code = http.post("/api/v1/devices/enrolment-codes", headers=bearer).json()["code"]
    assert desktop.enrol(code).status_code == 201
    bodies = []
    for push in _pushes(desktop, readings, documents):
        bodies.append(place / f"{desktop.id}-{push.first}.gz")
        bodies[-1].write_bytes(push.body)
    return Device(desktop, bodies)


def _pushes(desktop: Desktop, readings: Readings, documents: int) -> Iterator[Push]:
    rows = list(_rows(desktop, readings, documents))
    while push := pack(rows):
        yield push
        rows = rows[push.last - push.first + 1 :]


def _rows(desktop: Desktop, readings: Readings, documents: int) -> Iterator[OutboxRow]:
    sequence = 0
    for number in range(documents):
        for payload in _payloads(desktop, *readings.several[number % _DISTINCT]):
            sequence += 1
            yield OutboxRow(sequence, new_id(), _AT, payload)


def _payloads(desktop: Desktop, reading: str, sha256: str) -> Iterator[str]:
    document_id = new_id()
    yield _entry(desktop, "document.received", str(document_id))
    yield _entry(desktop, "document.done", str(document_id))
    yield UsageCounted(document_id=document_id, attempt=1, pages=1).model_dump_json()
    yield (
        f'{{"kind":"document.read","document_id":"{document_id}","sha256":"{sha256}","status":"completed",'
        f'"received_at":"{_AT}","finished_at":"{_AT}","reading":{reading}}}'
    )


def _entry(desktop: Desktop, action: str, subject: str) -> str:
    pen = AuditChain(str(desktop.id), desktop.key, system_clock)
    desktop.last_entry = pen.next_entry(desktop.last_entry, "device", action, subject, {"attempt": 1, "pages": 1})
    return AuditRecorded(entry=entry_to_json(desktop.last_entry)).model_dump_json()
