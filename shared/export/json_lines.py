"""JSON: a document a line, in the shape of `chartdrop scan --json` (section 2 of the contract)."""

from pydantic_core import from_json, to_json

from shared.clock import to_rfc3339
from shared.export.document import Document, is_confirmed, places
from shared.wire.v1.readings import reading_to_json


def json_line(document: Document) -> bytes:
    """One object on one line, which is JSON by itself: the reading, with what the file alone does not say.

    `confirmed` names what a person gave or confirmed (its `source` is "person"), `needs_review` what a person has yet
    to look at: "fields.patient_name", "tables.medications.0.dose"."""
    found = dict(places(document.reading))
    head = {
        "document_id": str(document.id),
        "received_at": to_rfc3339(document.received_at),
        "read_at": to_rfc3339(document.read_at),
        "confirmed": [place for place, cell in found.items() if is_confirmed(cell)],
        "needs_review": [place for place, cell in found.items() if cell.needs_review],
    }
    return to_json({**head, **from_json(reading_to_json(document.reading))}) + b"\n"
