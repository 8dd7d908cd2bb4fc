"""A person reviews a document: by keyboard, with every word kept, and nothing said before they say so."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.ui.screens.review.dialogs import NotesDialog, RejectDialog
from desktop.ui.screens.review.entry_delegate import tick_area
from desktop.vault.people import Role
from desktop.vault.verdicts import Decision
from shared.documents import bounds
from shared.documents.corrections import Place
from tests.ui.conftest import OpenWindow
from tests.ui.reviewer import CONTROL, DOUBTFUL, FORM, PLAIN, Open, Reviewer, few_doubts, value_of
from tests.ui.shelf import Shelf


def test_what_is_right_is_approved_with_a_key_for_each_doubtful_value_and_two_more(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = shelf.read("form.pdf", few_doubts())
    person = Reviewer(open_window(), qtbot)
    with qtbot.waitSignal(person.window.review.page_shown):
        person.press(Qt.Key.Key_Return)
    doubtful = workspace.document(document_id).to_review
    assert doubtful == 3
    for _ in range(doubtful):
        person.press(Qt.Key.Key_Return)
    person.press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: workspace.document(document_id).decision is Decision.APPROVED)
    assert workspace.document(document_id).to_review == 0
    assert person.pressed == doubtful + 2
    qtbot.waitUntil(person.window.inbox.isVisible)


def test_after_one_document_the_next_that_waits_for_a_person_comes(opened: Open, shelf: Shelf, qtbot: QtBot) -> None:
    following = shelf.read("second.pdf", few_doubts())
    shelf.failed("broken.pdf", "It is empty.")
    person = opened(shelf.read("first.pdf", few_doubts()))
    for _ in range(3):
        person.press(Qt.Key.Key_Return)
    person.press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: person.window.review.document_id == following)
    qtbot.waitUntil(lambda: person.entry.label == "NPI")


def test_the_fields_stand_in_order_of_doubt_and_the_first_is_in_hand(reviewer: Reviewer) -> None:
    assert [entry.label for entry in reviewer.window.review.panel.to_check()] == [*DOUBTFUL, "Dose"]
    assert reviewer.entry.label == "NPI"
    assert reviewer.window.focusWidget() is reviewer.window.review.panel.editor.line


def test_enter_goes_to_the_next_doubtful_value_on_whatever_tab_and_page(reviewer: Reviewer, qtbot: QtBot) -> None:
    reviewer.press(Qt.Key.Key_Return)
    assert reviewer.entry.label == "ICD-10"
    with qtbot.waitSignal(reviewer.window.review.page_shown) as turned:
        reviewer.press(Qt.Key.Key_Return)
    assert turned.args == [2]
    assert (reviewer.entry.label, reviewer.entry.value) == ("Dose", "0.5 mg")
    reviewer.press(Qt.Key.Key_Return)
    assert reviewer.window.focusWidget() is reviewer.window.review.header.approve, "nothing is left to look at"


def test_tab_goes_to_the_next_field_whether_doubtful_or_not(reviewer: Reviewer) -> None:
    reviewer.press(Qt.Key.Key_Tab)
    reviewer.press(Qt.Key.Key_Tab)
    assert reviewer.entry.label == "Name"
    reviewer.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert reviewer.entry.label == "ICD-10"
    assert len(reviewer.window.review.panel.to_check()) == 3, "to pass by is not to confirm"


def test_what_is_written_is_read_by_its_kind_and_kept_when_it_is_approved(
    reviewer: Reviewer, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = reviewer.window.review.document_id
    reviewer.take("field:date_of_birth")
    reviewer.write("4 mar 1942")
    assert "Mar 4, 1942" in reviewer.window.review.panel.editor.verdict.text()
    reviewer.press(Qt.Key.Key_Return)
    assert value_of(workspace, document_id, "date_of_birth") == "1941-03-04", "nothing is said before it is approved"
    for _ in range(3):
        reviewer.press(Qt.Key.Key_Return)
    reviewer.press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: value_of(workspace, document_id, "date_of_birth") == "1942-03-04")


def test_what_cannot_be_a_value_is_told_and_stays_until_it_is_mended(reviewer: Reviewer) -> None:
    reviewer.take("field:date_of_birth")
    reviewer.write("last spring")
    assert "no date" in reviewer.window.review.panel.editor.verdict.text()
    reviewer.press(Qt.Key.Key_Return)
    assert reviewer.entry.label == "Date of birth", "Enter does not leave it"
    reviewer.take("field:patient_name")
    reviewer.take("field:date_of_birth")
    assert reviewer.window.review.panel.editor.text == "last spring", "nothing that was typed is lost"
    reviewer.press(Qt.Key.Key_Return, CONTROL)
    assert reviewer.window.review.isVisible(), "nor is a document approved over it"


def test_a_wrong_check_digit_is_told_as_one_types(reviewer: Reviewer) -> None:
    reviewer.take("field:npi")
    reviewer.write("1093817466")
    doubted = reviewer.window.review.panel.editor.verdict.text()
    reviewer.write("1234567893")
    assert "does not fit" in doubted
    assert "does not fit" not in reviewer.window.review.panel.editor.verdict.text()


def test_why_a_value_is_doubtful_is_said(reviewer: Reviewer) -> None:
    assert "55% sure; such a value is believed from 80%" in reviewer.window.review.panel.detail.text()


def test_an_alternative_is_taken_by_its_key(opened: Open, shelf: Shelf) -> None:
    either = FORM.reading.fields["admission_date"]
    assert either is not None
    cell = replace(either, needs_review=True, alternatives=("2026-12-11",))
    reading = replace(few_doubts().reading, fields={**FORM.reading.fields, "admission_date": cell})
    person = opened(shelf.read("either.pdf", replace(FORM, reading=reading)))
    person.take("field:admission_date")
    person.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    said = person.window.review.keeper.draft.words[Place("admission_date")]
    assert said.value == "2026-12-11"
    assert person.entry.label != "Admission date", "and the next doubtful value is in hand"


def test_what_was_not_looked_at_is_told_before_a_document_is_approved(
    reviewer: Reviewer, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = reviewer.window.review.document_id
    assert document_id is not None
    reviewer.press(Qt.Key.Key_Return)
    reviewer.press(Qt.Key.Key_Return, CONTROL)
    assert "2 to check" in reviewer.window.review.notice.text
    assert reviewer.entry.label == "ICD-10"
    assert workspace.document(document_id).decision is None
    reviewer.press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: workspace.document(document_id).decision is Decision.APPROVED)


def test_a_click_on_a_word_fills_the_field_in_hand(reviewer: Reviewer) -> None:
    view = reviewer.window.review.page
    reviewer.take("field:religion")
    heading = next(line for line in FORM.reading.pages[0].lines if line.text == "Hospice Admission Form")
    view.centerOn(QPointF(*bounds(heading.polygon).centre))
    where = view.mapFromScene(QPointF(*bounds(heading.polygon).centre))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert reviewer.window.review.panel.editor.text == "Hospice Admission Form"
    reviewer.press(Qt.Key.Key_Return)
    assert reviewer.window.review.keeper.draft.words[Place("religion")].value == "Hospice Admission Form"


def test_a_box_drawn_on_the_page_fills_the_field_in_hand_with_all_words_in_it(reviewer: Reviewer) -> None:
    view = reviewer.window.review.page
    QTest.keyClick(view, Qt.Key.Key_0, CONTROL)
    reviewer.take("field:religion")
    cell = FORM.reading.fields["primary_diagnosis"]
    assert cell is not None
    box = bounds(cell.polygon)
    view.centerOn(QPointF(*box.centre))
    begin, end = (
        view.mapFromScene(QPointF(x, y)) for x, y in ((box.left - 9, box.top - 9), (box.right + 9, box.bottom + 9))
    )
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(view.viewport(), QPoint((begin + end) / 2))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert reviewer.window.review.panel.editor.text == "Congestive heart failure"


def test_the_page_is_zoomed_to_the_field_in_hand_until_the_person_zooms(reviewer: Reviewer) -> None:
    view = reviewer.window.review.page
    view.resize(300, 500)
    reviewer.take("field:icd10_code")
    mark = view.mark("field:icd10_code")
    assert mark is not None
    assert view.mapFromScene(mark.sceneBoundingRect()).boundingRect().height() >= 28, "it can be read"
    QTest.keyClick(view, Qt.Key.Key_Minus, CONTROL)
    zoomed = view.zoom
    reviewer.take("field:npi")
    assert view.zoom == pytest.approx(zoomed)


def test_a_page_is_turned_and_its_boxes_with_it(reviewer: Reviewer) -> None:
    view = reviewer.window.review.page
    QTest.keyClick(view, Qt.Key.Key_BracketRight, CONTROL)
    mark = view.mark("field:address")
    assert mark is not None
    turned = view.mapFromScene(mark.sceneBoundingRect()).boundingRect()
    assert turned.height() > turned.width(), "a line of text stands upright now"
    QTest.keyClick(view, Qt.Key.Key_BracketLeft, CONTROL)
    back = view.mapFromScene(mark.sceneBoundingRect()).boundingRect()
    assert back.width() > back.height()


def test_a_tick_is_changed_with_the_space_bar(reviewer: Reviewer) -> None:
    reviewer.take("field:patient_signature_present")
    reviewer.window.review.panel.editor.line.setFocus()
    reviewer.press(Qt.Key.Key_Space)
    assert reviewer.window.review.panel.editor.text == "No"
    reviewer.press(Qt.Key.Key_Return)
    assert reviewer.window.review.keeper.draft.words[Place("patient_signature_present")].value is False


def test_a_tick_is_a_box_in_the_record_which_a_click_or_the_space_bar_changes(reviewer: Reviewer) -> None:
    panel, signed = reviewer.window.review.panel, Place("patient_signature_present")
    reviewer.take("field:patient_signature_present")
    view = panel.current_view()
    assert view is not None
    index = view.currentIndex()
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    assert index.flags() & Qt.ItemFlag.ItemIsUserCheckable, "screen readers say that it is one"
    box = tick_area(view.visualRect(index))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, PLAIN, box.center())
    assert reviewer.window.review.keeper.draft.words[signed].value is False
    assert view.currentIndex().data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
    assert reviewer.entry.value == "No"
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, PLAIN, box.center() + QPoint(3 * box.width(), 0))
    assert reviewer.window.review.keeper.draft.words[signed].value is False, "beside the box it is only taken in hand"
    view.setFocus()
    reviewer.press(Qt.Key.Key_Space)
    assert reviewer.window.review.keeper.draft.words[signed].value is True
    reviewer.press(Qt.Key.Key_Z, CONTROL)
    assert view.currentIndex().data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked


def test_a_document_is_rejected_for_a_reason(reviewer: Reviewer, workspace: Workspace, qtbot: QtBot) -> None:
    document_id = reviewer.window.review.document_id
    assert document_id is not None
    reviewer.window.review.header.reject.click()
    dialog = reviewer.window.review.findChild(RejectDialog)
    assert dialog is not None
    dialog.reason.setEditText("Sent to the wrong clinic")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.document(document_id).decision is Decision.REJECTED)
    assert workspace.document(document_id).reason == "Sent to the wrong clinic"
    qtbot.waitUntil(lambda: reviewer.window.model.index(0, 1).data() == "Rejected")


def test_a_note_is_there_for_whoever_opens_the_document_next(reviewer: Reviewer, qtbot: QtBot) -> None:
    review = reviewer.window.review
    review.header.notes.click()
    dialog = review.findChild(NotesDialog)
    assert dialog is not None
    assert not dialog.add.isEnabled()
    QTest.keyClicks(dialog.words, "Ask the ward about the dose.")
    dialog.add.click()
    qtbot.waitUntil(lambda: review.header.notes.text() == "Notes (1)")
    assert reviewer.entry.label == "NPI", "what was in hand is so still"


def test_who_corrected_a_value_and_how_it_was_read_is_shown(opened: Open, shelf: Shelf, workspace: Workspace) -> None:
    document_id = shelf.read("form.pdf", few_doubts())
    workspace.staff.add("Dana Ortiz", Role.MANAGER, "482913")
    workspace.session.sign_in("Dana Ortiz", "482913")
    workspace.review.correct(document_id, Place("patient_name"), "Ellen Whitfield")
    person = opened(document_id)
    person.take("field:patient_name")
    assert "Corrected by Dana Ortiz" in person.window.review.panel.detail.text()
    assert "it was read as Eleanor M. Whitfield" in person.window.review.panel.detail.text()


def test_where_people_contradict_each_other_both_values_are_offered_and_one_settles_it(
    opened: Open, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = shelf.read("form.pdf", few_doubts())
    workspace.review.correct(document_id, Place("patient_name"), "Ellen Whitfield")
    workspace.review.correct(document_id, Place("patient_name"), "Elena Whitfield", seen=())
    person = opened(document_id)
    person.take("field:patient_name")
    assert person.entry.is_contested
    assert [offer.value for offer in person.window.review.panel.editor.offers] == ["Elena Whitfield", "Ellen Whitfield"]
    person.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    for _ in range(3):
        person.press(Qt.Key.Key_Return)
    person.press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: not workspace.review.conflicts())
    assert value_of(workspace, document_id, "patient_name") == "Ellen Whitfield"


def test_whoever_may_only_look_is_offered_nothing(opened: Open, shelf: Shelf, workspace: Workspace) -> None:
    document_id = shelf.read("form.pdf", few_doubts())
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    workspace.session.sign_in("Dana", "482913")
    workspace.staff.add("Vic", Role.VIEWER, "771204")
    workspace.session.sign_in("Vic", "771204")
    person = opened(document_id)
    review = person.window.review
    assert not review.header.approve.isVisible()
    assert review.panel.editor.line.isReadOnly()
    person.press(Qt.Key.Key_Return)
    assert not review.keeper.draft.steps
