"""A shared machine: who is it, and what stays under the lock screen."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services import Workspace, open_workspace
from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from desktop.ui.operation import finish_operations
from desktop.vault.people import Role
from shared.audit import entry_from_json
from tests.ui.shelf import Shelf

DANA_PIN, VERA_PIN = "482913", "770412"


@pytest.fixture
def shared(workspace: Workspace) -> Workspace:
    """Dana manages, Vera views; nobody is signed in."""
    workspace.staff.add("Dana", Role.MANAGER, DANA_PIN)
    workspace.session.sign_in("Dana", DANA_PIN)
    workspace.staff.add("Vera", Role.VIEWER, VERA_PIN)
    workspace.session.lock()
    return workspace


@pytest.fixture
def window(qtbot: QtBot, shared: Workspace, settings: Settings, shelf: Shelf) -> MainWindow:
    shelf.read("admission-0148.pdf")
    return opened(qtbot, shared, settings)


def opened(qtbot: QtBot, workspace: Workspace, settings: Settings) -> MainWindow:
    window = MainWindow(workspace, WindowMemory(settings.data_dir))
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.lock_screen.welcoming):
        window.show()
    return window


def enter(window: MainWindow, name: str, pin: str) -> None:
    screen = window.lock_screen
    [item] = screen.names.findItems(name, Qt.MatchFlag.MatchExactly)
    screen.names.setCurrentItem(item)
    QTest.keyClicks(screen.pin, pin)
    QTest.keyClick(screen.pin, Qt.Key.Key_Return)


def unlock(qtbot: QtBot, window: MainWindow, name: str, pin: str) -> None:
    with qtbot.waitSignal(window.feed.loaded):
        enter(window, name, pin)


def acts(workspace: Workspace) -> list[tuple[str, str]]:
    with workspace.audit_lines() as lines:
        entries = [entry_from_json(line).entry for line in lines]
    return [(entry.actor, entry.action) for entry in entries]


def test_nothing_is_shown_before_somebody_signed_in(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.lock_screen
    assert window.is_covered
    assert [screen.names.item(row).text() for row in range(screen.names.count())] == ["Dana", "Vera"]
    assert screen.pin.hasFocus() or window.focusWidget() is screen.pin
    assert not window.feed.is_begun
    assert window.statusBar().isHidden()

    unlock(qtbot, window, "Vera", VERA_PIN)

    assert not window.is_covered
    assert window.inbox.isVisible()
    assert window.model.total == 1
    assert screen.pin.text() == ""


def test_a_wrong_pin_is_told_and_the_wait_is_counted_down_for_that_person_alone(
    window: MainWindow, qtbot: QtBot
) -> None:
    screen = window.lock_screen
    for _ in range(3):
        screen.fault.setText("")
        enter(window, "Vera", "not this one")
        qtbot.waitUntil(lambda: bool(screen.fault.text()) and screen.pin.text() == "")
    qtbot.waitUntil(lambda: "try again in 0:05" in screen.fault.text())
    assert not screen.pin.isEnabled()
    qtbot.waitUntil(lambda: "try again in 0:03" in screen.fault.text(), timeout=5000)
    unlock(qtbot, window, "Dana", DANA_PIN)
    assert not window.is_covered


def test_who_comes_back_finds_it_as_it_was_and_somebody_else_the_inbox(
    window: MainWindow, shared: Workspace, qtbot: QtBot
) -> None:
    unlock(qtbot, window, "Dana", DANA_PIN)
    document_id = shared.documents()[0].id
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(document_id)

    with qtbot.waitSignal(window.lock_screen.welcoming):
        QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(shared.session.is_locked)
    assert window.is_covered
    assert window.lock_screen.names.currentItem().text() == "Dana"
    unlock(qtbot, window, "Dana", DANA_PIN)
    assert window.review.isVisible()
    assert window.review.document_id == document_id

    with qtbot.waitSignal(window.lock_screen.welcoming):
        window.lock()
    unlock(qtbot, window, "Vera", VERA_PIN)
    assert window.inbox.isVisible()
    assert window.review.document_id is None
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(document_id)
    seen = [actor for actor, action in acts(shared) if action == "document.page_seen"]
    assert len(seen) == len(set(seen)) == 2  # Vera opened it herself


def test_the_window_locks_by_itself_and_a_key_keeps_it_open(
    qtbot: QtBot, shared: Workspace, settings: Settings, shelf: Shelf
) -> None:
    shelf.read("admission-0148.pdf")
    finish_operations()
    quick = open_workspace(settings.model_copy(update={"lock_minutes": 0.07}), lambda: None)
    try:
        window = opened(qtbot, quick, settings)
        unlock(qtbot, window, "Dana", DANA_PIN)
        for _ in range(4):
            qtbot.wait(1500)
            QTest.keyClick(window.windowHandle(), Qt.Key.Key_Down)  # as the system would hand it over
        assert not window.is_covered  # longer than it takes to lock

        qtbot.waitUntil(lambda: window.is_covered, timeout=10_000)

        assert quick.session.person() is None
        assert acts(quick)[-1][1] == "person.signed_out"
        window.close()
        finish_operations()
    finally:
        quick.close()


def test_people_added_while_the_window_is_open_lock_it(
    qtbot: QtBot, workspace: Workspace, settings: Settings, tmp_path: Path
) -> None:
    window = MainWindow(workspace, WindowMemory(settings.data_dir))
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.feed.loaded):
        window.show()
    workspace.staff.add("Dana", Role.MANAGER, DANA_PIN)

    qtbot.waitUntil(lambda: window.is_covered, timeout=5000)


def test_what_a_viewer_may_not_do_is_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    unlock(qtbot, window, "Vera", VERA_PIN)
    scan = tmp_path / "scan.png"
    scan.write_bytes(b"x")

    window.errands.add_files((scan,))

    qtbot.waitUntil(lambda: "Vera is a viewer here and may not" in window.inbox.notice.text)
