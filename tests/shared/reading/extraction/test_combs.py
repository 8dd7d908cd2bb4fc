"""Combs are seen in pixels, and what stands in them is one value, whatever OCR made of the rules between letters."""

from collections.abc import Sequence

import cv2
import pytest

from shared.documents import Box, Page, TextLine, Word, box_polygon
from shared.reading.extraction import Record, SeenPage, extract
from shared.reading.extraction.combed import comb_out
from shared.reading.extraction.combs import find_combs
from shared.reading.extraction.layout import lay_out
from shared.reading.extraction.marks import find_marks
from shared.templates import template_named
from tests.shared.reading.extraction.drawing import Picture, paper, speckled, square, value_of
from tests.shared.reading.extraction.drawing import line as printed

_X, _FLOOR, _PITCH, _HIGH = 60, 300, 34, 40  # of the comb, in pixels
_BLACK = (0, 0, 0)
_WAYS = ("cells", "squares", "ticks")
_FONT = cv2.FONT_HERSHEY_DUPLEX


def letter(picture: Picture, text: str, x: float, floor: float, size: float = 0.7) -> None:
    (wide, _), _ = cv2.getTextSize(text, _FONT, size, 1)
    cv2.putText(picture, text, (round(x - wide / 2), round(floor)), _FONT, size, _BLACK, 1, cv2.LINE_AA)


def comb(  # noqa: PLR0913  # how it is drawn, and where
    picture: Picture, text: str, way: str = "cells", *, x: int = _X, count: int = 0, scale: float = 1.0
) -> None:
    """A comb with a character of `text` in each place."""
    pitch, floor, high = _PITCH * scale, _FLOOR * scale, _HIGH * scale
    count = count or len(text)
    for place in range(count):
        left = round(x * scale + place * pitch)
        right = round(x * scale + (place + 1) * pitch)
        match way:
            case "cells":
                cv2.rectangle(picture, (left, round(floor - high)), (right, round(floor)), _BLACK, 2)
            case "squares":
                square(picture, left + 2, round(floor - pitch + 2), round(pitch - 6))
            case _:
                for at in (left, right):
                    cv2.line(picture, (at, round(floor - pitch * 0.45)), (at, round(floor)), _BLACK, 2)
        if place < len(text):
            letter(picture, text[place], left + pitch / 2, floor - 9 * scale, 0.7 * scale)
    if way == "ticks":
        cv2.line(picture, (round(x * scale), round(floor)), (round(x * scale + count * pitch), round(floor)), _BLACK, 2)


def read_in_cells(text: str, x: float = _X, sure: float = 0.99) -> list[Word]:
    """A word for each character of `text` that is no space, where its cell is."""
    places = [
        (letter, Box(x + _PITCH * place + 6, _FLOOR - 34, x + _PITCH * (place + 1) - 6, _FLOOR - 4))
        for place, letter in enumerate(text)
    ]
    return [Word(letter, sure, box_polygon(box)) for letter, box in places if letter != " "]


def read_as_one(text: str, cells: int) -> list[Word]:
    """All of `text` as one word that goes from the first of so many cells to the last."""
    return [Word(text, 0.9, box_polygon(Box(_X, _FLOOR - 34, _X + _PITCH * cells, _FLOOR - 4)))]


def seen(picture: Picture, words: Sequence[Word], *labels: TextLine) -> SeenPage:
    lines = (*labels, *(TextLine(word.text, word.confidence, word.polygon, (word,)) for word in words))
    return SeenPage(Page(1, picture.shape[1], picture.shape[0], 200, 0, 0.0, lines), find_marks(picture))


def in_combs(picture: Picture, words: Sequence[Word]) -> list[str]:
    page = seen(picture, words)
    return [line.text for line in comb_out(page.page.lines, page.marks).in_combs]


def extracted(picture: Picture, words: Sequence[Word], label: str) -> Record:
    page = seen(picture, words, printed(_X, _FLOOR - 80, label))
    return extract([page], template_named("hospice"))


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("noise", [0.0, 0.002])
def test_a_comb_is_seen_with_its_cells(way: str, dpi: int, noise: float) -> None:
    scale = dpi / 200
    picture = paper(round(900 * scale), round(400 * scale))
    comb(picture, "MARY LOU", way, count=14, scale=scale)

    (found,) = find_combs(find_marks(speckled(picture, noise), dpi))

    assert len(found.cells) == 14
    assert found.pitch == pytest.approx(_PITCH * scale, rel=0.03)
    assert found.box.left == pytest.approx(_X * scale, abs=6 * scale)


def test_letters_that_touch_the_rules_hide_no_cells() -> None:
    picture = paper(900, 400)
    comb(picture, "", count=12)
    for place in (0, 3, 4, 11):
        cv2.line(picture, (_X + place * _PITCH, 262), (_X + (place + 1) * _PITCH, 298), _BLACK, 3)

    (found,) = find_combs(find_marks(picture))

    assert len(found.cells) == 12


def test_a_calendar_is_no_comb() -> None:
    picture = paper(900, 500)
    for row in range(4):
        for column in range(7):
            left, top = 60 + 40 * column, 100 + 40 * row
            cv2.rectangle(picture, (left, top), (left + 40, top + 40), _BLACK, 2)

    assert find_combs(find_marks(picture)) == ()


@pytest.mark.parametrize("text", ["Geraldine Hill-Miller, MD", "PHYSICIAN CERTIFICATION OF TERMINAL ILLNESS"])
def test_words_on_a_line_are_no_comb(text: str) -> None:
    picture = paper(1100, 400)
    (wide, _), _ = cv2.getTextSize(text, _FONT, 0.9, 2)
    cv2.putText(picture, text, (60, 300), _FONT, 0.9, _BLACK, 2, cv2.LINE_AA)
    cv2.line(picture, (60, 304), (60 + wide, 304), _BLACK, 2)
    read = Word(text, 0.99, box_polygon(Box(60, 275, 60 + wide, 305)))

    page = seen(picture, [read])

    assert comb_out(page.page.lines, page.marks).in_combs == ()


def test_boxes_between_words_stay_boxes_to_tick() -> None:
    picture = paper(900, 400)
    for place in range(5):
        square(picture, 60 + 120 * place, 260, 28)

    assert len(lay_out(seen(picture, [])).marks.checkboxes) == 5


def test_four_squares_with_a_cross_in_one_stay_boxes_to_tick() -> None:
    picture = paper(900, 400)
    comb(picture, " X", "squares", count=4)

    assert len(lay_out(seen(picture, read_in_cells(" X"))).marks.checkboxes) == 4


@pytest.mark.parametrize("way", _WAYS)
def test_cells_of_a_comb_are_no_boxes_to_tick(way: str) -> None:
    picture = paper(900, 400)
    comb(picture, "MARY", way, count=12)

    assert lay_out(seen(picture, read_in_cells("MARY"))).marks.checkboxes == ()


@pytest.mark.parametrize("way", _WAYS)
def test_characters_of_a_comb_are_words(way: str) -> None:
    picture = paper(900, 400)
    comb(picture, "MARY LOU HILL", way, count=15)

    assert in_combs(picture, read_in_cells("MARY LOU HILL")) == ["MARY LOU HILL"]


@pytest.mark.parametrize(
    ("text", "read"), [("MARY", "M|A|R|Y"), ("MARY", "|M|A|R|Y|"), ("2075", "[21017151"), ("9/3/61", "91/131/1611")]
)
def test_rules_that_were_read_are_left_out(text: str, read: str) -> None:
    picture = paper(900, 400)
    comb(picture, text)

    assert in_combs(picture, read_as_one(read, len(text))) == [text]


def test_what_stands_beside_a_comb_stays_where_it_is() -> None:
    picture = paper(900, 400)
    comb(picture, "MARY")
    beside = Word("Date", 0.99, box_polygon(Box(500, 266, 580, 296)))

    page = seen(picture, [*read_in_cells("MARY"), beside])
    combed = comb_out(page.page.lines, page.marks)

    assert [line.text for line in combed.lines] == ["Date"]
    assert [line.text for line in combed.in_combs] == ["MARY"]


def test_a_character_that_nobody_read_is_told_and_makes_all_of_it_unsure() -> None:
    picture = paper(900, 400)
    comb(picture, "MARY LOU")

    page = seen(picture, read_in_cells("MA Y LOU"))
    (line,) = comb_out(page.page.lines, page.marks).in_combs

    assert line.text == "MA?Y LOU"
    assert {word.confidence for word in line.words} == {0.2}


def test_a_speck_is_no_character() -> None:
    picture = paper(900, 400)
    comb(picture, "MARY", count=10)
    cv2.circle(picture, (_X + 6 * _PITCH + 17, _FLOOR - 20), 2, _BLACK, -1)

    assert in_combs(picture, read_in_cells("MARY")) == ["MARY"]


def test_what_is_printed_between_groups_parts_them() -> None:
    picture = paper(900, 400)
    for x, group in ((60, "09"), (160, "20"), (260, "2025")):
        comb(picture, group, x=x)
    for x in (144, 244):
        letter(picture, "/", x, _FLOOR - 9)
    slashes = [Word("/", 0.9, box_polygon(Box(x - 6, 266, x + 6, 296))) for x in (144, 244)]
    digits = [word for x, group in ((60, "09"), (160, "20"), (260, "2025")) for word in read_in_cells(group, x)]

    assert in_combs(picture, [*digits, *slashes]) == ["09/20/2025"]
    assert in_combs(picture, digits) == ["09 20 2025"]


def test_a_value_in_a_comb_is_found_under_its_label() -> None:
    picture = paper(900, 400)
    comb(picture, "HILL, MARY", count=16)

    record = extracted(picture, read_in_cells("HILL, MARY"), "Patient Name")

    assert value_of(record, "patient_name") == "Mary Hill"


def test_a_date_with_a_digit_that_nobody_read_is_no_date() -> None:
    picture = paper(900, 400)
    comb(picture, "03/12/1941")

    assert value_of(extracted(picture, read_in_cells("03/12/1941"), "Date of Birth"), "date_of_birth") == "1941-03-12"
    assert value_of(extracted(picture, read_in_cells("03/1 /1941"), "Date of Birth"), "date_of_birth") is None


def test_a_name_with_a_letter_that_nobody_read_needs_review() -> None:
    picture = paper(900, 400)
    comb(picture, "HILL, MARY")

    found = extracted(picture, read_in_cells("HILL, M RY"), "Patient Name").fields["patient_name"]

    assert found is not None
    assert found.needs_review


def test_an_empty_comb_has_no_value() -> None:
    picture = paper(900, 400)
    comb(picture, "", count=12)

    assert value_of(extracted(picture, read_as_one("|||||", 12), "Patient Name"), "patient_name") is None
