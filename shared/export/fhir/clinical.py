"""What the patient has, takes and was measured to have."""

import re

from shared.documents import FieldValue
from shared.documents.reading import Row
from shared.export.document import text_of, title_of
from shared.export.fhir.book import NOT_READ, Body, Book, Draft, Json, concept, text_in_fhir, without_empty
from shared.export.fhir.people import day

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
_IS_ICD10 = re.compile(r"[A-Z][0-9][A-Z0-9](\.[A-Z0-9]{1,4})?")
_QUANTITY = re.compile(r"(<=|>=|<|>)?\s*(-?[0-9]{1,12}(?:\.[0-9]{1,8})?)")
_LAB_STATES = {"Final": "final", "Preliminary": "preliminary", "Corrected": "corrected", "Amended": "amended"}
_MEDICATION_STATES = {
    "active": "active", "completed": "completed", "stopped": "stopped", "discontinued": "stopped", "on hold": "on-hold",
}  # fmt: skip
_PLACED = frozenset({"secondary_diagnoses", "medications", "lab_results", "pairs", "claim_lines"})
_AS_CODES = ("diagnosis_codes", "secondary_diagnoses")


def conditions(book: Book, subject: Body) -> list[Json]:
    """A Condition for each diagnosis, the primary one first."""
    given: list[Json] = []
    if book.has("primary_diagnosis", "icd10_code"):
        draft = book.draft("Condition", "primary")
        text = draft.take("primary_diagnosis", "code.text")
        given.append(_condition(draft, subject, text, draft.take("icd10_code", _code_path(book.text("icd10_code")))))
    for number, row in enumerate(book.rows("secondary_diagnoses")):
        if any(row.values()):
            draft = book.draft("Condition", f"secondary {number}")
            text = draft.take_cell(row.get("description"), "code.text")
            code = draft.take_cell(row.get("icd10_code"), "code.coding[0].code")
            given.append(_condition(draft, subject, text, code))
    return [*given, *_listed(book, subject)]


def medications(book: Book, subject: Body) -> list[Json]:
    """A MedicationStatement for each row of the list."""
    rows = enumerate(book.rows("medications"))
    return [_medication(book, subject, number, row) for number, row in rows if any(row.values())]


def results(book: Book, subject: Body, laboratory: Body | None) -> list[Json]:
    """An Observation for each laboratory result."""
    state = _LAB_STATES.get(book.text("report_status") or "", "unknown")
    when = day(book.text("collected_date"))
    given: list[Json] = []
    for number, row in enumerate(book.rows("lab_results")):
        if not any(row.values()):
            continue
        draft = book.draft("Observation", f"result {number}")
        draft.put("status", state)
        draft.put("category", [concept("Laboratory")])
        draft.put("code", concept(draft.take_cell(row.get("test"), "code.text") or NOT_READ))
        draft.put("subject", subject)
        draft.put("effectiveDateTime", draft.take("collected_date", "effectiveDateTime") if when else None)
        draft.put("performer", [laboratory] if laboratory else None)
        _put_result(draft, row)
        given.append(draft.finish())
    return given


def pairs(book: Book, subject: Body) -> list[Json]:
    """An Observation for each labelled value of a form of no known kind."""
    given: list[Json] = []
    for number, row in enumerate(book.rows("pairs")):
        label, value = row.get("label"), row.get("value")
        if label and value:
            draft = book.draft("Observation", f"pair {number}")
            title = draft.take_cell(label, "code.text") or "Value"
            given.append(_observation(draft, subject, title, value))
    return given


def other_tables(book: Book, subject: Body) -> list[Json]:
    """An Observation for each row of the tables that a clinic's own templates have, a component for each cell."""
    given: list[Json] = []
    for table in sorted(book.document.reading.tables.keys() - _PLACED):
        for number, row in enumerate(book.rows(table)):
            draft = book.draft("Observation", f"{table} {number}")
            found = [
                (name, cell) for name, cell in row.items() if cell is not None and text_in_fhir(text_of(cell.value))
            ]
            parts: list[Json] = [
                {
                    "code": concept(title_of(name)),
                    "valueString": draft.take_cell(cell, f"component[{place}].value") or "",
                }
                for place, (name, cell) in enumerate(found)
            ]
            if parts:
                draft.put("status", "preliminary" if any(cell.needs_review for _, cell in found) else "final")
                draft.put("code", concept(title_of(table)))
                draft.put("subject", subject)
                draft.put("component", parts)
                given.append(draft.finish())
    return given


def others(book: Book, subject: Body) -> list[Json]:
    """An Observation for each field that has no place elsewhere: nothing that was read is lost."""
    given: list[Json] = []
    for name, cell in list(book.left()):
        draft = book.draft("Observation", name)
        book.note(name)
        given.append(_observation(draft, subject, title_of(name), cell))
    return given


def coded(code: str) -> Body:
    """A diagnosis code that was read, where it is one of ICD-10-CM."""
    return {"system": ICD10, "code": code} if _IS_ICD10.fullmatch(code) else {}


def _condition(draft: Draft, subject: Body, text: str | None, code: str | None) -> Body:
    coding = coded(code) if code else {}
    draft.put("code", concept(text or (code if not coding else None), *([coding] if coding else [])))
    draft.put("subject", subject)
    return draft.finish()


def _code_path(code: str | None) -> str:
    return "code.coding[0].code" if code and coded(code) else "code.text"


def _listed(book: Book, subject: Body) -> list[Json]:
    """Diagnoses that stand in one field, one after the other."""
    given: list[Json] = []
    for name in _AS_CODES:
        cell = book.cell(name)
        if cell is None or not isinstance(cell.value, tuple):
            continue
        book.note(name)
        values = [text for value in cell.value if (text := text_in_fhir(value))]
        for number, value in enumerate(values):
            draft = book.draft("Condition", f"{name} {number}")
            draft.take_cell(cell, _code_path(value))
            given.append(_condition(draft, subject, None, value))
    return given


def _medication(book: Book, subject: Body, number: int, row: Row) -> Body:
    draft = book.draft("MedicationStatement", str(number))
    state = draft.take_cell(row.get("status"), "status") or ""
    name = draft.take_cell(row.get("name"), "medication.text")
    draft.put("status", _MEDICATION_STATES.get(state.lower(), "unknown"))
    draft.put("medicationCodeableConcept", concept(name or NOT_READ))
    draft.put("subject", subject)
    start, stop = row.get("start_date"), row.get("stop_date")
    period = {
        "start": draft.take_cell(start, "effective.start") if start and day(text_of(start.value)) else None,
        "end": draft.take_cell(stop, "effective.end") if stop and day(text_of(stop.value)) else None,
    }
    draft.put("effectivePeriod", without_empty({**period}))
    draft.put("dosage", _dosage(draft, row))
    by = draft.take_cell(row.get("ordered_by"), "note[0].text")
    notes: list[Json] = [{"text": f"Ordered by {by}"}] if by else []
    if state and state.lower() not in _MEDICATION_STATES:
        notes.append({"text": f"Status: {state}"})
    draft.put("note", notes)
    return draft.finish()


def _dosage(draft: Draft, row: Row) -> list[Json]:
    dose, route, frequency = (
        draft.take_cell(row.get(name), f"dosage[0].{path}")
        for name, path in (("dose", "text"), ("route", "route.text"), ("frequency", "timing.code.text"))
    )
    timing: Json = {"code": concept(frequency)} if frequency else {}
    text = " ".join(part for part in (dose, route, frequency) if part)
    dosage = without_empty({"text": text, "timing": timing, "route": concept(route)})
    return [dosage] if dosage else []


def _put_result(draft: Draft, row: Row) -> None:
    result, units = row.get("result"), row.get("units")
    printed = text_in_fhir(text_of(result.value)) or "" if result else ""
    if result and (found := _QUANTITY.fullmatch(printed)):
        draft.take_cell(result, "value.value")
        unit = draft.take_cell(units, "value.unit")
        number = float(found[2])
        draft.put("valueQuantity", without_empty({"value": number, "comparator": found[1], "unit": unit}))
        if f"{number:g}" != found[2]:  # JSON numbers have no last noughts, and those of a result mean something
            draft.put("note", [{"text": f"Printed as {printed}"}])
    elif result:
        unit = draft.take_cell(units, "value")
        draft.put("valueString", " ".join(part for part in (draft.take_cell(result, "value"), unit) if part))
    flag, usual = draft.take_cell(row.get("flag"), "interpretation[0].text"), row.get("reference_range")
    draft.put("interpretation", [concept(flag)] if flag else None)
    reference = draft.take_cell(usual, "referenceRange[0].text")
    draft.put("referenceRange", [{"text": reference}] if reference else None)


def _observation(draft: Draft, subject: Body, title: str, cell: FieldValue) -> Body:
    draft.put("status", "preliminary" if cell.needs_review else "final")
    draft.put("code", concept(title))
    draft.put("subject", subject)
    if isinstance(cell.value, bool):
        draft.take_cell(cell, "value")
        draft.body["valueBoolean"] = cell.value
    else:
        draft.put("valueString", draft.take_cell(cell, "value") or "None")  # an empty list: the page says there is none
    return draft.finish()
