"""Folders, server, people, keeping and looks are set in the window; who may not change them sees why."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from desktop.ui.navigation import Place
from desktop.ui.screens.inbox.model import Column
from desktop.ui.screens.settings.folders import ProfileSheet, watch_words
from desktop.ui.screens.settings.people import AdmissionSheet, PersonSheet
from desktop.ui.screens.settings.screen import SettingsScreen
from desktop.ui.theme import DARK, HIGH_CONTRAST, LIGHT, Scheme, theme
from desktop.ui.widgets import Choice
from desktop.vault.people import Role
from desktop.vault.watched import Profile
from tests.desktop.conftest import server_url  # noqa: F401 - a fixture
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf

PIN = "482913"


@pytest.fixture(autouse=True)
def back_to_the_systems_colours() -> Iterator[None]:
    yield
    theme().choose(Scheme.SYSTEM)


def settings_of(window: MainWindow, qtbot: QtBot) -> SettingsScreen:
    screen = window.rooms.settings()
    with qtbot.waitSignal(screen.looked):
        window.show_place(Place.SETTINGS)
    return screen


def words(screen: SettingsScreen) -> str:
    return "\n".join(one.text() for one in screen.findChildren(QLabel) if one.isVisibleTo(screen))


def test_a_folder_is_added_with_its_profile_tested_changed_and_removed(
    open_window: OpenWindow, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    workspace.start(None)
    screen = settings_of(open_window(), qtbot)
    root = tmp_path / "Fax"
    screen.folders.ask_profile(root, None)
    sheet = screen.folders.sheet
    assert isinstance(sheet, ProfileSheet)
    sheet.kind.choose("hospice_admission")
    sheet.unit.setText("Ward 3")
    sheet.originals.choose("kept")
    with qtbot.waitSignal(screen.looked):
        sheet.act.click()
    [folder] = workspace.watched_folders()
    assert (folder.root, folder.profile) == (root, Profile("hospice_admission", "Ward 3", "kept"))
    qtbot.waitUntil(lambda: watch_words(workspace.watch_states()[0])[0] == "Tested: new files are noticed at once.")
    with qtbot.waitSignal(screen.looked):
        screen.refresh()
    told = "Hospice admission  ·  Ward 3  ·  Kept where they lie, untouched"
    qtbot.waitUntil(lambda: told in words(screen))
    assert "Tested: new files are noticed at once." in words(screen)

    screen.folders.ask_profile(root, folder)
    changing = screen.folders.sheet
    assert isinstance(changing, ProfileSheet)
    assert changing.unit.text() == "Ward 3"
    changing.unit.clear()
    with qtbot.waitSignal(screen.looked):
        changing.act.click()
    assert workspace.watched_folders()[0].profile.unit == ""

    with qtbot.waitSignal(screen.looked):
        screen.folders.removed.emit(folder)
    assert workspace.watched_folders() == ()
    qtbot.waitUntil(lambda: "No folder is watched yet." in words(screen))


def test_a_folder_that_was_chosen_in_the_inbox_is_listed_and_given_up(
    open_window: OpenWindow, workspace: Workspace, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.bridge.documents_changed, raising=False, timeout=500):
        window.errands.watch(tmp_path / "Scans")
    qtbot.waitUntil(lambda: len(workspace.watch_states()) == 1)
    screen = settings_of(window, qtbot)
    assert str(tmp_path / "Scans") in [one.accessibleName() for one in screen.findChildren(QLabel)]
    with qtbot.waitSignal(screen.looked):
        screen.folders.guest_removed.emit()
    assert workspace.watch_states() == ()
    assert "Scans" not in window.inbox._watched.text()


def test_a_folder_that_cannot_be_watched_is_told(
    open_window: OpenWindow, workspace: Workspace, tmp_path: Path, qtbot: QtBot
) -> None:
    screen = settings_of(open_window(), qtbot)
    workspace.add_watched(tmp_path / "Scans", Profile())
    screen.folders.added.emit(tmp_path / "Scans" / "inside", Profile())
    qtbot.waitUntil(lambda: "lie in each other" in screen.notice.text)


def enrolment_code(url: str) -> str:
    account = {"email": "window@example.com", "password": "a long enough passphrase"}
    more = {"full_name": "Dana Owner", "organization_name": "North Clinic"}
    assert httpx.post(f"{url}/api/v1/register", json=account | more).status_code == 201
    form = {"username": account["email"], "password": account["password"]}
    token = httpx.post(f"{url}/api/v1/login", data=form).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    code: str = httpx.post(f"{url}/api/v1/devices/enrolment-codes", headers=bearer).json()["code"]
    return code


def sync_marks(window: MainWindow) -> list[str]:
    return [str(window.model.index(row, Column.SYNC).data()) for row in range(window.model.rowCount())]


def test_the_device_is_enrolled_by_a_code_and_leaves_again(
    open_window: OpenWindow,
    shelf: Shelf,
    workspace: Workspace,
    server_url: str,  # noqa: F811 - the fixture
    qtbot: QtBot,
) -> None:
    shelf.read()
    screen = settings_of(window := open_window(), qtbot)
    form = screen.server.form
    form.connect_device.click()
    assert "Type the server’s address" in form.fault.text()
    form.url.setText(server_url)
    form.code.setText("not a code")
    QTest.keyClick(form.code, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.connect_device.isEnabled() and bool(form.fault.text()), timeout=10_000)
    assert form.url.text() == server_url, "what was typed stays"
    assert workspace.connection() is None

    form.code.setText(enrolment_code(server_url))
    with qtbot.waitSignal(screen.looked, timeout=10_000):
        form.connect_device.click()
    assert "Organization: North Clinic" in screen.server.facts.text()
    assert form.isHidden()
    assert form.code.text() == ""

    screen.server.leave.click()
    sheet = screen.server.sheet
    assert sheet is not None
    assert sheet.leave.isDefault(), "the safe answer is the one that Enter gives"
    qtbot.waitUntil(lambda: "This device only" not in sync_marks(window), timeout=10_000)
    with qtbot.waitSignal(window.feed.loaded):
        sheet.act.click()
    assert workspace.connection() is None
    assert sync_marks(window) == ["This device only"]


def add_person(screen: SettingsScreen, name: str, pin: str, again: str | None = None) -> PersonSheet:
    screen.people.ask_person()
    sheet = screen.people.sheet
    assert isinstance(sheet, PersonSheet)
    sheet.name.setText(name)
    sheet.pin.setText(pin)
    sheet.again.setText(pin if again is None else again)
    sheet.act.click()
    return sheet


def test_the_first_person_is_a_manager_is_signed_in_and_sees_the_recovery_code_once(
    open_window: OpenWindow, workspace: Workspace, qtbot: QtBot
) -> None:
    window = open_window()
    screen = settings_of(window, qtbot)
    sheet = add_person(screen, "Dana Ortiz", PIN, "482914")
    assert "not the same" in sheet.fault.text()
    sheet.again.setText(PIN)
    with qtbot.waitSignal(screen.looked):
        sheet.act.click()
    assert [(one.name, one.role) for one in workspace.staff.everybody()] == [("Dana Ortiz", Role.MANAGER)]
    assert window.status_line.lock_button.text() == "Dana Ortiz"
    assert not window.is_covered
    assert screen.recovery is not None
    code = screen.recovery.code.text()
    screen.recovery.accept()
    assert workspace.staff.recover("Dana Ortiz", code, "770412") != code


def test_a_pin_that_anybody_would_guess_is_refused_where_it_was_typed(
    open_window: OpenWindow, workspace: Workspace, qtbot: QtBot
) -> None:
    screen = settings_of(open_window(), qtbot)
    sheet = add_person(screen, "Dana Ortiz", "123456")
    qtbot.waitUntil(lambda: "among the first that anybody tries" in sheet.fault.text())
    assert sheet.isVisible()
    assert sheet.name.text() == "Dana Ortiz"
    assert workspace.staff.everybody() == ()
    sheet.reject()


@pytest.fixture
def staffed(workspace: Workspace) -> Workspace:
    """Dana manages and is signed in; Ravi reviews."""
    workspace.staff.add("Dana", Role.MANAGER, PIN)
    workspace.session.sign_in("Dana", PIN)
    workspace.staff.add("Ravi", Role.REVIEWER, "770412")
    return workspace


def test_a_manager_gives_roles_and_pins_and_removes_people(
    staffed: Workspace, open_window: OpenWindow, qtbot: QtBot
) -> None:
    screen = settings_of(open_window(), qtbot)
    with qtbot.waitSignal(screen.looked):
        screen.people.role_chosen.emit("Ravi", Role.VIEWER)
    assert [one.role for one in staffed.staff.everybody()] == [Role.MANAGER, Role.VIEWER]
    screen.people.pin_chosen.emit("Ravi", "991357")
    qtbot.waitUntil(lambda: "Ravi signs in with the new PIN" in screen.notice.text)
    with qtbot.waitSignal(screen.looked):
        screen.people.removed.emit("Ravi")
    assert [one.name for one in staffed.staff.everybody()] == ["Dana"]
    screen.people.removed.emit("Dana")
    qtbot.waitUntil(lambda: "The last manager stays one" in screen.notice.text)


def test_a_manager_lets_somebody_of_the_organization_work_here(
    staffed: Workspace, shelf: Shelf, open_window: OpenWindow, qtbot: QtBot
) -> None:
    nora = shelf.belongs("Nora Newcomer")
    screen = settings_of(open_window(), qtbot)
    screen.people.admit.click()
    sheet = screen.people.sheet
    assert isinstance(sheet, AdmissionSheet)
    assert [sheet.who.itemText(0), sheet.who.count()] == ["Nora Newcomer  ·  Reviewer", 1]
    sheet.pin.setText("123456")
    sheet.again.setText("123456")
    sheet.act.click()
    qtbot.waitUntil(lambda: "among the first that anybody tries" in sheet.fault.text())
    sheet.pin.setText("664205")
    sheet.again.setText("664205")
    with qtbot.waitSignal(screen.looked):
        sheet.act.click()
    _dana, admitted, _ravi = staffed.staff.everybody()
    assert (admitted.id, admitted.role) == (nora, Role.REVIEWER)
    assert screen.people.admit.isHidden(), "nobody is left to admit"
    roles = {one.accessibleName(): one for one in screen.people.findChildren(Choice)}
    assert not roles["Role of Nora Newcomer"].isEnabled(), "the organization gave them their role"
    assert roles["Role of Ravi"].isEnabled()


def test_nobody_is_admitted_before_there_is_a_manager(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> None:
    shelf.belongs("Nora Newcomer")
    screen = settings_of(open_window(), qtbot)
    assert screen.people.admit.isHidden()


def test_who_is_no_manager_sees_what_is_set_and_can_change_looks_alone(
    staffed: Workspace, open_window: OpenWindow, qtbot: QtBot
) -> None:
    staffed.session.sign_in("Ravi", "770412")
    screen = settings_of(open_window(), qtbot)
    assert "A manager can change what is greyed out here." in words(screen)
    for one in (screen.folders.add_folder, screen.people.add_person, screen.keeping.years, screen.server.form):
        assert not one.isEnabled()
    assert screen.appearance.schemes[Scheme.DARK].isEnabled()


def test_how_long_documents_are_kept_is_chosen(open_window: OpenWindow, workspace: Workspace, qtbot: QtBot) -> None:
    screen = settings_of(open_window(), qtbot)
    assert screen.keeping.years.currentText() == "7 years"
    with qtbot.waitSignal(screen.looked):
        screen.keeping.years.choose(10)
    assert workspace.house.rules().retention_years.value == 10
    with qtbot.waitSignal(screen.looked):
        screen.keeping.years.choose(0)
    assert screen.keeping.years.currentText() == "For ever"


@pytest.mark.parametrize(
    ("scheme", "palette"), [(Scheme.DARK, DARK), (Scheme.HIGH_CONTRAST, HIGH_CONTRAST), (Scheme.LIGHT, LIGHT)]
)
def test_colours_are_worn_at_once_and_remembered(
    scheme: Scheme, palette: object, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    screen = settings_of(window, qtbot)
    screen.appearance.schemes[scheme].click()
    assert theme().palette is palette
    assert screen._memory.scheme is scheme
    assert screen.appearance.schemes[scheme].isChecked()


def test_another_size_is_remembered_and_wanted_once_nobody_chooses_any_more(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    screen = settings_of(window, qtbot)
    with qtbot.waitSignal(window.size_chosen):
        screen.appearance.sizes.choose(115)
        screen.appearance.sizes.choose(150)
        assert screen._memory.size == 100
    assert screen._memory.size == 150
