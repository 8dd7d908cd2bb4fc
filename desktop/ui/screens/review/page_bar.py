"""The bar above the page: turn pages, zoom, show the text's boxes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.ui.theme import Space
from desktop.ui.widgets import label, tool_button


class PageBar(QWidget):
    """Says which page is shown and how large; offers what can be done with it."""

    turned = Signal(int)
    """By how many pages to turn: 1 or -1."""
    zoom_wanted = Signal(int)
    """1 nearer, -1 farther, 0 the page's width."""
    lines_toggled = Signal(bool)
    follow_toggled = Signal(bool)
    """Whether the page is zoomed to the field in hand."""
    page_turned = Signal(int)
    """By how many degrees, clockwise."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.previous = tool_button(
            self.tr("Previous page"), "previous", lambda: self.turned.emit(-1), QKeySequence(Qt.Key.Key_PageUp)
        )
        self.next = tool_button(
            self.tr("Next page"), "next", lambda: self.turned.emit(1), QKeySequence(Qt.Key.Key_PageDown)
        )
        self.where = label("")
        self.where.setMinimumWidth(92)
        self.where.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nearer, farther = QKeySequence(QKeySequence.StandardKey.ZoomIn), QKeySequence(QKeySequence.StandardKey.ZoomOut)
        self.zoom_out = tool_button(self.tr("Zoom out"), "zoom_out", lambda: self.zoom_wanted.emit(-1), farther)
        self.zoom_in = tool_button(self.tr("Zoom in"), "zoom_in", lambda: self.zoom_wanted.emit(1), nearer)
        self.zoom = label("")
        self.zoom.setMinimumWidth(52)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.fit = tool_button(
            self.tr("Fit width"), "fit", lambda: self.zoom_wanted.emit(0), QKeySequence(self.tr("Ctrl+0"))
        )
        self.lines = tool_button(
            self.tr("Outline all text"), "lines", lambda: self.lines_toggled.emit(self.lines.isChecked())
        )
        self.lines.setCheckable(True)
        self.lines.setChecked(True)
        self.follow = tool_button(
            self.tr("Zoom to the field in hand"), "follow", lambda: self.follow_toggled.emit(self.follow.isChecked())
        )
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.left = tool_button(
            self.tr("Turn the page to the left"),
            "turn_left",
            lambda: self.page_turned.emit(-90),
            QKeySequence("Ctrl+["),
        )
        self.right = tool_button(
            self.tr("Turn the page to the right"),
            "turn_right",
            lambda: self.page_turned.emit(90),
            QKeySequence("Ctrl+]"),
        )
        self._lay_out()

    def show_page(self, number: int, count: int) -> None:
        """Page `number` of `count` is in front."""
        self.where.setText(self.tr("Page {0} of {1}").format(number, count))
        self.previous.setEnabled(number > 1)
        self.next.setEnabled(number < count)

    def show_zoom(self, zoom: float) -> None:
        """One page pixel is `zoom` screen pixels."""
        self.zoom.setText(self.tr("{0}%").format(round(zoom * 100)))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, Space.XS, Space.M, Space.XS)
        row.setSpacing(Space.XS)
        for widget in (self.previous, self.where, self.next):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (
            self.left,
            self.right,
            self.lines,
            self.follow,
            self.zoom_out,
            self.zoom,
            self.zoom_in,
            self.fit,
        ):
            row.addWidget(widget)
