"""The page on which something was found, with every hit marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from desktop.services import Workspace
from desktop.ui.screens.review.page_picture import PageItem, PagePicture, clear_of, decode
from desktop.ui.theme import LIGHT
from desktop.vault.search import places
from shared.documents import Page, Polygon, Reading, bounds

_MARGIN = 24  # page pixels around the page
_LOOK_AROUND = 120  # viewport pixels kept around the first hit
_MARK = QColor(LIGHT.accent)  # paper is white in every theme


@dataclass(frozen=True, slots=True)
class HitPage:
    """A page of a document, its picture, and where on it what was searched for stands.

    `line` is the place (from 0) of the line with the first hit, None where nothing is marked; the page is `turned` by
    so many degrees, clockwise."""

    document_id: UUID
    page: Page
    picture: PagePicture
    hits: tuple[Polygon, ...]
    line: int | None
    turned: int


def load_hit(workspace: Workspace, document_id: UUID, number: int, typed: str) -> HitPage | None:
    """Page `number` of the document (0: its first) with what was `typed` on it; None where there is no picture yet.

    Takes some 100 ms: not for the window's thread. Raises as `Workspace.reading` and `Workspace.page_image` do."""
    reading = workspace.reading(document_id)
    page = _page(reading, max(number, 1))
    picture = decode(workspace.page_image(document_id, page.number).data) if page else None
    if page is None or picture is None:
        return None
    hits = places(reading, typed).get(page.number, ())
    turned = workspace.review.turns(document_id).get(page.number, 0)
    return HitPage(document_id, page, picture, hits, _line_of(page, hits), turned)


def _page(reading: Reading, number: int) -> Page | None:
    return next((page for page in reading.pages if page.number == number), None)


def _line_of(page: Page, hits: Sequence[Polygon]) -> int | None:
    if not hits:
        return None
    x, y = bounds(hits[0]).centre
    around = ((place, bounds(line.polygon)) for place, line in enumerate(page.lines))
    return next((place for place, box in around if box.left <= x <= box.right and box.top <= y <= box.bottom), None)


class HitView(QGraphicsView):
    """Fits the page's width and begins at the first hit. A double click opens the document there."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = QGraphicsScene(self)
        self.setScene(self._desk)
        self.setAccessibleName(self.tr("Page with what was found"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self._first: QRectF | None = None
        self._turned = 0
        self.hit_count = 0

    def show_hit(self, hit: HitPage) -> None:
        """The page of `hit` is shown, from its first mark on."""
        self.clear()
        page = hit.page
        self._desk.addItem(PageItem(hit.picture, page.width, page.height))
        self._desk.setSceneRect(-_MARGIN, -_MARGIN, page.width + 2 * _MARGIN, page.height + 2 * _MARGIN)
        for polygon in hit.hits:
            self._mark(polygon)
        self.hit_count, self._turned = len(hit.hits), hit.turned
        self._fit()

    def clear(self) -> None:
        """No page is shown."""
        self._desk.clear()
        self._first, self.hit_count = None, 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mouseDoubleClickEvent(self, _event: object) -> None:
        self.opened.emit()

    def _mark(self, polygon: Polygon) -> None:
        outline, fill = QPen(_MARK, 1.5), QColor(_MARK)
        outline.setCosmetic(True)
        fill.setAlpha(46)
        marked = clear_of(polygon)
        item = self._desk.addPolygon(marked, outline, QBrush(fill))
        if self._first is None:
            self._first = item.boundingRect()

    def _fit(self) -> None:
        desk = self._desk.sceneRect()
        width = desk.width() if self._turned % 180 == 0 else desk.height()
        if width <= 0 or not self._desk.items():
            return
        self.resetTransform()
        scale = self.viewport().width() / width
        self.scale(scale, scale)
        self.rotate(self._turned)
        if self._first is None:
            self.verticalScrollBar().setValue(self.verticalScrollBar().minimum())
        else:
            self.ensureVisible(self._first, _LOOK_AROUND, _LOOK_AROUND)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
