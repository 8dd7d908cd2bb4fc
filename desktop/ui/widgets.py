"""The few widgets that more than one screen is made of."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.theme import Space, theme

_MOST_CHOICES = 14  # more are scrolled to
_CARET = 14


def label(text: str, look: str = "", wrap: bool = False) -> QLabel:
    """A label drawn as `look` (see the style sheet); its text is plain, whatever it holds."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("look", look)
    made.setWordWrap(wrap)
    return made


def say(one: QLabel, text: str, look: str) -> None:
    """`one` says `text`, drawn as `look`."""
    one.setText(text)
    if one.property("look") != look:
        one.setProperty("look", look)
        one.style().unpolish(one)  # Qt reads properties when it dresses a widget, not when they change
        one.style().polish(one)


class Button(QPushButton):
    """A push button with words and an icon, drawn as `look` (see the style sheet)."""

    def __init__(self, text: str, icon_name: str, look: str = "") -> None:
        super().__init__(text)
        self._icon_name, self._look = icon_name, look
        self.setProperty("look", look)
        self.setIconSize(QSize(16, 16))
        self.setAutoDefault(False)
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        colours = theme().palette
        self.setIcon(theme().icon(self._icon_name, colours.on_accent if self._look == "primary" else colours.text))


class IconButton(QToolButton):
    """A button that is an icon alone: `words` name it for screen readers and in its tool tip, with its shortcut."""

    def __init__(self, words: str, icon_name: str, keys: QKeySequence | None = None) -> None:
        super().__init__()
        self._icon_name = icon_name
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(18, 18))
        shortcut = keys.toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        self.setToolTip(f"{words} ({shortcut})" if shortcut else words)
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.setIcon(theme().icon(self._icon_name))


def button(text: str, icon_name: str, act: Callable[[], object], look: str = "") -> Button:
    """A `Button` that does `act` when it is pressed."""
    made = Button(text, icon_name, look)
    made.clicked.connect(lambda _checked: act())
    return made


def tool_button(words: str, icon_name: str, act: Callable[[], object], keys: QKeySequence | None = None) -> IconButton:
    """An `IconButton` that does `act` when it is pressed."""
    made = IconButton(words, icon_name, keys)
    made.clicked.connect(lambda _checked: act())
    return made


class Tick(QCheckBox):
    """A box to tick, with its words. Qt's own is hardly seen on a dark ground."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
            theme().icon("read", theme().palette.on_accent).paint(QPainter(self), box)


def one_of(buttons: Iterable[QAbstractButton], parent: QObject) -> QButtonGroup:
    """Of `buttons` one is checked: Tab reaches that one, and the arrow keys go from it to the others."""
    group = QButtonGroup(parent)

    def give_turn(one: QAbstractButton, checked: bool) -> None:
        # Qt does so from the second change on; before it, Tab would stop at each of them.
        one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if checked else Qt.FocusPolicy.ClickFocus)

    for one in buttons:
        one.setCheckable(True)
        give_turn(one, False)
        group.addButton(one)
    group.buttonToggled.connect(give_turn)
    return group


class Disc(QLabel):
    """A large icon on a round ground, for screens that have little else to show."""

    def __init__(self, icon_name: str, bad: bool = False) -> None:
        super().__init__()
        self._icon_name, self._bad = icon_name, bad
        self.setProperty("look", "disc-bad" if bad else "disc")
        self.setFixedSize(72, 72)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        colours = theme().palette
        drawn = theme().icon(self._icon_name, colours.bad_text if self._bad else colours.accent_text)
        self.setPixmap(drawn.pixmap(QSize(32, 32), self.devicePixelRatioF()))


class ElidedLabel(QLabel):
    """A line of text that is shortened in its middle where the room is short; the whole of it is in the tool tip."""

    def __init__(self, look: str = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", look)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """`text` is shown, shortened if it must be."""
        self._whole = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width()))


class Notice(QFrame):
    """One sentence about what just happened, which stays until it was read and closed."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "notice")
        self._text = label("", wrap=True)
        self._act: Callable[[], object] = lambda: None
        self.act = button("", "open", self._do, look="quiet")
        self._close = tool_button(self.tr("Close this message"), "close", self._dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.XS, Space.S, Space.XS)
        row.addWidget(self._text, 1)
        row.addWidget(self.act)
        row.addWidget(self._close)
        self.hide()

    def offer(self, words: str, act: Callable[[], object]) -> None:
        """Beside what is told stands a button, until something else is told."""
        self._act = act
        self.act.setText(words)
        self.act.show()

    def tell(self, text: str) -> None:
        """`text` is shown, and spoken by screen readers."""
        self.act.hide()
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()

    @property
    def text(self) -> str:
        """What is told now, empty where nothing is."""
        return "" if self.isHidden() else self._text.text()

    def _do(self) -> None:
        self._act()

    def _dismiss(self) -> None:
        self.hide()
        self.closed.emit()


def centred(*widgets: QWidget, width: int = 460) -> QWidget:
    """`widgets` below each other in the middle of the room, `width` pixels wide."""
    column = QWidget()
    column.setFixedWidth(width)
    stack = QVBoxLayout(column)
    stack.setSpacing(Space.M)
    for widget in widgets:
        if isinstance(widget, Button):
            stack.addSpacing(Space.S)
        stack.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter if _is_small(widget) else Qt.AlignmentFlag(0))
        if isinstance(widget, QLabel):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
    # No alignment on the column itself: an aligned widget is given its size hint, which knows nothing of wrapped lines.
    room = QWidget()
    across = QHBoxLayout()
    across.addStretch(1)
    across.addWidget(column)
    across.addStretch(1)
    around = QVBoxLayout(room)
    around.addStretch(4)
    around.addLayout(across)
    around.addStretch(5)
    return room


def _is_small(widget: QWidget) -> bool:
    return not (isinstance(widget, QLabel) and widget.wordWrap())


class ChoiceBox(QComboBox):
    """A box to choose in, with a caret of the theme's: Qt's own comes with a frame of another look."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colours = theme().palette
        area = QRect(self.width() - Space.XL - 2, (self.height() - _CARET) // 2, _CARET, _CARET)
        theme().icon("down", colours.muted if self.isEnabled() else colours.disabled).paint(QPainter(self), area)


class Choice(ChoiceBox):
    """A drop-down list; each entry has words and the value behind them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._values: tuple[object, ...] = ()  # Qt would hand an enumeration's members back as plain texts
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaxVisibleItems(_MOST_CHOICES)
        self.setMinimumContentsLength(6)
        self.setView(QListView())  # the native one takes no padding

    def offer(self, choices: Iterable[tuple[str, object]]) -> None:
        """Exactly `choices` can be chosen, words and values; what was chosen stays so where it still can be."""
        before, offered = self.chosen, tuple(choices)
        with QSignalBlocker(self):
            self.clear()
            self._values = tuple(value for _, value in offered)
            self.addItems([words for words, _ in offered])
            self.choose(before)

    @property
    def chosen(self) -> Any:
        """The value behind the entry that is chosen; None where there is none."""
        place = self.currentIndex()
        return self._values[place] if 0 <= place < len(self._values) else None

    def choose(self, value: object) -> None:
        """The entry with `value` is chosen, or the first where there is none."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)
