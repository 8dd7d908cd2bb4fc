"""The first steps: each does what it says, can be passed by, and is asked for once."""

import json
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from desktop.ui.screens.guide.sample import write_sample
from desktop.ui.screens.guide.screen import GuideScreen
from desktop.ui.screens.settings.people import PersonSheet, RecoverySheet
from tests.desktop.conftest import CommandLine
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    window = open_window()
    window.offer_guide()
    return window


def test_they_are_offered_where_nothing_was_done_and_once(
    window: MainWindow, workspace: Workspace, settings: Settings, qtbot: QtBot
) -> None:
    guide = window.rooms.guide()
    assert guide.isVisible()
    guide.skip.click()
    assert window.inbox.isVisible()
    window.close()
    again = MainWindow(workspace, WindowMemory(settings.data_dir))
    qtbot.addWidget(again)
    with qtbot.waitSignal(again.feed.loaded):
        again.show()
    again.offer_guide()
    assert again.inbox.isVisible()
    again.show_guide()
    assert again.rooms.guide().isVisible(), "but to be had whenever one wants"


def test_who_has_documents_is_not_asked(open_window: OpenWindow, shelf: Shelf) -> None:
    shelf.read()
    window = open_window()
    window.offer_guide()
    assert window.inbox.isVisible()


def test_a_folder_is_watched_from_the_first_step_on(
    window: MainWindow, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    guide = window.rooms.guide()
    with qtbot.waitSignal(guide.step_done):
        guide.watch(tmp_path / "Fax")
    assert [folder.root for folder in workspace.watched_folders()] == [tmp_path / "Fax"]
    assert str(tmp_path / "Fax") in guide.folder_said.text()
    with qtbot.waitSignal(guide.step_done):
        guide.watch(tmp_path / "Fax" / "inside")
    assert "lie in each other" in guide.folder_said.text()


def test_a_server_that_is_not_there_is_told_in_its_step(window: MainWindow, qtbot: QtBot) -> None:
    guide = window.rooms.guide()
    guide.show_step(1)
    guide.form.url.setText("http://127.0.0.1:9")
    guide.form.code.setText("ABCD")
    with qtbot.waitSignal(guide.step_done, timeout=10_000):
        guide.form.connect_device.click()
    assert "127.0.0.1:9" in guide.form.fault.text()


def test_the_first_person_is_signed_in_and_goes_on(window: MainWindow, workspace: Workspace, qtbot: QtBot) -> None:
    guide = window.rooms.guide()
    guide.show_step(2)
    guide.add_person.click()
    sheet = guide.sheet
    assert isinstance(sheet, PersonSheet)
    sheet.name.setText("Dana Ortiz")
    for line in (sheet.pin, sheet.again):
        line.setText("482913")
    with qtbot.waitSignal(guide.step_done):
        sheet.act.click()
    assert isinstance(guide.sheet, RecoverySheet)
    guide.sheet.accept()
    assert guide.isVisible()
    assert not workspace.session.is_locked()
    assert "Dana Ortiz is a manager" in guide.person_said.text()
    assert window.status_line.lock_button.text() == "Dana Ortiz"


def test_a_sample_goes_the_whole_way_to_its_review(window: MainWindow, shelf: Shelf, qtbot: QtBot) -> None:
    guide = window.rooms.guide()
    guide.show_step(3)
    with qtbot.waitSignal(guide.step_done):
        guide.read_sample.click()
    assert guide.sample_said.text() == "Waiting"
    qtbot.waitUntil(lambda: window.model.total == 1)
    document_id = window.model.summary(0).id
    shelf.finish(document_id, "Chartdrop sample.png")
    window.bridge.documents_changed.emit(frozenset({document_id}))
    qtbot.waitUntil(lambda: not guide.open_sample.isHidden())
    with qtbot.waitSignal(window.review.page_shown):
        guide.open_sample.click()
    assert window.review.document_id == document_id


def test_the_steps_go_forth_and_back(window: MainWindow) -> None:
    guide: GuideScreen = window.rooms.guide()
    assert not guide.back.isEnabled()
    for _ in range(3):
        guide.next.click()
    assert guide.next.text() == "Begin"
    guide.back.click()
    assert guide.next.text() == "Next"
    guide.next.click()
    guide.next.click()
    assert window.inbox.isVisible()


def test_the_sample_is_read_as_what_it_says(qapp: object, tmp_path: Path) -> None:
    path = write_sample(tmp_path)
    assert Image.open(path).size == (1700, 2200)
    read = CommandLine(tmp_path / "data").run("scan", path, "--json")
    assert read.returncode == 0, read.stderr
    found = json.loads(read.stdout)
    assert found["document_type"] == "hospice_admission"
    values = {name: cell["value"] for name, cell in found["fields"].items() if cell}
    assert values["date_of_birth"] == "1941-03-04"
    assert values["admission_date"] == "2026-11-19"
    assert values["icd10_code"] == "I50.9"
