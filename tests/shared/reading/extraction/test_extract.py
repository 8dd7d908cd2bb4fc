"""Finding values by their labels, on pages written down here word by word."""

import pytest

from shared.documents import Box
from shared.reading.extraction import PageMarks
from shared.reading.extraction.boxes import Checkbox
from tests.shared.reading.extraction.pages import HOSPICE, frame, read, value_of


def test_a_value_follows_its_label_and_a_colon() -> None:
    record = read((100, 300, "Patient: Walter R. Thornbury"), (900, 300, "D.O.B.: 12/21/1947"))

    assert value_of(record, "patient_name") == "Walter R. Thornbury"
    assert value_of(record, "date_of_birth") == "1947-12-21"


def test_several_labels_share_one_line() -> None:
    record = read((100, 300, "Patient: Ann Lee DOB: 12/21/1947 Sex: F MRN: M751639"))

    assert value_of(record, "patient_name") == "Ann Lee"
    assert value_of(record, "sex") == "F"
    assert value_of(record, "mrn") == "M751639"


def test_the_brackets_of_an_area_code_are_no_part_of_the_label() -> None:
    record = read((640, 90, "Cedar Hollow Hospice"), (640, 150, "Tel. (216) 555-9338 Fax (319) 555-2490"))

    assert value_of(record, "facility_phone") == "+12165559338"
    assert value_of(record, "facility_fax") == "+13195552490"


def test_a_remark_in_brackets_belongs_to_the_label() -> None:
    assert value_of(read((100, 300, "MRN (if any): M751639")), "mrn") == "M751639"


def test_the_number_of_an_item_is_no_part_of_its_label() -> None:
    record = read((100, 300, "(1) Patient Name Ann Lee"), (100, 345, "12 Religion Quaker"), (100, 390, "3. MRN M75163"))

    assert value_of(record, "patient_name") == "Ann Lee"
    assert value_of(record, "religion") == "Quaker"
    assert value_of(record, "mrn") == "M75163"


def test_dots_lead_from_a_label_to_its_value() -> None:
    record = read((100, 300, "Religion . . . . . . Quaker"), (100, 345, "Pharmacy. Corner Drug"))

    assert value_of(record, "religion") == "Quaker"
    assert value_of(record, "pharmacy") == "Corner Drug"


def test_a_form_may_part_its_labels_from_their_values_by_a_space_alone() -> None:
    record = read(
        (100, 300, "Patient Name Ann Lee"), (100, 345, "DOB 12/21/1947"), (100, 390, "Phone (828) 555-7629"),
        (100, 435, "Religion Quaker"),
    )  # fmt: skip

    assert value_of(record, "patient_name") == "Ann Lee"
    assert value_of(record, "religion") == "Quaker"


def test_a_sentence_that_begins_like_a_label_is_none() -> None:
    assert value_of(read((100, 300, "Patient Rights are explained to everybody")), "patient_name") is None


@pytest.mark.parametrize("label", ["Patlent Name:", "Patient Nane:", "PatientName:"])
def test_a_label_is_known_with_a_letter_misread(label: str) -> None:
    assert value_of(read((100, 300, f"{label} Ann Lee")), "patient_name") == "Ann Lee"


def test_a_value_stands_under_its_label_in_a_ruled_cell() -> None:
    across, down = frame(90, 290, 600, 365)
    record = read(
        (
            100,
            295,
            "Attending Physician",
        ),
        (100, 330, "Helen Marchetti, MD"),
        marks=PageMarks((), across, down),
    )

    assert value_of(record, "attending_physician") == "Helen Marchetti, MD"


def test_a_value_stands_on_the_line_over_its_label() -> None:
    rules = tuple(Box(100, y, 700, y + 2) for y in (352, 452, 552))
    record = read(
        (110, 315, "Ann Lee"), (100, 358, "Patient's name"),
        (110, 415, "12/21/1947"), (100, 458, "Date of birth"),
        (110, 515, "I50.9"), (100, 558, "ICD-10 code"),
        marks=PageMarks((), rules),
    )  # fmt: skip

    assert value_of(record, "patient_name") == "Ann Lee"
    assert value_of(record, "date_of_birth") == "1947-12-21"
    assert value_of(record, "icd10_code") == "I50.9"


def test_an_empty_field_is_not_filled_from_the_next() -> None:
    record = read(
        (100, 300, "Patient: Ann Lee"),
        (100, 345, "Religion:"),
        (100, 390, "Phone: (828) 555-7629"),
        (100, 435, "Group:"),
        (100, 480, "Remarks made by nobody"),
    )

    assert value_of(record, "religion") is None
    assert value_of(record, "group_number") is None
    assert value_of(record, "phone") == "+18285557629"


def test_a_general_label_means_what_its_heading_says() -> None:
    record = read(
        (100, 300, "Patient: Ann Lee"),
        (100, 345, "Phone: (828) 555-7629"),
        (100, 420, "Emergency contact"),
        (100, 480, "Name: Virgil Lee"),
        (100, 525, "Phone: (216) 555-1304"),
    )

    assert value_of(record, "phone") == "+18285557629"
    assert value_of(record, "emergency_contact_name") == "Virgil Lee"
    assert value_of(record, "emergency_contact_phone") == "+12165551304"


def test_a_label_that_begins_a_value_is_no_label() -> None:
    record = read((100, 300, "Payer: Medicare Part A"), (100, 345, "Advance directive: Living will on file"))

    assert value_of(record, "payer") == "Medicare Part A"
    assert value_of(record, "advance_directive") == "Living will on file"
    assert value_of(record, "medicare_number") is None


def test_what_is_ticked_counts_and_what_is_not_does_not() -> None:
    boxes = (Checkbox(Box(170, 302, 196, 328), 0.0), Checkbox(Box(300, 302, 326, 328), 0.5))
    record = read((100, 300, "Sex:"), (204, 300, "Male"), (334, 300, "Female"), marks=PageMarks(boxes))

    found = record.fields["sex"]
    assert found is not None
    assert found.value == "F"
    assert found.source == "pixels"


def test_no_tick_is_no_answer() -> None:
    boxes = (Checkbox(Box(170, 302, 196, 328), 0.0), Checkbox(Box(300, 302, 326, 328), 0.0))
    record = read((100, 300, "Sex:"), (204, 300, "Male"), (334, 300, "Female"), marks=PageMarks(boxes))

    assert record.fields["sex"] is None


def test_a_table_is_read_under_its_headings() -> None:
    record = read(
        (100, 300, "Medication"), (600, 300, "Dose"), (800, 300, "Route"), (1000, 300, "Frequency"),
        (100, 345, "Morphine sulfate"), (600, 345, "5 mg"), (800, 345, "PO"), (1000, 345, "every 4 hours"),
        (1000, 380, "as needed"),
        (100, 425, "Senna"), (600, 425, "8.6 mg"), (1000, 425, "daily"),
    )  # fmt: skip
    rows = [{name: cell.value for name, cell in row.items() if cell} for row in record.tables["medications"]]

    assert rows == [
        {"name": "Morphine sulfate", "dose": "5 mg", "route": "PO", "frequency": "every 4 hours as needed"},
        {"name": "Senna", "dose": "8.6 mg", "frequency": "daily"},
    ]


def test_a_list_of_diagnoses_has_a_code_at_the_end_of_each() -> None:
    record = read(
        (100, 300, "Comorbid conditions:"),
        (140, 340, "• Essential hypertension - I10"),
        (140, 380, "• Depression"),
        (100, 480, "Group: 88115"),
    )
    rows = [
        {name: cell.value if cell else None for name, cell in row.items()}
        for row in record.tables["secondary_diagnoses"]
    ]

    assert rows == [
        {"description": "Essential hypertension", "icd10_code": "I10"},
        {"description": "Depression", "icd10_code": None},
    ]
    assert value_of(record, "secondary_diagnoses") == ("Essential hypertension (I10)", "Depression")


def test_a_page_without_text_gives_every_field_as_empty() -> None:
    record = read()

    assert set(record.fields) == {field.name for field in HOSPICE.fields}
    assert not any(record.fields.values())


def test_words_that_say_nothing_may_stand_in_a_label() -> None:
    record = read((100, 300, "Patient's religion: Quaker"), (100, 345, "Pharmacy used: Corner Drug"))

    assert value_of(record, "religion") == "Quaker"
    assert value_of(record, "pharmacy") == "Corner Drug"


def test_the_number_of_the_next_item_is_no_part_of_a_value() -> None:
    record = read((100, 300, "13. RELIGION: Quaker; 14. GROUP NUMBER: 0067526 | 15. PHARMACY: Corner Drug"))

    assert value_of(record, "religion") == "Quaker"
    assert value_of(record, "group_number") == "0067526"
    assert value_of(record, "pharmacy") == "Corner Drug"


def test_a_value_stands_in_the_frame_under_its_label() -> None:
    across, down = frame(95, 335, 600, 420)
    record = read((100, 300, "Religion"), (110, 375, "Quaker"), marks=PageMarks((), across, down))

    assert value_of(record, "religion") == "Quaker"


def test_words_that_end_as_labels_do_are_no_value() -> None:
    assert value_of(read((100, 300, "Religion:"), (400, 300, "Case / Ref #")), "religion") is None


@pytest.mark.parametrize(("printed", "value"), [("Male Female", None), ("Male", "M")])
def test_a_row_of_answers_is_none(printed: str, value: str | None) -> None:
    assert value_of(read((100, 300, f"Sex: {printed}")), "sex") == value


def test_a_value_a_little_left_of_its_label_is_not_the_label_befores() -> None:
    record = read(
        (800, 300, "Age"), (1000, 300, "MRN"),
        (800, 332, "73"), (996, 332, "M786609"),
    )  # fmt: skip

    assert value_of(record, "age") == "73"
    assert value_of(record, "mrn") == "M786609"


@pytest.mark.parametrize(
    ("label", "name", "value"),
    [
        ("Status (Marital)", "marital_status", "Widowed"),
        ("Adv. Directive", "advance_directive", "POLST"),
        ("Medicare Card #", "medicare_number", "3K52CU4JW61"),
        ("Emerg. Contact Tel.", "emergency_contact_phone", "+18165553453"),
        ("No. of Medical Record", "mrn", "M751639"),
        ("Date Birth", "date_of_birth", "1947-12-21"),
    ],
)
def test_a_label_may_say_its_words_in_another_order_or_shorten_them(label: str, name: str, value: str) -> None:
    printed = {"+18165553453": "816-555-3453", "1947-12-21": "12/21/1947"}.get(value, value)

    assert value_of(read((100, 250, "Patient: Ann Lee"), (100, 300, f"{label}: {printed}")), name) == value


@pytest.mark.parametrize(("answer", "name"), [("FULL CODE", "code_status"), ("No Known Allergies", "allergies")])
def test_what_answers_a_question_is_no_label(answer: str, name: str) -> None:
    label = {"code_status": "Code Status", "allergies": "Allergies"}[name]

    assert value_of(read((100, 300, label), (400, 300, answer)), name) in ("Full code", ())


def test_words_that_say_nothing_may_stand_in_a_label_beside_its_value() -> None:
    record = read((100, 300, "Patient Name Ann Lee"), (100, 345, "DOB 12/21/1947"), (100, 390, "Age at Visit 31"),
                  (100, 435, "Admission Date 04/19/2025"))  # fmt: skip

    assert value_of(record, "age") == "31"


def test_a_number_behind_a_label_of_its_own_is_no_value_of_the_label_above() -> None:
    record = read((100, 300, "Group Number"), (100, 335, "Provider line: 800-555-0175"))

    assert value_of(record, "group_number") is None
