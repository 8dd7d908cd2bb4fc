"""A document's record as a person reads it on the terminal."""

from dataclasses import replace

import pytest

from desktop.cli.record import print_reading
from shared.documents import Box, FieldValue, Page, Reading, Row, TextLine, box_polygon
from shared.documents.reading import UNKNOWN

PLACE = box_polygon(Box(0, 0, 10, 10))


def cell(text: str) -> FieldValue:
    return FieldValue(text, text, 0.9, 1, PLACE, "layout")


def reading(*pairs: Row) -> Reading:
    page = Page(1, 100, 100, 90, 0, 0.0, (TextLine("Harbor office", 0.9, PLACE, ()),))
    return Reading("form.png", "0" * 64, 1, UNKNOWN, 0.9, pages=(page,), tables={"pairs": pairs})


def test_a_form_of_no_known_kind_shows_its_labels_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    print_reading(reading({"label": cell("Berth"), "value": cell("C14")}))

    out = capsys.readouterr().out
    assert "Berth" in out
    assert "C14" in out
    assert "Harbor office" not in out


def test_a_document_on_which_nothing_was_found_shows_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_reading(reading())

    assert "Harbor office" in capsys.readouterr().out


def test_what_a_person_has_to_look_at_is_marked_with_what_else_it_may_be(capsys: pytest.CaptureFixture[str]) -> None:
    either = replace(cell("2025-03-11"), needs_review=True, alternatives=("2025-11-03",))
    fields = {"admission_date": either, "mrn": cell("M751639")}
    print_reading(replace(reading(), fields=fields, tables={"medications": ({"dose": replace(either, value="5 mg")},)}))

    out = capsys.readouterr().out
    assert "2025-03-11 or 2025-11-03 ?" in out
    assert "5 mg or 2025-11-03 ?" in out
    assert "M751639 ?" not in out
    assert "2 values to check" in out


def test_a_record_without_doubts_speaks_of_none(capsys: pytest.CaptureFixture[str]) -> None:
    print_reading(reading({"label": cell("Berth"), "value": cell("C14")}))

    assert "check" not in capsys.readouterr().out
