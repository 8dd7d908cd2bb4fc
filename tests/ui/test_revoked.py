"""A device that its organization revoked shows nothing of what it holds, and says why."""

import httpx
from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from tests.desktop.conftest import server_url  # noqa: F401 - a fixture
from tests.desktop.journey.sync.test_pull import administrator
from tests.desktop.journey.sync.test_push import owner_of_a_new_organization
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


OWNER = "revoked-window@example.com"


def new_code(admin: httpx.Client) -> str:
    return str(admin.post("/api/v1/devices/enrolment-codes").json()["code"])


def test_a_new_code_lets_the_device_go_on_from_where_it_says_that_it_is_locked(
    qtbot: QtBot,
    workspace: Workspace,
    settings: Settings,
    shelf: Shelf,
    server_url: str,  # noqa: F811 - the fixture
) -> None:
    shelf.read("admission-0148.pdf")
    owner_of_a_new_organization(server_url, OWNER)
    admin = administrator(server_url, OWNER)
    workspace.connect(server_url, new_code(admin))
    workspace.sync_now()
    admin.delete(f"/api/v1/devices/{admin.get('/api/v1/devices').json()['items'][0]['id']}")
    workspace.sync_now()
    window = MainWindow(workspace, WindowMemory(settings.data_dir))
    qtbot.addWidget(window)
    window.show()
    window.start_work(None)
    qtbot.waitUntil(lambda: window.is_covered)
    form = window.revoked_screen.form
    assert form is not None
    qtbot.waitUntil(lambda: form.url.text() == server_url)

    form.code.setText("no code")
    form.connect_device.click()
    qtbot.waitUntil(form.fault.isVisible, timeout=10_000)
    form.code.setText(new_code(admin))
    with qtbot.waitSignal(window.feed.loaded, timeout=10_000):
        form.connect_device.click()

    assert not window.is_covered
    assert window.model.rowCount() == 1
    qtbot.waitUntil(lambda: workspace.status().unsynced == 0, timeout=20_000)
    workspace.stop()
    admin.close()
