"""Which template "auto" follows: layouts and words of no form in particular."""

from pathlib import Path

import pytest

from shared.documents import Box, Page, TextLine, box_polygon
from shared.templates import choose_template, load_template


def page(text: str, number: int = 1) -> Page:
    """A page with a line of `text` a row; " | " parts what stands beside each other."""
    lines = [
        TextLine(
            part.strip(), 0.97, box_polygon(Box(100 + 500 * place, 100 + 40 * row, 560 + 500 * place, 128 + 40 * row))
        )
        for row, words in enumerate(text.strip().splitlines())
        for place, part in enumerate(words.split(" | "))
        if part.strip()
    ]
    return Page(number, 1700, 2200, 200, 0, 0.0, tuple(lines))


KNOWN = {
    "hospice_admission": """
        Willow Creek Hospice
        Patient Face Sheet
        Pt Name: Kessler, Ada | DOB 3/4/1938 | Sex F
        SOC Date 01/12/2026 | Level of Care: Routine Home Care
        Attending: R. Ames MD | Benefit Period 1
        Religion: Lutheran | Veteran: N | Marital: W
        Emergency contact: June Kessler (daughter) | 555-0188
        Funeral home: Brandt and Sons
        Code status DNR""",
    "hospice_certification": """
        Willow Creek Hospice
        900 Mill Rd, Erie PA
        RE: Ada Kessler, born March 4, 1938
        Medicare number 1EG4-TE5-MK73
        To whom it may concern:
        Based on my review I certify that the above patient is terminally ill with a life
        expectancy of six months or less if the disease runs its normal course.
        Terminal diagnosis: Alzheimer's disease G30.9
        This covers the benefit period from 01/12/2026 to 04/11/2026.
        R. Ames MD, NPI 1234567893""",
    "patient_registration": """
        Lakeside Family Medicine
        Welcome! Tell us about you
        Your name | Today's date
        Birthday | Male  Female
        Home address | Best phone number
        E-mail | Marital status
        In case of emergency notify | Relationship
        Insurance company | Member ID | Group #
        What brings you in today?
        How did you hear about us?
        I authorize the release of medical information to my insurance company.""",
    "referral": """
        Summit Cardiology
        January 4, 2026
        Dear Dr. Ames,
        Thank you for seeing Ada Kessler (DOB 3/4/1938) for evaluation of dyspnea.
        I am referring her for an echocardiogram and treatment as you see fit.
        Reason for referral: shortness of breath on exertion
        Referring physician: L. Ortiz MD
        Insurance: Humana | Policy # H4471""",
    "lab_report": """
        REGIONAL PATHOLOGY
        KESSLER, ADA | F 87Y | 03/04/1938
        Ord Dr: AMES R | Acc# 26-00417
        Coll: 01/03/26 0715 | Recd: 01/03/26 0930 | Rptd: 01/03/26 1502
        Test | Result | Flag | Units | Ref Range
        Sodium | 131 | L | mmol/L | 136-145
        Potassium | 4.1 | | mmol/L | 3.5-5.1
        *** End of report ***""",
    "medication_list": """
        Ada Kessler | DOB 3/4/1938
        My medicines
        Allergies: sulfa | Pharmacy: Main St Drugs
        Drug | Dose | Route | How often
        Furosemide | 40 mg | by mouth | every morning
        Senna | 8.6 mg | by mouth | twice a day
        PRN medications
        Reviewed by nurse | Date""",
    "insurance_claim": """
        1a. INSURED'S I.D. NUMBER | 2. PATIENT'S NAME (Last Name, First Name, Middle Initial)
        3. PATIENT'S BIRTH DATE | SEX | 4. INSURED'S NAME
        6. PATIENT RELATIONSHIP TO INSURED | 11. INSURED'S POLICY GROUP OR FECA NUMBER
        17. NAME OF REFERRING PROVIDER OR OTHER SOURCE
        21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY
        24. A. DATE(S) OF SERVICE | PLACE OF SERVICE | CPT/HCPCS | DIAGNOSIS POINTER | $ CHARGES
        25. FEDERAL TAX I.D. NUMBER | 26. PATIENT'S ACCOUNT NO. | 28. TOTAL CHARGE""",
    "insurance_card": """
        Humana
        Member: ADA KESSLER
        Member ID: H4471 88203
        Group: 0X441
        RxBIN 015581 | RxPCN 03200
        Copay: Office visit $20 | Specialist $40
        Customer service 1-800-555-0142""",
    "discharge_summary": """
        Mercy General Hospital
        Patient: Ada Kessler | MRN 448201
        Admitted: 12/20/2025 | Discharged: 12/27/2025
        Principal diagnosis: acute on chronic heart failure
        HOSPITAL COURSE
        The patient was admitted with dyspnea and was diuresed with good effect.
        Condition on discharge: stable
        Disposition: home with home health
        Follow up with primary care in one week.""",
}
OTHERS = {
    "receipt": "Grocery\nMilk 2.10\nBread 3.40\nTotal 5.50\nCash 10.00\nChange 4.50",
    "one line of a chart": "COMPREHENSIVE METABOLIC PANEL\nPatient: Ann Lee\nDOB: 1/1/1940\nSodium 140",
    "invoice": """
        Invoice
        Bill to: Lakeside Family Medicine | Invoice number 4471
        Date: 1/4/2026 | Due date 2/4/2026 | Account number 99821
        Description | Quantity | Unit price | Amount
        Exam gloves | 20 | $4.50 | $90.00
        Total due $90.00 | Amount paid $0.00""",
    "radiology report": """
        Summit Imaging
        Patient: Ada Kessler | DOB: 3/4/1938 | MRN 448201
        Exam: CHEST 2 VIEWS | Exam date 1/3/2026
        INDICATION: cough
        FINDINGS: The lungs are clear. Heart size is normal.
        IMPRESSION: No acute disease.
        Electronically signed by P. Rao MD""",
    "school form": """
        Permission slip
        Name of student | Grade | Teacher
        Parent's name | Phone number | E-mail
        Emergency contact | Relationship
        I give permission for my child to attend the trip. Signature | Date""",
    "letter": "Dear Ms. Kessler,\nThank you for your donation of $50.\nSincerely,\nThe library",
    "nothing": "",
}
OWN = """
name = "wound_round"
version = 1
title = "Wound round"
headings = ["weekly wound round"]
use = ["patient_name", "date_of_birth", "mrn"]

[[fields]]
name = "wound_stage"
title = "Stage"
labels = ["stage of wound"]
"""


@pytest.mark.parametrize("kind", KNOWN)
def test_a_document_is_told_by_its_words(kind: str) -> None:
    choice = choose_template("auto", [page(KNOWN[kind])])

    assert choice.document_type == choice.template.name == kind
    assert choice.confidence > 0.6


@pytest.mark.parametrize("kind", OTHERS)
def test_another_document_is_of_unknown_type_and_read_as_any_form(kind: str) -> None:
    choice = choose_template("auto", [page(OTHERS[kind])])

    assert (choice.document_type, choice.template.name) == ("unknown", "generic_form")
    assert choice.confidence > 0.5


def test_a_fax_is_told_by_what_follows_its_cover() -> None:
    cover = page("FAX\nTo: Willow Creek Hospice | From: Summit Cardiology\nPages: 2 | Date: 1/4/26\nConfidential")

    assert choose_template("auto", [cover, page(KNOWN["referral"], 2)]).document_type == "referral"
    assert choose_template("auto", [cover]).document_type == "unknown"


def test_misread_letters_do_not_hide_a_kind() -> None:
    misread = KNOWN["insurance_claim"].replace("O", "0").replace("RE", "BE")

    assert choose_template("auto", [page(misread)]).document_type == "insurance_claim"


def test_a_clinics_own_kind_is_taken_where_a_document_bears_its_heading(tmp_path: Path) -> None:
    file = tmp_path / "wounds.toml"
    file.write_text(OWN)
    own = (load_template(file),)
    labels = "\nPatient: Ada Kessler\nDOB: 3/4/1938\nMRN: 448201\nStage of wound: 2"

    assert choose_template("auto", [page("Weekly Wound Round" + labels)], own).document_type == "wound_round"
    assert choose_template("auto", [page("Notes" + labels)], own).document_type == "unknown"
    assert choose_template("wound_round", [page("Notes")], own).template is own[0]


@pytest.mark.parametrize("kind", KNOWN)
def test_a_clinics_own_kind_takes_no_document_from_ours(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "wounds.toml"
    file.write_text(OWN)

    alone, beside = (choose_template("auto", [page(KNOWN[kind])], own) for own in ((), (load_template(file),)))
    assert alone == beside
