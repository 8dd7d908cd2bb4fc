"""The last sync, what waits and why, what to do; and conflicts, settled."""

from pytestqt.qtbot import QtBot

from desktop.events import SyncFinished
from desktop.services import Workspace
from desktop.ui.main_window import MainWindow
from desktop.ui.navigation import Place
from desktop.ui.screens.activity.screen import ActivityScreen
from desktop.ui.widgets import Button
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf


def activity(window: MainWindow, qtbot: QtBot) -> ActivityScreen:
    screen = window.rooms.activity()
    with qtbot.waitSignal(screen.looked):
        window.show_place(Place.ACTIVITY)
    return screen


def keeps(screen: ActivityScreen) -> dict[str, Button]:
    """The buttons that settle, by what screen readers say of them."""
    found = (one for one in screen.conflicts.findChildren(Button) if one.text() == "Keep this" and one.isVisible())
    return {one.accessibleName(): one for one in found}


def test_a_device_on_its_own_says_what_is_safe_and_how_to_connect(
    open_window: OpenWindow, shelf: Shelf, qtbot: QtBot
) -> None:
    shelf.failed("locked.pdf", "The PDF is locked.")
    screen = activity(window := open_window(), qtbot)
    assert screen.headline.text() == "Everything stays on this machine, encrypted"
    assert "Nothing is lost" in screen.advice.text()
    assert screen.sync.isHidden()
    assert "Could not be read: 1." in screen.work_facts.text()
    screen.connect_server.click()
    assert window.rooms.settings().isVisible()


def test_a_server_that_is_away_is_told_with_what_waits(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> None:
    shelf.read()
    shelf.trouble_sync("http://127.0.0.1:9", "The server cannot be reached.")
    screen = activity(open_window(), qtbot)
    assert screen.headline.text() == "Not in touch with the server"
    safe = "What was read is safe here, and is sent by itself when the server answers again."
    assert screen.advice.text() == f"The server cannot be reached. {safe}"
    facts = screen.sync_facts.text()
    assert "Organization: North Clinic" in facts
    assert "Waits to be sent: 1 documents" in facts
    with qtbot.waitSignal(screen.looked):
        screen.sync.click()
    assert "127.0.0.1:9" in screen.notice.text
    assert screen.sync.isEnabled()


def test_a_metered_network_is_chosen_and_remembered(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    shelf.trouble_sync("http://127.0.0.1:9", "The server cannot be reached.")
    screen = activity(open_window(), qtbot)
    assert not screen.metered.isChecked()
    with qtbot.waitSignal(screen.looked):
        screen.metered.click()
    assert screen.metered.isChecked()
    assert workspace.house.rules().sync_metered.value


def test_a_conflict_is_shown_with_who_and_settled(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    document_id = shelf.contradicted()
    screen = activity(open_window(), qtbot)
    qtbot.waitUntil(lambda: len(keeps(screen)) == 2)
    assert list(keeps(screen)) == [
        "Keep “Eleanor M. Whitfeld”, said by Ravi",
        "Keep “Eleanor N. Whitfield”, said by Dana Ortiz",
    ]
    with qtbot.waitSignal(screen.looked):
        keeps(screen)["Keep “Eleanor N. Whitfield”, said by Dana Ortiz"].click()
    assert keeps(screen) == {}
    settled = workspace.reading(document_id).fields["patient_name"]
    assert settled is not None
    assert settled.value == "Eleanor N. Whitfield"


def test_what_happens_elsewhere_is_shown_as_it_comes(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> None:
    window = open_window()
    screen = activity(window, qtbot)
    document_id = shelf.contradicted()
    with qtbot.waitSignal(screen.looked):
        window.bridge.documents_changed.emit(frozenset({document_id}))
    qtbot.waitUntil(lambda: len(keeps(screen)) == 2)


def test_a_restored_store_says_what_happened_and_that_nothing_is_to_be_done(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    shelf.trouble_sync("http://127.0.0.1:9", "The server cannot be reached.")
    sentence = shelf.go_on_anew()
    screen = activity(window := open_window(), qtbot)
    assert f"Restored: {sentence}" in screen.sync_facts.text()
    assert "nothing was lost, and there is nothing to do" in sentence
    workspace.events.publish(SyncFinished(3, 0, None, note=sentence))
    qtbot.waitUntil(lambda: window.inbox.notice.text == sentence)
