"""Four hospice admission forms of our own making, each laid out another way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.samples.canvas import SHADE, WIDTH, Canvas
from tests.samples.people import Patient

LEFT, RIGHT = 90, WIDTH - 90
_BLANK_ROWS = 2  # of a table on a form that nobody filled in


@dataclass
class Form:
    """The pages of a form and the names of the fields that it asks for."""

    patient: Patient | None  # None: a blank form
    pages: list[Canvas] = field(default_factory=lambda: [Canvas()])
    asked: set[str] = field(default_factory=set)
    columns: dict[str, list[str]] = field(default_factory=dict)  # of each table that it has

    @property
    def page(self) -> Canvas:
        """The page being drawn."""
        return self.pages[-1]

    def printed(self, name: str) -> str:
        """What the form shows for the field, nothing on a blank one."""
        self.asked.add(name)
        return self.patient.printed[name] if self.patient else ""

    def rows(self, table: str, columns: Iterable[str]) -> list[dict[str, str | None]]:
        """The table's rows, none on a blank form; `columns` are those that the form has."""
        self.asked.add(table)
        self.columns[table] = list(columns)
        return self.patient.tables[table] if self.patient else []

    def options(self, at: tuple[float, float], name: str, options: Sequence[str], gap: float = 26) -> float:
        """Boxes to tick one beside the other. Returns where they end."""
        chosen, (x, y) = self.printed(name), at
        for option in options:
            x = self.page.tick_box((x, y), option, ticked=option == chosen) + gap
        return x

    def sign(self, at: tuple[float, float], width: float) -> None:
        """The patient's signature, on a filled-in form."""
        self.asked.add("patient_signature_present")
        if self.patient:
            self.page.signature(at, width)


_SEX = ["Male", "Female"]
_YES_NO = ["Yes", "No"]
_CODE = ["DNR", "Full code", "DNR/DNI"]
_CARE = ["Routine home care", "General inpatient", "Inpatient respite"]
_MARITAL = ["Single", "Married", "Widowed", "Divorced"]

Cell = tuple[str, str, float]  # label, field, share of the row's width


def boxed(patient: Patient | None) -> Form:
    """Cells with a small label in their upper left corner, headings on dark bars."""
    form = Form(patient)
    page = form.page
    page.text((LEFT, 80), form.printed("facility_name"), 44, bold=True)
    page.text((LEFT, 138), "HOSPICE ADMISSION FACE SHEET", 32, bold=True)
    page.text((1130, 84), f"Phone: {form.printed('facility_phone')}", 25)
    page.text((1130, 120), f"Fax: {form.printed('facility_fax')}", 25)
    y = _cells(
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
    y = _cells(
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
    y = _cells(
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
    y = _ruled_table(
        form,
        y + 20,
        "SECONDARY DIAGNOSES",
        "secondary_diagnoses",
        {"description": ("Description", 0.75), "icd10_code": ("ICD-10", 0.25)},
    )
    y = _ruled_table(
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
    _signature_line(form, y + 110)
    return form


def _cells(form: Form, y: float, heading: str, rows: Sequence[Sequence[Cell]]) -> float:
    page = form.page
    page.bar(y, heading)
    y += 40
    for row in rows:
        x: float = LEFT
        for label, name, share in row:
            width = share * (RIGHT - LEFT)
            page.frame((x, y, x + width, y + 74))
            page.text((x + 10, y + 6), label, 19)
            field_name, _, options = name.partition(":")
            if options:
                form.options((x + 14, y + 36), field_name, options.split("|"))
            else:
                page.value((x + 12, y + 34), form.printed(field_name))
            x += width
        y += 74
    return y


def _ruled_table(form: Form, y: float, heading: str, table: str, columns: Mapping[str, tuple[str, float]]) -> float:
    page, left, width = form.page, LEFT, RIGHT - LEFT
    page.bar(y, heading)
    y += 40
    rows = form.rows(table, columns)
    printed: list[Mapping[str, str | None]] = [{name: title for name, (title, _) in columns.items()}, *rows]
    printed += [{}] * max(0, _BLANK_ROWS - len(rows))
    for number, row in enumerate(printed):
        x: float = left
        for name, (_, share) in columns.items():
            page.frame((x, y, x + share * width, y + 42), fill=SHADE if number == 0 else None)
            write: Callable[..., float] = page.text if number == 0 else page.value
            write((x + 10, y + 6), row.get(name) or "", 23)
            x += share * width
        y += 42
    return y


def _signature_line(form: Form, y: float) -> None:
    page = form.page
    form.sign((LEFT + 40, y - 16), 520)
    page.rule((LEFT, y), (1000, y))
    page.text((LEFT, y + 6), "Signature of Patient or Representative", 20)
    page.value((1110, y - 36), form.printed("signature_date"))
    page.rule((1080, y), (RIGHT, y))
    page.text((1080, y + 6), "Date Signed", 20)


def rows(patient: Patient | None) -> Form:
    """Two columns of `Label: value`, headings underlined, lists with bullets."""
    form = Form(patient)
    page = form.page
    page.centred(76, form.printed("facility_name"), 46, bold=True)
    page.centred(136, f"Tel. {form.printed('facility_phone')}   Fax {form.printed('facility_fax')}", 24)
    page.centred(186, "Hospice Admission Record", 36, bold=True)
    y = _pairs(
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
    y = _pairs(
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
    y = _pairs(form, y, "Diagnoses", [[("Terminal diagnosis", "primary_diagnosis"), ("ICD-10", "icd10_code")]])
    page.text((LEFT, y), "Comorbid conditions:", 26)
    for row in form.rows("secondary_diagnoses", ("description", "icd10_code")):
        y += 42
        page.value((LEFT + 40, y), f"• {row['description']} - {row['icd10_code']}")
    y = _pairs(
        form,
        y + 60,
        "Coverage",
        [
            [("Primary insurance", "payer"), ("Medicare No.", "medicare_number")],
            [("Secondary insurance", "secondary_payer"), ("Member ID", "insurance_id")],
            [("Group", "group_number"), ("Pharmacy", "pharmacy")],
        ],
    )
    y = _pairs(
        form,
        y,
        "Emergency contact",
        [
            [("Name", "emergency_contact_name"), ("Relationship", "emergency_contact_relationship")],
            [("Phone", "emergency_contact_phone")],
        ],
    )
    _open_table(
        form,
        y,
        "Current medications",
        "medications",
        {"name": ("Medication", 90), "dose": ("Dose", 620), "route": ("Route", 860), "frequency": ("How often", 1020)},
    )
    return form


def _pairs(form: Form, y: float, heading: str, lines: Sequence[Sequence[tuple[str, str]]]) -> float:
    page = form.page
    page.text((LEFT, y), heading, 30, bold=True)
    page.rule((LEFT, y + 38), (RIGHT, y + 38))
    y += 52
    for line in lines:
        for x, (label, name) in zip((LEFT, 1060), line, strict=False):
            end = page.text((x, y), f"{label}:", 26)
            page.value((end + 14, y), form.printed(name), 26)
        y += 45
    return y + 14


def _open_table(form: Form, y: float, heading: str, table: str, columns: Mapping[str, tuple[str, int]]) -> None:
    page = form.page
    page.text((LEFT, y), heading, 30, bold=True)
    for _, (title, x) in columns.items():
        page.text((x, y + 46), title, 25, bold=True)
    y += 50
    for row in form.rows(table, columns):
        y += 42
        for name, (_, x) in columns.items():
            page.value((x, y), row[name] or "", 25)


def ledger(patient: Patient | None) -> Form:
    """A table of shaded label cells and value cells; medications and the signature on a second page."""
    form = Form(patient)
    page = form.page
    page.centred(84, form.printed("facility_name"), 44, bold=True)
    page.centred(146, "PATIENT INTAKE - HOSPICE ADMISSION", 32, bold=True)
    y = _ledger_rows(
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
    _ruled_table(
        form,
        y + 30,
        "Other Diagnoses",
        "secondary_diagnoses",
        {"icd10_code": ("Code", 0.22), "description": ("Diagnosis", 0.78)},
    )
    form.pages.append(Canvas())
    form.page.text((LEFT, 90), f"{form.printed('facility_name')} - continued", 28)
    y = _ruled_table(
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
    _signature_line(form, y + 160)
    return form


def _ledger_rows(form: Form, y: float, lines: Sequence[tuple[str, ...]]) -> float:
    page, width = form.page, RIGHT - LEFT
    for line in lines:
        shares = (0.2, 0.36, 0.2, 0.24) if len(line) == 4 else (0.2, 0.8)
        x: float = LEFT
        for place, (item, share) in enumerate(zip(line, shares, strict=True)):
            page.frame((x, y, x + share * width, y + 68), fill=SHADE if place % 2 == 0 else None)
            if place % 2 == 0:
                page.text((x + 10, y + 20), item, 23)
            else:
                page.value((x + 12, y + 19), form.printed(item), 24 if share < 0.3 else 25)
            x += share * width
        y += 68
    return y


def lines(patient: Patient | None) -> Form:
    """What is written stands on a line, what it is in small print beneath."""
    form = Form(patient)
    page = form.page
    page.text((LEFT, 84), form.printed("facility_name"), 40, bold=True)
    page.text((LEFT, 140), "Hospice Patient Intake", 32)
    page.rule((LEFT, 190), (RIGHT, 190), 4)
    y = _lines(
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
    y = _question(form, y, "Sex:", "sex", _SEX, "Veteran:", "veteran", _YES_NO)
    y = _question(form, y, "Code status:", "code_status", _CODE)
    y = _lines(
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
    y = _ruled_table(
        form,
        y + 10,
        "Current Medications",
        "medications",
        {"name": ("Medication", 0.4), "dose": ("Dose", 0.2), "frequency": ("How often", 0.4)},
    )
    _signature_line(form, y + 150)
    return form


def _lines(form: Form, y: float, rows_of_blanks: Sequence[Sequence[Cell]]) -> float:
    page = form.page
    for row in rows_of_blanks:
        x: float = LEFT
        for label, name, share in row:
            width = share * (RIGHT - LEFT)
            page.value((x + 8, y + 14), form.printed(name))
            page.rule((x, y + 52), (x + width, y + 52))
            page.text((x, y + 57), label, 19)
            x += width + 30
        y += 98
    return y


def _question(form: Form, y: float, *questions: str | list[str]) -> float:
    x: float = LEFT
    for label, name, options in zip(questions[::3], questions[1::3], questions[2::3], strict=True):
        end = form.page.text((x, y + 14), str(label), 25)
        x = form.options((end + 20, y + 14), str(name), list(options)) + 60
    return y + 64
