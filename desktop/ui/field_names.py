"""Fields, groups, tables and kinds of documents in people's words.

The groups stand in the order in which a person reads a chart; a field that is not listed falls into the last group
under its own name, so a template of one's own is shown as well.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:

    def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
        """PySide's stubs call the answer an object; it is `text`."""
        ...

else:
    from PySide6.QtCore import QT_TRANSLATE_NOOP

_CONTEXT = "FieldNames"

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        QT_TRANSLATE_NOOP("FieldNames", "Person"),
        (
            "patient_name", "date_of_birth", "age", "sex", "mrn", "ssn_last4", "marital_status", "primary_language",
            "religion", "veteran", "address", "phone", "email", "height", "weight",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("FieldNames", "Emergency contact"),
        ("emergency_contact_name", "emergency_contact_relationship", "emergency_contact_phone"),
    ),
    (
        QT_TRANSLATE_NOOP("FieldNames", "Stay"),
        (
            "admission_date", "election_date", "discharge_date", "length_of_stay", "level_of_care", "benefit_period",
            "certification_start", "certification_end", "service_date", "onset_date", "hospitalization_dates",
            "requested_start_date", "follow_up_date", "disposition", "condition_at_discharge", "diet",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("FieldNames", "Clinical"),
        (
            "primary_diagnosis", "icd10_code", "secondary_diagnoses", "diagnosis_codes", "pps_score", "code_status",
            "advance_directive", "allergies", "medications", "reason_for_visit", "reason_for_referral", "urgency",
            "lab_results", "fasting", "comments", "pharmacy",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("FieldNames", "Physicians and facility"),
        (
            "attending_physician", "npi", "referring_physician", "referring_npi", "primary_care_physician",
            "ordering_physician", "referring_facility", "referring_phone", "facility_name", "facility_phone",
            "facility_fax", "performing_laboratory",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("FieldNames", "Insurance"),
        (
            "payer", "plan_name", "coverage_type", "subscriber_name", "subscriber_relationship", "medicare_number",
            "insurance_id", "group_number", "secondary_payer", "other_insured", "tax_id", "account_number",
            "total_charge", "amount_paid",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("FieldNames", "Document and signatures"),
        (
            "accession_number", "collected_date", "received_date", "reported_date", "report_status", "referral_date",
            "document_date", "page_count_stated", "patient_signature_present", "patient_signature_on_file",
            "physician_signature_present", "nurse_signature_present", "signed_by_representative", "signature_date",
        ),
    ),
)  # fmt: skip
OTHER_GROUP = QT_TRANSLATE_NOOP("FieldNames", "Other")

# Only what the name itself, with spaces for underscores, does not say well.
_NAMES = {
    "patient_name": QT_TRANSLATE_NOOP("FieldNames", "Name"),
    "mrn": QT_TRANSLATE_NOOP("FieldNames", "Record number"),
    "ssn_last4": QT_TRANSLATE_NOOP("FieldNames", "SSN, last four"),
    "primary_language": QT_TRANSLATE_NOOP("FieldNames", "Language"),
    "email": QT_TRANSLATE_NOOP("FieldNames", "E-mail"),
    "emergency_contact_name": QT_TRANSLATE_NOOP("FieldNames", "Contact"),
    "emergency_contact_relationship": QT_TRANSLATE_NOOP("FieldNames", "Relationship"),
    "emergency_contact_phone": QT_TRANSLATE_NOOP("FieldNames", "Contact’s phone"),
    "icd10_code": QT_TRANSLATE_NOOP("FieldNames", "ICD-10"),
    "npi": QT_TRANSLATE_NOOP("FieldNames", "NPI"),
    "referring_npi": QT_TRANSLATE_NOOP("FieldNames", "Referring NPI"),
    "secondary_diagnoses": QT_TRANSLATE_NOOP("FieldNames", "Other diagnoses"),
    "lab_results": QT_TRANSLATE_NOOP("FieldNames", "Lab results"),
    "claim_lines": QT_TRANSLATE_NOOP("FieldNames", "Claim lines"),
    "pairs": QT_TRANSLATE_NOOP("FieldNames", "Label and value"),
    "pps_score": QT_TRANSLATE_NOOP("FieldNames", "PPS score"),
    "facility_name": QT_TRANSLATE_NOOP("FieldNames", "Facility"),
    "facility_phone": QT_TRANSLATE_NOOP("FieldNames", "Facility’s phone"),
    "facility_fax": QT_TRANSLATE_NOOP("FieldNames", "Facility’s fax"),
    "insurance_id": QT_TRANSLATE_NOOP("FieldNames", "Member number"),
    "tax_id": QT_TRANSLATE_NOOP("FieldNames", "Tax number"),
    "cpt_code": QT_TRANSLATE_NOOP("FieldNames", "CPT"),
    "page_count_stated": QT_TRANSLATE_NOOP("FieldNames", "Pages announced"),
    "patient_signature_present": QT_TRANSLATE_NOOP("FieldNames", "Signed by patient"),
    "physician_signature_present": QT_TRANSLATE_NOOP("FieldNames", "Signed by physician"),
    "nurse_signature_present": QT_TRANSLATE_NOOP("FieldNames", "Signed by nurse"),
    "signature_date": QT_TRANSLATE_NOOP("FieldNames", "Signed on"),
}


def field_name(name: str) -> str:
    """The field, column, table or document type `name` in people's words."""
    plain = _NAMES.get(name, name.replace("_", " ").capitalize())
    return QCoreApplication.translate(_CONTEXT, plain)


def group_name(name: str) -> str:
    """The heading `name` in the person's language."""
    return QCoreApplication.translate(_CONTEXT, name)


def grouped(names: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """`names` under their headings, in reading order; headings without a field are left out."""
    present, listed = set(names), {name for _, members in GROUPS for name in members}
    groups = [(heading, tuple(name for name in members if name in present)) for heading, members in GROUPS]
    groups.append((OTHER_GROUP, tuple(name for name in names if name not in listed)))
    return tuple((heading, members) for heading, members in groups if members)
