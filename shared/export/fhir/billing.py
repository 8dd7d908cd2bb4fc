"""Who pays, and what is asked of them."""

import re

from shared.documents import Cell
from shared.documents.reading import Row
from shared.export.document import text_of
from shared.export.fhir.book import NOT_READ, Body, Book, Draft, Json, concept, text_in_fhir, without_empty
from shared.export.fhir.clinical import coded
from shared.export.fhir.people import day

_CPT, _HCPCS = "http://www.ama-assn.org/go/cpt", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_IS_CPT, _IS_HCPCS = re.compile(r"[0-9]{4}[0-9FTU]"), re.compile(r"[A-V][0-9]{4}")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_COUNT = re.compile(r"[0-9]{1,9}")


def coverage(book: Book, patient: Body, payer: Body | None) -> Body | None:
    """The patient's insurance; None where nothing of one was found. A draft: paper does not say that it is in force."""
    if not book.has("insurance_id", "group_number", "subscriber_name", "plan_name", "coverage_type") and payer is None:
        return None
    draft = book.draft("Coverage", "coverage")
    draft.put("status", "draft")
    draft.put("type", concept(draft.take("coverage_type", "type.text")))
    subscriber = draft.take("subscriber_name", "subscriber.display")
    draft.put("subscriber", {"display": subscriber} if subscriber else None)
    draft.put("subscriberId", draft.take("insurance_id", "subscriberId"))
    draft.put("beneficiary", patient)
    draft.put("relationship", concept(draft.take("subscriber_relationship", "relationship.text")))
    draft.put("payor", [payer or {"display": NOT_READ}])
    draft.put("class", _classes(draft))
    return draft.finish()


def claim(book: Book, patient: Body, provider: Body | None, covered: Body | None) -> Body | None:
    """The claim that the document is; None for documents of other kinds."""
    rows = book.rows("claim_lines")
    if not rows:
        return None
    draft = book.draft("Claim", "claim")
    draft.put("status", "draft")
    draft.put("type", concept("Insurance claim"))
    draft.put("use", "claim")
    draft.put("patient", patient)
    draft.put("created", book.document.read_at.date().isoformat())
    draft.put("provider", provider or {"display": NOT_READ})
    draft.put("priority", concept(NOT_READ))
    draft.put("diagnosis", _diagnoses(book, draft))
    insurance = covered or {"display": NOT_READ}
    draft.put("insurance", [{"sequence": 1, "focal": True, "coverage": insurance}])
    draft.put("item", [_item(draft, number, row) for number, row in enumerate(rows, start=1)])
    if money(book.text("total_charge")):
        draft.put("total", money(draft.take("total_charge", "total.value")))
    return draft.finish()


def money(text: str | None) -> Body:
    """An amount; in which currency, no form says."""
    return {"value": float(text)} if text and _AMOUNT.fullmatch(text) else {}


def _classes(draft: Draft) -> list[Json]:
    given: list[Json] = []
    for name, title in (("group_number", "group"), ("plan_name", "plan")):
        if value := draft.take(name, f"class[{len(given)}].value"):
            given.append({"type": concept(title), "value": value})
    return given


def _diagnoses(book: Book, draft: Draft) -> list[Json]:
    cell = book.cell("diagnosis_codes")
    listed = cell.value if cell and isinstance(cell.value, tuple) else ()
    values = [text for value in listed if (text := text_in_fhir(value))]
    given: list[Json] = []
    for number, value in enumerate(values, start=1):
        draft.take_cell(cell, f"diagnosis[{number - 1}].diagnosis")
        coding = coded(value)
        code = concept(None, coding) if coding else concept(value)
        given.append({"sequence": number, "diagnosisCodeableConcept": code})
    return given


def _item(draft: Draft, number: int, row: Row) -> Body:
    path = f"item[{number - 1}]"
    code = draft.take_cell(row.get("cpt_code"), f"{path}.productOrService.coding[0].code")
    item: dict[str, Json | None] = {"sequence": number, "productOrService": _service(code)}
    served, charge, units = row.get("service_date"), row.get("charges"), row.get("units")
    if served and day(text_of(served.value)):
        item["servicedDate"] = draft.take_cell(served, f"{path}.serviced")
    place = draft.take_cell(row.get("place_of_service"), f"{path}.location.text")
    item["locationCodeableConcept"] = concept(place)
    if units and _COUNT.fullmatch(text_of(units.value)):
        item["quantity"] = {"value": int(draft.take_cell(units, f"{path}.quantity.value") or 0)}
    if charge and money(text_of(charge.value)):
        item["net"] = money(draft.take_cell(charge, f"{path}.net.value"))
    item["diagnosisSequence"] = _pointed_at(draft, row.get("diagnosis_pointer"), f"{path}.diagnosisSequence")
    return without_empty(item)


def _pointed_at(draft: Draft, pointer: Cell, path: str) -> list[Json]:
    """The places in the claim's list of diagnoses that letters ("AC") name, where all of them are there."""
    letters = text_of(pointer.value).replace(",", "").replace(" ", "") if pointer else ""
    places: list[Json] = [ord(letter) - ord("A") + 1 for letter in letters]
    known = draft.body.get("diagnosis")
    if not isinstance(known, list) or not all(isinstance(place, int) and 1 <= place <= len(known) for place in places):
        return []
    draft.take_cell(pointer, path)
    return places


def _service(code: str | None) -> Body:
    if code and _IS_CPT.fullmatch(code):
        return concept(None, {"system": _CPT, "code": code})
    if code and _IS_HCPCS.fullmatch(code):
        return concept(None, {"system": _HCPCS, "code": code})
    return concept(code or NOT_READ)
