"""The templates that come with the product, and the glossary that they share."""

import pytest

from shared.templates import Kind, Template, load_builtin, template_named
from shared.templates.checks import contradictions
from shared.templates.glossary import compose, glossary
from shared.templates.phrases import plain

NAMES = [
    "discharge_summary",
    "generic_form",
    "hospice_admission",
    "hospice_certification",
    "insurance_card",
    "insurance_claim",
    "lab_report",
    "medication_list",
    "patient_registration",
    "referral",
]


def bare(**parts: object) -> Template:
    return compose({"name": "intake", "version": 1, "title": "Intake", **parts})


def test_ten_kinds_of_document_are_known() -> None:
    assert [template.name for template in load_builtin()] == NAMES


@pytest.mark.parametrize("template", load_builtin(), ids=lambda template: template.name)
def test_no_template_of_ours_contradicts_itself(template: Template) -> None:
    assert list(contradictions(template)) == []


@pytest.mark.parametrize("template", load_builtin(), ids=lambda template: template.name)
def test_a_label_is_either_a_fields_or_ends_its_value(template: Template) -> None:
    labels = {plain(label) for field in template.fields for label in field.labels}
    others = {plain(label) for label in template.other_labels}

    assert labels & others == set()
    assert len(labels | others) > 1000


def test_what_the_glossary_knows_and_a_template_does_not_ask_for_ends_a_value() -> None:
    assert "email address" in template_named("hospice").other_labels
    assert "email address" not in template_named("patient_registration").other_labels


def test_every_field_of_the_glossary_is_asked_for_by_some_document() -> None:
    used = {field.name for template in load_builtin() for field in template.fields}
    tables = {table.name for template in load_builtin() for table in template.tables}

    assert set(glossary()["fields"]) == used
    assert set(glossary()["tables"]) == tables


def test_used_fields_come_in_the_order_in_which_they_are_named() -> None:
    template = bare(use=["mrn", "ward", "patient_name"], fields=[{"name": "ward", "title": "Ward", "labels": ["ward"]}])

    assert [field.name for field in template.fields] == ["mrn", "ward", "patient_name"]


def test_a_template_overrides_only_what_it_says() -> None:
    general = template_named("lab_report")
    template = bare(use=["mrn"], fields=[{"name": "mrn", "title": "Our number", "more_labels": ["kart no"]}])

    mrn = template.fields[0]
    assert (mrn.title, mrn.kind) == ("Our number", Kind.IDENTIFIER)
    assert "kart no" in mrn.labels
    assert "medical record number" in mrn.labels
    assert all("kart no" not in field.labels for field in general.fields)


def test_a_template_takes_the_columns_that_it_names() -> None:
    columns = [{"name": "name"}, {"name": "dose"}]
    template = bare(use=["medications"], tables=[{"name": "medications", "columns": columns}])

    assert [(column.name, column.kind) for column in template.tables[0].columns] == [
        ("name", Kind.TEXT),
        ("dose", Kind.DOSE),
    ]


def test_a_code_stands_inside_a_diagnosis_only_where_the_template_has_one() -> None:
    inside = {field.name: field.inside for field in bare(use=["icd10_code"]).fields}
    both = {field.name: field.inside for field in bare(use=["icd10_code", "primary_diagnosis"]).fields}

    assert inside["icd10_code"] is None
    assert both["icd10_code"] == "primary_diagnosis"
