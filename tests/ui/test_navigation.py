"""One place is in front at a time; a rail, keys and the memory of yesterday lead there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from desktop.ui.navigation import Place
from desktop.ui.operation import finish_operations
from desktop.ui.screens.settings.people import PersonSheet
from desktop.vault.people import Role
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf

PIN = "482913"


def in_front(window: MainWindow) -> Place:
    """The place that is shown, which the rail marks as well."""
    rooms: dict[Place, QWidget] = {
        Place.INBOX: window.inbox,
        Place.SEARCH: window.rooms.search(),
        Place.ACTIVITY: window.rooms.activity(),
        Place.AUDIT: window.rooms.audit(),
        Place.SETTINGS: window.rooms.settings(),
    }
    [shown] = [place for place, room in rooms.items() if room.isVisible()]
    [marked] = [place for place, one in window.rail.buttons.items() if one.isChecked()]
    assert shown is marked
    return shown


def test_every_place_has_a_key_and_a_button(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    for number, place in enumerate(Place, start=1):
        QTest.keyClick(window, Qt.Key(ord("0") + number), Qt.KeyboardModifier.ControlModifier)
        assert in_front(window) is place
    for place, one in window.rail.buttons.items():
        QTest.mouseClick(one, Qt.MouseButton.LeftButton)
        assert in_front(window) is place


def test_find_leads_to_where_one_types(open_window: OpenWindow) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.rooms.search().typed


def test_the_next_day_begins_where_the_last_one_ended(
    open_window: OpenWindow, workspace: Workspace, settings: Settings, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_place(Place.AUDIT)
    window.close()

    again = MainWindow(workspace, WindowMemory(settings.data_dir))
    qtbot.addWidget(again)
    with qtbot.waitSignal(again.feed.loaded):
        again.show()

    assert in_front(again) is Place.AUDIT


def test_a_document_opened_from_elsewhere_leads_back_there(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> None:
    document_id = shelf.read()
    window = open_window()
    window.show_place(Place.ACTIVITY)
    with qtbot.waitSignal(window.review.page_shown):
        window.rooms.activity().opened.emit(document_id)
    assert window.review.isVisible()
    assert window.review.header.back.text() == "Activity"
    assert window.review.header.back.accessibleName() == "Back to Activity"
    QTest.mouseClick(window.review.header.back, Qt.MouseButton.LeftButton)
    assert in_front(window) is Place.ACTIVITY
    window.show_inbox()
    assert window.review.header.back.text() == "Inbox"


def test_what_waits_for_a_person_is_counted_at_activity(open_window: OpenWindow, shelf: Shelf) -> None:
    shelf.contradicted()
    shelf.trouble_sync("http://127.0.0.1:9", "The server cannot be reached.")
    window = open_window()
    button = window.rail.buttons[Place.ACTIVITY]
    assert button.accessibleName() == "Activity, 2 to look at"


def test_under_the_lock_screen_no_place_is_to_be_had(
    workspace: Workspace, settings: Settings, shelf: Shelf, qtbot: QtBot
) -> None:
    workspace.staff.add("Dana", Role.MANAGER, PIN)
    window = MainWindow(workspace, WindowMemory(settings.data_dir))
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.lock_screen.welcoming):
        window.show()
    assert window.rail.isHidden()
    for place in Place:
        window.show_place(place)
        assert window.is_covered


def test_a_sheet_is_put_aside_under_the_lock_screen_and_comes_back_as_it_was(
    workspace: Workspace, open_window: OpenWindow, qtbot: QtBot
) -> None:
    workspace.staff.add("Dana", Role.MANAGER, PIN)
    dana = workspace.session.sign_in("Dana", PIN)
    window = open_window()
    window.lock_screen.unlocked.emit(dana)
    window.show_place(Place.SETTINGS)
    window.rooms.settings().people.ask_person()
    sheet = window.rooms.settings().people.sheet
    assert isinstance(sheet, PersonSheet)
    sheet.name.setText("Ravi")

    with qtbot.waitSignal(window.lock_screen.welcoming):
        window.lock()
    assert not sheet.isVisible()
    workspace.session.sign_in("Dana", PIN)
    window.lock_screen.unlocked.emit(dana)

    assert sheet.isVisible()
    assert sheet.name.text() == "Ravi"
    finish_operations()


def test_whoever_signs_in_next_finds_nothing_of_what_was_searched(
    workspace: Workspace, settings: Settings, shelf: Shelf, qtbot: QtBot
) -> None:
    shelf.read()
    workspace.staff.add("Dana", Role.MANAGER, PIN)
    dana = workspace.session.sign_in("Dana", PIN)
    workspace.staff.add("Vera", Role.VIEWER, "770412")
    workspace.session.lock()
    window = MainWindow(workspace, WindowMemory(settings.data_dir))
    qtbot.addWidget(window)
    window.show()
    workspace.session.sign_in("Dana", PIN)
    window.lock_screen.unlocked.emit(dana)
    window.show_place(Place.SEARCH)
    search = window.rooms.search()
    with qtbot.waitSignal(search.hit_shown):
        search.typed.setText("whitfield")
    with qtbot.waitSignal(window.lock_screen.welcoming):
        window.lock()
    finish_operations()

    vera = workspace.session.sign_in("Vera", "770412")
    window.lock_screen.unlocked.emit(vera)

    assert window.inbox.isVisible()
    assert window.rooms.search() is not search
    assert window.rooms.search().typed.text() == ""
    finish_operations()


@pytest.mark.parametrize("per_cent", [100, 300])
def test_the_size_that_was_chosen_is_remembered(settings: Settings, per_cent: int) -> None:
    memory = WindowMemory(settings.data_dir)
    memory.choose_size(per_cent)
    memory.save()
    assert WindowMemory(settings.data_dir).size == per_cent
