"""Somebody signed where ink stands in the place to sign: not print, dirt, a hint or a date."""

import cv2
import numpy as np
import pytest

from shared.documents import FieldValue
from shared.reading.extraction.marks import find_marks
from tests.shared.reading.extraction.drawing import Picture, Printed, paper, read, speckled

NAME = "patient_signature_present"
UNDER_LINE: tuple[Printed, ...] = ((100, 410, "Patient signature"), (900, 410, "Date"))


def form() -> Picture:
    """Lines to sign and date at 400 pixels from the top."""
    picture = paper(1700, 2200)
    for left, right in ((100, 800), (900, 1300)):
        cv2.line(picture, (left, 400), (right, 400), (0, 0, 0), 2)
    return picture


def scrawl(picture: Picture, x: int, y: int) -> None:
    points = [(x + 8 * step, y - round(22 * np.sin(step * 0.9))) for step in range(40)]
    cv2.polylines(picture, [np.array(points, np.int32)], False, (40, 40, 40), 3, cv2.LINE_AA)


def found(picture: Picture, *printed: Printed) -> FieldValue | None:
    cell = read(*printed, marks=find_marks(picture)).fields[NAME]
    assert cell is None or isinstance(cell, FieldValue)
    return cell


def test_ink_over_the_line_is_a_signature() -> None:
    picture = form()
    scrawl(picture, 140, 365)
    cell = found(picture, *UNDER_LINE)

    assert cell is not None
    assert cell.value is True
    assert cell.source == "pixels"


@pytest.mark.parametrize("noise", [0.0, 0.002, 0.005])
def test_a_line_that_nobody_signed_is_empty(noise: float) -> None:
    cell = found(speckled(form(), noise), *UNDER_LINE)

    assert cell is not None
    assert cell.value is False


def test_the_place_is_cited() -> None:
    cell = found(form(), *UNDER_LINE)

    assert cell is not None
    assert cell.text == ""
    assert cell.polygon[0][0] == pytest.approx(100, abs=3)
    assert cell.polygon[2][1] <= 400


def test_the_date_beside_it_is_no_signature() -> None:
    picture = form()
    cv2.putText(picture, "03/04/2025", (910, 390), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    cell = found(picture, *UNDER_LINE, (910, 362, "03/04/2025"))

    assert cell is not None
    assert cell.value is False


def test_an_x_to_sign_at_is_no_signature() -> None:
    picture = form()
    cv2.putText(picture, "X", (110, 392), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    cell = found(picture, *UNDER_LINE, (108, 364, "X"))

    assert cell is not None
    assert cell.value is False


def test_a_typed_name_is_unsure() -> None:
    picture = form()
    cv2.putText(picture, "Jane Thornbury", (130, 390), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    cell = found(picture, *UNDER_LINE, (130, 362, "Jane Thornbury"))

    assert cell is not None
    assert cell.confidence < 0.9


def test_a_signature_behind_its_label() -> None:
    picture = paper(1700, 2200)
    cv2.line(picture, (400, 428), (1000, 428), (0, 0, 0), 2)
    empty = found(picture, (100, 400, "Patient signature:"))
    scrawl(picture, 440, 395)
    signed = found(picture, (100, 400, "Patient signature:"))

    assert empty is not None
    assert empty.value is False
    assert signed is not None
    assert signed.value is True


@pytest.mark.parametrize("text", ["Signature on file", "SOF", "/s/ Jane Lee", "Electronically signed by Jane Lee"])
def test_words_say_that_it_was_signed(text: str) -> None:
    cell = found(form(), *UNDER_LINE, (130, 362, text))

    assert cell is not None
    assert cell.value is True


def test_a_sentence_about_signatures_asks_for_none() -> None:
    assert found(paper(1700, 2200), (100, 400, "Patient signature is required before any care is given")) is None
