"""What a form prints for itself is no answer, wherever it stands beside a label."""

import pytest

from shared.reading.extraction import Record
from tests.shared.reading.extraction.pages import Printed, read, value_of

NAME = (100, 100, "Patient name: Ann Lee")


def filled(record: Record) -> set[str]:
    return {name for name, cell in record.fields.items() if cell} - {"patient_name"}


@pytest.mark.parametrize("heading", ["About the Patient", "Medical Information", "CARE WISHES", "Section 3 - Coverage"])
@pytest.mark.parametrize("label", ["Payer", "Primary diagnosis", "Attending physician"])
def test_a_heading_under_an_empty_label_is_not_its_value(label: str, heading: str) -> None:
    assert filled(read(NAME, (100, 400, label), (100, 445, heading))) == set()


@pytest.mark.parametrize("answer", ["Medicare Part A", "Blue Shield of California", "Humana Gold Plus"])
def test_an_answer_of_words_that_no_heading_has_is_one(answer: str) -> None:
    assert value_of(read(NAME, (100, 400, "Payer"), (100, 445, answer)), "payer") == answer


@pytest.mark.parametrize("words", ["Insured's", "Request", "Referral Order"])
@pytest.mark.parametrize("label", ["Primary diagnosis:", "Attending physician:"])
def test_words_that_only_labels_have_are_neither_a_name_nor_a_diagnosis(label: str, words: str) -> None:
    assert filled(read(NAME, (100, 400, f"{label} {words}"))) == set()


@pytest.mark.parametrize("asked", ["HIC / MBI #.", "Plan code #", "Locker No."])
def test_what_asks_for_a_number_is_no_value_of_the_label_above(asked: str) -> None:
    assert filled(read(NAME, (100, 400, "Payer"), (100, 445, asked))) == set()


def test_an_answer_with_a_number_in_it_is_one() -> None:
    assert value_of(read(NAME, (100, 400, "Payer"), (100, 445, "Teamsters Local No. 25")), "payer")


NUMBERED = ((100, 200, "1. Patient name: Ann Lee"), (100, 260, "2. Attending physician:"), (100, 320, "3. Payer:"))


def test_an_item_that_nobody_knows_is_no_value_on_a_form_that_numbers_its_items() -> None:
    assert filled(read(*NUMBERED, (500, 320, "4. Policy holder's group plan"))) == set()


def test_a_list_that_begins_with_a_number_of_the_forms_own_is_a_value() -> None:
    record = read(*NUMBERED, (100, 380, "5. Allergies:"), (400, 380, "1. Penicillin 2. Latex"))

    assert value_of(record, "allergies") == ("Penicillin", "Latex")


SENTENCES = [
    ["I certify that the information above is true and complete", "to the best of my knowledge."],
    ["Please print clearly in black or blue ink.", "incomplete forms will be returned."],
    ["CONFIDENTIAL: contains protected health information."],
]


@pytest.mark.parametrize("sentence", SENTENCES, ids=" ".join)
@pytest.mark.parametrize("label", ["Allergies", "Payer", "Relationship"])
def test_what_one_signs_to_is_not_an_answer(label: str, sentence: list[str]) -> None:
    lines: list[Printed] = [(100, 445 + 36 * number, text) for number, text in enumerate(sentence)]

    assert filled(read(NAME, (100, 400, label), *lines)) == set()


@pytest.mark.parametrize(
    "options", ["1 2 3 4 5", "O1 O 2 O 3", "2 __3 __ 4", "]1 [ ]2 [ ]3 [ ]4", "[ ] First [ ] Second", "□ 1 □ 2"]
)
def test_options_of_which_nobody_chose_one_are_not_an_answer(options: str) -> None:
    assert value_of(read(NAME, (100, 400, f"Benefit period: {options}")), "benefit_period") is None


@pytest.mark.parametrize("answer", ["3", "2 of 4", "1, 3"])
def test_numbers_that_somebody_wrote_are_an_answer(answer: str) -> None:
    assert value_of(read(NAME, (100, 400, f"Benefit period: {answer}")), "benefit_period")


OPTIONS = ["_ Full code __ DNR _ DNR/DNI __ Comfort care only", "Full code  DNR"]


@pytest.mark.parametrize("options", OPTIONS)
def test_a_choice_among_others_that_are_printed_beside_it_is_not_chosen(options: str) -> None:
    assert value_of(read(NAME, (100, 400, f"Code status: {options}")), "code_status") is None


def test_a_choice_under_another_is_not_chosen() -> None:
    assert value_of(read(NAME, (100, 400, "Sex:"), (500, 400, "Male"), (500, 436, "Female")), "sex") is None


def test_a_choice_that_stands_alone_is() -> None:
    assert value_of(read(NAME, (100, 400, "Sex:"), (500, 400, "Female")), "sex") == "F"
    assert value_of(read(NAME, (100, 400, "Code status: DNR")), "code_status") == "DNR"
