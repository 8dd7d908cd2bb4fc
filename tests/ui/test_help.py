"""The sheet of shortcuts tells what is bound; About tells what is inside and under which licence."""

from importlib import metadata

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from desktop.ui.screens.help.about import AboutSheet
from desktop.ui.screens.help.licences import Part, parts
from desktop.ui.screens.help.shortcuts import ShortcutSheet, every_shortcut
from tests.ui.conftest import OpenWindow


def bound_keys(window: MainWindow) -> set[str]:
    """All keys that something in the window answers to by itself."""
    shortcuts = {one.key().toString() for one in window.findChildren(QShortcut)}
    return shortcuts | {one.shortcut().toString() for one in window.findChildren(QAbstractButton)} - {""}


def test_every_key_of_the_sheet_that_is_no_key_of_lists_and_fields_is_bound(open_window: OpenWindow) -> None:
    window = open_window()
    window.rooms.search()
    of_lists_and_fields = {"Up", "Down", "Return", "Tab", "Space"}
    told = {one.toString() for part in every_shortcut() for keys in part.keys for one in keys.presses}
    assert told - of_lists_and_fields <= bound_keys(window)
    assert {"Ctrl+1", "Ctrl+5", "Ctrl+L", "Ctrl+F", "?", "Esc"} <= told


def test_a_question_mark_opens_the_sheet(open_window: OpenWindow) -> None:
    window = open_window()
    QTest.keyClicks(window, "?")
    [sheet] = window.findChildren(ShortcutSheet)
    assert sheet.isVisible()
    assert QKeySequence("Ctrl+1").toString() in [one.text() for one in sheet.findChildren(QLabel)]
    sheet.close()


def test_a_question_mark_that_is_typed_is_typed(open_window: OpenWindow) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    typed = window.rooms.search().typed
    QTest.keyClicks(typed, "?")
    assert typed.text() == "?"
    assert not window.findChildren(ShortcutSheet)


@pytest.fixture(scope="module")
def inside() -> dict[str, Part]:
    return {part.name: part for part in parts()}


def test_everything_that_chartdrop_needs_is_named_with_its_licence(inside: dict[str, Part]) -> None:
    names = {name.lower().replace("_", "-") for name in inside}
    assert {"chartdrop", "pyside6-essentials", "paddleocr", "sqlcipher3", "cryptography"} <= names
    assert "pytest" not in names, "what only developers need is not inside"
    assert inside["PySide6_Essentials"].version == metadata.version("PySide6-Essentials")
    assert "LGPL" in inside["PySide6_Essentials"].licence
    assert "OFL" in inside["Inter (typeface)"].text


def test_nearly_all_of_it_says_its_licence(inside: dict[str, Part]) -> None:
    silent = [name for name, part in inside.items() if not part.licence and not part.text]
    assert len(silent) <= len(inside) // 20, silent


def test_about_says_the_version_and_where_data_lie(open_window: OpenWindow, settings: Settings, qtbot: QtBot) -> None:
    window = open_window()
    window.show_about()
    [sheet] = window.findChildren(AboutSheet)
    with qtbot.waitSignal(sheet.filled, timeout=20_000):
        pass
    told = sheet.facts.text()
    assert f"Version: {metadata.version('chartdrop')}" in told
    assert str(settings.data_dir) in told
    sheet.names.setCurrentRow(sheet.names.count() - 1)
    assert sheet.text.toPlainText().startswith("OFL-1.1")
    sheet.close()
