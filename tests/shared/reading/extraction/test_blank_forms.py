"""A form that nobody filled in has no values, whatever it prints to show where they go."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import cv2
import pytest

from shared.documents import Page
from shared.reading.extraction import Record, SeenPage, extract
from shared.reading.extraction.marks import find_marks
from shared.templates import Field, Kind, template_named, template_names
from tests.shared.reading.extraction.drawing import LETTER, Picture, Printed, line, paper, square
from tests.shared.reading.extraction.pages import HOSPICE, read, value_of

_HINTS = {
    Kind.DATE: "MM/DD/YYYY",
    Kind.BIRTH_DATE: "____/____/________",
    Kind.PERSON: "(Last, First, MI)",
    Kind.PHONE: "(     )",
    Kind.MONEY: "$",
}
_TOP, _STEP, _MOST = 160, 80, 24  # pixels; fields on a page
Drawn = Iterator[Printed]


def options(field: Field) -> list[str]:
    if field.kind is Kind.CHOICE:
        return [choice.printed[0] for choice in field.choices][:3]
    return ["Yes", "No"] if field.name in ("advance_directive", "signed_by_representative") else []


def lines_to_write_on(picture: Picture, field: Field, x: int, y: int) -> Drawn:
    label = f"{field.labels[0].title()}:"
    end = x + LETTER * (len(label) + 1)
    yield x, y, label
    if not options(field):
        cv2.line(picture, (end, y + 30), (x + 1490, y + 30), (0, 0, 0), 2)
    for option in options(field):
        square(picture, end, y + 2, 24)
        yield end + 36, y, option
        end += 36 + LETTER * (len(option) + 2)


def cells_with_hints(picture: Picture, field: Field, x: int, y: int) -> Drawn:
    cv2.rectangle(picture, (x - 10, y - 6), (x + 1500, y + 70), (0, 0, 0), 2)
    yield x, y, field.labels[0].title()
    printed = " ".join(options(field)) or _HINTS.get(field.kind, "")
    if printed:
        yield x, y + 36, printed


def leaders(_: Picture, field: Field, x: int, y: int) -> Drawn:
    yield x, y, f"{field.labels[0].title()} {'.' * 12}"


def typed_lines(_: Picture, field: Field, x: int, y: int) -> Drawn:
    answers = " / ".join(options(field)) or "__________"
    yield x, y, f"{field.labels[0].title()}: {answers}"


def typed_boxes(_: Picture, field: Field, x: int, y: int) -> Drawn:
    answers = " ".join(f"[ ] {option}" for option in options(field))
    yield x, y, f"{field.labels[0].title()}: {answers}".strip()


@pytest.mark.parametrize("layout", [lines_to_write_on, cells_with_hints, leaders, typed_lines, typed_boxes])
@pytest.mark.parametrize("name", template_names())
def test_a_blank_form_gives_no_values(name: str, layout: Callable[[Picture, Field, int, int], Drawn]) -> None:
    template, picture = template_named(name), paper(1700, 2200)
    asked = [field for field in template.fields if field.labels]
    pages = []
    for number, (start, end) in enumerate(pairwise([*range(0, len(asked), _MOST), len(asked)]), 1):
        sheet = picture.copy()
        places = [(80, _TOP + _STEP * place) for place in range(end - start)]
        printed = [
            line(*one)
            for field, (x, y) in zip(asked[start:end], places, strict=True)
            for one in layout(sheet, field, x, y)
        ]
        pages.append(SeenPage(Page(number, 1700, 2200, 200, 0, 0.0, tuple(printed)), find_marks(sheet)))
    record = extract(pages, template)

    filled = {field: cell.text for field, cell in record.fields.items() if cell and cell.value is not False}
    assert filled == {}
    assert not any(record.tables.values())


ASKED = [f"{field.labels[0].title()}:" for field in HOSPICE.fields if field.kind in {Kind.DATE, Kind.PERSON}][:8]


def asking(*filled: Printed) -> Record:
    labels = [(100, 400 + 60 * number, label) for number, label in enumerate(ASKED)]
    return read((500, 60, "Cedar Grove Hospice", 60), (500, 150, "Phone: 413-555-8222"), *labels, *filled)


def test_a_form_that_nobody_filled_in_does_not_even_give_who_printed_it() -> None:
    assert {name for name, cell in asking().fields.items() if cell} == set()


def test_words_that_labels_are_made_of_do_not_tell_that_somebody_wrote() -> None:
    record = asking((100, 1000, "Payer: Policy Group"))

    assert {name for name, cell in record.fields.items() if cell} == set()


@pytest.mark.parametrize("print_of_its_own", ["Allergies: Advance care plan", "Insurance ID: 3HIC"])
def test_a_few_words_alone_on_a_form_that_asks_much_are_its_own_print(print_of_its_own: str) -> None:
    record = asking((100, 1000, print_of_its_own))

    assert {name for name, cell in record.fields.items() if cell} == set()


def test_a_form_with_one_thing_filled_in_gives_who_printed_it_too() -> None:
    record = asking((100, 1000, "Patient name: Ann Lee"))

    assert value_of(record, "patient_name") == "Ann Lee"
    assert value_of(record, "facility_name") == "Cedar Grove Hospice"
    assert value_of(record, "facility_phone") == "+14135558222"


def test_what_asks_for_little_is_no_form_that_could_be_blank() -> None:
    record = read((500, 60, "Cedar Grove Hospice", 60), (100, 400, "Attending physician:"))

    assert value_of(record, "facility_name") == "Cedar Grove Hospice"
