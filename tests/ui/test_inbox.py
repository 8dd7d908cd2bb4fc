"""The inbox: what the store holds, live."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.events import DocumentChanged, PageRead
from desktop.services import Workspace
from desktop.ui.main_window import MainWindow
from desktop.ui.screens.inbox.model import BATCH_ROWS, Column, InboxModel
from desktop.vault.documents import DocumentState, DocumentSummary
from shared.ids import new_id
from tests.ui.conftest import OpenWindow
from tests.ui.paper import admission_form, unknown_letter
from tests.ui.shelf import Shelf


def shown(window: MainWindow, column: Column) -> list[str]:
    model = window.model
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def drop(window: MainWindow, *paths: Path) -> bool:
    """What the windowing system sends when files are dragged onto the window and let go."""
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.CopyAction
    entering = QDragEnterEvent(window.rect().center(), action, files, buttons, keys)
    QApplication.sendEvent(window, entering)
    dropping = QDropEvent(QPointF(window.rect().center()), action, files, buttons, keys)
    QApplication.sendEvent(window, dropping)
    return entering.isAccepted()


def test_the_list_shows_what_the_store_holds_newest_first(open_window: OpenWindow, shelf: Shelf) -> None:
    shelf.read("first.pdf")
    shelf.failed("second.pdf", "The PDF is locked with a password.")
    shelf.waiting("third.tif")
    window = open_window()
    assert shown(window, Column.DOCUMENT) == ["third.tif", "second.pdf", "first.pdf"]
    assert shown(window, Column.STATUS) == ["Waiting", "Not read", "Needs review"]
    assert shown(window, Column.PAGES) == ["–", "–", "2"]
    assert shown(window, Column.CONFIDENCE)[2].startswith("91%  ")
    assert shown(window, Column.RECEIVED) == ["just now"] * 3


def test_a_document_that_arrives_appears_by_itself(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    window = open_window()
    assert window.inbox.choose.isVisible(), "an empty inbox invites to begin"
    document_id = shelf.waiting("arrived.tif")
    workspace.events.publish(DocumentChanged(document_id))
    qtbot.waitUntil(lambda: shown(window, Column.STATUS) == ["Waiting"])
    assert window.inbox.view.isVisible()


def test_a_documents_status_follows_its_reading_page_by_page(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = shelf.waiting("long.pdf")
    window = open_window()
    workspace.events.publish(PageRead(document_id, 1, 3))
    qtbot.waitUntil(lambda: shown(window, Column.STATUS) == ["Reading 2 of 3"])
    shelf.finish(document_id, "long.pdf")
    workspace.events.publish(DocumentChanged(document_id))
    qtbot.waitUntil(lambda: shown(window, Column.STATUS) == ["Needs review"])
    assert window.model.summary(0).document_type == "hospice_admission"


def test_a_file_dropped_on_the_window_is_in_the_store(
    open_window: OpenWindow, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    scan = tmp_path / "dropped.png"
    scan.write_bytes(b"not a picture, which reading will find out")
    window = open_window()
    assert drop(window, scan)
    qtbot.waitUntil(lambda: shown(window, Column.DOCUMENT) == ["dropped.png"])
    assert [document.file_name for document in workspace.documents()] == ["dropped.png"]
    assert scan.exists(), "the original stays where it was"


def test_a_file_dropped_twice_is_listed_once_and_leads_to_the_first(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    scan, copy = tmp_path / "dropped.png", tmp_path / "copy.png"
    scan.write_bytes(b"the same content")
    copy.write_bytes(b"the same content")
    window = open_window()
    drop(window, scan)
    qtbot.waitUntil(lambda: shown(window, Column.DOCUMENT) == ["dropped.png"])
    drop(window, copy)
    qtbot.waitUntil(lambda: "copy.png" in window.inbox.notice.text)
    assert "dropped.png" in window.inbox.notice.text
    assert shown(window, Column.DOCUMENT) == ["dropped.png"]
    assert window.inbox.notice.act.text() == "Open the first one"
    QTest.mouseClick(window.inbox.notice.act, Qt.MouseButton.LeftButton)
    assert window.review.isVisible()
    assert window.review.header.title.accessibleName() == "dropped.png"
    window.inbox.notice.tell("something else")
    assert window.inbox.notice.act.isHidden()


def test_a_document_tells_how_many_of_its_values_are_to_check(open_window: OpenWindow, shelf: Shelf) -> None:
    shelf.read("form.pdf")
    shelf.read("letter.png", unknown_letter("letter.png", ""))
    window = open_window()
    [letter, form] = shown(window, Column.CONFIDENCE)
    assert form.endswith(f"  {admission_form().reading.to_review} to check")
    assert letter == "–"


def test_a_folder_dropped_on_the_window_is_not_taken(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    assert not drop(window, tmp_path)
    assert window.model.total == 0


def test_a_failed_document_says_why_and_can_be_tried_again(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = shelf.failed("locked.pdf", "The PDF is locked with a password.")
    window = open_window()
    window.open_document(document_id)
    standing = window.review.standing
    assert standing.sentence.text() == "The PDF is locked with a password."
    assert "original is kept" in standing.safe.text()
    QTest.mouseClick(standing.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: workspace.document(document_id).state is not DocumentState.FAILED)
    qtbot.waitUntil(lambda: standing.heading.text() == "Waiting for its turn")


def test_a_waiting_document_can_be_cancelled_and_then_tried_again(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = shelf.waiting("long.pdf")
    window = open_window()
    window.open_document(document_id)
    standing = window.review.standing
    assert not standing.retry.isVisible()
    QTest.mouseClick(standing.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: workspace.document(document_id).state is DocumentState.FAILED)
    qtbot.waitUntil(standing.retry.isVisible)
    assert "cancelled" in standing.sentence.text()
    assert not standing.cancel.isVisible()


def test_try_again_is_offered_only_where_it_helps(open_window: OpenWindow, shelf: Shelf) -> None:
    shelf.read("read.pdf")
    shelf.failed("locked.pdf", "The PDF is locked with a password.")
    window = open_window()
    menus = [window.inbox.view.actions_menu(window.model.index(row, 0)) for row in range(2)]
    assert [[action.text() for action in menu.actions()] for menu in menus] == [
        ["Open", "Try again"],
        ["Open", "Export or print…"],
    ]


def test_enter_opens_the_document_in_hand_and_escape_leads_back(
    open_window: OpenWindow, shelf: Shelf, qtbot: QtBot
) -> None:
    document_id = shelf.read()
    window = open_window()
    window.activateWindow()
    QTest.keyClick(window.inbox.view, Qt.Key.Key_Return)
    assert window.review.document_id == document_id
    qtbot.waitUntil(lambda: window.review.panel.current_view() is not None)
    QTest.keyClick(window.review.panel.tabs.currentWidget(), Qt.Key.Key_Escape)
    qtbot.waitUntil(window.inbox.isVisible)


def test_counts_stand_in_the_status_bar(open_window: OpenWindow, shelf: Shelf) -> None:
    shelf.read("one.pdf")
    shelf.failed("two.pdf", "It is empty.")
    shelf.waiting("three.pdf")
    window = open_window()
    assert window.counts.text() == "1 waiting  ·  1 read  ·  1 not read"
    assert window.last_sync.text() == "Everything stays on this machine, encrypted"


def summary(number: int) -> DocumentSummary:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return DocumentSummary(
        id=new_id(),
        file_name=f"scan-{number}.pdf",
        state=DocumentState.WAITING,
        document_type="unknown",
        page_count=0,
        pages_done=0,
        confidence=None,
        to_review=0,
        received_at=start + timedelta(minutes=number),
        finished_at=None,
        error=None,
        synced=False,
        sha256="",
        template="auto",
        legal_hold=False,
    )


def test_ten_thousand_documents_enter_the_view_in_batches() -> None:
    documents = [summary(number) for number in range(10_000)]
    model = InboxModel()
    model.replace_all(documents)
    assert (model.rowCount(), model.total) == (BATCH_ROWS, 10_000)
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert model.rowCount() == 2 * BATCH_ROWS
    assert model.summary(0).file_name == "scan-9999.pdf"


def test_an_old_document_beyond_the_rows_shown_changes_without_a_row() -> None:
    documents = [summary(number) for number in range(2 * BATCH_ROWS)]
    model = InboxModel()
    model.replace_all(documents)
    read = replace(documents[0], state=DocumentState.DONE)
    model.merge([read])
    assert model.rowCount() == BATCH_ROWS
    assert model.find(read.id) == read


def test_a_new_document_stands_first_and_the_others_keep_their_places() -> None:
    model = InboxModel()
    model.replace_all([summary(1), summary(2)])
    newest = summary(3)
    model.merge([newest])
    names = [model.summary(row).file_name for row in range(model.rowCount())]
    assert names == ["scan-3.pdf", "scan-2.pdf", "scan-1.pdf"]
    assert isinstance(newest.id, UUID)
    assert model.find(newest.id) is newest
