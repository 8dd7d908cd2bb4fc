"""What screens are laid out of: a header, cards below each other, rows of widgets, facts in two columns."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.theme import Space, theme
from desktop.ui.widgets import label

_HEADER_HEIGHT = 58  # as high with buttons as without
_FACT_WIDTH = 148  # pixels for what a fact is about


class Card(QFrame):
    """A titled part of a screen; widgets are added below each other."""

    def __init__(self, title: str, icon_name: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        self.setProperty("look", "card")
        self._sign = QLabel()
        self._head = QHBoxLayout()
        self._head.setSpacing(Space.S)
        self._head.addWidget(self._sign)
        self._head.addWidget(label(title, "heading"))
        self._head.addStretch(1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L + Space.XS)
        self.column.setSpacing(Space.M)
        self.column.addLayout(self._head)
        theme().changed.connect(self._draw)
        self._draw()

    def add_to_head(self, widget: QWidget) -> None:
        """`widget` stands at the right of the title."""
        self._head.addWidget(widget)

    def add(self, *widgets: QWidget) -> None:
        """`widgets` stand below what there is."""
        for widget in widgets:
            self.column.addWidget(widget)

    def _draw(self) -> None:
        drawn = theme().icon(self._icon_name, theme().palette.accent_text)
        self._sign.setPixmap(drawn.pixmap(QSize(20, 20), self.devicePixelRatioF()))


def beside(*widgets: QWidget, stretch: int | None = None, spacing: int = Space.S) -> QWidget:
    """`widgets` beside each other, as wide as they need; the one at `stretch` takes the rest, else what follows."""
    row_of = QWidget()
    row = QHBoxLayout(row_of)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for place, widget in enumerate(widgets):
        row.addWidget(widget, 1 if place == stretch else 0)
    if stretch is None:
        row.addStretch(1)
    return row_of


def header(title: str, *at_right: QWidget) -> QWidget:
    """The bar at the top of a screen: its title, and what can be done there."""
    bar = QWidget()
    bar.setProperty("look", "header")
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    bar.setMinimumHeight(_HEADER_HEIGHT)
    row = QHBoxLayout(bar)
    row.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
    row.setSpacing(Space.S)
    row.addWidget(label(title, "title"))
    row.addStretch(1)
    for widget in at_right:
        row.addWidget(widget)
    return bar


def column_of_cards(*cards: QWidget, width: int = 760, is_lone: bool = False) -> QScrollArea:
    """`cards` below each other in the middle of a room that scrolls, at most `width` wide.

    One that `is_lone` stands half-way down, as far as there is room."""
    column = QWidget()
    column.setMaximumWidth(width)
    stack = QVBoxLayout(column)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(Space.L)
    if is_lone:
        stack.addStretch(4)
    for card in cards:
        stack.addWidget(card)
    stack.addStretch(5)
    room = QWidget()
    room.setProperty("look", "ground")
    across = QHBoxLayout(room)
    across.setContentsMargins(Space.L, Space.XL, Space.L, Space.XL)
    across.addStretch(1)
    across.addWidget(column, 100)
    across.addStretch(1)
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its parts take the keyboard, and are scrolled to
    scroll.setWidget(room)
    return scroll


def clear_layout(layout: QLayout) -> None:
    """No widget stands in `layout` any more."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()  # now, not when it is deleted
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)


class Facts(QWidget):
    """Pairs of what something is about and what it is, in two columns that can be copied from."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnMinimumWidth(0, _FACT_WIDTH)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Iterable[tuple[str, str, str]]) -> None:
        """Exactly these `facts` are shown: about, what, and the look of it; those that say nothing are left out."""
        clear_layout(self._grid)
        for row, (about, what, look) in enumerate(fact for fact in facts if fact[1]):
            shown = label(what, look, wrap=True)
            shown.setAccessibleName(f"{about}: {what}")
            self._grid.addWidget(label(about, "muted", wrap=True), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(shown, row, 1)

    def text(self) -> str:
        """All that is shown, a fact a line."""
        rows = range(self._grid.rowCount())
        return "\n".join(": ".join(self._words(row)) for row in rows if self._words(row))

    def _words(self, row: int) -> list[str]:
        items = (self._grid.itemAtPosition(row, column) for column in (0, 1))
        widgets = (item.widget() for item in items if item)
        return [widget.text() for widget in widgets if isinstance(widget, QLabel)]


def line() -> QFrame:
    """A thin line across."""
    made = QFrame()
    made.setProperty("look", "line")
    made.setFixedHeight(1)
    return made
