"""A device that its organization revoked shows nothing of what it holds, and says why."""

from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf, revoke


def test_the_list_makes_room_for_the_reason_and_comes_back(
    qtbot: QtBot, open_window: OpenWindow, workspace: Workspace, settings: Settings, shelf: Shelf
) -> None:
    shelf.read("admission-0148.pdf")
    window = open_window()
    window.open_document(window.model.summary(0).id)
    revoke(settings)

    workspace.sync_now()

    qtbot.waitUntil(lambda: window.is_covered)
    assert "North Clinic revoked this device on 2026-03-05" in window.revoked_screen.sentence.text()
    assert window.model.rowCount() == 0
    assert window.review.document_id is None
    revoke(settings, lifted=True)
    with qtbot.waitSignal(window.feed.loaded):
        workspace.sync_now()
    assert not window.is_covered
    assert window.model.rowCount() == 1


def test_a_window_that_is_opened_on_it_says_why_there_is_nothing_to_see(
    qtbot: QtBot, workspace: Workspace, settings: Settings, shelf: Shelf
) -> None:
    shelf.read("admission-0148.pdf")
    revoke(settings)
    window = MainWindow(workspace, WindowMemory(settings.data_dir))
    qtbot.addWidget(window)
    window.show()
    window.start_work(None)

    qtbot.waitUntil(lambda: window.is_covered)
    assert window.model.rowCount() == 0
