"""The rail at the window's left: its places, each an icon with a word, and what waits there."""

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from desktop.ui.theme import Space, theme
from desktop.ui.widgets import one_of

_WIDTH = 88
_BUTTON = QSize(72, 60)
_ICON = QSize(22, 22)


class Place(StrEnum):
    """Where one can be in the window. A document's review belongs to the inbox."""

    INBOX = "inbox"
    SEARCH = "search"
    ACTIVITY = "activity"
    AUDIT = "audit"
    SETTINGS = "settings"


def place_name(place: Place) -> str:
    """What the place is called."""
    translate = QCoreApplication.translate
    return {
        Place.INBOX: translate("Rail", "Inbox"),
        Place.SEARCH: translate("Rail", "Search"),
        Place.ACTIVITY: translate("Rail", "Activity"),
        Place.AUDIT: translate("Rail", "Audit"),
        Place.SETTINGS: translate("Rail", "Settings"),
    }[place]


def place_keys(place: Place) -> QKeySequence:
    """Ctrl and the place's number; ⌘ on a Mac."""
    return QKeySequence(f"Ctrl+{list(Place).index(place) + 1}")


class Rail(QWidget):
    """One place is in front; `chosen` tells which one a person wants there."""

    chosen = Signal(object)
    """Place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_WIDTH)
        self.buttons = {place: _RailButton(place_name(place), place.value) for place in Place}
        self.help = _RailButton(self.tr("Help"), "help")
        self.help.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._group = one_of(self.buttons.values(), self)
        for place, one in self.buttons.items():
            keys = place_keys(place).toString(QKeySequence.SequenceFormat.NativeText)
            one.setToolTip(self.tr("{0} ({1})").format(place_name(place), keys))
            one.clicked.connect(lambda _, wanted=place: self.chosen.emit(wanted))
        self._lay_out()

    def bind_keys(self, window: QWidget) -> None:
        """In the whole `window`, each place's keys go there."""
        for place in Place:
            QShortcut(place_keys(place), window).activated.connect(lambda wanted=place: self.chosen.emit(wanted))

    def show_place(self, place: Place) -> None:
        """`place` is marked as the one in front."""
        self.buttons[place].setChecked(True)

    def show_badge(self, place: Place, count: int) -> None:
        """`count` things wait for a person at `place`; nothing is shown for none."""
        self.buttons[place].show_badge(count, self.tr("{0}, {1} to look at").format(place_name(place), count))

    def offer_help(self, menu: QMenu) -> None:
        """The help button opens `menu`."""
        self.help.setMenu(menu)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S, Space.M, Space.S, Space.M)
        column.setSpacing(Space.XS)
        for place, one in self.buttons.items():
            if place is Place.SETTINGS:
                column.addStretch(1)
            column.addWidget(one, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.help, 0, Qt.AlignmentFlag.AlignHCenter)


class _RailButton(QToolButton):
    """An icon above its word, with a number at its corner where something waits."""

    def __init__(self, words: str, icon_name: str) -> None:
        super().__init__()
        self._words, self._icon_name = words, icon_name
        self.setText(words)
        self.setAccessibleName(words)
        self.setProperty("look", "place")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(_ICON)
        self.setFixedSize(_BUTTON)
        self._badge = QLabel(self)
        self._badge.setProperty("look", "badge")
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.hide()
        self.toggled.connect(self._draw)
        theme().changed.connect(self._draw)
        self._draw()

    def show_badge(self, count: int, spoken: str) -> None:
        """`count` at the corner, and in what screen readers say."""
        self._badge.setText(str(min(count, 99)) if count else "")
        self._badge.setVisible(count > 0)
        self._badge.adjustSize()
        self.setAccessibleName(spoken if count else self._words)
        self._place_badge()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_badge()

    def _place_badge(self) -> None:
        self._badge.move(self.width() // 2 + Space.XS, Space.XS)

    def _draw(self) -> None:
        colours = theme().palette
        self.setIcon(theme().icon(self._icon_name, colours.accent_text if self.isChecked() else colours.muted))
