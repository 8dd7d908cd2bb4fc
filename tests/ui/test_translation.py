"""Every word the window shows passes through Qt's translation."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from desktop.people.staff import Candidate
from desktop.services import Workspace
from desktop.ui.dialogs import PinSheet
from desktop.ui.navigation import Place
from desktop.ui.screens.audit.model import Column as AuditColumn
from desktop.ui.screens.help.about import AboutSheet
from desktop.ui.screens.help.licences import version
from desktop.ui.screens.help.shortcuts import ShortcutSheet, every_shortcut
from desktop.ui.screens.inbox.model import Column
from desktop.ui.screens.settings.folders import ProfileSheet
from desktop.ui.screens.settings.people import AdmissionSheet, PersonSheet, RecoverySheet
from desktop.ui.screens.unlock.dialog import FaultDialog, UnlockDialog
from desktop.ui.widgets import Choice
from desktop.vault.members import Member
from desktop.vault.people import Role
from desktop.vault.watched import Profile
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf

MARK = "¶"
NATIVE = QKeySequence.SequenceFormat.NativeText


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
def test_nothing_in_the_other_places_escapes_translation(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    shelf.contradicted("read.pdf")
    workspace.add_watched(tmp_path / "Scans", Profile(unit="Ward 3"))
    workspace.start(None)
    window = open_window()
    rooms = window.rooms
    for place, told in (
        (Place.SEARCH, rooms.search().searched),
        (Place.ACTIVITY, rooms.activity().looked),
        (Place.AUDIT, rooms.audit().listed),
        (Place.SETTINGS, rooms.settings().looked),
    ):
        with qtbot.waitSignal(told):
            window.show_place(place)
            if place is Place.SEARCH:
                rooms.search().typed.setText("whitfield")
    window.show_guide()
    values = {"1", "read.pdf", "Eleanor M. Whitfeld", "Eleanor N. Whitfield", str(tmp_path / "Scans")}
    assert not untranslated(window, *values)
    across = Qt.Orientation.Horizontal
    assert all(MARK in str(rooms.audit().model.headerData(one, across)) for one in AuditColumn)
    for choice in window.findChildren(Choice):
        assert all(MARK in choice.itemText(place) for place in range(choice.count())), choice.accessibleName()


@pytest.mark.usefixtures("marking")
def test_nothing_on_the_sheets_escapes_translation(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    keys = {one.toString(NATIVE) for part in every_shortcut() for keys in part.keys for one in keys.presses}
    data = {"Apache-2.0", str(tmp_path), version(), "A-CODE"}
    for sheet in (
        ShortcutSheet(window),
        AboutSheet(window, tmp_path),
        PersonSheet(window, is_first=False),
        AdmissionSheet(window, [Candidate(Member(UUID(int=1), "Nora", Role.REVIEWER, is_active=True), False)]),
        ProfileSheet(window, tmp_path, Profile(), ["referral"]),
        PinSheet(window, MARK, MARK, MARK),
        RecoverySheet(window, "A-CODE"),
    ):
        assert not untranslated(sheet, *keys, *data)


@pytest.mark.usefixtures("marking")
def test_nothing_in_the_dialogs_escapes_translation(qtbot: QtBot) -> None:
    for dialog in (UnlockDialog(True), UnlockDialog(False), FaultDialog("The store is in use.")):
        qtbot.addWidget(dialog)
        assert not untranslated(dialog, "The store is in use.")
