"""Which words a box belongs to, and what a ticked box says; nothing ticked, or too much, says nothing."""

import pytest

from shared.documents import Box
from shared.reading.extraction import PageMarks
from shared.reading.extraction.boxes import Checkbox, Shape
from tests.shared.reading.extraction.drawing import read, value_of

Y = 300


def box(x: float, filled: float = 0.0, y: float = Y, shape: Shape = Shape.SQUARE) -> Checkbox:
    return Checkbox(Box(x, y + 2, x + 26, y + 28), filled, shape)


def sex(*boxes: Checkbox) -> PageMarks:
    return PageMarks(boxes)


ROW = ((100, Y, "Sex:"), (204, Y, "Male"), (334, Y, "Female"))


def test_words_stand_behind_their_boxes() -> None:
    assert value_of(read(*ROW, marks=sex(box(170, 0.3), box(300))), "sex") == "M"
    assert value_of(read(*ROW, marks=sex(box(170), box(300, 0.3))), "sex") == "F"


def test_words_stand_before_their_boxes_where_the_first_box_has_a_word_before_it() -> None:
    row = (100, Y, "Sex:"), (170, Y, "Male"), (300, Y, "Female")

    assert value_of(read(*row, marks=sex(box(234, 0.3), box(392))), "sex") == "M"
    assert value_of(read(*row, marks=sex(box(234), box(392, 0.3))), "sex") == "F"


def test_options_stand_in_a_column_under_their_question() -> None:
    printed = (100, Y, "Code status"), (140, Y + 45, "Full code"), (140, Y + 90, "DNR")
    boxes = box(104, 0.0, Y + 45), box(104, 0.4, Y + 90)

    assert value_of(read(*printed, marks=PageMarks(boxes)), "code_status") == "DNR"


@pytest.mark.parametrize("shape", [Shape.RING, Shape.SQUARE])
def test_nothing_ticked_is_no_answer(shape: Shape) -> None:
    marks = PageMarks((box(170, shape=shape), box(300, shape=shape)))

    assert value_of(read(*ROW, marks=marks), "sex") is None


def test_brackets_are_boxes_before_choices() -> None:
    marks = PageMarks(signs=(box(170, 0.0, shape=Shape.BRACKETS), box(300, 0.2, shape=Shape.BRACKETS)))

    assert value_of(read(*ROW, marks=marks), "sex") == "F"


def test_two_ticks_are_no_answer_to_a_question_with_one() -> None:
    assert value_of(read(*ROW, marks=sex(box(170, 0.4), box(300, 0.4))), "sex") is None


def test_dirt_that_all_boxes_have_is_no_tick() -> None:
    assert value_of(read(*ROW, marks=sex(box(170, 0.08), box(300, 0.09))), "sex") is None


def test_what_may_be_a_tick_is_unsure() -> None:
    clear = read(*ROW, marks=sex(box(170, 0.0), box(300, 0.3))).fields["sex"]
    unclear = read(*ROW, marks=sex(box(170, 0.0), box(300, 0.05))).fields["sex"]

    assert clear is not None
    assert unclear is not None
    assert unclear.value == "F"
    assert unclear.confidence < 0.6 < clear.confidence


def test_a_circled_option_is_the_answer() -> None:
    marks = PageMarks((box(170), box(300)), loops=(Box(290, Y - 8, 440, Y + 38),))

    assert value_of(read(*ROW, marks=marks), "sex") == "F"


def test_a_circled_word_needs_no_boxes() -> None:
    printed = (100, Y, "Veteran:"), (260, Y, "Yes"), (360, Y, "No")

    assert value_of(read(*printed, marks=PageMarks(loops=(Box(345, Y - 8, 405, Y + 38),))), "veteran") is False
    assert value_of(read(*printed), "veteran") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Sex: M F", None),
        ("Sex: Male / Female", None),
        ("Sex: [ ] Male [ ] Female", None),
        ("Sex: [X] Male [ ] Female", "M"),
        ("Sex: ( ) Male (x) Female", "F"),
        ("Sex: ☐ Male ☒ Female", "F"),
        ("Sex: (x) Male (x) Female", None),
    ],
)
def test_boxes_that_were_read_as_text(text: str, value: str | None) -> None:
    assert value_of(read((100, Y, text)), "sex") == value


def test_a_word_of_an_option_is_no_question() -> None:
    printed = (100, Y, "Code status:"), (330, Y, "Full code"), (504, Y, "DNR")
    marks = PageMarks((box(300), box(474, 0.4)))

    assert value_of(read(*printed, marks=marks), "code_status") == "DNR"


def test_boxes_between_words_that_were_read_as_one() -> None:
    printed = (100, Y, "Marital status:"), (350, Y, "MarriedWidowedDivorced")
    boxes = box(322), box(442, 0.4), box(540)

    assert value_of(read(*printed, marks=PageMarks(boxes)), "marital_status") == "Widowed"


def test_choices_of_one_field_need_no_question() -> None:
    printed = (134, Y, "Married"), (334, Y, "Widowed"), (534, Y, "Divorced")
    boxes = box(100), box(300, 0.4), box(500)

    assert value_of(read(*printed, marks=PageMarks(boxes)), "marital_status") == "Widowed"


def test_an_answer_cites_its_box_and_its_words() -> None:
    found = read(*ROW, marks=sex(box(170), box(300, 0.3))).fields["sex"]

    assert found is not None
    assert found.source == "pixels"
    assert found.text == "Female"
    assert found.polygon[0] == (300, 300)
