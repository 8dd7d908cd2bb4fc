"""Bundles are FHIR R4 by its own schema and by others' models, and say of every value whose it is."""

import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fhirclient.models.bundle import Bundle as R4Bundle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft6Validator

from shared.documents import Reading
from shared.documents.reading import PERSON
from shared.export import Document
from shared.export.document import places
from shared.export.fhir import fhir_bundle
from tests.shared.export.samples import (
    NOW,
    RECEIVED,
    admission,
    bare,
    claim,
    corrected,
    each_kind,
    labs,
    pairs,
    read,
    row,
)

SCHEMA = Path(__file__).parents[2] / "vectors" / "fhir" / "r4.schema.json.gz"
Resource = dict[str, Any]


def bundle(document: Document) -> Resource:
    told: Resource = json.loads(fhir_bundle(document, NOW))
    return told


def resources(document: Document, kind: str) -> list[Resource]:
    entries = [entry["resource"] for entry in bundle(document)["entry"]]
    return [resource for resource in entries if resource["resourceType"] == kind]


@cache
def validator(kind: str) -> Draft6Validator:
    schema = json.loads(gzip.decompress(SCHEMA.read_bytes()))
    return Draft6Validator({"$ref": f"#/definitions/{kind}", "definitions": schema["definitions"]})


def assert_r4(told: Resource) -> None:
    """By HL7's schema each resource, by fhirclient's models the whole, by the specification's rules for documents."""
    for entry in told["entry"]:
        validator(entry["resource"]["resourceType"]).validate(entry["resource"])
    R4Bundle(told)
    validator("Bundle").validate({**told, "entry": [{"fullUrl": entry["fullUrl"]} for entry in told["entry"]]})
    addresses = [entry["fullUrl"] for entry in told["entry"]]
    assert told["entry"][0]["resource"]["resourceType"] == "Composition"  # bdl-11
    assert set(told["identifier"]) == {"system", "value"}  # bdl-9
    assert "timestamp" in told  # bdl-10
    assert len(set(addresses)) == len(addresses)  # bdl-7
    assert {reference for _, reference in references(told)} <= set(addresses)
    reached = {reference for _, reference in references(told["entry"][0]["resource"])}
    about = {entry["fullUrl"] for entry in told["entry"][1:] if entry["resource"]["resourceType"] != "Provenance"}
    assert about <= reached  # from the Composition all is reached, and Provenance points at the rest


def references(told: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(told, dict):
        if "reference" in told:
            yield place, told["reference"]
        for name, value in told.items():
            yield from references(value, name)
    elif isinstance(told, list):
        for value in told:
            yield from references(value, place)


@pytest.mark.parametrize("document", each_kind(), ids=lambda document: document.reading.document_type)
def test_a_bundle_of_any_kind_of_document_is_fhir_r4(document: Document) -> None:
    told = bundle(document)

    assert_r4(told)
    assert bundle(document) == told
    later = json.loads(fhir_bundle(document, RECEIVED))
    assert [entry["fullUrl"] for entry in later["entry"]] == [entry["fullUrl"] for entry in told["entry"]]


def test_the_patient_is_who_stands_on_the_page() -> None:
    [patient] = resources(admission(), "Patient")

    assert patient["name"] == [
        {"text": "Siobhán M. O'Featherstone", "family": "O'Featherstone", "given": ["Siobhán", "M."]}
    ]
    assert (patient["birthDate"], patient["gender"]) == ("1941-02-03", "female")
    assert [one["value"] for one in patient["identifier"]] == ["00012345", "1EG4TE5MK73", "0042"]
    assert patient["identifier"][1]["system"] == "http://hl7.org/fhir/sid/us-mbi"
    assert patient["contact"][0]["name"]["family"] == "Żółć"


def test_codes_stand_only_where_one_was_read() -> None:
    first, second, third = resources(admission(), "Condition")
    coded = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G30.9"}

    assert first["code"] == {"coding": [coded], "text": "Alzheimer's disease, unspecified"}
    assert second["code"]["coding"][0]["code"] == "R13.10"
    assert third["code"] == {"text": "Anorexia"}
    codings = [system for document in each_kind() for system in systems(bundle(document))]
    assert set(codings) == {
        "http://hl7.org/fhir/sid/icd-10-cm",
        "http://www.ama-assn.org/go/cpt",
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    }


def systems(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        yield from (coding["system"] for coding in told.get("coding", ()))
        for value in told.values():
            yield from systems(value)
    elif isinstance(told, list):
        for value in told:
            yield from systems(value)


def test_medications_have_their_doses() -> None:
    morphine, lorazepam = resources(admission(), "MedicationStatement")

    assert morphine["medicationCodeableConcept"] == {"text": "Morphine sulfate"}
    assert morphine["dosage"][0]["text"] == "5 mg PO q4h PRN"
    assert (morphine["status"], lorazepam["effectivePeriod"]) == ("unknown", {"start": "2026-03-01"})


def test_results_are_quantities_where_they_are_numbers() -> None:
    sodium, _, tsh, hiv, *_ = resources(labs(), "Observation")

    assert sodium["valueQuantity"] == {"value": 131.0, "unit": "mmol/L"}
    assert (sodium["status"], sodium["effectiveDateTime"]) == ("final", "2026-03-10")
    assert (sodium["interpretation"], sodium["referenceRange"]) == ([{"text": "L"}], [{"text": "136-145"}])
    assert tsh["valueQuantity"] == {"value": 0.01, "comparator": "<", "unit": "mIU/L"}
    assert hiv["valueString"] == "Non-reactive"
    [practitioner] = resources(labs(), "Practitioner")
    assert practitioner["identifier"] == [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}]
    reading = replace(labs().reading, tables={"lab_results": (row(test="K", result="4.10", units="mmol/L"),)})
    assert resources(replace(labs(), reading=reading), "Observation")[0]["note"] == [{"text": "Printed as 4.10"}]


def test_a_claim_has_its_lines() -> None:
    [told] = resources(claim(), "Claim")

    assert [item["productOrService"]["coding"][0]["code"] for item in told["item"]] == ["99213", "J1100"]
    assert (told["item"][0]["diagnosisSequence"], told["item"][1]["quantity"]) == ([1, 2], {"value": 2})
    assert told["total"] == {"value": 180.0}


def test_the_original_goes_with_it() -> None:
    [reference] = resources(replace(admission(), original=lambda: b"%PDF-1.4 the scan"), "DocumentReference")

    attachment = reference["content"][0]["attachment"]
    assert base64.b64decode(attachment["data"]) == b"%PDF-1.4 the scan"
    assert (attachment["contentType"], attachment["size"], attachment["title"]) == (
        "application/pdf", 17, "Søren's scan.pdf",
    )  # fmt: skip
    assert reference["docStatus"] == "preliminary"  # something is left to review


@pytest.mark.parametrize("document", each_kind(), ids=lambda document: document.reading.document_type)
def test_provenance_says_of_every_value_whether_a_machine_or_a_person(document: Document) -> None:
    told = bundle(document)
    by_activity: dict[str, list[str]] = {}
    for entry in told["entry"]:
        if entry["resource"]["resourceType"] == "Provenance":
            paths = [target["extension"][0]["valueString"] for target in entry["resource"]["target"]]
            by_activity[entry["resource"]["activity"]["text"]] = paths

    people = [place for place, cell in places(document.reading) if cell.source == PERSON]
    assert bool(people) == ("confirmed by a person" in by_activity)
    if document.id == admission().id:
        assert by_activity["confirmed by a person"] == ["Patient.name[0].text", "MedicationStatement.dosage[0].text"]
        assert by_activity["read by a machine, to be reviewed"] == ["Patient.address[0].text"]
        assert "Patient.birthDate" in by_activity["read by a machine"]
    noted = sum(len(paths) for paths in by_activity.values())
    assert noted >= len(list(places(document.reading))) - (2 if document.id == pairs().id else 0)


def test_what_has_no_resource_of_its_own_is_an_observation() -> None:
    left = {one["code"]["text"]: one for one in resources(admission(), "Observation")}

    assert left["Veteran"]["valueBoolean"] is True
    assert left["Allergies"]["valueString"] == "Penicillin; Sulfa | rash"
    assert "Patient name" not in left
    own = replace(bare(), reading=replace(bare().reading, tables={"wounds": (row(place="heel", stage="2"),)}))
    [observation] = resources(own, "Observation")
    assert [part["valueString"] for part in observation["component"]] == ["heel", "2"]
    assert_r4(bundle(own))


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_NAMES = st.sampled_from(sorted({*admission().reading.fields, *labs().reading.fields, *claim().reading.fields}))
_CELLS = st.builds(read, _TEXTS | st.booleans() | st.lists(_TEXTS, max_size=3).map(tuple), review=st.booleans())
_ROWS = st.dictionaries(st.sampled_from(["name", "dose", "test", "result", "cpt_code", "charges", "units"]), _CELLS)


@given(
    st.dictionaries(_NAMES, st.none() | _CELLS | _TEXTS.map(corrected)),
    st.dictionaries(st.sampled_from(["medications", "lab_results", "claim_lines", "own"]), st.lists(_ROWS, max_size=2)),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_was_read_the_bundle_is_fhir(fields: Any, tables: Any) -> None:
    reading = Reading("x.png", "0" * 64, 1, fields=fields, tables={name: tuple(rows) for name, rows in tables.items()})

    assert_r4(bundle(replace(bare(), reading=reading)))
