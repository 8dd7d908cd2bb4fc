"""Who stands on the page: the patient, those who treat, and the organizations."""

import re
from datetime import date

from shared.export.fhir.book import Body, Book, Draft, Json, concept, without_empty
from shared.export.names import parted

NPI = "http://hl7.org/fhir/sid/us-npi"
_MBI = "http://hl7.org/fhir/sid/us-mbi"
_IS_MBI = re.compile(r"[1-9][A-Z][A-Z0-9][0-9][A-Z][A-Z0-9][0-9][A-Z]{2}[0-9]{2}")  # CMS, "Understanding the MBI"
_GENDERS = {"M": "male", "F": "female"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str | None) -> str | None:
    """`text` where it is a whole day in ISO 8601, which dates of FHIR have to be."""
    try:
        return date.fromisoformat(text).isoformat() if text and _DAY.fullmatch(text) else None
    except ValueError:
        return None


def patient(book: Book) -> Body:
    """The patient, also where nothing is known of them: everything else points there."""
    draft = book.draft("Patient", "patient")
    draft.put("identifier", _identifiers(draft))
    draft.put("name", _name(draft, "patient_name", "name"))
    draft.put("telecom", _telecom(draft, phone="phone", email="email"))
    if book.text("sex") in _GENDERS:
        draft.put("gender", _GENDERS[str(draft.take("sex", "gender"))])
    if day(book.text("date_of_birth")):
        draft.put("birthDate", draft.take("date_of_birth", "birthDate"))
    address = draft.take("address", "address[0].text")
    draft.put("address", [{"text": address}] if address else None)
    draft.put("maritalStatus", concept(draft.take("marital_status", "maritalStatus.text")))
    language = draft.take("primary_language", "communication[0].language.text")
    draft.put("communication", [{"language": concept(language), "preferred": True}] if language else None)
    draft.put("contact", _contact(book, draft))
    return draft.finish()


def practitioner(book: Book, name: str, npi: str) -> Body | None:
    """Who is named in the field `name`, with the number in the field `npi`; None where neither was found."""
    if not book.has(name, npi):
        return None
    draft = book.draft("Practitioner", name)
    number = draft.take(npi, "identifier[0].value") if book.text(npi) else None
    draft.put("identifier", [{"system": NPI, "value": number}] if number else None)
    draft.put("name", _name(draft, name, "name"))
    return draft.finish()


def organization(book: Book, name: str, phone: str = "", fax: str = "") -> Body | None:
    """What is named in the field `name`; None where it was not found."""
    if not book.text(name):
        return None
    draft = book.draft("Organization", name)
    draft.put("name", draft.take(name, "name"))
    draft.put("telecom", _telecom(draft, phone=phone, fax=fax))
    return draft.finish()


def _identifiers(draft: Draft) -> list[Json]:
    given: list[Json] = []
    titles = {
        "mrn": "Medical record number",
        "medicare_number": "Medicare number",
        "ssn_last4": "SSN, last four digits",
    }
    for name, title in titles.items():
        if value := draft.take(name, f"identifier[{len(given)}].value"):
            is_mbi = name == "medicare_number" and _IS_MBI.fullmatch(value)
            system = _MBI if is_mbi else None
            given.append(without_empty({"type": concept(title), "system": system, "value": value}))
    return given


def _name(draft: Draft, field: str, path: str) -> list[Json]:
    text = draft.take(field, f"{path}[0].text")
    return [human_name(text)] if text else []


def human_name(text: str) -> Body:
    """A name as it was read, and its parts as far as they can be told."""
    name = parted(text)
    given: list[Json] = [part for part in (name.given, name.middle) if part]
    suffix: list[Json] = [name.suffix] if name.suffix else []
    return without_empty({"text": text, "family": name.family, "given": given, "suffix": suffix})


def _telecom(draft: Draft, **fields: str) -> list[Json]:
    given: list[Json] = []
    for system, field in fields.items():
        value = draft.take(field, f"telecom[{len(given)}].value") if field else None
        if value:
            given.append({"system": system, "value": value})
    return given


def _contact(book: Book, draft: Draft) -> list[Json]:
    if not book.has("emergency_contact_name", "emergency_contact_phone"):  # pat-1: a contact is somebody
        return []
    name = draft.take("emergency_contact_name", "contact[0].name.text")
    phone = draft.take("emergency_contact_phone", "contact[0].telecom[0].value")
    relation = concept(draft.take("emergency_contact_relationship", "contact[0].relationship[0].text"))
    return [
        without_empty(
            {
                "relationship": [relation] if relation else [],
                "name": human_name(name) if name else {},
                "telecom": [{"system": "phone", "value": phone}] if phone else [],
            }
        )
    ]
