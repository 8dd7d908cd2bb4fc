"""What each kind of document asks, in sections; the names are the glossary's, and no other may be in a truth."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TABLES: Mapping[str, tuple[str, ...]] = {
    "secondary_diagnoses": ("description", "icd10_code"),
    "medications": ("name", "dose", "route", "frequency", "start_date", "stop_date", "status", "ordered_by"),
    "lab_results": ("test", "result", "flag", "units", "reference_range", "panel"),
    "claim_lines": ("service_date", "place_of_service", "cpt_code", "diagnosis_pointer", "charges", "units"),
    "pairs": ("label", "value"),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """What stands together under one of `headings`. `always` are asked by every such document; a table stands alone."""

    headings: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    first: bool = False  # stands before the other topics


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document: what it calls itself, who prints it, what it asks, who signs."""

    titles: tuple[str, ...]
    issuers: str  # the list of words with the names of those who print it
    topics: tuple[Topic, ...] = ()
    signature: str = ""
    issuer_field: str = "facility_name"
    by_hand: bool = True  # people fill it in with a pen
    labels: Mapping[str, str] = field(default_factory=dict)  # entries of labels.toml for fields with other names here


def _kind(found: dict[str, Any]) -> DocumentKind:
    topics = tuple(_topic(**topic) for topic in found.pop("topics", ()))
    return DocumentKind(tuple(found.pop("titles")), topics=topics, **found)


def _topic(*, first: bool = False, **words: list[str]) -> Topic:
    return Topic(**{key: tuple(found) for key, found in words.items()}, first=first)


KINDS: Mapping[str, DocumentKind] = {
    name: _kind(found) for name, found in tomllib.loads((Path(__file__).parent / "kinds.toml").read_text()).items()
}


def names(kind: str) -> set[str]:
    """Every field and table that a truth of this kind may have."""
    if kind == "generic_form":
        return {"pairs"}
    one = KINDS[kind]
    asked = {name for topic in one.topics for name in (*topic.always, *topic.perhaps)}
    printed = {"facility_phone", "facility_fax"} if kind == "hospice_admission" else set()
    signed = {one.signature} if one.signature else set()
    if one.signature and kind != "patient_registration":
        signed.add("signature_date")
    return asked | printed | signed | {one.issuer_field}
