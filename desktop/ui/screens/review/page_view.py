"""One page with the boxes of what was read on it."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsPolygonItem, QGraphicsScene, QGraphicsView, QWidget

from desktop.ui.screens.review.page_picture import PageItem, PagePicture, clear_of
from desktop.ui.screens.review.record import Entry
from desktop.ui.theme import LIGHT
from shared.documents import Page, Polygon, Word, bounds

ZOOM_STEP = 1.25
SMALLEST_ZOOM, LARGEST_ZOOM = 0.05, 8.0
_DESK_MARGIN = 24  # scene's pixels around the page
_LOOK_AROUND = 160  # viewport's pixels kept above and below the box in hand
_MARGIN = 24  # and beside it
_LABEL = 10.0  # heights of the box that are kept in sight at its left, where room is: its label mostly stands there
_READABLE = 28.0  # screen pixels that a box in hand is high at least, where the page has room for it
_CLICK = 4  # pixels that a hand may move while it clicks


class Mark(QGraphicsPolygonItem):
    """The outline of one entry. Paper is white in both themes, so marks wear the light theme's colours."""

    def __init__(self, entry: Entry, outline: QPolygonF) -> None:
        super().__init__(outline)
        self.entry = entry
        self.in_hand = False
        self.is_line = entry.key.startswith("line:")
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{entry.label}: {entry.value}" if entry.label else entry.value)
        self.dress()

    def dress(self) -> None:
        """Drawn as what it is: a line, a field that is sure or to be checked, the one in hand."""
        colour = QColor(LIGHT.accent)
        unsure = not self.is_line and self.entry.needs_review
        if unsure and not self.in_hand:
            colour = QColor(LIGHT.warn_text)
        pen = QPen(colour, 3.0 if self.in_hand else 1.0 if self.is_line else 1.5)
        pen.setCosmetic(True)
        pen.setStyle(Qt.PenStyle.DashLine if unsure and not self.in_hand else Qt.PenStyle.SolidLine)
        fill = QColor(colour)
        fill.setAlpha(46 if self.in_hand else 0 if self.is_line else 20)
        if self.is_line and not self.in_hand:
            colour.setAlpha(70)
            pen.setColor(colour)
        self.setPen(pen)
        self.setBrush(QBrush(fill))
        # The smaller of two that overlap is the more precise: it lies above, and a click finds it first.
        area = self.polygon().boundingRect()
        precision = 1 / (1 + area.width() * area.height())
        self.setZValue((3 if self.in_hand else 1 if self.is_line else 2) + precision)


class PageView(QGraphicsView):
    """Shows a page: the wheel scrolls, Ctrl+wheel zooms, the middle button pans, a click on a box takes it in hand.

    While a field waits for a value (`takes_words`), a click on any other word gives that, and a box that is drawn all
    words in it; with Alt, words are given wherever they stand."""

    mark_taken = Signal(str)
    """Key of the entry whose box was clicked."""
    words_taken = Signal(str)
    """Words of the page, for the field in hand."""
    zoom_changed = Signal(float)
    """Screen pixels a page pixel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = QGraphicsScene(self)
        self.setScene(self._desk)
        self.setAccessibleName(self.tr("Page"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setDragMode(QGraphicsView.DragMode.RubberBandDrag)
        self.takes_words = False
        self.follows = True
        """Whether the page is zoomed to what is in hand, where that would be too small to read."""
        self.turned = 0
        """By how many degrees, clockwise, the page is turned."""
        self._taken = ""
        self._page: Page | None = None
        self._marks: dict[str, Mark] = {}
        self._page_area = QRectF()
        self._fits_width = True
        self._lines_shown = True
        self._pressed_at = QPointF()
        self._panned_at: QPointF | None = None

    def show_page(self, page: Page, picture: PagePicture, entries: tuple[Entry, ...], turned: int = 0) -> None:
        """`picture` lies on the desk with a box for each of `entries` that stands on `page`.

        It is `turned` by so many degrees, clockwise."""
        self.clear()
        self._page = page
        self._page_area = QRectF(0, 0, page.width, page.height)
        sheet = PageItem(picture, page.width, page.height)
        sheet.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._desk.addItem(sheet)
        margin = _DESK_MARGIN
        self._desk.setSceneRect(self._page_area.adjusted(-margin, -margin, margin, margin))
        for entry in entries:
            if entry.spot is not None and entry.spot.page == page.number:
                self._add_mark(Mark(entry, clear_of(entry.spot.polygon)))
        self.turn_to(turned)
        if self._fits_width:
            self.fit_width()
        self.verticalScrollBar().setValue(self.verticalScrollBar().minimum())

    def refresh(self, entries: Iterable[Entry]) -> None:
        """The boxes say what `entries` are now."""
        for entry in entries:
            mark = self._marks.get(entry.key)
            if mark is not None and mark.entry != entry:
                mark.entry = entry
                mark.dress()

    def clear(self) -> None:
        """The desk is empty."""
        self._page = None
        self._marks = {}
        self._desk.clear()

    def mark(self, key: str) -> Mark | None:
        """The box of the entry `key` on the page shown."""
        return self._marks.get(key)

    def take(self, key: str) -> None:
        """The box of `key` is highlighted and in sight; with a key that has none here, no box is."""
        self._taken = key
        for mark in self._marks.values():
            if mark.in_hand != (mark.entry.key == key):
                mark.in_hand = mark.entry.key == key
                mark.setVisible(self._lines_shown or not mark.is_line or mark.in_hand)
                mark.dress()
        taken = self._marks.get(key)
        if taken is not None:
            box = taken.boundingRect()
            self._approach(box)
            self.ensureVisible(box.adjusted(-_LABEL * box.height(), 0, 0, 0), 0, _LOOK_AROUND)
            self.ensureVisible(box, _MARGIN, _LOOK_AROUND)

    def _approach(self, box: QRectF) -> None:
        """What is in hand is large enough to be read, and the page as small as that allows."""
        if not self.follows or box.height() <= 0:
            return
        whole = self._width_zoom()
        room = self.viewport().width() - 2 * _DESK_MARGIN
        self._set_zoom(max(whole, min(_READABLE / box.height(), room / max(box.width(), 1.0))))

    def turn_to(self, degrees: int) -> None:
        """The page is turned by so many degrees, clockwise, from how it was read; what was read stays as it is."""
        if degrees % 360 != self.turned:
            self.rotate(degrees - self.turned)
            self.turned = degrees % 360
            if self._fits_width:
                self._set_zoom(self._width_zoom())

    def show_lines(self, shown: bool) -> None:
        """Boxes of plain lines are drawn, or not."""
        self._lines_shown = shown
        for mark in self._marks.values():
            mark.setVisible(shown or not mark.is_line or mark.in_hand)

    @property
    def zoom(self) -> float:
        """Screen pixels a page pixel."""
        return math.hypot(self.transform().m11(), self.transform().m12())

    def zoom_in(self) -> None:
        """One step nearer."""
        self._zoom_by(ZOOM_STEP)

    def zoom_out(self) -> None:
        """One step farther."""
        self._zoom_by(1 / ZOOM_STEP)

    def fit_width(self) -> None:
        """The page is as wide as the view, and stays so when the view is resized."""
        self._fits_width = True
        if self._page_area.width() > 0:
            self._set_zoom(self._width_zoom())

    def _width_zoom(self) -> float:
        room = self.viewport().width() - self.verticalScrollBar().sizeHint().width()
        lies = abs(self.transform().m12()) > abs(self.transform().m11())
        desk = self._desk.sceneRect()
        across = desk.height() if lies else desk.width()
        return max(room, 1) / across if across > 0 else self.zoom

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        taken = self._marks.get(self._taken)
        if self._fits_width and self.follows and taken is not None:
            self._approach(taken.boundingRect())  # no narrower first: that would bring bars, and another size
        elif self._fits_width:
            self.fit_width()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_by(ZOOM_STEP ** (event.angleDelta().y() / 120))
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            event.ignore()  # they turn pages: the screen's business
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned_at = event.position()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned_at is None:
            super().mouseMoveEvent(event)
            return
        by = (event.position() - self._panned_at).toPoint()
        self._panned_at = event.position()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - by.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - by.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._panned_at = None
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if (event.position() - self._pressed_at).manhattanLength() < _CLICK:
            self._click(event)
        elif self.takes_words:
            drawn = self._on_page(self._pressed_at, event.position())
            self._give_words(
                word.text for word in self._words() if drawn.contains(QPointF(*bounds(word.polygon).centre))
            )

    def _click(self, event: QMouseEvent) -> None:
        mark = self._mark_at(event)
        is_field = mark is not None and not mark.is_line and not event.modifiers() & Qt.KeyboardModifier.AltModifier
        if self.takes_words and not is_field:
            where = self.mapToScene(event.position().toPoint())
            self._give_words(word.text for word in self._words() if _box(word.polygon).contains(where))
        elif mark is not None:
            self.mark_taken.emit(mark.entry.key)

    def _give_words(self, words: Iterable[str]) -> None:
        text = " ".join(words)
        if text:
            self.words_taken.emit(text)

    def _words(self) -> Iterable[Word]:
        """Every word of the page, line by line."""
        return (word for line in (self._page.lines if self._page else ()) for word in line.parts)

    def _on_page(self, one: QPointF, other: QPointF) -> QRectF:
        return QRectF(self.mapToScene(one.toPoint()), self.mapToScene(other.toPoint())).normalized()

    def _mark_at(self, event: QMouseEvent) -> Mark | None:
        return next((item for item in self.items(event.position().toPoint()) if isinstance(item, Mark)), None)

    def _add_mark(self, mark: Mark) -> None:
        mark.setVisible(self._lines_shown or not mark.is_line)
        self._marks[mark.entry.key] = mark
        self._desk.addItem(mark)

    def _zoom_by(self, factor: float) -> None:
        self._fits_width = False
        self.follows = False  # the person's own choice stays
        self._set_zoom(self.zoom * factor)

    def _set_zoom(self, zoom: float) -> None:
        wanted = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        if abs(wanted - self.zoom) > 1e-6:
            self.scale(wanted / self.zoom, wanted / self.zoom)
            self.zoom_changed.emit(self.zoom)


def _box(polygon: Polygon) -> QRectF:
    box = bounds(polygon)
    return QRectF(QPointF(box.left, box.top), QPointF(box.right, box.bottom))
