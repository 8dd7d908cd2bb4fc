"""A person who reviews, and what they have in front of them."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.ui.main_window import MainWindow
from desktop.ui.screens.review.record import Entry
from shared.documents import Value
from tests.ui.paper import Paper, admission_form

FORM = admission_form()
DOUBTFUL = ["NPI", "ICD-10"]
CONTROL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


class Reviewer:
    """A person at the window, who knows the keyboard alone and counts what they press."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot, self.pressed = window, qtbot, 0
        window.activateWindow()

    @property
    def entry(self) -> Entry:
        entry = self.window.review.panel.editor.entry
        assert entry is not None
        return entry

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        focused = self.window.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, modifier)
        self.pressed += 1

    def write(self, text: str) -> None:
        QTest.keyClick(self.window.review.panel.editor.line, Qt.Key.Key_A, CONTROL)
        QTest.keyClicks(self.window.review.panel.editor.line, text)

    def take(self, key: str) -> None:
        self.window.review.panel.take(key)

    def finish_writing(self) -> None:
        keeper = self.window.review.keeper
        self.qtbot.waitUntil(lambda: not keeper.is_busy)


def few_doubts() -> Paper:
    """The admission form with two doubtful fields and a doubtful dose."""
    reading = FORM.reading
    meds = tuple(
        {
            name: replace(cell, needs_review=name == "dose" and number == 2) if cell else None
            for name, cell in row.items()
        }
        for number, row in enumerate(reading.tables["medications"])
    )
    return replace(FORM, reading=replace(reading, tables={**reading.tables, "medications": meds}))


Open = Callable[[UUID], Reviewer]


def value_of(workspace: Workspace, document_id: UUID | None, name: str) -> Value | None:
    assert document_id is not None
    cell = workspace.reading(document_id).fields[name]
    return cell.value if cell else None
