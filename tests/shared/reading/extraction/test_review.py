"""What a person has to look at says so, and what else it may be."""

from datetime import date

import pytest

from shared.documents import FieldValue, Page
from shared.reading.extraction import PageMarks, Record, SeenPage, extract
from shared.templates import DateOrder, Template, template_named
from tests.shared.reading.extraction.pages import HOSPICE, Printed, line, read, value_of

CLAIM = template_named("insurance_claim")


def written(template: Template, dates: DateOrder) -> Template:
    return template.model_copy(update={"dates": dates})


def cell(record: Record, name: str) -> FieldValue:
    found = record.fields[name]
    assert found is not None
    return found


def read_on(day: date, *printed: Printed) -> Record:
    page = Page(1, 1700, 2200, 200, 0, 0.0, tuple(line(*item) for item in printed))
    return extract([SeenPage(page, PageMarks())], HOSPICE, day)


def test_a_clear_value_needs_no_review() -> None:
    found = cell(read((100, 300, "D.O.B.: 12/21/1947")), "date_of_birth")

    assert not found.needs_review
    assert found.alternatives == ()


def test_a_misread_code_with_several_repairs_needs_review_and_tells_them() -> None:
    found = cell(read((100, 300, "ICD-10: 025.1")), "icd10_code")

    assert found.needs_review
    assert {found.value, *found.alternatives} == {"D25.1", "O25.1", "Q25.1"}


@pytest.mark.parametrize(
    ("diagnosis", "code"), [("Intramural leiomyoma of uterus", "D25.1"), ("Fracture of the left wrist", None)]
)
def test_the_diagnosis_under_its_own_label_decides_between_them_where_it_can(diagnosis: str, code: str | None) -> None:
    found = cell(read((100, 300, f"Primary Diagnosis: {diagnosis}"), (100, 400, "ICD-10: 025.1")), "icd10_code")

    assert (found.alternatives == ()) is (code is not None)
    assert code is None or found.value == code
    assert code is not None or found.needs_review


def test_a_page_is_american_where_its_template_says_nothing() -> None:
    assert value_of(read((100, 300, "Admission Date: 03/11/2025")), "admission_date") == "2025-03-11"


@pytest.mark.parametrize(
    "words",
    ["Admission Date: 25/11/2025", "Admission Date 25/11/2025", "Election: 01/02/2025 Admission Date: 25/11/2025"],
)
def test_the_day_stands_first_where_the_template_says_so(words: str) -> None:
    found = cell(read((100, 300, words), template=written(HOSPICE, DateOrder.DAY_FIRST)), "admission_date")

    assert found.value == "2025-11-25"
    assert not found.needs_review


def test_a_day_that_may_be_either_needs_review_with_both_told() -> None:
    record = read(
        (100, 300, "Admission Date: 03/11/2025"), (900, 300, "DOB: 12/21/1947"),
        template=written(HOSPICE, DateOrder.UNKNOWN),
    )  # fmt: skip
    either, clear = cell(record, "admission_date"), cell(record, "date_of_birth")

    assert (either.value, either.alternatives) == ("2025-03-11", ("2025-11-03",))
    assert either.needs_review
    assert (clear.value, clear.alternatives) == ("1947-12-21", ())


def test_a_sentence_and_a_table_write_dates_as_the_form_does() -> None:
    sentence = (100, 300, "The patient was admitted on 03/11/2025 and is at home with her family at this time.")
    discharge = written(template_named("discharge_summary"), DateOrder.DAY_FIRST)
    table = (
        (100, 300, "Date of Service"), (500, 300, "CPT"), (800, 300, "Charges"), (1100, 300, "Units"),
        (100, 350, "03/11/2025"), (500, 350, "99213"), (800, 350, "120.00"), (1100, 350, "1"),
        (100, 400, "25/11/2025"), (500, 400, "99214"), (800, 400, "180.00"), (1100, 400, "1"),
    )  # fmt: skip
    rows = read(*table, template=written(CLAIM, DateOrder.DAY_FIRST)).tables["claim_lines"]

    assert value_of(read(sentence, template=discharge), "admission_date") == "2025-11-03"
    assert [found.value for row in rows if (found := row["service_date"])] == ["2025-11-03", "2025-11-25"]


def test_nobody_is_born_after_the_day_on_which_the_page_is_read() -> None:
    printed = (100, 300, "DOB: 06/01/2026")

    assert value_of(read_on(date(2026, 6, 1), printed), "date_of_birth") == "2026-06-01"
    assert value_of(read_on(date(2026, 5, 31), printed), "date_of_birth") is None
