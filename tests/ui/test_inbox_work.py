"""Working the inbox: what is listed, what was pasted, how long it will take, many documents at once."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.events import DocumentChanged
from desktop.services import Workspace
from desktop.ui.main_window import MainWindow
from desktop.ui.screens.inbox.filter import Filter, Show
from desktop.ui.screens.inbox.model import Column, InboxModel
from desktop.ui.screens.inbox.pace import Pace
from desktop.vault.documents import DocumentState, DocumentSummary
from shared.ids import new_id
from tests.ui.conftest import OpenWindow
from tests.ui.paper import unknown_letter
from tests.ui.shelf import Shelf


def names(window: MainWindow) -> list[str]:
    return [str(window.model.index(row, Column.DOCUMENT).data()) for row in range(window.model.rowCount())]


@pytest.fixture
def window(open_window: OpenWindow, shelf: Shelf, workspace: Workspace) -> MainWindow:
    """An inbox with one document of each kind."""
    shelf.read("form Whitfield.pdf")
    shelf.read("letter.png", unknown_letter("letter.png", ""))
    workspace.review.reject(shelf.read("junk.pdf"), "Advertisement")
    shelf.failed("locked.pdf", "The PDF is locked with a password.")
    shelf.waiting("waiting.tif")
    return open_window()


@pytest.mark.parametrize(
    ("show", "listed"),
    [
        (Show.ALL, ["waiting.tif", "locked.pdf", "junk.pdf", "letter.png", "form Whitfield.pdf"]),
        (Show.REVIEW, ["form Whitfield.pdf"]),
        (Show.UNDER_WAY, ["waiting.tif"]),
        (Show.FAILED, ["locked.pdf"]),
        (Show.READY, ["letter.png"]),
        (Show.REJECTED, ["junk.pdf"]),
    ],
)
def test_documents_are_listed_by_what_is_to_be_done(window: MainWindow, show: Show, listed: list[str]) -> None:
    window.inbox.filters.buttons[show].click()
    assert names(window) == listed


def test_a_name_is_found_as_one_types_and_the_kind_narrows_it(window: MainWindow) -> None:
    filters = window.inbox.filters
    QTest.keyClicks(filters.words, "whit form")
    assert names(window) == ["form Whitfield.pdf"]
    filters.words.clear()
    filters.kinds.setCurrentIndex(filters.kinds.findData("hospice_admission"))
    assert names(window) == ["junk.pdf", "form Whitfield.pdf"]


def test_where_nothing_is_like_that_one_key_shows_everything_again(window: MainWindow) -> None:
    window.inbox.filters.words.setText("nobody")
    assert not window.inbox.view.isVisible()
    window.inbox.filters.clear()
    assert len(names(window)) == 5
    assert window.inbox.view.isVisible()


def test_a_document_leaves_the_list_that_it_is_no_longer_like(
    window: MainWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    window.inbox.filters.buttons[Show.UNDER_WAY].click()
    waiting = window.model.summary(0)
    shelf.finish(waiting.id, "waiting.tif")
    workspace.events.publish(DocumentChanged(waiting.id))
    qtbot.waitUntil(lambda: names(window) == [])
    assert window.inbox.filters.buttons[Show.REVIEW].text() == "Needs review  2"


def test_the_reason_of_a_rejection_stands_in_its_row(window: MainWindow) -> None:
    assert window.model.index(2, Column.STATUS).data() == "Rejected"
    assert window.model.summary(2).reason == "Advertisement"


def test_a_pasted_picture_is_in_the_store_and_nowhere_else(
    open_window: OpenWindow, workspace: Workspace, settings: object, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkCyan)
    QGuiApplication.clipboard().setImage(picture)
    QTest.keyClick(window.inbox.choose, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(names(window)) == 1)
    [document] = workspace.documents()
    assert document.file_name.startswith("Pasted ")
    assert document.state is DocumentState.WAITING
    png = io.BytesIO()
    Image.new("RGB", (40, 30)).save(png, "PNG")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes()[:8] == png.getvalue()[:8]]


def test_pasted_files_are_read(open_window: OpenWindow, tmp_path: Path, qtbot: QtBot) -> None:
    scan = tmp_path / "copied.png"
    scan.write_bytes(b"what the file manager put on the clipboard")
    window = open_window()
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(scan))])
    QGuiApplication.clipboard().setMimeData(files)
    window.inbox.paste()
    qtbot.waitUntil(lambda: names(window) == ["copied.png"])
    QGuiApplication.clipboard().clear()  # what it held must not outlive the application


def test_words_on_the_clipboard_are_no_document(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("Dear colleague")
    window.inbox.paste()
    assert "no picture and no file" in window.inbox.notice.text


def test_several_documents_are_tried_again_at_once(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    stuck = [shelf.failed(f"{number}.pdf", "It is empty.") for number in range(3)]
    window = open_window()
    window.inbox.view.selectAll()
    menu = window.inbox.view.actions_menu(window.model.index(0, 0))
    next(action for action in menu.actions() if action.text() == "Try again").trigger()
    qtbot.waitUntil(lambda: all(workspace.document(one).state is DocumentState.WAITING for one in stuck))


def test_all_reading_is_stopped_at_once(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    waiting = [shelf.waiting(f"{number}.pdf") for number in range(3)]
    window = open_window()
    assert window.inbox.progress.words.text() == "0 of 3 documents read"
    window.inbox.progress.cancel.click()
    qtbot.waitUntil(lambda: all(workspace.document(one).state is DocumentState.FAILED for one in waiting))
    qtbot.waitUntil(lambda: not window.inbox.progress.isVisible())


def test_a_thumbnail_comes_as_its_row_is_drawn_and_notes_no_look_at_the_page(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = shelf.read()
    window = open_window()
    qtbot.waitUntil(lambda: window.thumbnails.of(document_id, 1.0) is not None)
    with workspace.audit_lines() as lines:
        assert not [line for line in lines if "document.page_seen" in line]
    drawn = window.inbox.view.viewport().grab().toImage()
    assert len({drawn.pixel(x, y) for x in range(16, 52) for y in range(10, 54)}) > 5, "a page, and no plain ground"


def summary(number: int, state: DocumentState, pages: int = 0, done: int = 0) -> DocumentSummary:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return DocumentSummary(
        new_id(), f"{number}.pdf", state, "unknown", pages, done, None, 0, at, None, None, False, "", "auto", False
    )


def test_how_long_it_will_take_is_told_from_the_pages_read_lately() -> None:
    read = [summary(number, DocumentState.DONE, 2, 2) for number in range(3)]
    waiting = [summary(number, DocumentState.WAITING) for number in range(4)]
    pace = Pace()
    begun = pace.progress([*read, *waiting], 0.0)
    assert (begun.left, begun.of, begun.seconds) == (4, 4, None), "what was read before this spell counts not"
    for second in range(4):
        pace.page_read(float(second))
    half = pace.progress([*read, *(summary(9, DocumentState.DONE, 2, 2) for _ in range(2)), *waiting[2:]], 4.0)
    assert (half.left, half.of, half.share) == (2, 4, 0.5)
    assert half.seconds == pytest.approx(4.0), "two documents of two pages, a second each"
    assert pace.progress(read, 9.0).left == 0


def test_ten_thousand_documents_are_narrowed_and_found() -> None:
    model = InboxModel()
    model.replace_all([summary(number, DocumentState.WAITING) for number in range(10_000)])
    model.set_filter(Filter(words="4711"))
    assert (model.listed, model.total) == (1, 10_000)
    model.set_filter(Filter(show=Show.REVIEW))
    assert model.rowCount() == 0
    model.set_filter(Filter())
    assert model.listed == 10_000
