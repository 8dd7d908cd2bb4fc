"""Tables under a row of headings, on pages written down here word by word."""

from collections.abc import Sequence

from shared.documents import Box, Row, Value, box_polygon
from shared.reading.extraction import PageMarks, Record
from shared.templates import template_named
from tests.shared.reading.extraction import pages
from tests.shared.reading.extraction.pages import LETTER, Printed


def read(template: str, *printed: Printed, marks: PageMarks | None = None) -> Record:
    return pages.read(*printed, marks=marks, template=template_named(template))


def plain(row: Row) -> dict[str, Value | None]:
    return {name: cell.value if cell else None for name, cell in row.items()}


def rows(record: Record, table: str) -> list[dict[str, Value | None]]:
    return [plain(row) for row in record.tables[table]]


def grid(lefts: Sequence[float], tops: Sequence[float]) -> PageMarks:
    """Rules around every cell."""
    across = tuple(Box(lefts[0], top - 1, lefts[-1], top + 1) for top in tops)
    down = tuple(Box(left - 1, tops[0], left + 1, tops[-1]) for left in lefts)
    return PageMarks(across=across, down=down)


def results(record: Record) -> list[tuple[Value | None, ...]]:
    columns = ("test", "result", "flag", "units", "reference_range", "panel")
    return [tuple(row[column] for column in columns) for row in rows(record, "lab_results")]


def test_columns_stand_in_any_order() -> None:
    record = read(
        "lab_report",
        (100, 300, "Flag"), (300, 300, "Test"), (800, 300, "Reference Range"), (1200, 300, "Result"),
        (1400, 300, "Units"),
        (300, 345, "Sodium"), (800, 345, "135-145"), (1200, 345, "138"), (1400, 345, "mmol/L"),
        (100, 390, "H"), (300, 390, "Potassium"), (800, 390, "3.5-5.1"), (1200, 390, "5.9"), (1400, 390, "mmol/L"),
    )  # fmt: skip

    assert results(record) == [
        ("Sodium", "138", None, "mmol/L", "135-145", None),
        ("Potassium", "5.9", "H", "mmol/L", "3.5-5.1", None),
    ]


def test_headings_read_as_one_line_are_parted_into_labels() -> None:
    record = read(
        "lab_report",
        (100, 300, "Test"), (254, 300, "Result Flag Units Reference Range"),
        (100, 345, "Sodium"), (254, 345, "138"), (422, 345, "mmol/L"), (506, 345, "135-145"),
        (100, 390, "Potassium"), (254, 390, "5.9"), (352, 390, "H"), (422, 390, "mmol/L"), (506, 390, "3.5-5.1"),
    )  # fmt: skip

    assert results(record) == [
        ("Sodium", "138", None, "mmol/L", "135-145", None),
        ("Potassium", "5.9", "H", "mmol/L", "3.5-5.1", None),
    ]


def test_a_heading_takes_two_lines_and_has_a_misread_letter() -> None:
    record = read(
        "lab_report",
        (900, 290, "Reference"),
        (100, 325, "Test Narne"), (500, 325, "Result"), (700, 325, "Units"), (900, 325, "Range"),
        (100, 380, "Glucose"), (500, 380, "92"), (700, 380, "mg/dL"), (900, 380, "70-99"),
    )  # fmt: skip

    assert results(record) == [("Glucose", "92", None, "mg/dL", "70-99", None)]


def test_numbers_stand_at_the_right_of_their_column() -> None:
    record = read(
        "lab_report",
        (100, 300, "Component"), (500, 300, "Your Value"), (700, 300, "Standard Range"),
        (100, 345, "Albumin"), (598, 345, "4.1"), (700, 345, "3.5 - 5.5 g/dL"),
        (100, 390, "Alkaline phosphatase"), (598, 390, "121"), (700, 390, "44 - 147 U/L"),
    )  # fmt: skip

    assert results(record) == [
        ("Albumin", "4.1", None, "g/dL", "3.5-5.5", None),
        ("Alkaline phosphatase", "121", None, "U/L", "44-147", None),
    ]


def test_a_heading_among_the_rows_is_their_panel() -> None:
    record = read(
        "lab_report",
        (100, 300, "TEST"), (500, 300, "RESULT"), (700, 300, "UNITS"), (900, 300, "NORMAL"),
        (100, 400, "** CBC **"),
        (100, 440, "WBC"), (500, 440, "4.7"), (700, 440, "10^3/uL"), (900, 440, "4.0-11.0"),
        (100, 540, "LIPID PANEL"),
        (100, 580, "Triglycerides"), (500, 580, "108"), (700, 580, "mg/dL"), (900, 580, "<150"),
    )  # fmt: skip

    assert results(record) == [
        ("WBC", "4.7", None, "10^3/uL", "4.0-11.0", "CBC"),
        ("Triglycerides", "108", None, "mg/dL", "<150", "LIPID PANEL"),
    ]


def test_a_flag_is_printed_behind_the_result() -> None:
    record = read(
        "lab_report",
        (100, 300, "Test"), (500, 300, "Result"), (700, 300, "Units"), (900, 300, "Range"),
        (100, 345, "Hemoglobin"), (500, 345, "10.2 L"), (700, 345, "g/dL"), (900, 345, "12.0-17.5"),
        (100, 390, "Platelets"), (500, 390, "407H"), (700, 390, "10^3/uL"), (900, 390, "150-400"),
        (100, 435, "Troponin"), (500, 435, "<0.01"), (700, 435, "ng/mL"), (900, 435, "<0.04"),
        (100, 480, "Ketones"), (500, 480, "Negative"), (900, 480, "Negative"),
    )  # fmt: skip

    assert results(record) == [
        ("Hemoglobin", "10.2", "L", "g/dL", "12.0-17.5", None),
        ("Platelets", "407", "H", "10^3/uL", "150-400", None),
        ("Troponin", "<0.01", None, "ng/mL", "<0.04", None),
        ("Ketones", "Negative", None, None, "Negative", None),
    ]


def test_a_cell_cites_exactly_its_words() -> None:
    record = read(
        "lab_report",
        (100, 300, "Test"), (500, 300, "Result"), (900, 300, "Range"),
        (100, 345, "Total protein"), (500, 345, "7.9 g/dL"), (900, 345, "6.0-8.3"),
    )  # fmt: skip
    [row] = record.tables["lab_results"]

    result, units = row["result"], row["units"]

    assert result is not None
    assert result.text == "7.9"
    assert result.polygon == box_polygon(Box(500, 345, 500 + 3 * LETTER, 375))
    assert units is not None
    assert units.text == "g/dL"
    assert units.polygon[0] == (500 + 4 * LETTER, 345)


def test_what_ends_a_table() -> None:
    record = read(
        "medication_list",
        (100, 300, "Medication"), (600, 300, "Dose"), (800, 300, "Route"), (1000, 300, "Frequency"),
        (100, 345, "Senna"), (600, 345, "8.6 mg"), (800, 345, "PO"), (1000, 345, "daily"),
        (100, 390, "Allergies: Penicillin"),
        (100, 435, "Reviewed with"), (600, 435, "family"),
    )  # fmt: skip

    assert [row["name"] for row in rows(record, "medications")] == ["Senna"]


def test_optional_columns_are_there_where_they_are_printed() -> None:
    record = read(
        "medication_list",
        (100, 300, "Drug"), (600, 300, "Strength"), (800, 300, "Directions"), (1200, 300, "Start Date"),
        (100, 345, "Senna"), (600, 345, "8.6 mg"), (800, 345, "daily"), (1200, 345, "03/01/2024"),
        (100, 390, "Zofran"), (600, 390, "4 mg"), (800, 390, "every 8 hours"),
    )  # fmt: skip

    assert rows(record, "medications") == [
        {"name": "Senna", "dose": "8.6 mg", "route": None, "frequency": "daily", "start_date": "2024-03-01"},
        {"name": "Zofran", "dose": "4 mg", "route": None, "frequency": "every 8 hours", "start_date": None},
    ]


def test_directions_hold_dose_and_route_where_no_column_is_for_them() -> None:
    record = read(
        "medication_list",
        (100, 300, "Medication"), (700, 300, "Sig"),
        (100, 345, "Lisinopril 10 mg tablet"), (700, 345, "Take by mouth daily"),
        (100, 390, "Albuterol inhaler"), (700, 390, "2 puffs inhaled every 6 hours as needed"),
    )  # fmt: skip

    assert rows(record, "medications") == [
        {"name": "Lisinopril", "dose": "10 mg", "route": "by mouth", "frequency": "daily"},
        {"name": "Albuterol inhaler", "dose": "2 puffs", "route": "inhaled", "frequency": "every 6 hours as needed"},
    ]


def test_rules_hold_the_lines_of_a_row_together() -> None:
    record = read(
        "medication_list",
        (110, 310, "Medication"), (610, 310, "Dose"), (810, 310, "Frequency"),
        (810, 360, "every 4 hours"),
        (110, 376, "Morphine sulfate"), (610, 376, "5 mg"),
        (810, 395, "as needed"),
        (110, 460, "Senna"), (610, 460, "8.6 mg"), (810, 460, "daily"),
        marks=grid((100, 600, 800, 1200), (300, 350, 440, 500)),
    )  # fmt: skip

    assert [(row["name"], row["frequency"]) for row in rows(record, "medications")] == [
        ("Morphine sulfate", "every 4 hours as needed"),
        ("Senna", "daily"),
    ]


def test_an_empty_table_has_no_rows() -> None:
    record = read(
        "medication_list",
        (110, 310, "Medication"), (610, 310, "Dose"), (810, 310, "Frequency"),
        (110, 360, "1."),
        (110, 410, "2."),
        marks=grid((100, 600, 800, 1200), (300, 350, 400, 450)),
    )  # fmt: skip

    assert rows(record, "medications") == []


def test_none_is_no_row() -> None:
    record = read(
        "medication_list",
        (100, 300, "Medication"), (600, 300, "Dose"), (800, 300, "Frequency"),
        (100, 345, "See attached list"),
    )  # fmt: skip

    assert rows(record, "medications") == []


def test_the_lines_of_a_claim() -> None:
    record = read(
        "insurance_claim",
        (100, 300, "Date of"), (350, 300, "Place of"), (800, 300, "Diagnosis"), (1300, 300, "Days or"),
        (100, 335, "Service"), (350, 335, "Service"), (550, 335, "CPT/HCPCS"), (800, 335, "Pointer"),
        (1050, 335, "$ Charges"), (1300, 335, "Units"),
        (100, 390, "03/01/2024"), (350, 390, "11"), (550, 390, "99213"), (800, 390, "A B"), (1050, 390, "150.00"),
        (1300, 390, "1"),
        (100, 435, "03/08/2024"), (350, 435, "11"), (550, 435, "36415"), (800, 435, "A"), (1050, 435, "1,025.50"),
        (1300, 435, "2"),
        (100, 480, "Total charges"), (1050, 480, "1,175.50"),
    )  # fmt: skip

    columns = ("service_date", "place_of_service", "cpt_code", "diagnosis_pointer", "charges", "units")
    assert [tuple(row[column] for column in columns) for row in rows(record, "claim_lines")] == [
        ("2024-03-01", "11", "99213", "A B", "150.00", "1"),
        ("2024-03-08", "11", "36415", "A", "1025.50", "2"),
    ]


def test_two_tables_of_one_kind_stand_on_a_page() -> None:
    record = read(
        "medication_list",
        (100, 250, "Scheduled medications"),
        (100, 300, "Medication"), (600, 300, "Dose"), (800, 300, "Frequency"),
        (100, 345, "Senna"), (600, 345, "8.6 mg"), (800, 345, "daily"),
        (100, 450, "PRN medications"),
        (100, 500, "Medication"), (500, 500, "Dose"), (900, 500, "Frequency"),
        (100, 545, "Zofran"), (500, 545, "4 mg"), (900, 545, "every 8 hours"),
    )  # fmt: skip

    assert [row["name"] for row in rows(record, "medications")] == ["Senna", "Zofran"]


def test_a_table_goes_on_beside_itself() -> None:
    record = read(
        "hospice",
        (100, 250, "Secondary diagnoses"),
        (100, 300, "Diagnosis"), (500, 300, "ICD-10"), (900, 300, "Diagnosis"), (1300, 300, "ICD-10"),
        (100, 345, "Heart failure"), (500, 345, "I50.9"), (900, 345, "Anemia"), (1300, 345, "D64.9"),
    )  # fmt: skip

    assert rows(record, "secondary_diagnoses") == [
        {"description": "Heart failure", "icd10_code": "I50.9"},
        {"description": "Anemia", "icd10_code": "D64.9"},
    ]


def test_a_table_goes_on_on_the_next_page_without_its_headings() -> None:
    record = pages.read_pages(
        (
            (100, 1900, "Test"), (500, 1900, "Result"), (700, 1900, "Units"), (900, 1900, "Range"),
            (100, 1950, "LIPID PANEL"),
            (100, 1995, "Triglycerides"), (500, 1995, "108"), (700, 1995, "mg/dL"), (900, 1995, "<150"),
            (100, 2100, "Page 1 of 2"),
        ),
        (
            (100, 100, "Patient: Ann Lee"),
            (100, 200, "HDL"), (500, 200, "68"), (700, 200, "mg/dL"), (900, 200, ">=40"),
            (100, 2100, "Page 2 of 2"),
        ),
        template=template_named("lab_report"),
    )  # fmt: skip

    assert results(record) == [
        ("Triglycerides", "108", None, "mg/dL", "<150", "LIPID PANEL"),
        ("HDL", "68", None, "mg/dL", ">=40", "LIPID PANEL"),
    ]


def test_a_title_of_two_labels_is_no_row_of_headings() -> None:
    record = read(
        "lab_report",
        (600, 200, "Lab Results"),
        (100, 300, "Test"), (500, 300, "Result"), (700, 300, "Units"),
        (100, 345, "HDL"), (500, 345, "68"), (700, 345, "mg/dL"),
    )  # fmt: skip

    assert results(record) == [("HDL", "68", None, "mg/dL", None, None)]


def test_one_column_is_headed_for_two() -> None:
    record = read(
        "medication_list",
        (100, 300, "Drug"), (600, 300, "Dose & Route"), (1000, 300, "Freq"),
        (100, 345, "Morphine"), (600, 345, "5 mg PO"), (1000, 345, "q4h"),
    )  # fmt: skip

    assert rows(record, "medications") == [{"name": "Morphine", "dose": "5 mg", "route": "PO", "frequency": "q4h"}]


def test_a_column_is_known_by_what_stands_in_it() -> None:
    record = read(
        "insurance_claim",
        (100, 300, "Date of Service"), (500, 300, "What was done"), (1000, 300, "Charges"),
        (100, 345, "03/01/2024"), (500, 345, "99213"), (1000, 345, "150.00"),
        (100, 390, "03/08/2024"), (500, 390, "36415"), (1000, 390, "12.00"),
    )  # fmt: skip

    assert [row["cpt_code"] for row in rows(record, "claim_lines")] == ["99213", "36415"]


def test_the_service_lines_of_a_cms_1500() -> None:
    columns = (60, 260, 460, 540, 620, 900, 1000, 1160, 1260, 1340)
    record = read(
        "insurance_claim",
        (62, 302, "24. A. DATE(S)", 20), (200, 302, "OF", 20), (470, 302, "B.", 20), (545, 302, "C.", 20),
        (630, 302, "D. PROCEDURES,", 20), (905, 302, "E.", 20), (1005, 302, "F.", 20), (1165, 302, "G.", 20),
        (62, 326, "From MM DD YY", 20), (265, 326, "To MM DD YY", 20), (465, 326, "PLACE", 20),
        (630, 326, "OR SUPPLIES", 20), (902, 326, "DIAG", 20), (1165, 326, "DAYS", 20),
        (465, 350, "OF SVC", 20), (545, 350, "EMG", 20), (630, 350, "CPT/HCPCS", 20), (902, 350, "PTR", 20),
        (1005, 350, "CHARGES", 20), (1165, 350, "UNITS", 20),
        (65, 410, "03 01 24"), (265, 410, "03 01 24"), (470, 410, "11"), (630, 410, "99213"), (905, 410, "AB"),
        (1010, 410, "150 00"), (1170, 410, "1"),
        (65, 470, "03 08 24"), (265, 470, "03 08 24"), (470, 470, "11"), (630, 470, "36415"), (905, 470, "A"),
        (1010, 470, "12 50"), (1170, 470, "2"),
        marks=grid(columns, (300, 380, 445, 505, 565, 625)),
    )  # fmt: skip

    names = ("service_date", "place_of_service", "cpt_code", "diagnosis_pointer", "charges", "units")
    assert [tuple(row[name] for name in names) for row in rows(record, "claim_lines")] == [
        ("2024-03-01", "11", "99213", "AB", "150.00", "1"),
        ("2024-03-08", "11", "36415", "A", "12.50", "2"),
    ]


def test_a_second_line_goes_on_with_the_row_above() -> None:
    record = read(
        "medication_list",
        (100, 300, "Medication"), (600, 300, "Dose"), (800, 300, "Route"), (1000, 300, "Frequency"),
        (100, 345, "Morphine sulfate"), (600, 345, "5 mg"), (800, 345, "PO"), (1000, 345, "every 4 hours"),
        (100, 380, "(concentrate)"), (1000, 380, "as needed"),
        (100, 425, "Senna"), (600, 425, "8.6 mg"), (800, 425, "PO"), (1000, 425, "daily"),
    )  # fmt: skip

    assert [(row["name"], row["frequency"]) for row in rows(record, "medications")] == [
        ("Morphine sulfate (concentrate)", "every 4 hours as needed"),
        ("Senna", "daily"),
    ]


def test_the_next_section_is_no_row() -> None:
    record = read(
        "hospice",
        (100, 300, "Problem"), (900, 300, "ICD-10"),
        (100, 342, "Repeated falls"), (900, 342, "R29.6"),
        (100, 384, "Dysphagia"), (900, 384, "R13.10"),
        (800, 450, "Care wishes"),
        (100, 500, "Dx: Glioblastoma of brain"), (900, 500, "ICD-10: C71.9"),
    )  # fmt: skip

    assert [row["description"] for row in rows(record, "secondary_diagnoses")] == ["Repeated falls", "Dysphagia"]


def test_a_code_is_told_by_the_diagnosis_beside_it() -> None:
    record = read(
        "hospice",
        (100, 300, "Comorbidity"), (900, 300, "ICD-10"),
        (100, 342, "Essential (primary) hypertension"), (900, 342, "110"),
    )  # fmt: skip

    assert [row["icd10_code"] for row in rows(record, "secondary_diagnoses")] == ["I10"]


def test_what_the_directions_give_is_the_dose_of_a_liquid_and_not_its_strength() -> None:
    record = read(
        "medication_list",
        (100, 300, "Medication"), (900, 300, "Directions"),
        (100, 345, "Morphine concentrate 20 mg/mL"), (900, 345, "0.25 mL PO q4h PRN"),
        (100, 390, "Lisinopril 10 mg"), (900, 390, "PO daily"),
    )  # fmt: skip

    assert [(row["name"], row["dose"], row["frequency"]) for row in rows(record, "medications")] == [
        ("Morphine concentrate 20 mg/mL", "0.25 mL", "q4h PRN"),
        ("Lisinopril", "10 mg", "daily"),
    ]


def test_an_amount_without_cents_among_amounts_with_them_is_for_a_person() -> None:
    lines = [(345, "$210.00"), (390, "$1200"), (435, "$27.50")]
    record = read(
        "insurance_claim",
        (100, 300, "Date of Service"), (500, 300, "Procedure Code"), (900, 300, "Charges"),
        *(cell for y, charge in lines for cell in ((100, y, "03/01/2024"), (500, y, "99213"), (900, y, charge))),
    )  # fmt: skip

    charges = [row["charges"] for row in record.tables["claim_lines"]]
    assert [(one.value, one.alternatives) for one in charges if one] == [
        ("210.00", ()),
        ("12.00", ("1200.00",)),
        ("27.50", ()),
    ]
    assert [one.needs_review for one in charges if one][1]
