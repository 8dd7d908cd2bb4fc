"""Four hospice admission forms of our own making, each laid out another way."""

from tests.samples.canvas import Canvas
from tests.samples.form import (
    LEFT,
    RIGHT,
    Form,
    blanks,
    cells,
    ledger_rows,
    open_table,
    pairs,
    question,
    ruled_table,
    signature_line,
)
from tests.samples.people import Patient

_SEX = ["Male", "Female"]
_YES_NO = ["Yes", "No"]
_CODE = ["DNR", "Full code", "DNR/DNI"]
_CARE = ["Routine home care", "General inpatient", "Inpatient respite"]
_MARITAL = ["Single", "Married", "Widowed", "Divorced"]


def boxed(patient: Patient | None) -> Form:
    """Cells with a small label in their upper left corner, headings on dark bars."""
    form = Form(patient)
    page = form.page
    page.text((LEFT, 80), form.printed("facility_name"), 44, bold=True)
    page.text((LEFT, 138), "HOSPICE ADMISSION FACE SHEET", 32, bold=True)
    page.text((1130, 84), f"Phone: {form.printed('facility_phone')}", 25)
    page.text((1130, 120), f"Fax: {form.printed('facility_fax')}", 25)
    y = cells(
        form,
        196,
        "PATIENT INFORMATION",
        [
            [
                ("Patient Name (Last, First, MI)", "patient_name", 0.5),
                ("Date of Birth", "date_of_birth", 0.2),
                ("Age", "age", 0.1),
                ("MRN", "mrn", 0.2),
            ],
            [("Home Address", "address", 0.7), ("Telephone", "phone", 0.3)],
            [("Sex", "sex:" + "|".join(_SEX), 0.28), ("Marital Status", "marital_status:" + "|".join(_MARITAL), 0.72)],
            [
                ("SSN (last 4)", "ssn_last4", 0.2),
                ("Primary Language", "primary_language", 0.25),
                ("Religion", "religion", 0.25),
                ("Veteran", "veteran:" + "|".join(_YES_NO), 0.3),
            ],
        ],
    )
    y = cells(
        form,
        y + 14,
        "ADMISSION",
        [
            [
                ("Admission Date", "admission_date", 0.25),
                ("Election Date", "election_date", 0.25),
                ("Benefit Period", "benefit_period", 0.2),
                ("Code Status", "code_status", 0.3),
            ],
            [("Level of Care", "level_of_care:" + "|".join(_CARE), 1.0)],
            [
                ("Attending Physician", "attending_physician", 0.4),
                ("NPI", "npi", 0.2),
                ("Referring Physician", "referring_physician", 0.4),
            ],
            [("Primary Diagnosis", "primary_diagnosis", 0.75), ("ICD-10 Code", "icd10_code", 0.25)],
            [("Allergies", "allergies", 0.5), ("Advance Directive", "advance_directive", 0.5)],
        ],
    )
    y = cells(
        form,
        y + 14,
        "INSURANCE AND CONTACTS",
        [
            [
                ("Primary Payer", "payer", 0.35),
                ("Medicare Number", "medicare_number", 0.3),
                ("Group No.", "group_number", 0.35),
            ],
            [
                ("Secondary Payer", "secondary_payer", 0.35),
                ("Policy Number", "insurance_id", 0.3),
                ("Pharmacy", "pharmacy", 0.35),
            ],
            [
                ("Emergency Contact", "emergency_contact_name", 0.4),
                ("Relationship", "emergency_contact_relationship", 0.25),
                ("Contact Phone", "emergency_contact_phone", 0.35),
            ],
        ],
    )
    y = ruled_table(
        form,
        y + 20,
        "SECONDARY DIAGNOSES",
        "secondary_diagnoses",
        {"description": ("Description", 0.75), "icd10_code": ("ICD-10", 0.25)},
    )
    y = ruled_table(
        form,
        y + 20,
        "MEDICATIONS",
        "medications",
        {
            "name": ("Medication", 0.35),
            "dose": ("Dose", 0.15),
            "route": ("Route", 0.12),
            "frequency": ("Frequency", 0.38),
        },
    )
    signature_line(form, y + 110)
    return form


def rows(patient: Patient | None) -> Form:
    """Two columns of `Label: value`, headings underlined, lists with bullets."""
    form = Form(patient)
    page = form.page
    page.centred(76, form.printed("facility_name"), 46, bold=True)
    page.centred(136, f"Tel. {form.printed('facility_phone')}   Fax {form.printed('facility_fax')}", 24)
    page.centred(186, "Hospice Admission Record", 36, bold=True)
    y = pairs(
        form,
        268,
        "Patient",
        [
            [("Patient", "patient_name"), ("MRN", "mrn")],
            [("D.O.B.", "date_of_birth"), ("Gender", "sex")],
            [("Address", "address")],
            [("Phone", "phone"), ("SSN last 4", "ssn_last4")],
            [("Marital status", "marital_status"), ("Language", "primary_language")],
            [("Religion", "religion"), ("Veteran", "veteran")],
        ],
    )
    y = pairs(
        form,
        y,
        "Admission",
        [
            [("Start of care", "admission_date"), ("Election date", "election_date")],
            [("Level of care", "level_of_care"), ("Benefit period", "benefit_period")],
            [("Attending physician", "attending_physician"), ("NPI", "npi")],
            [("Referred by", "referring_physician"), ("Code status", "code_status")],
            [("Advance directive", "advance_directive"), ("Allergies", "allergies")],
        ],
    )
    y = pairs(form, y, "Diagnoses", [[("Terminal diagnosis", "primary_diagnosis"), ("ICD-10", "icd10_code")]])
    page.text((LEFT, y), "Comorbid conditions:", 26)
    for row in form.rows("secondary_diagnoses", ("description", "icd10_code")):
        y += 42
        page.value((LEFT + 40, y), f"• {row['description']} - {row['icd10_code']}")
    y = pairs(
        form,
        y + 60,
        "Coverage",
        [
            [("Primary insurance", "payer"), ("Medicare No.", "medicare_number")],
            [("Secondary insurance", "secondary_payer"), ("Member ID", "insurance_id")],
            [("Group", "group_number"), ("Pharmacy", "pharmacy")],
        ],
    )
    y = pairs(
        form,
        y,
        "Emergency contact",
        [
            [("Name", "emergency_contact_name"), ("Relationship", "emergency_contact_relationship")],
            [("Phone", "emergency_contact_phone")],
        ],
    )
    open_table(
        form,
        y,
        "Current medications",
        "medications",
        {"name": ("Medication", 90), "dose": ("Dose", 620), "route": ("Route", 860), "frequency": ("How often", 1020)},
    )
    return form


def ledger(patient: Patient | None) -> Form:
    """A table of shaded label cells and value cells; medications and the signature on a second page."""
    form = Form(patient)
    page = form.page
    page.centred(84, form.printed("facility_name"), 44, bold=True)
    page.centred(146, "PATIENT INTAKE - HOSPICE ADMISSION", 32, bold=True)
    y = ledger_rows(
        form,
        224,
        [
            ("Name of Patient", "patient_name", "Birth Date", "date_of_birth"),
            ("Medical Record No.", "mrn", "Gender", "sex"),
            ("Street Address", "address"),
            ("Home Phone", "phone", "Social Security (last 4)", "ssn_last4"),
            ("Marital Status", "marital_status", "Preferred Language", "primary_language"),
            ("Religious Preference", "religion", "Veteran Status", "veteran"),
            ("Date of Admission", "admission_date", "Date of Election", "election_date"),
            ("Level of Care", "level_of_care", "Benefit Period", "benefit_period"),
            ("Attending MD", "attending_physician", "NPI Number", "npi"),
            ("Referring MD", "referring_physician", "Code Status", "code_status"),
            ("Principal Diagnosis", "primary_diagnosis"),
            ("Diagnosis Code", "icd10_code", "Known Allergies", "allergies"),
            ("Payer", "payer", "Medicare ID (MBI)", "medicare_number"),
            ("Other Insurance", "secondary_payer", "Member Number", "insurance_id"),
            ("Living Will", "advance_directive", "Group Number", "group_number"),
            ("Next of Kin", "emergency_contact_name", "Relation to Patient", "emergency_contact_relationship"),
            ("Emergency Phone", "emergency_contact_phone", "Pharmacy Name", "pharmacy"),
            ("Facility Phone", "facility_phone", "Facility Fax", "facility_fax"),
        ],
    )
    ruled_table(
        form,
        y + 30,
        "Other Diagnoses",
        "secondary_diagnoses",
        {"icd10_code": ("Code", 0.22), "description": ("Diagnosis", 0.78)},
    )
    form.pages.append(Canvas())
    form.page.text((LEFT, 90), f"{form.printed('facility_name')} - continued", 28)
    y = ruled_table(
        form,
        150,
        "Medication Profile",
        "medications",
        {
            "name": ("Drug", 0.34),
            "dose": ("Strength", 0.16),
            "route": ("Route", 0.12),
            "frequency": ("Directions", 0.38),
        },
    )
    signature_line(form, y + 160)
    return form


def lines(patient: Patient | None) -> Form:
    """What is written stands on a line, what it is in small print beneath."""
    form = Form(patient)
    page = form.page
    page.text((LEFT, 84), form.printed("facility_name"), 40, bold=True)
    page.text((LEFT, 140), "Hospice Patient Intake", 32)
    page.rule((LEFT, 190), (RIGHT, 190), 4)
    y = blanks(
        form,
        220,
        [
            [
                ("Patient's name", "patient_name", 0.5),
                ("Date of birth", "date_of_birth", 0.22),
                ("Record number", "mrn", 0.22),
            ],
            [("Home address", "address", 0.66), ("Telephone", "phone", 0.3)],
        ],
    )
    y = question(form, y, "Sex:", "sex", _SEX, "Veteran:", "veteran", _YES_NO)
    y = question(form, y, "Code status:", "code_status", _CODE)
    y = blanks(
        form,
        y,
        [
            [
                ("Admit date", "admission_date", 0.3),
                ("Election date", "election_date", 0.3),
                ("Benefit period", "benefit_period", 0.3),
            ],
            [("Terminal diagnosis", "primary_diagnosis", 0.68), ("ICD-10 code", "icd10_code", 0.26)],
            [("Attending physician", "attending_physician", 0.5), ("NPI", "npi", 0.4)],
            [("Referring physician", "referring_physician", 0.5), ("Drug allergies", "allergies", 0.4)],
            [
                ("Insurance company", "payer", 0.36),
                ("Policy number", "insurance_id", 0.26),
                ("Group", "group_number", 0.26),
            ],
            [("Medicare number", "medicare_number", 0.36), ("Secondary insurance", "secondary_payer", 0.5)],
            [
                ("Emergency contact", "emergency_contact_name", 0.36),
                ("Relationship", "emergency_contact_relationship", 0.2),
                ("Emergency phone", "emergency_contact_phone", 0.3),
            ],
        ],
    )
    y = ruled_table(
        form,
        y + 10,
        "Current Medications",
        "medications",
        {"name": ("Medication", 0.4), "dose": ("Dose", 0.2), "frequency": ("How often", 0.4)},
    )
    signature_line(form, y + 150)
    return form
