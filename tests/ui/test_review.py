"""One document: its page, the boxes on it, and the record beside them."""

from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import MainWindow
from desktop.ui.screens.review.page_view import Mark
from desktop.ui.screens.review.record import Known, in_order_of_doubt, record_of
from desktop.ui.widgets import ElidedLabel
from shared.documents import FieldValue, bounds
from shared.documents.geometry import NOWHERE
from shared.documents.reading import PERSON
from tests.ui.conftest import OpenWindow
from tests.ui.paper import admission_form, unknown_letter
from tests.ui.shelf import Shelf

FORM = admission_form()


def open_document(window: MainWindow, document_id: UUID, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(document_id)


@pytest.fixture
def window(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> MainWindow:
    """The window with an admission form in front, as wide as there is room."""
    document_id = shelf.read()
    window = open_window()
    open_document(window, document_id, qtbot)
    page = window.review.page
    QTest.keyClick(page, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    page.verticalScrollBar().setValue(page.verticalScrollBar().minimum())
    return window


def field(name: str) -> FieldValue:
    cell = FORM.reading.fields[name]
    assert cell is not None
    return cell


def mark(window: MainWindow, key: str) -> Mark:
    found = window.review.page.mark(key)
    assert found is not None, key
    return found


def middle_on_screen(window: MainWindow, name: str) -> QPoint:
    return window.review.page.mapFromScene(QPointF(*bounds(field(name).polygon).centre))


@pytest.mark.parametrize("name", ["patient_name", "icd10_code", "medicare_number"])
def test_a_fields_box_stands_around_its_text(window: MainWindow, name: str) -> None:
    printed, drawn = bounds(field(name).polygon), mark(window, f"field:{name}").sceneBoundingRect()
    assert drawn.contains(printed.left, printed.top)
    assert drawn.contains(printed.right, printed.bottom)
    assert drawn.width() - printed.width < 20, "close around it, in pixels of the page"
    assert drawn.height() - printed.height < 20


def test_the_page_is_drawn_where_its_boxes_are(window: MainWindow) -> None:
    """Ink is found on the screen inside the box of the patient's name, and none above it."""
    window.review.page.show_lines(False)
    picture = window.review.page.viewport().grab().toImage()
    box = window.review.page.mapFromScene(mark(window, "field:patient_name").polygon()).boundingRect()
    inside = [picture.pixelColor(x, box.center().y()) for x in range(box.left() + 4, box.right() - 4)]
    above = [picture.pixelColor(x, box.top() - 12) for x in range(box.left(), box.right())]
    assert any(colour.lightness() < 120 for colour in inside)
    assert all(colour == QColor("white") for colour in above)


def test_selecting_a_field_highlights_its_box_and_brings_it_into_sight(window: MainWindow) -> None:
    review = window.review
    review.page.zoom_in()
    review.page.zoom_in()
    review.page.zoom_in()
    review.panel.take("field:medicare_number")
    taken = mark(window, "field:medicare_number")
    assert taken.in_hand
    assert review.page.viewport().rect().contains(middle_on_screen(window, "medicare_number"))
    review.panel.take("field:patient_name")
    assert not taken.in_hand
    assert mark(window, "field:patient_name").in_hand
    assert review.page.viewport().rect().contains(middle_on_screen(window, "patient_name"))


def test_clicking_a_box_takes_its_field(window: MainWindow, qtbot: QtBot) -> None:
    where = middle_on_screen(window, "date_of_birth")
    QTest.mouseClick(window.review.page.viewport(), Qt.MouseButton.LeftButton, pos=where)
    entry = window.review.panel.entry_in_hand()
    assert entry is not None
    assert (entry.label, entry.value) == ("Date of birth", "Mar 4, 1941")
    assert "03/04/1941" in window.review.panel.detail.text(), "what is printed is shown too"


def test_arrow_keys_walk_the_fields_and_the_page_follows(window: MainWindow, qtbot: QtBot) -> None:
    window.review.panel.take("field:patient_name")
    QTest.keyClick(window.review.panel.tabs.currentWidget(), Qt.Key.Key_Down)
    assert mark(window, "field:date_of_birth").in_hand


def test_a_field_that_was_not_found_says_so(window: MainWindow) -> None:
    window.review.panel.take("field:religion")
    entry = window.review.panel.entry_in_hand()
    assert entry is not None
    assert not entry.found
    assert "not found" in window.review.panel.detail.text()


def test_each_kind_has_its_own_threshold_below_which_a_field_is_to_check(window: MainWindow) -> None:
    entries = {entry.key.removeprefix("field:"): entry for entry in record_of(FORM.reading, "Page {0}").entries()}
    assert not entries["medicare_number"].needs_review, "0.86, and its alphabet stands behind it"
    assert not entries["address"].needs_review
    assert entries["icd10_code"].needs_review
    assert entries["npi"].needs_review
    assert not entries["religion"].needs_review, "what the page leaves blank is no doubt"
    window.review.panel.take("field:patient_name")
    assert mark(window, "field:npi").pen().style() == Qt.PenStyle.DashLine
    assert mark(window, "field:medicare_number").pen().style() == Qt.PenStyle.SolidLine


def test_how_many_values_are_to_check_stands_under_the_name(window: MainWindow) -> None:
    names = [label.accessibleName() for label in window.review.findChildren(ElidedLabel)]
    assert any(f"{FORM.reading.to_review} to check" in name for name in names)


def test_what_an_ambiguous_value_may_be_as_well_is_told(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> None:
    either = replace(field("admission_date"), needs_review=True, alternatives=("2026-12-11",))
    reading = replace(FORM.reading, fields={**FORM.reading.fields, "admission_date": either})
    document_id = shelf.read("either.pdf", replace(FORM, reading=reading))
    window = open_window()
    open_document(window, document_id, qtbot)
    window.review.panel.take("field:admission_date")
    assert "may as well be Dec 11, 2026" in window.review.panel.detail.text()


def test_a_table_is_shown_and_its_cells_lead_to_their_page(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    assert [review.panel.tabs.tabText(place) for place in range(review.panel.tabs.count())] == [
        "Fields",
        "Medications (4)",
        "Other diagnoses (0)",
        "All text",
    ]
    with qtbot.waitSignal(review.page_shown) as turned:
        review.panel.take("table:medications:1:dose")
    assert turned.args == [2]
    assert mark(window, "table:medications:1:dose").in_hand
    assert review.bar.where.text() == "Page 2 of 2"


def test_a_tabs_first_cell_is_followed_too(window: MainWindow, qtbot: QtBot) -> None:
    """It is in hand on its own tab from the start, so nothing there changes when that tab comes to the front."""
    with qtbot.waitSignal(window.review.page_shown):
        window.review.panel.take("table:medications:0:name")
    assert mark(window, "table:medications:0:name").in_hand
    assert "Furosemide" in window.review.panel.detail.text()


def test_pages_are_turned_by_key(window: MainWindow, qtbot: QtBot) -> None:
    review = window.review
    assert not review.bar.previous.isEnabled()
    with qtbot.waitSignal(review.page_shown) as turned:
        QTest.keyClick(review.page, Qt.Key.Key_PageDown)
    assert turned.args == [2]
    assert not review.bar.next.isEnabled()
    with qtbot.waitSignal(review.page_shown) as back:
        QTest.keyClick(review.page, Qt.Key.Key_PageUp)
    assert back.args == [1]


def test_the_page_fits_the_width_until_one_zooms(window: MainWindow, qtbot: QtBot) -> None:
    page = window.review.page
    QTest.keyClick(page, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    before = page.zoom
    window.resize(window.width() + 200, window.height())
    qtbot.waitUntil(lambda: page.zoom > before)
    QTest.keyClick(page, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    zoomed = page.zoom
    window.resize(window.width() - 200, window.height())
    assert page.zoom == pytest.approx(zoomed)
    QTest.keyClick(page, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert page.zoom < zoomed
    assert page.horizontalScrollBar().maximum() == page.horizontalScrollBar().minimum()


def test_ctrl_and_the_wheel_zoom(window: MainWindow) -> None:
    page = window.review.page
    before, centre = page.zoom, QPointF(page.viewport().rect().center())
    wheel = QWheelEvent(
        centre,
        page.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(page.viewport(), wheel)
    assert page.zoom == pytest.approx(before * 1.25)


def test_a_document_without_a_template_shows_all_its_text(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> None:
    document_id = shelf.read("letter.png", unknown_letter("letter.png", ""))
    window = open_window()
    open_document(window, document_id, qtbot)
    assert window.review.panel.tabs.tabText(0) == "All text"
    window.review.panel.take("line:1:1")
    entry = window.review.panel.entry_in_hand()
    assert entry is not None
    assert entry.value == "The delivery of supplies is moved to Monday."
    assert mark(window, "line:1:1").in_hand


def test_a_document_opened_while_it_is_read_opens_by_itself(
    open_window: OpenWindow, shelf: Shelf, qtbot: QtBot
) -> None:
    from desktop.events import DocumentChanged

    document_id = shelf.waiting("soon.pdf")
    window = open_window()
    window.open_document(document_id)
    assert window.review.standing.heading.text() == "Waiting for its turn"
    shelf.finish(document_id, "soon.pdf")
    with qtbot.waitSignal(window.review.page_shown):
        window.bridge.documents_changed.emit(frozenset({DocumentChanged(document_id).document_id}))
    assert window.review.page.isVisible()


def test_doubtful_fields_stand_first_and_the_others_under_headings_in_reading_order() -> None:
    first = in_order_of_doubt(record_of(FORM.reading, "Page {0}"))
    record = record_of(FORM.reading, "Page {0}", Known(first=first))
    assert record.fields[0].heading == "To check"
    assert [section.heading for section in record.fields][1:5] == ["Person", "Emergency contact", "Stay", "Clinical"]
    assert [entry.label for entry in record.fields[1].entries][:3] == ["Name", "Date of birth", "Sex"]
    assert {entry.key for section in record.fields for entry in section.entries} == {
        f"field:{name}" for name in FORM.reading.fields
    }, "every field of the template is there, and once"


def test_a_value_that_a_person_gave_and_no_reader_found_is_shown_without_a_place_on_a_page() -> None:
    given = FieldValue("1234567893", "", 1.0, 0, NOWHERE, PERSON)
    reading = replace(FORM.reading, fields={**FORM.reading.fields, "npi": given})

    entry = next(one for one in record_of(reading, "Page {0}").entries() if one.key == "field:npi")

    assert (entry.value, entry.found, entry.spot) == ("1234567893", True, None)
