"""One document as a Bundle: the Composition first, then all that it points at."""

import json
from datetime import datetime

from pydantic import ValidationError

from shared.clock import to_rfc3339
from shared.export.document import Document, title_of
from shared.export.errors import BundleInvalid
from shared.export.fhir import billing, clinical, papers, people
from shared.export.fhir.book import Body, Book, Json, concept

_TREATING = (
    ("attending_physician", "npi"),
    ("ordering_physician", "npi"),
    ("referring_physician", "referring_npi"),
    ("primary_care_physician", ""),
)


def fhir_bundle(document: Document, at: datetime) -> bytes:
    """The document as JSON of one line, as it is at the moment `at`: a FHIR R4 Bundle of type document, validated.

    Ids are the same however often it is written. Raises BundleInvalid, and what `document.original` raises."""
    book = Book(document)
    composition = book.draft("Composition", "composition")
    composition.finish()  # the first entry, as a document's Bundle has it
    title = title_of(document.reading.document_type)
    patient = people.patient(book)
    reader = papers.device(book)
    source = papers.document_reference(book, patient, title)
    sections = _sections(book, patient, source)
    papers.provenance(book, at, source, reader)
    composition.put("status", papers.state(book))
    composition.put("type", concept(title))
    composition.put("subject", patient)
    composition.put("date", to_rfc3339(document.read_at))
    composition.put("author", [reader])
    composition.put("title", title)
    composition.put("section", [{"title": name, "entry": entries} for name, entries in sections.items() if entries])
    return _checked(_bundle(book, at))


def _sections(book: Book, patient: Body, source: Body) -> dict[str, list[Json]]:
    """Every resource but the patient, in the Composition's sections."""
    treating = [one for name, npi in _TREATING if (one := _practitioner(book, name, npi))]
    facility = people.organization(book, "facility_name", "facility_phone", "facility_fax")
    laboratory = people.organization(book, "performing_laboratory")
    payer = people.organization(book, "payer")
    organizations = [
        facility, laboratory, payer, people.organization(book, "referring_facility", "referring_phone"),
        people.organization(book, "secondary_payer"),
    ]  # fmt: skip
    covered = billing.coverage(book, patient, payer)
    provider = treating[0] if treating else facility
    billed = [covered, billing.claim(book, patient, provider, covered)]
    found: dict[str, list[Json]] = {
        "Original document": [source],
        "Diagnoses": clinical.conditions(book, patient),
        "Medications": clinical.medications(book, patient),
        "Laboratory results": clinical.results(book, patient, laboratory),
        "Labels and values": clinical.pairs(book, patient),
        "Other tables": clinical.other_tables(book, patient),
        "Insurance": [one for one in billed if one],
        "Practitioners and organizations": [*treating, *(one for one in organizations if one)],
    }
    return {**found, "Other fields": clinical.others(book, patient)}


def _practitioner(book: Book, name: str, npi: str) -> Body | None:
    """Whoever the document asks for; of two who may be meant by a number, the first has it."""
    if name not in book.document.reading.fields:
        return None
    return people.practitioner(book, name, npi if npi and not book.has_place(npi) else "")


def _bundle(book: Book, at: datetime) -> Body:
    address = f"urn:uuid:{book.document.id}"
    entries: list[Json] = [{"fullUrl": url, "resource": body} for url, body in book.resources.items()]
    return {
        "resourceType": "Bundle",
        "id": str(book.document.id),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": address},
        "type": "document",
        "timestamp": to_rfc3339(at),
        "entry": entries,
    }


def _checked(bundle: Body) -> bytes:
    """`bundle` as JSON that was seen to be FHIR. R4B has the resources that are written here as R4 has them."""
    from fhir.resources.R4B.bundle import Bundle

    try:
        Bundle.model_validate(bundle)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BundleInvalid(f"What was read does not make a valid FHIR Bundle (at {place}). Export JSON.") from error
    return json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
