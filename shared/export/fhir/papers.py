"""The file itself, the program that read it, and who says what."""

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime

from shared.clock import to_rfc3339
from shared.documents import FieldValue
from shared.documents.kinds import kind_of
from shared.export.document import is_confirmed
from shared.export.fhir.book import Body, Book, Json, Mark, concept, text_in_fhir, without_empty
from shared.export.kinds import media_type_of

_TARGET_PATH = "http://hl7.org/fhir/StructureDefinition/targetPath"
_PERSON, _MACHINE, _DOUBTFUL = "confirmed by a person", "read by a machine", "read by a machine, to be reviewed"


def device(book: Book) -> Body:
    """The program that read the document."""
    draft = book.draft("Device", "reader")
    draft.put("deviceName", [{"name": "Chartdrop", "type": "manufacturer-name"}])
    draft.put("type", concept("Document reader"))
    return draft.finish()


def document_reference(book: Book, subject: Body, title: str) -> Body:
    """The file that was read, with its bytes where they are held."""
    document = book.document
    draft = book.draft("DocumentReference", "original")
    draft.put("identifier", [{"system": "urn:ietf:rfc:3986", "value": _ni(document.reading.sha256)}])
    draft.put("status", "current")
    draft.put("docStatus", state(book))
    draft.put("type", concept(title))
    draft.put("subject", subject)
    draft.put("date", to_rfc3339(document.received_at))
    draft.put("content", [{"attachment": _attachment(book, document.original())}])
    return draft.finish()


def provenance(book: Book, at: datetime, source: Body, reader: Body) -> list[Json]:
    """Of each value whether a machine read it, or a person gave or confirmed it: a Provenance for each."""
    by_activity: dict[str, list[Mark]] = {}
    for mark in book.marks:
        by_activity.setdefault(_activity(mark.cell), []).append(mark)
    given: list[Json] = []
    for activity, marks in by_activity.items():
        draft = book.draft("Provenance", activity)
        draft.put("target", list(_targets(marks)))
        draft.put("recorded", to_rfc3339(at))
        draft.put("activity", concept(activity))
        who: Body = {"display": "A person who reviewed the document"} if activity == _PERSON else reader
        draft.put("agent", [{"type": concept("verifier" if activity == _PERSON else "reader"), "who": who}])
        draft.put("entity", [{"role": "source", "what": source}])
        given.append(draft.finish())
    return given


def state(book: Book) -> str:
    """Whether something is left for a person to look at."""
    return "preliminary" if book.document.reading.to_review else "final"


def _targets(marks: Iterable[Mark]) -> Iterable[Body]:
    for mark in dict.fromkeys((mark.url, mark.path) for mark in marks):
        url, path = mark
        yield {"extension": [{"url": _TARGET_PATH, "valueString": path}], "reference": url}


def _activity(cell: FieldValue) -> str:
    if is_confirmed(cell):
        return _PERSON
    return _DOUBTFUL if cell.needs_review else _MACHINE


def _attachment(book: Book, original: bytes | None) -> Body:
    title = text_in_fhir(book.document.reading.file_name) or "document"
    created = to_rfc3339(book.document.received_at)
    if original is None:
        return {"title": title, "creation": created}
    digest = hashlib.sha1(original, usedforsecurity=False).digest()  # FHIR's `hash` is SHA-1
    return without_empty(
        {
            "contentType": media_type_of(kind_of(original)),
            "data": base64.b64encode(original).decode("ascii"),
            "size": len(original),
            "hash": base64.b64encode(digest).decode("ascii"),
            "title": title,
            "creation": created,
        }
    )


def _ni(sha256: str) -> str:
    """The content's name (RFC 6920)."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).rstrip(b"=")
    return f"ni:///sha-256;{digest.decode('ascii')}"
