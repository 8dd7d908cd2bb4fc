"""Every word the window shows passes through Qt's translation."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.screens.inbox.model import Column
from desktop.ui.screens.unlock.dialog import FaultDialog, UnlockDialog
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf

MARK = "¶"


class Marking(QTranslator):
    """Puts a mark on all that is translated."""

    def translate(self, _context: str, text: str, _comment: str | None = None, _count: int = -1) -> str:
        return MARK + text

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False


@pytest.fixture
def marking(qapp: object) -> Iterator[None]:
    translator = Marking()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def words(root: QWidget) -> Iterator[str]:
    """All that stands on labels, buttons and tabs."""
    for label in root.findChildren(QLabel):
        yield label.text()
    for button in root.findChildren(QAbstractButton):
        yield from (button.text(), button.accessibleName(), button.toolTip())
    for tabs in root.findChildren(QTabWidget):
        yield from (tabs.tabText(place) for place in range(tabs.count()))


def untranslated(root: QWidget, *data: str) -> set[str]:
    return {text for text in words(root) if text and MARK not in text and text not in data}


@pytest.mark.usefixtures("marking")
def test_nothing_in_the_window_escapes_translation(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> None:
    document_id, failed_id = shelf.read("read.pdf"), shelf.failed("locked.pdf", "The PDF is locked.")
    window = open_window()
    assert not untranslated(window)
    window.open_document(failed_id)
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(document_id)
    assert not untranslated(window, "read.pdf", "The PDF is locked.")
    across = Qt.Orientation.Horizontal
    assert all(MARK in str(window.model.headerData(column, across)) for column in Column)


@pytest.mark.usefixtures("marking")
def test_nothing_on_the_lock_screen_escapes_translation(open_window: OpenWindow) -> None:
    window = open_window()
    assert not untranslated(window.lock_screen)
    assert MARK in window.lock_screen.names.accessibleName()


@pytest.mark.usefixtures("marking")
def test_nothing_in_the_dialogs_escapes_translation(qtbot: QtBot) -> None:
    for dialog in (UnlockDialog(True), UnlockDialog(False), FaultDialog("The store is in use.")):
        qtbot.addWidget(dialog)
        assert not untranslated(dialog, "The store is in use.")
