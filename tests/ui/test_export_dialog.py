"""Documents are handed on from the window: as files, on paper, and not by accident."""

from pathlib import Path
from uuid import UUID

import pypdfium2
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.errors import ExportStopped
from desktop.journey.review.draft import Draft, Turned
from desktop.services import Workspace
from desktop.ui.main_window import MainWindow
from desktop.ui.screens.export.dialog import ExportDialog
from shared.export import Format
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf


@pytest.fixture
def two(shelf: Shelf) -> list[UUID]:
    return [shelf.read("first.pdf"), shelf.read("second.pdf")]


def dialog_of(window: MainWindow) -> ExportDialog:
    found = window.findChild(ExportDialog)
    assert found is not None
    return found


def exported(dialog: ExportDialog, form: Format, place: Path, qtbot: QtBot) -> str:
    dialog.form.setCurrentIndex(dialog.form.findData(form.value))
    dialog.place.setText(str(place))
    with qtbot.waitSignal(dialog.settled, timeout=30_000):
        dialog.go.click()
    return dialog.outcome.text()


def acts(workspace: Workspace, action: str) -> int:
    with workspace.audit_lines() as lines:
        return sum(f'"{action}"' in line for line in lines)


@pytest.mark.usefixtures("two")
def test_several_documents_are_exported_from_the_inbox_with_a_key(
    open_window: OpenWindow, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.inbox.view.selectAll()
    QTest.keyClick(window.inbox.view, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = dialog_of(window)
    assert "1 files are in" in exported(dialog, Format.XLSX, tmp_path, qtbot)
    [book] = tmp_path.glob("*.xlsx")
    assert load_workbook(book).worksheets[0].max_row == 3, "headings and two documents"
    assert acts(workspace, "document.exported") == 2
    assert dialog.open_folder.isVisible()


def test_one_document_is_exported_under_its_own_name_and_nothing_is_written_over_unasked(
    open_window: OpenWindow, two: list[UUID], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(two[0])
    window.review.header.export.click()
    dialog = dialog_of(window)
    exported(dialog, Format.JSON, tmp_path, qtbot)
    assert [path.name for path in tmp_path.glob("*.json")] == ["first.json"]
    assert "is there already" in exported(dialog, Format.JSON, tmp_path, qtbot)
    dialog.overwrite.setChecked(True)
    assert "1 files are in" in exported(dialog, Format.JSON, tmp_path, qtbot)


def test_a_folder_that_is_not_there_is_told(
    open_window: OpenWindow, two: list[UUID], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.inbox.view.export_wanted.emit(tuple(two))
    assert "There is no folder" in exported(dialog_of(window), Format.CSV, tmp_path / "nowhere" / "at-all", qtbot)


def test_an_export_that_is_stopped_says_what_was_written(workspace: Workspace, two: list[UUID], tmp_path: Path) -> None:
    def first_alone(done: int, of: int) -> bool:
        assert of == 2
        return done < 1

    with pytest.raises(ExportStopped, match="1 of 2 documents are in"):
        workspace.exports.write(two, Format.JSON, tmp_path, going_on=first_alone)
    assert [path.name for path in tmp_path.glob("*.json")] == [f"{two[0]}.json"]
    with pytest.raises(ExportStopped, match="Nothing was written"):
        workspace.exports.write(two, Format.XLSX, tmp_path, going_on=first_alone)
    assert not list(tmp_path.glob("*.xlsx"))
    assert not list(tmp_path.glob(".chartdrop-export-*"))


def printed(dialog: ExportDialog, paper: Path, qtbot: QtBot) -> pypdfium2.PdfDocument:
    """What came out of a printer that writes a PDF."""
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(paper))
    with qtbot.waitSignal(dialog.settled, timeout=30_000):
        dialog.print_on(printer)
    return pypdfium2.PdfDocument(paper)


def inked(paper: pypdfium2.PdfDocument) -> tuple[int, int]:
    """How wide and how high what stands on the first sheet is, in points."""
    ink = paper[0].render(scale=1, grayscale=True).to_numpy() < 128
    down, across = ink.any(axis=1).nonzero()[0], ink.any(axis=0).nonzero()[0]
    return int(across[-1] - across[0]), int(down[-1] - down[0])


def test_pages_are_printed_upright_each_on_a_sheet_and_noted(
    open_window: OpenWindow, workspace: Workspace, two: list[UUID], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.inbox.view.export_wanted.emit(tuple(two))
    dialog = dialog_of(window)
    paper = printed(dialog, tmp_path / "paper.pdf", qtbot)
    assert dialog.outcome.text() == "4 pages went to the printer."
    assert len(paper) == 4
    across, down = inked(paper)
    assert 300 < across < down
    paper.close()
    assert acts(workspace, "document.printed") == 2


def test_a_page_that_was_turned_is_printed_so(
    open_window: OpenWindow, workspace: Workspace, shelf: Shelf, tmp_path: Path, qtbot: QtBot
) -> None:
    document_id = shelf.read("lying.pdf")
    workspace.review.finish(document_id, Draft().say(Turned(1, 90)), is_approved=False)
    window = open_window()
    window.inbox.view.export_wanted.emit((document_id,))
    paper = printed(dialog_of(window), tmp_path / "paper.pdf", qtbot)
    across, down = inked(paper)
    assert across > down > 200
    paper.close()
