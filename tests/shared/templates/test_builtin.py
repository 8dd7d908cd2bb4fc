"""The templates that come with the product, and the glossary that they share."""

import pytest

from shared.templates import Kind, Template, load_builtin, template_named
from shared.templates.checks import contradictions
from shared.templates.glossary import compose, glossary
from shared.templates.phrases import plain

ASKED = {
    "hospice_admission": """
        patient_name date_of_birth age sex mrn ssn_last4 address phone marital_status primary_language religion
        veteran admission_date election_date level_of_care benefit_period attending_physician npi
        referring_physician primary_diagnosis icd10_code secondary_diagnoses payer medicare_number secondary_payer
        insurance_id group_number code_status advance_directive allergies pharmacy emergency_contact_name
        emergency_contact_relationship emergency_contact_phone facility_name facility_phone facility_fax
        patient_signature_present signed_by_representative signature_date medications""",
    "hospice_certification": """
        patient_name date_of_birth sex mrn medicare_number admission_date benefit_period certification_start
        certification_end attending_physician npi primary_diagnosis icd10_code secondary_diagnoses pps_score
        code_status allergies facility_name physician_signature_present signature_date""",
    "patient_registration": """
        patient_name date_of_birth sex marital_status address phone email emergency_contact_name
        emergency_contact_relationship emergency_contact_phone payer insurance_id group_number medicare_number
        referring_physician reason_for_visit allergies medications advance_directive facility_name
        patient_signature_present document_date""",
    "referral": """
        patient_name date_of_birth age sex mrn ssn_last4 address phone emergency_contact_name
        emergency_contact_relationship emergency_contact_phone referring_facility referring_phone
        referring_physician referring_npi facility_name referral_date requested_start_date urgency
        reason_for_referral primary_diagnosis icd10_code secondary_diagnoses medications allergies code_status
        advance_directive pps_score payer insurance_id medicare_number physician_signature_present
        page_count_stated""",
    "lab_report": """
        patient_name date_of_birth age sex mrn phone ordering_physician npi facility_name performing_laboratory
        accession_number collected_date received_date reported_date report_status fasting icd10_code lab_results
        comments""",
    "medication_list": """
        patient_name date_of_birth sex mrn height weight allergies code_status primary_diagnosis icd10_code
        medications pharmacy facility_name document_date nurse_signature_present signature_date""",
    "insurance_claim": """
        patient_name date_of_birth sex address phone subscriber_name subscriber_relationship coverage_type payer
        insurance_id group_number medicare_number other_insured onset_date referring_physician referring_npi
        hospitalization_dates diagnosis_codes icd10_code claim_lines service_date tax_id account_number
        total_charge amount_paid attending_physician npi facility_name patient_signature_on_file""",
    "insurance_card": """
        payer plan_name subscriber_name insurance_id group_number medicare_number coverage_type""",
    "discharge_summary": """
        patient_name date_of_birth age sex mrn admission_date discharge_date length_of_stay attending_physician
        npi primary_care_physician primary_diagnosis icd10_code secondary_diagnoses medications lab_results
        allergies code_status condition_at_discharge disposition diet follow_up_date payer facility_name""",
    "generic_form": "pairs",
}
"""What each kind asks for, in order; what repeats is a table."""
COLUMNS = {
    "secondary_diagnoses": "description icd10_code",
    "medications": "name dose route frequency start_date stop_date status ordered_by",
    "lab_results": "test result flag units reference_range panel",
    "claim_lines": "service_date place_of_service cpt_code diagnosis_pointer charges units",
    "pairs": "label value",
}


def bare(**parts: object) -> Template:
    return compose({"name": "intake", "version": 1, "title": "Intake", **parts})


def test_ten_kinds_of_document_are_known() -> None:
    assert [template.name for template in load_builtin()] == sorted(ASKED)


@pytest.mark.parametrize("template", load_builtin(), ids=lambda template: template.name)
def test_a_kind_asks_for_what_is_promised(template: Template) -> None:
    fields = [field.name for field in template.fields]
    tables = {table.name for table in template.tables}
    asked = ASKED[template.name].split()

    assert fields == [name for name in asked if name not in tables or name == "secondary_diagnoses"]
    assert tables == {*asked} & COLUMNS.keys()
    for table in template.tables:
        assert [column.name for column in table.columns] == COLUMNS[table.name].split()


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
