"""Nobody needs a mouse or eyes: every control has a name, and Tab reaches it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QLineEdit, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.ui.main_window import MainWindow
from desktop.ui.navigation import Place
from desktop.ui.screens.help.about import AboutSheet
from desktop.ui.screens.help.shortcuts import ShortcutSheet
from desktop.ui.screens.settings.folders import ProfileSheet
from desktop.ui.screens.settings.people import PersonSheet
from desktop.ui.screens.unlock.dialog import FaultDialog, UnlockDialog
from desktop.ui.screens.unlock.lock_screen import LockScreen
from desktop.vault.people import Role
from desktop.vault.watched import Profile
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf


def controls(root: QWidget) -> Iterator[QWidget]:
    """What can be worked with on the screen in front."""
    for widget in root.findChildren(QWidget):
        reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if reachable and widget.isVisibleTo(root) and widget.isEnabled():
            yield widget


def spoken_name(widget: QWidget) -> str:
    """What a screen reader says."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def reached_by_tab(root: QWidget, qtbot: QtBot) -> set[QWidget]:
    """Every widget that has the keyboard while one presses Tab once round; one that names a field does so for each."""
    reached: set[tuple[QWidget, str]] = set()
    for _ in range(120):
        focused = root.focusWidget()
        assert focused is not None
        if (focused, spoken_name(focused)) in reached:
            break
        reached.add((focused, spoken_name(focused)))
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return {widget for widget, _ in reached}


@pytest.fixture
def inbox(open_window: OpenWindow, shelf: Shelf) -> MainWindow:
    shelf.read()
    window = open_window()
    window.inbox.notice.tell("A file was refused.")
    return window


@pytest.fixture
def review(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> MainWindow:
    document_id = shelf.read()
    window = open_window()
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(document_id)
    return window


@pytest.fixture
def failed(open_window: OpenWindow, shelf: Shelf) -> MainWindow:
    document_id = shelf.failed("locked.pdf", "The PDF is locked with a password.")
    window = open_window()
    window.open_document(document_id)
    return window


@pytest.fixture
def empty(open_window: OpenWindow) -> MainWindow:
    return open_window()


@pytest.fixture
def unlock(qtbot: QtBot) -> QWidget:
    dialog = UnlockDialog(new_store=True)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def lock(workspace: Workspace, qtbot: QtBot) -> QWidget:
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    screen = LockScreen(workspace)
    qtbot.addWidget(screen)
    with qtbot.waitSignal(screen.welcoming):
        screen.welcome(None)
        screen.show()
    return screen


@pytest.fixture
def fault(qtbot: QtBot) -> QWidget:
    dialog = FaultDialog("Another Chartdrop works on these documents.")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def search(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> MainWindow:
    shelf.read()
    window = open_window()
    window.show_place(Place.SEARCH)
    screen = window.rooms.search()
    with qtbot.waitSignal(screen.hit_shown):
        screen.typed.setText("whitfield")
    return window


@pytest.fixture
def activity(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> MainWindow:
    shelf.contradicted()
    shelf.trouble_sync("http://127.0.0.1:9", "The server cannot be reached.")
    window = open_window()
    with qtbot.waitSignal(window.rooms.activity().looked):
        window.show_place(Place.ACTIVITY)
    return window


@pytest.fixture
def audit(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> MainWindow:
    shelf.read()
    window = open_window()
    with qtbot.waitSignal(window.rooms.audit().listed):
        window.show_place(Place.AUDIT)
    return window


@pytest.fixture
def settings_screen(open_window: OpenWindow, workspace: Workspace, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    workspace.add_watched(tmp_path / "Scans", Profile())
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    workspace.session.sign_in("Dana", "482913")
    window = open_window()
    with qtbot.waitSignal(window.rooms.settings().looked):
        window.show_place(Place.SETTINGS)
    return window


@pytest.fixture
def guide(open_window: OpenWindow) -> MainWindow:
    window = open_window()
    window.show_guide()
    window.rooms.guide().show_step(1)
    return window


@pytest.fixture
def person(open_window: OpenWindow, qtbot: QtBot) -> QWidget:
    sheet = PersonSheet(open_window(), is_first=False)
    sheet.show()
    return sheet


@pytest.fixture
def profile(open_window: OpenWindow, tmp_path: Path) -> QWidget:
    sheet = ProfileSheet(open_window(), tmp_path, Profile(), ["hospice_admission"])
    sheet.show()
    return sheet


@pytest.fixture
def shortcuts(open_window: OpenWindow) -> QWidget:
    sheet = ShortcutSheet(open_window())
    sheet.show()
    return sheet


@pytest.fixture
def about(open_window: OpenWindow, tmp_path: Path, qtbot: QtBot) -> QWidget:
    sheet = AboutSheet(open_window(), tmp_path)
    with qtbot.waitSignal(sheet.filled, timeout=20_000):
        sheet.show()
    return sheet


PLACES = ["inbox", "review", "failed", "empty", "search", "activity", "audit", "settings_screen", "guide"]
SHEETS = ["unlock", "lock", "fault", "person", "profile", "shortcuts", "about"]
SCREENS = PLACES + SHEETS


@pytest.mark.parametrize("screen", SCREENS)
def test_every_control_has_a_name(screen: str, request: pytest.FixtureRequest) -> None:
    root: QWidget = request.getfixturevalue(screen)
    nameless = [widget for widget in controls(root) if not spoken_name(widget) and not isinstance(widget, QTabBar)]
    assert not nameless


@pytest.mark.parametrize("screen", SCREENS)
def test_tab_reaches_every_control(screen: str, request: pytest.FixtureRequest, qtbot: QtBot) -> None:
    root: QWidget = request.getfixturevalue(screen)
    QApplication.setActiveWindow(root)
    qtbot.wait(50)  # what was just filled in is shown by then
    expected = set(controls(root))
    next(iter(expected)).setFocus()
    assert reached_by_tab(root, qtbot) >= expected


def test_a_row_of_the_inbox_is_spoken_column_by_column(inbox: MainWindow) -> None:
    model = inbox.model
    spoken = [
        str(model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole)) for column in range(model.columnCount())
    ]
    assert spoken[:3] == ["Document: admission-0148.pdf", "Status: Needs review", "Pages: 2"]


def test_a_field_is_spoken_with_its_certainty(review: MainWindow) -> None:
    panel = review.review.panel
    panel.take("field:npi")
    view = panel.current_view()
    assert view is not None
    assert view.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == "NPI: 1093817465, 55%, Doubtful"
    panel.take("field:religion")
    assert view.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == "Religion: not found"


def test_lists_keep_the_arrow_keys_and_leave_tab_alone(review: MainWindow) -> None:
    for view in review.findChildren(QAbstractItemView):
        assert not view.tabKeyNavigation()
    assert isinstance(review.review.page, QAbstractScrollArea)


def test_the_passphrase_is_never_shown(unlock: QWidget) -> None:
    assert {line.echoMode() for line in unlock.findChildren(QLineEdit)} == {QLineEdit.EchoMode.Password}
