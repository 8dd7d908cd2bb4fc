"""The sheet of shortcuts that `?` opens."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.cards import beside
from desktop.ui.navigation import Place, place_keys, place_name
from desktop.ui.theme import Space
from desktop.ui.widgets import button, label

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Keys:
    """What one presses, and what it does."""

    presses: tuple[QKeySequence, ...]
    does: str


@dataclass(frozen=True, slots=True)
class KeysOf:
    """The shortcuts of one part of the window."""

    part: str
    keys: tuple[Keys, ...]


def every_shortcut() -> tuple[KeysOf, ...]:
    """All shortcuts, by part, in the words and on the keys of this platform."""
    return (
        KeysOf(translate("Shortcuts", "Everywhere"), tuple(_everywhere())),
        KeysOf(translate("Shortcuts", "Inbox"), tuple(_inbox())),
        KeysOf(translate("Shortcuts", "Review"), tuple(_review())),
        KeysOf(translate("Shortcuts", "Search"), tuple(_search())),
    )


def _keys(does: str, *presses: QKeySequence | QKeySequence.StandardKey | str) -> Keys:
    keys = (QKeySequence(one) for one in presses)
    return Keys(tuple(one for one in keys if not one.isEmpty()), does)  # not every platform has keys for all


def _everywhere() -> Iterator[Keys]:
    standard = QKeySequence.StandardKey
    for place in Place:
        yield Keys((place_keys(place),), place_name(place))
    yield _keys(translate("Shortcuts", "Find"), standard.Find)
    yield _keys(translate("Shortcuts", "Add files"), standard.Open)
    yield _keys(translate("Shortcuts", "Lock, or let somebody else work"), "Ctrl+L")
    yield _keys(translate("Shortcuts", "This sheet"), "?")
    yield _keys(translate("Shortcuts", "Quit"), standard.Quit)


def _inbox() -> Iterator[Keys]:
    yield _keys(translate("Shortcuts", "Go through the documents"), "Up", "Down")
    yield _keys(translate("Shortcuts", "Open the document"), "Return")
    yield _keys(translate("Shortcuts", "Narrow the list"), "/")
    yield _keys(translate("Shortcuts", "Paste files or a picture"), QKeySequence.StandardKey.Paste)
    yield _keys(translate("Shortcuts", "Export or print"), "Ctrl+E", QKeySequence.StandardKey.Print)
    yield _keys(translate("Shortcuts", "Sync now"), QKeySequence.StandardKey.Refresh)


def _review() -> Iterator[Keys]:
    standard = QKeySequence.StandardKey
    yield _keys(translate("Shortcuts", "Confirm, and on to the next doubtful value"), "Return")
    yield _keys(translate("Shortcuts", "Approve the document"), "Ctrl+Return")
    yield _keys(translate("Shortcuts", "Go through the fields"), "Tab", "Down")
    yield _keys(translate("Shortcuts", "Another way to read it; a box to tick"), "Alt+1", "Space")
    yield _keys(translate("Shortcuts", "Undo, redo"), standard.Undo, standard.Redo)
    yield _keys(translate("Shortcuts", "Turn the page"), "PgUp", "PgDown")
    yield _keys(translate("Shortcuts", "Turn it on its side"), "Ctrl+[", "Ctrl+]")
    yield _keys(translate("Shortcuts", "Export or print"), "Ctrl+E", standard.Print)
    yield _keys(translate("Shortcuts", "Nearer, farther"), standard.ZoomIn, standard.ZoomOut)
    yield _keys(translate("Shortcuts", "The page’s width"), "Ctrl+0")
    yield _keys(translate("Shortcuts", "Back to where you came from"), "Esc")


def _search() -> Iterator[Keys]:
    yield _keys(translate("Shortcuts", "From what you type to what was found"), "Down")
    yield _keys(translate("Shortcuts", "Open the document at the hit"), "Return")
    yield _keys(translate("Shortcuts", "Begin anew"), "Esc")


class ShortcutSheet(QDialog):
    """All shortcuts at one look; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Shortcuts"))
        parts = every_shortcut()
        columns = QHBoxLayout()
        columns.setSpacing(Space.XXL)
        columns.addLayout(_column(parts[:2]))
        columns.addLayout(_column(parts[2:]))
        self.close_button = button(self.tr("Close"), "close", self.close)
        self.close_button.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        column.setSpacing(Space.L)
        column.addWidget(label(self.tr("Shortcuts"), "title"))
        column.addLayout(columns)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column.addLayout(buttons)


def _column(parts: tuple[KeysOf, ...]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(Space.S)
    for part in parts:
        column.addWidget(label(part.part, "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(1, 1)
        for row, keys in enumerate(keys for keys in part.keys if keys.presses):
            grid.addWidget(_pressed(keys.presses), row, 0)
            grid.addWidget(label(keys.does), row, 1)
        column.addLayout(grid)
        column.addSpacing(Space.M)
    column.addStretch(1)
    return column


def _pressed(presses: tuple[QKeySequence, ...]) -> QWidget:
    native = QKeySequence.SequenceFormat.NativeText
    made = beside(*(label(one.toString(native), "key") for one in presses), spacing=Space.XS)
    made.setMinimumWidth(140)
    return made
