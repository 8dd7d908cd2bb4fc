"""Tables of a document are edited like sheets: written, pasted, copied, struck out."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.ui.screens.review.sheet_view import SheetView
from desktop.vault.verdicts import Decision
from shared.documents.corrections import Place
from tests.ui.reviewer import CONTROL, Reviewer


def sheet(reviewer: Reviewer) -> SheetView:
    reviewer.take("table:medications:0:name")
    view = reviewer.window.review.panel.current_view()
    assert isinstance(view, SheetView)
    view.setFocus()
    return view


def test_a_cell_is_written_like_in_a_sheet(reviewer: Reviewer, qtbot: QtBot) -> None:
    view = sheet(reviewer)
    reviewer.take("table:medications:1:dose")
    view.edit(view.currentIndex())
    editor = view.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "2.5 mg")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: Place("dose", "medications", 1) in reviewer.window.review.keeper.draft.words)
    assert view.model().index(1, 1).data() == "2.5 mg"


def test_rows_from_a_spreadsheet_are_pasted_past_the_last(
    reviewer: Reviewer, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = reviewer.window.review.document_id
    assert document_id is not None
    view = sheet(reviewer)
    QGuiApplication.clipboard().setText("Senna\t8.6 mg\tby mouth\nHaloperidol\t0.5 mg\n")
    reviewer.take("table:medications:4:name")
    view.paste()
    assert view.model().rowCount() == 7, "two rows more, and a blank one"
    assert reviewer.window.review.panel.tabs.tabText(1) == "Medications (6)"
    reviewer.press(Qt.Key.Key_Z, CONTROL)
    assert view.model().rowCount() == 5, "a paste is one step"
    view.paste()
    reviewer.press(Qt.Key.Key_Return, CONTROL)
    reviewer.press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: workspace.document(document_id).decision is Decision.APPROVED)
    rows = workspace.reading(document_id).tables["medications"]
    assert [cell.value if (cell := row.get("name")) else None for row in rows[4:]] == ["Senna", "Haloperidol"]


def test_a_row_is_struck_out_and_copied_as_a_spreadsheet_takes_it(reviewer: Reviewer) -> None:
    view = sheet(reviewer)
    row = QItemSelection(view.model().index(3, 0), view.model().index(3, 3))
    view.selectionModel().select(row, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    view.copy()
    assert QGuiApplication.clipboard().text() == "Lisinopril\t10 mg\tby mouth\tonce a day"
    view.strike_rows()
    assert reviewer.window.review.panel.tabs.tabText(1) == "Medications (3)"
    said = reviewer.window.review.keeper.draft.words
    assert {place.row for place in said} == {3}
    assert {one.value for one in said.values()} == {None}
