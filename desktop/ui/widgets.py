"""The few widgets that more than one screen is made of."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.ui.theme import Space, theme


def label(text: str, look: str = "", wrap: bool = False) -> QLabel:
    """A label drawn as `look` (see the style sheet); its text is plain, whatever it holds."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("look", look)
    made.setWordWrap(wrap)
    return made


def button(text: str, icon_name: str, act: Callable[[], object], look: str = "") -> QPushButton:
    """A push button with words and an icon that follows the theme."""
    made = QPushButton(text)
    made.setProperty("look", look)
    made.setIconSize(QSize(16, 16))
    made.setAutoDefault(False)
    made.clicked.connect(lambda _checked: act())
    _follow_theme(made, icon_name, look)
    return made


def tool_button(words: str, icon_name: str, act: Callable[[], object], keys: QKeySequence | None = None) -> QToolButton:
    """A button that is an icon alone: `words` name it for screen readers and in its tool tip, with its shortcut."""
    made = QToolButton()
    made.setAccessibleName(words)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setIconSize(QSize(18, 18))
    shortcut = keys.toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
    made.setToolTip(f"{words} ({shortcut})" if shortcut else words)
    made.clicked.connect(lambda _checked: act())
    _follow_theme(made, icon_name, "")
    return made


def _follow_theme(made: QPushButton | QToolButton, icon_name: str, look: str) -> None:
    def draw() -> None:
        colours = theme().palette
        made.setIcon(theme().icon(icon_name, colours.on_accent if look == "primary" else colours.text))

    theme().changed.connect(draw)
    made.destroyed.connect(lambda: theme().changed.disconnect(draw))
    draw()


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
        self._close = tool_button(self.tr("Close this message"), "close", self._dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.XS, Space.S, Space.XS)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        self.hide()

    def tell(self, text: str) -> None:
        """`text` is shown, and spoken by screen readers."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()

    @property
    def text(self) -> str:
        """What is told now, empty where nothing is."""
        return "" if self.isHidden() else self._text.text()

    def _dismiss(self) -> None:
        self.hide()
        self.closed.emit()


def centred(*widgets: QWidget, width: int = 460) -> QWidget:
    """`widgets` below each other in the middle of the room, no wider than `width` pixels."""
    column = QWidget()
    column.setMaximumWidth(width)
    stack = QVBoxLayout(column)
    stack.setSpacing(Space.M)
    for widget in widgets:
        stack.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter if _is_small(widget) else Qt.AlignmentFlag(0))
        if isinstance(widget, QLabel):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
    room = QWidget()
    around = QVBoxLayout(room)
    around.addStretch(4)
    around.addWidget(column, 0, Qt.AlignmentFlag.AlignHCenter)
    around.addStretch(5)
    return room


def _is_small(widget: QWidget) -> bool:
    return not (isinstance(widget, QLabel) and widget.wordWrap())
