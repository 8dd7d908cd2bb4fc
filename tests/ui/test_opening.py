"""From the passphrase to the window."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services import open_workspace
from desktop.settings import Settings
from desktop.ui.application import EXIT_LOCKED, Opening
from desktop.ui.memory import WindowMemory
from desktop.ui.screens.unlock.dialog import UnlockDialog
from desktop.ui.theme import HIGH_CONTRAST, Scheme, theme
from desktop.vault.people import Role
from tests.ui.conftest import PASSPHRASE


@pytest.fixture
def asking(settings: Settings) -> Settings:
    """Settings without a passphrase: a person has to give it."""
    return settings.model_copy(update={"passphrase": None})


@pytest.fixture
def opening(asking: Settings, qtbot: QtBot) -> Iterator[Opening]:
    opening = Opening(asking)
    yield opening
    if opening.window is not None:
        opening.window.close()
    opening.close()


def make_store(settings: Settings) -> None:
    open_workspace(settings, lambda: None).close()


def dialog_of(opening: Opening, qtbot: QtBot) -> UnlockDialog:
    qtbot.waitUntil(lambda: opening.dialog is not None and opening.dialog.isVisible())
    assert opening.dialog is not None
    return opening.dialog


def test_the_right_passphrase_opens_the_window(opening: Opening, settings: Settings, qtbot: QtBot) -> None:
    make_store(settings)
    opening.begin()
    dialog = dialog_of(opening, qtbot)
    assert not dialog.again.isVisible()
    QTest.keyClicks(dialog.passphrase, PASSPHRASE)
    with qtbot.waitSignal(opening.window_opened):
        QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    assert opening.window is not None
    assert opening.window.isVisible()
    assert not dialog.isVisible()
    assert opening.exit_code == 0


def test_a_wrong_passphrase_is_told_and_can_be_typed_again(opening: Opening, settings: Settings, qtbot: QtBot) -> None:
    make_store(settings)
    opening.begin()
    dialog = dialog_of(opening, qtbot)
    QTest.keyClicks(dialog.passphrase, "something else")
    QTest.mouseClick(dialog.unlock, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.fault.text()))
    assert dialog.passphrase.isEnabled()
    dialog.passphrase.setText(PASSPHRASE)
    with qtbot.waitSignal(opening.window_opened):
        QTest.mouseClick(dialog.unlock, Qt.MouseButton.LeftButton)


def test_giving_up_touches_nothing_and_ends_with_the_contracts_code(opening: Opening, qtbot: QtBot) -> None:
    opening.begin()
    dialog_of(opening, qtbot).close()
    assert opening.exit_code == EXIT_LOCKED
    assert opening.window is None


def test_a_new_store_asks_for_a_passphrase_twice(opening: Opening, qtbot: QtBot) -> None:
    opening.begin()
    dialog = dialog_of(opening, qtbot)
    assert dialog.again.isVisible()
    QTest.keyClicks(dialog.passphrase, "short")
    QTest.mouseClick(dialog.unlock, Qt.MouseButton.LeftButton)
    assert "12 characters" in dialog.fault.text()
    dialog.passphrase.setText(PASSPHRASE)
    dialog.again.setText(PASSPHRASE + "!")
    QTest.mouseClick(dialog.unlock, Qt.MouseButton.LeftButton)
    assert "not the same" in dialog.fault.text()
    dialog.again.setText(PASSPHRASE)
    with qtbot.waitSignal(opening.window_opened):
        QTest.mouseClick(dialog.unlock, Qt.MouseButton.LeftButton)


def test_a_wrong_passphrase_from_the_environment_is_explained(settings: Settings, qtbot: QtBot) -> None:
    make_store(settings)
    opening = Opening(settings.model_copy(update={"passphrase": SecretStr("not this one")}))
    opening.begin()
    qtbot.waitUntil(lambda: opening.fault is not None and opening.fault.isVisible())
    assert opening.fault is not None
    opening.fault.reject()
    assert opening.exit_code == EXIT_LOCKED
    opening.close()


def test_a_second_chartdrop_shows_what_is_there_and_says_that_another_works(
    settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    first = open_workspace(settings, lambda: None)
    first.start(None)
    second = Opening(settings)
    with qtbot.waitSignal(second.window_opened):
        second.begin()
    window = second.window
    assert window is not None
    qtbot.waitUntil(lambda: bool(window.inbox.notice.text), timeout=20_000)
    window.close()
    second.close()
    first.close()


WHOLE_RUN = """
from PySide6.QtCore import QTimer
from desktop.settings import Settings
from desktop.ui.application import make_application, run_window

application = make_application()
watch = QTimer(interval=50)

def close_when_open():
    for window in application.topLevelWidgets():
        if window.objectName() == "chartdrop" and window.feed.is_loaded:
            window.close()

watch.timeout.connect(close_when_open)
watch.start()
raise SystemExit(run_window(Settings()))
"""


def test_the_window_opens_closes_and_ends_well_from_settings_alone(tmp_path: Path) -> None:
    environment = os.environ | {"CHARTDROP_DATA_DIR": str(tmp_path), "CHARTDROP_PASSPHRASE": PASSPHRASE}
    ended = subprocess.run(
        [sys.executable, "-c", WHOLE_RUN], env=environment, timeout=60, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


LOADED = """
import sys
import desktop.ui.application, desktop.ui.main_window
print(*sorted({"packaging", "phonenumbers", "qtawesome", "qtpy", "PIL", "cv2", "alembic"} & sys.modules.keys()))
before = list(sys.modules)
print(before.index("desktop.services") < before.index("PySide6"))
"""


def test_the_window_waits_for_nothing_that_it_does_not_need_at_once() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED], timeout=60, capture_output=True, text=True, check=False)
    assert loaded.stdout == "\nTrue\n", loaded.stderr


SCALED_RUN = """
from desktop.services import open_workspace
from desktop.settings import Settings
from desktop.ui.application import make_application
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from desktop.ui.navigation import Place
from desktop.ui.operation import finish_operations

settings = Settings()
memory = WindowMemory(settings.data_dir)
application = make_application(memory.size)
workspace = open_workspace(settings, lambda: None)
window = MainWindow(workspace, memory)
window.show()
assert window.devicePixelRatioF() == memory.size / 100, window.devicePixelRatioF()
room = window.screen().availableSize()
assert window.minimumWidth() <= room.width() and window.minimumHeight() <= room.height(), (window.minimumSize(), room)
window.resize(room)
for place in Place:
    window.show_place(place)
    application.processEvents()
    assert window.width() <= room.width(), (place, window.size(), room)
window.close()
finish_operations()
workspace.close()
"""


RESIZED_RUN = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop.settings import Settings
from desktop.ui import application
from desktop.ui.navigation import Place

make, sizes, signed_in = application.make_application, [], []

def make_watched(per_cent):
    made = make(per_cent)
    watch = QTimer(made, interval=50)
    watch.timeout.connect(lambda: [look(one) for one in made.topLevelWidgets() if one.objectName() == "chartdrop"])
    watch.start()
    return made

def look(window):
    if window.is_covered and not signed_in:
        signed_in.append(window._workspace.session.sign_in("Dana", "482913"))
        window.lock_screen.unlocked.emit(signed_in[0])
    if not window.feed.is_loaded or window.devicePixelRatioF() in sizes:
        return
    sizes.append(window.devicePixelRatioF())
    assert window.status_line.lock_button.text() == "Dana", "whoever signed in works on"
    if len(sizes) < 3:
        window.show_place(Place.SETTINGS)
        window.rooms.settings().appearance.sizes.choose((150, 200)[len(sizes) - 1])
    else:
        assert window.rooms.settings().isVisible()
        window.close()

application.make_application = make_watched
code = application.run_window(Settings())
assert QApplication.instance() is not None
print(sizes)
raise SystemExit(code)
"""


def test_another_size_is_drawn_at_once_on_the_store_as_it_is(settings: Settings, tmp_path: Path) -> None:
    workspace = open_workspace(settings, lambda: None)
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    workspace.close()
    environment = {name: value for name, value in os.environ.items() if name != "QT_SCALE_FACTOR"}
    environment |= {"CHARTDROP_DATA_DIR": str(settings.data_dir), "CHARTDROP_PASSPHRASE": PASSPHRASE}
    ended = subprocess.run(
        [sys.executable, "-c", RESIZED_RUN], env=environment, timeout=60, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "[1.0, 1.5, 2.0]\n"), ended.stderr
    workspace = open_workspace(settings, lambda: None)
    with workspace.audit_lines() as lines:
        acts = [line for line in lines if "person.signed_in" in line or "store.opened" in line]
    workspace.close()
    assert len(acts) == 2, "nobody signed in anew, and the store stayed open"


@pytest.mark.parametrize("per_cent", [100, 150, 300])
def test_the_size_that_was_chosen_is_drawn_and_fits_the_screen(tmp_path: Path, per_cent: int) -> None:
    memory = WindowMemory(tmp_path)
    memory.choose_size(per_cent)
    memory.save()
    environment = os.environ | {"CHARTDROP_DATA_DIR": str(tmp_path), "CHARTDROP_PASSPHRASE": PASSPHRASE}
    drawn = subprocess.run(
        [sys.executable, "-c", SCALED_RUN], env=environment, timeout=60, capture_output=True, text=True, check=False
    )
    assert drawn.returncode == 0, drawn.stderr


def test_the_colours_that_were_chosen_are_worn_from_the_first_dialog_on(settings: Settings) -> None:
    memory = WindowMemory(settings.data_dir)
    memory.scheme = Scheme.HIGH_CONTRAST
    memory.save()
    opening = Opening(settings)
    assert theme().palette is HIGH_CONTRAST
    opening.close()
    theme().choose(Scheme.SYSTEM)


def test_the_folder_chosen_once_is_watched_the_next_day(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "Scans"
    memory = WindowMemory(settings.data_dir)
    assert memory.watched_folder is None
    memory.watched_folder = folder
    memory.save()
    assert WindowMemory(settings.data_dir).watched_folder == folder
